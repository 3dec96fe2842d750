//! Paths in tokens that are not parsed: the inside of macros and attributes.

use std::iter::Peekable;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree, token_stream::IntoIter};
use syn::ext::IdentExt as _;

/// A path and where it begins.
pub(crate) type Path = (Vec<String>, Span);

/// Every `a::b`, with `a::{b, c::d}` and `a::*` written out.
pub(crate) fn paths(tokens: TokenStream) -> Vec<Path> {
    let mut found = Vec::new();
    below(&[], tokens, &mut found);
    found
}

/// Every path that stands in a string, as serde's attributes have them.
pub(crate) fn quoted_paths(tokens: TokenStream) -> Vec<Path> {
    tokens
        .into_iter()
        .filter_map(|token| {
            let TokenTree::Literal(literal) = token else {
                return None;
            };
            let text = syn::parse_str::<syn::LitStr>(&literal.to_string()).ok()?.value();
            let path = syn::parse_str::<syn::Path>(&text).ok()?;
            let segments = path
                .segments
                .iter()
                .map(|segment| segment.ident.unraw().to_string());
            Some((segments.collect(), literal.span()))
        })
        .collect()
}

fn below(above: &[String], tokens: TokenStream, found: &mut Vec<Path>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(first) => rest_of_path(above, &first, &mut tokens, found),
            TokenTree::Group(group) => below(&[], group.stream(), found),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

fn rest_of_path(above: &[String], first: &Ident, tokens: &mut Peekable<IntoIter>, found: &mut Vec<Path>) {
    let mut path = above.to_vec();
    path.push(first.unraw().to_string());
    while take_colons(tokens) {
        match tokens.peek() {
            Some(TokenTree::Ident(next)) => {
                path.push(next.unraw().to_string());
                tokens.next();
            }
            Some(TokenTree::Punct(star)) if star.as_char() == '*' => {
                path.push("*".to_owned());
                tokens.next();
                break;
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let inside = group.stream();
                tokens.next();
                return below(&path, inside, found);
            }
            _ => break,
        }
    }
    found.push((path, first.span()));
}

/// Takes `::` if it comes next.
fn take_colons(tokens: &mut Peekable<IntoIter>) -> bool {
    let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':');
    let mut ahead = tokens.clone();
    let comes = ahead.next().as_ref().is_some_and(is_colon) && ahead.next().as_ref().is_some_and(is_colon);
    if comes {
        *tokens = ahead;
    }
    comes
}
