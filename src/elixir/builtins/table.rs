//! How a file lists its functions.

/// The table of a file: for each function its name, its arguments, and the expression that is its result. Arguments are
/// places, out of which a value may be taken.
macro_rules! table {
    ($module:literal, $context:ident: $($name:literal($($arg:ident),*) => $body:expr;)*) => {
        pub(in crate::elixir::builtins) const TABLE: &[$crate::elixir::builtins::Entry] = &[$(
            $crate::elixir::builtins::Entry {
                module: $module,
                name: $name,
                arity: { const NAMES: &[&str] = &[$(stringify!($arg)),*]; NAMES.len() as u8 },
                run: |$context, args| {
                    let _ = &$context;
                    let [$($arg),*] = args else {
                        return Err($crate::elixir::builtins::Raised::badarg());
                    };
                    $body
                },
            },
        )*];
    };
}
