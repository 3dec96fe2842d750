//! Names in one file: its imports, its paths, and its module declarations. Test code is skipped.
//!
//! Reads tokens, so that a path inside a macro or an attribute counts like any other.

use std::iter::Peekable;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree, token_stream::IntoIter};

/// A path of modules, or a name as written.
pub(crate) type Path = Vec<String>;

/// Content of a file.
#[derive(Default)]
pub(crate) struct Source {
    /// Each path with its module and its line, from 1.
    pub(crate) paths: Vec<(Path, Path, usize)>,
    /// Each import: its module, its local name, and its target.
    pub(crate) imports: Vec<(Path, String, Path)>,
    /// Every declared module, and whether it has a file of its own.
    pub(crate) modules: Vec<(Path, bool)>,
}

type Tokens = Peekable<IntoIter>;

/// Reads the text of the file of `module`.
pub(crate) fn read(module: &[String], text: &str) -> Source {
    let mut source = Source::default();
    let tokens: TokenStream = text.parse().expect("the file is Rust");
    source.items(module, tokens);
    source
}

impl Source {
    fn items(&mut self, module: &[String], tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    if let Some(TokenTree::Group(attribute)) = tokens.peek()
                        && is_for_tests(attribute)
                    {
                        pass_over_item(&mut tokens);
                    }
                }
                TokenTree::Group(group) => self.items(module, group.stream()),
                TokenTree::Ident(ident) if ident == "use" => {
                    self.path(module, Path::new(), &mut tokens, true);
                }
                TokenTree::Ident(ident) if ident == "mod" => self.module(module, &mut tokens),
                TokenTree::Ident(first) => {
                    let begun = (vec![text(&first)], first.span().start().line);
                    self.rest_of_path(module, begun, &mut tokens, false);
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    fn module(&mut self, module: &[String], tokens: &mut Tokens) {
        let Some(TokenTree::Ident(name)) = tokens.next() else {
            return;
        };
        let inner = [module, &[text(&name)]].concat();
        match tokens.next() {
            Some(TokenTree::Group(group)) => {
                self.modules.push((inner.clone(), false));
                self.items(&inner, group.stream());
            }
            _ => self.modules.push((inner, true)),
        }
    }

    /// Reads a path that begins here, below `above`.
    fn path(&mut self, module: &[String], above: Path, tokens: &mut Tokens, is_import: bool) {
        take_colons(tokens);
        match tokens.next() {
            Some(TokenTree::Ident(first)) => {
                let path = [above, vec![text(&first)]].concat();
                let begun = (path, first.span().start().line);
                self.rest_of_path(module, begun, tokens, is_import);
            }
            Some(TokenTree::Punct(star)) if star.as_char() == '*' => {
                let line = star.span().start().line;
                self.paths
                    .push(([above, vec!["*".into()]].concat(), module.into(), line));
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let mut inside = group.stream().into_iter().peekable();
                while inside.peek().is_some() {
                    self.path(module, above.clone(), &mut inside, is_import);
                }
            }
            _ => {}
        }
    }

    fn rest_of_path(
        &mut self,
        module: &[String],
        (mut path, line): (Path, usize),
        tokens: &mut Tokens,
        is_import: bool,
    ) {
        while take_colons(tokens) {
            match tokens.peek() {
                Some(TokenTree::Ident(next)) => path.push(text(next)),
                Some(_) if is_import => return self.path(module, path, tokens, is_import),
                _ => break,
            }
            tokens.next();
        }
        if is_import && path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        // A single segment is a local name, or one that a `use` has imported.
        if path.len() > 1 || is_import {
            self.paths.push((path.clone(), module.into(), line));
        }
        if is_import {
            let mut local = path.last().cloned().unwrap_or_default();
            if tokens
                .next_if(|token| matches!(token, TokenTree::Ident(word) if word == "as"))
                .is_some()
            {
                local = tokens.next().map(|token| token.to_string()).unwrap_or_default();
            }
            self.imports.push((module.into(), local, path));
        }
    }
}

/// Returns the identifier, raw or not.
fn text(ident: &Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}

fn is_for_tests(attribute: &Group) -> bool {
    let text = attribute.stream().to_string().replace(' ', "");
    text == "cfg(test)" || text.starts_with("cfg(all(test")
}

/// Skips the item, field, or statement after an attribute.
fn pass_over_item(tokens: &mut Tokens) {
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return,
            TokenTree::Punct(punct) if matches!(punct.as_char(), ';' | ',') => return,
            _ => {}
        }
    }
}

/// Takes `::` if it comes next.
fn take_colons(tokens: &mut Tokens) -> bool {
    let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':');
    let mut ahead = tokens.clone();
    let comes = ahead.next_if(is_colon).is_some() && ahead.next_if(is_colon).is_some();
    if comes {
        *tokens = ahead;
    }
    comes
}
