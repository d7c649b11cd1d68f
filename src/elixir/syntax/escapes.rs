//! Escapes in texts: `\n`, `\x41`, `\u{1F600}`, and so on.

/// What is wrong with an escape, and at which byte of the text it stands.
pub(crate) struct BadEscape {
    pub(crate) at: usize,
    pub(crate) title: String,
}

/// What an escaped character stands for, where that is not the character itself.
pub(crate) fn named(character: char) -> Option<char> {
    Some(match character {
        '0' => '\0',
        'a' => '\x07',
        'b' => '\x08',
        'd' => '\x7F',
        'e' => '\x1B',
        'f' => '\x0C',
        'n' => '\n',
        'r' => '\r',
        's' => ' ',
        't' => '\t',
        'v' => '\x0B',
        _ => return None,
    })
}

/// Puts the text behind `out`, with what its escapes stand for.
pub(crate) fn unescape(text: &str, out: &mut Vec<u8>) -> Result<(), BadEscape> {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (plain, escape) = rest.split_at(at);
        out.extend_from_slice(plain.as_bytes());
        let place = text.len() - escape.len();
        let mut after = escape.chars();
        after.next();
        let Some(character) = after.next() else {
            out.push(b'\\');
            return Ok(());
        };
        rest = after.as_str();
        match character {
            'x' => {
                let (byte, more) = hexadecimal(rest).map_err(|title| BadEscape { at: place, title })?;
                match byte {
                    Escape::Byte(byte) => out.push(byte),
                    Escape::Character(character) => push(out, character),
                }
                rest = more;
            }
            'u' => {
                let (character, more) = unicode(rest).map_err(|title| BadEscape { at: place, title })?;
                push(out, character);
                rest = more;
            }
            '\n' => {}
            '\r' if rest.starts_with('\n') => rest = rest.get(1..).unwrap_or_default(),
            other => push(out, named(other).unwrap_or(other)),
        }
    }
    out.extend_from_slice(rest.as_bytes());
    Ok(())
}

fn push(out: &mut Vec<u8>, character: char) {
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// What `\x` stands for.
enum Escape {
    Byte(u8),
    Character(char),
}

/// The digits at the beginning of a text, and what follows.
fn digits(text: &str, most: usize) -> (&str, &str) {
    let end = text.bytes().take(most).take_while(u8::is_ascii_hexdigit).count();
    text.split_at(end)
}

/// `{41}`: the digits and what follows.
fn braced(text: &str) -> Option<(&str, &str)> {
    let (digits, rest) = digits(text.strip_prefix('{')?, 6);
    let rest = rest.strip_prefix('}')?;
    (!digits.is_empty()).then_some((digits, rest))
}

fn number(digits: &str) -> u32 {
    u32::from_str_radix(digits, 16).unwrap_or(u32::MAX)
}

fn character(digits: &str, written: &str) -> Result<char, String> {
    char::from_u32(number(digits)).ok_or_else(|| {
        format!("invalid or reserved Unicode code point \\u{written}. Syntax error after: \\u")
    })
}

fn hexadecimal(text: &str) -> Result<(Escape, &str), String> {
    if let Some((digits, rest)) = braced(text) {
        return Ok((Escape::Character(character(digits, &format!("{{{digits}}}"))?), rest));
    }
    let (digits, rest) = digits(text, 2);
    let byte = || u8::try_from(number(digits)).unwrap_or_default();
    match digits.len() {
        2 => Ok((Escape::Byte(byte()), rest)),
        1 => Ok((Escape::Character(char::from(byte())), rest)),
        _ => Err("invalid hex escape character, expected \\xHH where H is a hexadecimal digit. Syntax error after: \\x".to_owned()),
    }
}

fn unicode(text: &str) -> Result<(char, &str), String> {
    if let Some((digits, rest)) = braced(text) {
        return Ok((character(digits, &format!("{{{digits}}}"))?, rest));
    }
    let (digits, rest) = digits(text, 4);
    if digits.len() == 4 {
        return Ok((character(digits, digits)?, rest));
    }
    Err("invalid Unicode escape character, expected \\uHHHH or \\u{H*} where H is a hexadecimal digit. Syntax error after: \\u"
        .to_owned())
}
