//! Atoms: names that are equal if their texts are.
//!
//! The table of names only grows and is shared by all worlds of the host program, as on the BEAM. Nothing depends on the
//! order in which names came into it: atoms are ordered by their text.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{LazyLock, PoisonError, RwLock};

/// A name. Two atoms are equal if their texts are.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Atom(u32);

/// All names so far. The vector is read without a lock; the map is only asked when an atom is made of a text.
struct Table {
    names: boxcar::Vec<&'static str>,
    numbers: RwLock<BTreeMap<&'static str, u32>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| Table {
    names: KNOWN.iter().copied().collect(),
    numbers: RwLock::new((0..).zip(KNOWN).map(|(number, name)| (*name, number)).collect()),
});

impl Atom {
    /// The atom with this text.
    #[must_use]
    pub fn new(text: &str) -> Atom {
        if let Some(atom) = Atom::existing(text) {
            return atom;
        }
        let mut numbers = TABLE.numbers.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(&number) = numbers.get(text) {
            return Atom(number);
        }
        let name: &'static str = Box::leak(text.to_owned().into_boxed_str());
        Atom::add(&mut numbers, name)
    }

    /// The atom with this text, which is there for ever anyway.
    #[must_use]
    pub(crate) fn fixed(text: &'static str) -> Atom {
        if let Some(atom) = Atom::existing(text) {
            return atom;
        }
        let mut numbers = TABLE.numbers.write().unwrap_or_else(PoisonError::into_inner);
        match numbers.get(text) {
            Some(&number) => Atom(number),
            None => Atom::add(&mut numbers, text),
        }
    }

    fn add(numbers: &mut BTreeMap<&'static str, u32>, name: &'static str) -> Atom {
        let number = u32::try_from(TABLE.names.push(name)).unwrap_or(u32::MAX);
        numbers.insert(name, number);
        Atom(number)
    }

    /// The atom with this text, unless it is new and there are too many already.
    #[must_use]
    pub fn limited(text: &str) -> Option<Atom> {
        const MOST: usize = 1 << 20;
        Atom::existing(text).or_else(|| (TABLE.names.count() < MOST).then(|| Atom::new(text)))
    }

    /// The atom with this text, if there has been one already.
    #[must_use]
    pub fn existing(text: &str) -> Option<Atom> {
        let numbers = TABLE.numbers.read().unwrap_or_else(PoisonError::into_inner);
        numbers.get(text).map(|number| Atom(*number))
    }

    /// Its text.
    #[must_use]
    pub fn text(self) -> &'static str {
        match KNOWN.get(self.0 as usize) {
            Some(name) => name,
            None => TABLE.names.get(self.0 as usize).copied().unwrap_or(""),
        }
    }

    /// Its number in the table, which differs from one run of the host program to the next.
    #[must_use]
    pub(crate) fn number(self) -> u32 {
        self.0
    }

    /// What has this number: an atom, if the number is one of the table.
    #[must_use]
    pub(crate) fn from_number(number: u32) -> Atom {
        Atom(number)
    }

    /// `true` or `false`.
    #[must_use]
    pub fn boolean(value: bool) -> Atom {
        if value { TRUE } else { FALSE }
    }

    /// The module that an alias of these parts names: `Elixir.A.B`.
    #[must_use]
    pub fn module(text: &str) -> Atom {
        Atom::new(&format!("Elixir.{text}"))
    }

    /// The text of a module as it is written: without the prefix that only Elixir's own modules have.
    #[must_use]
    pub fn alias(self) -> Option<&'static str> {
        self.text().strip_prefix("Elixir.")
    }
}

/// Atoms as mere numbers, where a list of names beside them says what these mean.
pub(crate) mod number {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Atom;

    pub(crate) fn serialize<S: Serializer>(atom: &Atom, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(atom.0)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Atom, D::Error> {
        u32::deserialize(deserializer).map(Atom::from_number)
    }
}

impl Ord for Atom {
    fn cmp(&self, other: &Atom) -> Ordering {
        if self.0 == other.0 { Ordering::Equal } else { self.text().cmp(other.text()) }
    }
}

impl PartialOrd for Atom {
    fn partial_cmp(&self, other: &Atom) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, ":{}", self.text())
    }
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

macro_rules! atoms {
    ($($name:ident = $text:literal,)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Number { $($name,)* }
        $(
            #[doc = concat!("`", $text, "`")]
            pub const $name: Atom = Atom(Number::$name as u32);
        )*
        const KNOWN: &[&str] = &[$($text,)*];
    };
}

