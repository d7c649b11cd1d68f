//! Documents and their layout on lines of some width.
//!
//! A document is a flat sequence of tokens with brackets, so that no depth of nesting matters. The layout is that of
//! Elixir's `Inspect.Algebra`, after Wadler's "A prettier printer" and Lindig's "Strictly Pretty": a group is laid out
//! on one line if everything up to the next possible line break after it fits, and else its breaks become new lines.

use crate::elixir::term::{Binary, TextWriter};
use crate::kernel::Pid;

/// A range of the text of a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slice {
    pub(super) start: usize,
    pub(super) end: usize,
    /// How many columns it takes.
    pub(super) width: usize,
}

/// How far a part of a document is indented.
#[derive(Clone, Copy, Debug)]
pub(super) enum Nest {
    /// So much further.
    By(usize),
    /// As far as the column at which it begins.
    Cursor,
    /// Not at all.
    Reset,
    /// As far as a container indents its elements.
    Container(usize),
}

/// A break may become a new line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Break {
    /// If its group does not fit.
    Strict,
    /// If what follows, up to the next break, does not fit.
    Flex,
}

/// A piece of a document.
#[derive(Clone, Copy, Debug)]
pub(super) enum Token {
    Text(Slice),
    Pid(Pid),
    Break(Break, Slice),
    /// A new line.
    Line,
    /// The new lines that follow become at most so many.
    Collapse(usize),
    /// The break after each element of a container.
    Between(usize),
    /// The break at both ends of a container, if it breaks strictly.
    Edge(usize),
    OpenGroup {
        inherit: bool,
    },
    OpenNest {
        nest: Nest,
        only_broken: bool,
    },
    /// Does not fit on one line.
    OpenForce,
    /// On lines of any width.
    OpenUnlimited,
    /// Whether what follows has to fit.
    OpenFits {
        enabled: bool,
    },
    /// The end of what was opened last.
    Close,
}

/// What lists, tuples and the like have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Container {
    /// How its elements are broken; unknown until they are there, if that depends on them.
    pub(super) breaks: Break,
    /// How wide its opening bracket is.
    pub(super) indent: usize,
}

/// A document.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) text: Vec<u8>,
    pub(super) tokens: Vec<Token>,
    pub(super) containers: Vec<Container>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Flat,
    FlatNoBreak,
    Break,
    BreakNoFlat,
}

/// What an open bracket means for what it holds.
#[derive(Clone, Copy, Debug)]
struct Frame {
    indent: usize,
    mode: Mode,
    /// Whether it is part of a group that is known to fit: then all groups in it fit as well.
    fits: bool,
    /// The width of a line here.
    width: Option<usize>,
}

impl Frame {
    const TOP: Frame = Frame { indent: 0, mode: Mode::Flat, fits: false, width: None };
}

/// Looks ahead for whether the tokens fit on the rest of a line.
struct Probe<'a> {
    document: &'a Document,
    width: usize,
    column: usize,
    /// What was open where the probe began.
    outer: &'a [Frame],
    /// What was opened since, and whether a break had been seen before it.
    inner: Vec<(Frame, Option<bool>)>,
    /// Whether the probe ends with the group with which it began.
    only_group: bool,
    seen_break: bool,
}

