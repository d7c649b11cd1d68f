//! A tree as text, one node a line, as `record.exs` writes it too.

use std::fmt::Write as _;

use rashomon::elixir::ast::{Ast, Head, Kind, Meta};

/// The outline of a tree.
pub(crate) fn outline(ast: &Ast) -> String {
    let mut out = String::new();
    node(ast, 0, &mut out);
    out
}

fn escaped(bytes: &[u8], out: &mut String) {
    for &byte in bytes {
        if byte.is_ascii_graphic() && byte != b'%' {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("strings take all text");
        }
    }
}

fn meta(meta: &Meta) -> String {
    let mut out = match meta.span.line {
        0 => " @-".to_owned(),
        line => format!(" @{line}:{}", meta.span.column),
    };
    if meta.ambiguous {
        out.push_str(" ambiguous_op=nil");
    }
    if let Some(delimiter) = meta.delimiter {
        out.push_str(" delimiter=");
        escaped(delimiter.opening().as_bytes(), &mut out);
    }
    if let Some(indentation) = meta.indentation {
        out.push_str(&format!(" indentation={indentation}"));
    }
    if meta.no_parens {
        out.push_str(" no_parens=true");
    }
    out.push('\n');
    out
}

fn node(ast: &Ast, depth: usize, out: &mut String) {
    out.push_str(&" ".repeat(depth));
    let word = |word: &str, text: &[u8], end: &str, out: &mut String| {
        out.push_str(word);
        escaped(text, out);
        out.push_str(end);
    };
    match &ast.kind {
        Kind::Integer(number) => word("int ", number.to_string().as_bytes(), "\n", out),
        Kind::Big(number) => word("int ", number.to_string().as_bytes(), "\n", out),
        Kind::Float(number) => word("float ", format!("{:016X}", number.to_bits()).as_bytes(), "\n", out),
        Kind::Atom(name) => word("atom ", name.text().as_bytes(), "\n", out),
        Kind::Text(text) => word("text ", text, "\n", out),
        Kind::Variable(name, _) => word("var ", name.text().as_bytes(), &meta(&ast.meta), out),
        Kind::List(elements) => {
            word("list ", elements.len().to_string().as_bytes(), "\n", out);
            nodes(elements, depth, out);
        }
        Kind::Pair(pair) => {
            out.push_str("pair\n");
            node(&pair.0, depth + 1, out);
            node(&pair.1, depth + 1, out);
        }
        Kind::Call(Head::Name(name), arguments) => {
            word("call ", name.text().as_bytes(), &meta(&ast.meta), out);
            nodes(arguments, depth, out);
        }
        Kind::Call(Head::Expression(head), arguments) => {
            out.push_str("expr");
            out.push_str(&meta(&ast.meta));
            node(head, depth + 1, out);
            nodes(arguments, depth, out);
        }
        Kind::Value(_) => out.push_str("value\n"),
    }
}

fn nodes(all: &[Ast], depth: usize, out: &mut String) {
    for one in all {
        node(one, depth + 1, out);
    }
}
