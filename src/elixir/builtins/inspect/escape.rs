//! Texts between quotes.

/// Whether Elixir prints a character as it is; also those for which it has a short escape.
pub(super) fn is_printable(character: char) -> bool {
    matches!(character,
        ' '..='~' | '\u{7}'..='\r' | '\u{1b}' | '\u{7f}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}'
        | '\u{10000}'..='\u{10ffff}')
}

/// Whether a charlist with this character is printed as a text.
pub(super) fn is_ascii_printable(character: i64) -> bool {
    matches!(character, 0x20..=0x7e | 7..=13 | 0x1b)
}

/// Adds a character, escaped as between quotes; `next` is the character after it.
pub(super) fn character(out: &mut Vec<u8>, character: char, quote: char, next: Option<char>) {
    let short = match character {
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\u{7f}' => 'd',
        '\u{1b}' => 'e',
        '\u{c}' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{b}' => 'v',
        '\0' => '0',
        '\\' => '\\',
        '#' if next == Some('{') => '#',
        _ if character == quote => quote,
        _ if is_printable(character) => {
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            return;
        }
        _ => {
            let code = u32::from(character);
            let text = if code <= 0xff { format!("\\x{code:02X}") } else { format!("\\x{{{code:X}}}") };
            out.extend_from_slice(text.as_bytes());
            return;
        }
    };
    out.push(b'\\');
    out.extend_from_slice(short.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Adds a text, escaped as between quotes.
pub(super) fn text(out: &mut Vec<u8>, text: &str, quote: char) {
    let plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\'' | b'\\' | b'#');
    if text.as_bytes().iter().all(plain) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    let mut characters = text.chars().peekable();
    while let Some(found) = characters.next() {
        character(out, found, quote, characters.peek().copied());
    }
}

/// Adds bytes, escaped as between quotes, of which some may not be UTF-8: at most so many characters. Returns whether
/// that were all.
pub(super) fn bytes(out: &mut Vec<u8>, bytes: &[u8], quote: char, limit: usize) -> bool {
    let mut left = limit;
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid();
        match valid.char_indices().nth(left) {
            Some((end, _)) => {
                text(out, valid.get(..end).unwrap_or_default(), quote);
                return false;
            }
            None => text(out, valid, quote),
        }
        if left != usize::MAX {
            left -= valid.chars().count();
        }
        for byte in chunk.invalid() {
            if left == 0 {
                return false;
            }
            if left != usize::MAX {
                left -= 1;
            }
            out.extend_from_slice(format!("\\x{byte:02X}").as_bytes());
        }
    }
    true
}

/// Whether a binary is printed as a text: whether its first characters are printable.
pub(in crate::elixir::builtins) fn is_text(bytes: &[u8], limit: usize) -> bool {
    let mut left = limit;
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if left == 0 {
                return true;
            }
            if !is_printable(character) {
                return false;
            }
            left -= 1;
        }
        if left == 0 {
            return true;
        }
        if !chunk.invalid().is_empty() {
            return false;
        }
    }
    true
}