impl Probe<'_> {
    fn frame(&self) -> Frame {
        let inner = self.inner.last().map(|(frame, _)| *frame);
        inner.or_else(|| self.outer.last().copied()).unwrap_or(Frame::TOP)
    }

    fn fits(mut self, from: usize) -> bool {
        let tokens = self.document.tokens.get(from..).unwrap_or_default();
        for token in tokens {
            if self.column > self.width && self.seen_break {
                return false;
            }
            if let Some(answer) = self.step(token) {
                return answer;
            }
        }
        !(self.column > self.width && self.seen_break)
    }

    fn step(&mut self, token: &Token) -> Option<bool> {
        let frame = self.frame();
        let broken = matches!(frame.mode, Mode::Break | Mode::BreakNoFlat);
        match token {
            Token::Text(slice) => self.column += slice.width,
            Token::Pid(pid) => self.column += pid_width(*pid),
            Token::Break(_, slice) => {
                if broken {
                    return Some(true);
                }
                self.column += slice.width;
                self.seen_break = true;
            }
            Token::Between(_) => {
                if broken {
                    return Some(true);
                }
                self.column += 1;
                self.seen_break = true;
            }
            Token::Edge(container) => {
                if self.document.breaks(*container) == Break::Strict {
                    if broken {
                        return Some(true);
                    }
                    self.seen_break = true;
                }
            }
            Token::Line => {
                if broken {
                    return Some(true);
                }
                self.column = frame.indent;
                self.seen_break = false;
            }
            Token::Collapse(_) => self.column = frame.indent,
            Token::OpenGroup { .. } => {
                let mode = if frame.mode == Mode::Break { Mode::Flat } else { frame.mode };
                self.inner.push((Frame { mode, ..frame }, Some(self.seen_break)));
            }
            Token::OpenNest { nest, only_broken } => {
                let indent = if *only_broken && !broken {
                    frame.indent
                } else {
                    self.document.indent(*nest, frame.indent, self.column)
                };
                self.inner.push((Frame { indent, ..frame }, None));
            }
            Token::OpenUnlimited => self.inner.push((Frame { mode: Mode::Flat, ..frame }, None)),
            Token::OpenForce => {
                if matches!(frame.mode, Mode::Flat | Mode::Break) {
                    return Some(false);
                }
                self.inner.push((frame, None));
            }
            Token::OpenFits { enabled } => {
                self.inner.push((Frame { mode: fits_mode(frame.mode, *enabled), ..frame }, None));
            }
            Token::Close if self.only_group && self.inner.len() == 1 => {
                return Some(!(self.column > self.width && self.seen_break));
            }
            Token::Close => match self.inner.pop() {
                Some((_, Some(seen_break))) => self.seen_break = seen_break,
                Some((_, None)) => {}
                None => self.outer = self.outer.split_last().map(|(_, rest)| rest).unwrap_or_default(),
            },
        }
        None
    }
}

fn fits_mode(mode: Mode, enabled: bool) -> Mode {
    match (mode, enabled) {
        (Mode::FlatNoBreak, _) | (_, false) => Mode::FlatNoBreak,
        (Mode::Flat | Mode::Break | Mode::BreakNoFlat, true) => Mode::BreakNoFlat,
    }
}

fn pid_width(pid: Pid) -> usize {
    "#PID<0..0>".len() + pid.number().checked_ilog10().map_or(1, |digits| digits as usize + 1)
}

/// The text that a layout has written so far.
#[derive(Default)]
struct Output {
    text: TextWriter,
    column: usize,
    /// New lines that are held back, since at most some of them are written.
    held: Vec<Held>,
}

#[derive(Clone, Copy)]
struct Held {
    most: usize,
    indent: usize,
    seen: usize,
}

impl Output {
    /// Writes the new lines that were held back.
    fn release(&mut self) {
        if self.held.is_empty() {
            return;
        }
        let lines = self.held.iter().rev().fold(0, |lines: usize, held| (lines + held.seen).min(held.most));
        let indent = self.held.first().map_or(0, |held| held.indent);
        self.held.clear();
        if lines > 0 {
            self.text.push_bytes(&vec![b'\n'; lines]);
            self.text.push_bytes(&vec![b' '; indent]);
        }
    }

    fn text(&mut self, text: &[u8], width: usize) {
        if !text.is_empty() {
            self.release();
        }
        self.text.push_bytes(text);
        self.column += width;
    }

    fn pid(&mut self, pid: Pid) {
        self.release();
        self.text.push_pid(pid);
        self.column += pid_width(pid);
    }

    fn line(&mut self, indent: usize) {
        self.column = indent;
        if let Some(held) = self.held.last_mut() {
            held.seen += 1;
            return;
        }
        self.text.push_bytes(b"\n");
        self.text.push_bytes(&vec![b' '; indent]);
    }

