//! From bytes to lines and columns.

use crate::elixir::ast::Span;

/// How many bytes one entry of the table of characters stands for.
const STRIDE: usize = 64;

/// Where the lines of a text begin, and how many characters come before a byte.
pub(crate) struct Places<'s> {
    text: &'s [u8],
    /// The first byte of each line.
    lines: Vec<u32>,
    /// The number of characters before each byte whose number is a multiple of the stride; empty for ASCII, where bytes are characters.
    characters: Vec<u32>,
}

/// A byte that begins a character of UTF-8.
fn begins(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

fn count(bytes: &[u8]) -> u32 {
    bytes.iter().map(|byte| u32::from(begins(*byte))).sum()
}

/// A length or a place as it is kept in spans; texts of 4 GiB and more are refused before.
pub(crate) fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl<'s> Places<'s> {
    pub(crate) fn new(source: &'s str) -> Places<'s> {
        let text = source.as_bytes();
        let mut lines = vec![0];
        lines.extend(
            text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| narrow(at + 1)),
        );
        let mut characters = Vec::new();
        if !source.is_ascii() {
            let mut before = 0;
            for chunk in text.chunks(STRIDE) {
                characters.push(before);
                before += count(chunk);
            }
            characters.push(before);
        }
        Places { text, lines, characters }
    }

    /// The first byte of a line; lines count from 0 here.
    pub(crate) fn line_start(&self, line: usize) -> usize {
        self.lines.get(line).map_or(0, |begin| *begin as usize)
    }

    /// The line of a byte, counted from 0, and its place in that line in bytes, as tree-sitter counts.
    pub(crate) fn point(&self, at: usize) -> tree_sitter::Point {
        let row = self.lines.partition_point(|begin| *begin as usize <= at).max(1) - 1;
        tree_sitter::Point::new(row, at - self.line_start(row))
    }

    /// The line and the column of a byte.
    pub(crate) fn of(&self, at: usize) -> (u32, u32) {
        let line = self.lines.partition_point(|begin| *begin as usize <= at).max(1);
        (narrow(line), self.column(line - 1, at))
    }

    /// How many bytes of its line come before a byte.
    pub(crate) fn column_in_bytes(&self, at: usize) -> usize {
        self.point(at).column
    }

    /// The column of a byte of a line that is known; lines count from 0 here.
    fn column(&self, line: usize, at: usize) -> u32 {
        let begin = self.lines.get(line).copied().unwrap_or_default();
        1 + self.before(at) - self.before(begin as usize)
    }

    fn before(&self, at: usize) -> u32 {
        if self.characters.is_empty() {
            return narrow(at);
        }
        let chunk = at / STRIDE;
        let before = self.characters.get(chunk).copied().unwrap_or_default();
        before + self.text.get(chunk * STRIDE..at).map_or(0, count)
    }

    /// The span of some bytes.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        let (line, column) = self.of(start);
        Span { line, column, start: narrow(start), end: narrow(end) }
    }
}