atoms! {
    NIL = "nil",
    TRUE = "true",
    FALSE = "false",
    OK = "ok",
    ERROR = "error",
    NORMAL = "normal",
    KILL = "kill",
    KILLED = "killed",
    NOPROC = "noproc",
    EXIT_SIGNAL = "EXIT",
    DOWN = "DOWN",
    PROCESS = "process",
    NONODE = "nonode@nohost",
    STRUCT = "__struct__",
    EXCEPTION = "__exception__",
    BLOCK = "__block__",
    ALIASES = "__aliases__",
    DO = "do",
    END = "end",
    ELSE = "else",
    AFTER = "after",
    RESCUE = "rescue",
    CATCH = "catch",
    FN = "fn",
    WHEN = "when",
    ARROW = "->",
    LEFT_ARROW = "<-",
    DOUBLE_ARROW = "=>",
    DOUBLE_COLON = "::",
    DOUBLE_BACKSLASH = "\\\\",
    PIPE = "|",
    PIPELINE = "|>",
    DOT = ".",
    DOT_DOT = "..",
    RANGE_STEP = "..//",
    MATCH = "=",
    PIN = "^",
    AMPERSAND = "&",
    AT = "@",
    PLUS = "+",
    MINUS = "-",
    STAR = "*",
    SLASH = "/",
    POWER = "**",
    PLUS_PLUS = "++",
    MINUS_MINUS = "--",
    CONCAT = "<>",
    EQ = "==",
    NE = "!=",
    EQ_STRICT = "===",
    NE_STRICT = "!==",
    LT = "<",
    GT = ">",
    LE = "<=",
    GE = ">=",
    ERLANG_LE = "=<",
    ERLANG_NE = "/=",
    ERLANG_EQ_STRICT = "=:=",
    ERLANG_NE_STRICT = "=/=",
    AND = "and",
    OR = "or",
    NOT = "not",
    AND_AND = "&&",
    OR_OR = "||",
    BANG = "!",
    IN = "in",
    MATCH_TEXT = "=~",
    TUPLE_BRACES = "{}",
    MAP_BRACES = "%{}",
    PERCENT = "%",
    BITSTRING = "<<>>",
    KERNEL = "Elixir.Kernel",
    ELIXIR = "Elixir",
    ERLANG = "erlang",
    RASHOMON = "rashomon",
    ACCESS = "Elixir.Access",
    TO_STRING = "to_string",
    BINARY = "binary",
    INTEGER = "integer",
    FLOAT = "float",
    UNDERSCORE = "_",
    MODULE = "__MODULE__",
    UNQUOTE = "unquote",
    UNQUOTE_SPLICING = "unquote_splicing",
    QUOTE = "quote",
    BADARG = "badarg",
    BADARITH = "badarith",
    BADMATCH = "badmatch",
    BADKEY = "badkey",
    BADMAP = "badmap",
    BADFUN = "badfun",
    BADARITY = "badarity",
    BADBOOL = "badbool",
    CASE_CLAUSE = "case_clause",
    TRY_CLAUSE = "try_clause",
    WITH_CLAUSE = "with_clause",
    COND_CLAUSE = "cond_clause",
    FUNCTION_CLAUSE = "function_clause",
    UNDEF = "undef",
    NOCATCH = "nocatch",
    SYSTEM_LIMIT = "system_limit",
    TIMEOUT = "timeout",
    THROW = "throw",
    EXIT = "exit",
    INFINITY = "infinity",
    UNDEFINED = "undefined",
    FIRST = "first",
    LAST = "last",
    STEP = "step",
    RANGE = "Elixir.Range",
    LINE = "line",
    FILE = "file",
    COLUMN = "column",
    NO_PARENS = "no_parens",
    COUNTER = "counter",
    CONTEXT = "context",
    ALIAS = "alias",
    BADMODULE = "badmodule",
    APPLY = "apply",
    LINK = "link",
    MONITOR = "monitor",
    FLUSH = "flush",
    INFO = "info",
    TRAP_EXIT = "trap_exit",
    STDERR = "stderr",
    STDOUT = "stdout",
    STANDARD_IO = "standard_io",
    STANDARD_ERROR = "standard_error",
    NONE = "none",
    ANY = "Elixir.Any",
    SEND = "send",
    REGISTER = "register",
    UNREGISTER = "unregister",
    NATIVE = "native",
    INTEGER_MODULE = "Elixir.Integer",
    FLOAT_MODULE = "Elixir.Float",
    ATOM_MODULE = "Elixir.Atom",
    PID_MODULE = "Elixir.PID",
    REFERENCE_MODULE = "Elixir.Reference",
    LIST_MODULE = "Elixir.List",
    TUPLE_MODULE = "Elixir.Tuple",
    MAP_MODULE = "Elixir.Map",
    BIT_STRING_MODULE = "Elixir.BitString",
    FUNCTION_MODULE = "Elixir.Function",
}