    fn finish(mut self) -> Binary {
        self.release();
        self.text.finish()
    }
}

impl Document {
    fn slice(&self, slice: Slice) -> &[u8] {
        self.text.get(slice.start..slice.end).unwrap_or_default()
    }

    fn breaks(&self, container: usize) -> Break {
        self.containers.get(container).map_or(Break::Strict, |container| container.breaks)
    }

    fn indent(&self, nest: Nest, indent: usize, column: usize) -> usize {
        match nest {
            Nest::By(more) => indent.saturating_add(more),
            Nest::Cursor => column,
            Nest::Reset => 0,
            Nest::Container(container) => match self.containers.get(container) {
                Some(Container { breaks: Break::Flex, indent: more }) => indent + more,
                Some(Container { breaks: Break::Strict, .. }) | None => indent + 2,
            },
        }
    }

    /// The text of the document on lines of this width, or on one line.
    pub(super) fn layout(&self, width: Option<usize>) -> Binary {
        let mut out = Output::default();
        // Then a group may be known to fit only up to its next break.
        let partly = self.tokens.iter().any(|token| matches!(token, Token::OpenFits { .. }));
        let mut frames = vec![Frame { width, ..Frame::TOP }];
        for (at, token) in self.tokens.iter().enumerate() {
            let frame = frames.last().copied().unwrap_or(Frame::TOP);
            let fits = |mode: Option<Mode>, seen_break: bool, column: usize| {
                let Some(width) = frame.width else { return true };
                let inner = mode.map(|mode| (Frame { mode, ..frame }, Some(false)));
                let inner: Vec<_> = inner.into_iter().collect();
                let only_group = !inner.is_empty();
                let probe =
                    Probe { document: self, width, column, outer: &frames, inner, only_group, seen_break };
                probe.fits(at + 1)
            };
            let broken = matches!(frame.mode, Mode::Break | Mode::BreakNoFlat);
            let mut put_break = |kind: Break, text: &[u8], columns: usize| {
                let stays = match kind {
                    Break::Flex => frame.mode == Mode::Flat || fits(None, true, out.column + columns),
                    Break::Strict => !broken || frame.width.is_none(),
                };
                if stays { out.text(text, columns) } else { out.line(frame.indent) }
            };
            match token {
                Token::Text(slice) => out.text(self.slice(*slice), slice.width),
                Token::Pid(pid) => out.pid(*pid),
                Token::Break(kind, slice) => put_break(*kind, self.slice(*slice), slice.width),
                Token::Between(container) => put_break(self.breaks(*container), b" ", 1),
                Token::Edge(container) => {
                    if self.breaks(*container) == Break::Strict {
                        put_break(Break::Strict, b"", 0);
                    }
                }
                Token::Line => out.line(frame.indent),
                Token::Collapse(most) => {
                    out.held.push(Held { most: *most, indent: frame.indent, seen: 0 });
                }
                Token::OpenGroup { inherit } => {
                    let mode = match frame.mode {
                        Mode::Flat if frame.fits => Mode::Flat,
                        Mode::Break if *inherit => Mode::Break,
                        _ if fits(Some(Mode::Flat), false, out.column) => Mode::Flat,
                        _ => Mode::Break,
                    };
                    frames.push(Frame { mode, fits: mode == Mode::Flat && !partly, ..frame });
                }
                Token::OpenUnlimited => frames.push(Frame { width: None, ..frame }),
                Token::OpenNest { nest, only_broken } => {
                    let indent = if *only_broken && !broken {
                        frame.indent
                    } else {
                        self.indent(*nest, frame.indent, out.column)
                    };
                    frames.push(Frame { indent, ..frame });
                }
                Token::OpenForce | Token::OpenFits { .. } => frames.push(frame),
                Token::Close => {
                    frames.pop();
                }
            }
        }
        out.finish()
    }
}
