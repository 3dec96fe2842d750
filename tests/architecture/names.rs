//! What one file names: `use` trees, paths in code, in attributes and in the tokens of macros.

use proc_macro2::Span;
use syn::{
    Attribute, Expr, ExprLit, Ident, ImplItemFn, Item, ItemExternCrate, ItemMod, ItemUse, Lit, Macro, Meta,
    UseTree,
    ext::IdentExt as _,
    visit::{self, Visit},
};

use super::{scope::Scope, tokens};

/// A name as it is written somewhere, followed through imports to where it begins: a crate, or `crate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// The file, from the root of the package.
    pub(crate) file: String,
    /// The line, from 1.
    pub(crate) line: usize,
    /// The module that says it, below `crate`; `main` for the binary.
    pub(crate) module: Vec<String>,
    /// What it says; a glob ends in `*`.
    pub(crate) path: Vec<String>,
}

/// What is in a file.
pub(crate) struct Read {
    pub(crate) names: Vec<Name>,
    pub(crate) children: Vec<Child>,
}

/// A module that has its own file.
pub(crate) struct Child {
    pub(crate) module: Vec<String>,
    /// Where a `path` attribute says that it lies, from the folder of this file.
    pub(crate) elsewhere: Option<String>,
    pub(crate) is_test: bool,
}

/// Reads the source of `module`.
pub(crate) fn read(file: &str, module: &[String], source: &str) -> Read {
    let parsed = syn::parse_file(source).unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut reader = Reader {
        file,
        module: module.to_vec(),
        is_test: false,
        scope: Scope::default(),
        names: Vec::new(),
        children: Vec::new(),
    };
    reader.visit_file(&parsed);
    let Reader {
        scope,
        mut names,
        children,
        ..
    } = reader;
    for name in &mut names {
        name.path = scope.follow(&name.module, std::mem::take(&mut name.path));
    }
    names.dedup();
    Read { names, children }
}

struct Reader<'a> {
    file: &'a str,
    module: Vec<String>,
    is_test: bool,
    scope: Scope,
    names: Vec<Name>,
    children: Vec<Child>,
}

impl Reader<'_> {
    fn say(&mut self, path: Vec<String>, at: Span) {
        if self.is_test {
            return;
        }
        self.names.push(Name {
            file: self.file.to_owned(),
            line: at.start().line,
            module: self.module.clone(),
            path,
        });
    }

    /// A path outside a `use`. One segment alone is a local name, or one that a `use` has said.
    fn say_in_code(&mut self, path: Vec<String>, at: Span) {
        if path.len() > 1 {
            self.say(path, at);
        }
    }

    fn import(&mut self, path: Vec<String>, local: &Ident) {
        if self.is_test {
            return;
        }
        self.say(path.clone(), local.span());
        self.scope.import(&self.module, &local.unraw().to_string(), path);
    }

    /// Reads an item with `attributes`; in one for tests, only the files it leads to count.
    fn within(&mut self, attributes: &[Attribute], read: impl FnOnce(&mut Self)) {
        let outside = self.is_test;
        self.is_test |= is_for_tests(attributes);
        read(self);
        self.is_test = outside;
    }

    fn use_tree(&mut self, mut above: Vec<String>, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => {
                above.push(path.ident.unraw().to_string());
                self.use_tree(above, &path.tree);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(above.clone(), tree);
                }
            }
            UseTree::Glob(glob) => {
                above.push("*".to_owned());
                self.say(above, glob.star_token.span);
            }
            UseTree::Name(name) if name.ident == "self" => {
                let local = above
                    .last()
                    .map_or_else(|| name.ident.clone(), |last| Ident::new(last, name.ident.span()));
                self.import(above, &local);
            }
            UseTree::Name(name) => {
                above.push(name.ident.unraw().to_string());
                self.import(above, &name.ident);
            }
            UseTree::Rename(rename) => {
                if rename.ident != "self" || above.is_empty() {
                    above.push(rename.ident.unraw().to_string());
                }
                self.import(above, &rename.rename);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        self.within(attributes(item), |reader| visit::visit_item(reader, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.within(&item.attrs, |reader| visit::visit_impl_item_fn(reader, item));
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.module.push(item.ident.unraw().to_string());
        if item.content.is_none() {
            self.children.push(Child {
                module: self.module.clone(),
                elsewhere: path_attribute(&item.attrs),
                is_test: self.is_test,
            });
        }
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.use_tree(Vec::new(), &item.tree);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast ItemExternCrate) {
        let local = item.rename.as_ref().map_or(&item.ident, |(_, rename)| rename);
        self.import(vec![item.ident.unraw().to_string()], local);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let Some(first) = path.segments.first() {
            let segments = path
                .segments
                .iter()
                .map(|segment| segment.ident.unraw().to_string());
            self.say_in_code(segments.collect(), first.ident.span());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        for (path, at) in tokens::paths(call.tokens.clone()) {
            self.say_in_code(path, at);
        }
        visit::visit_macro(self, call);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta {
            for (path, at) in tokens::paths(list.tokens.clone())
                .into_iter()
                .chain(tokens::quoted_paths(list.tokens.clone()))
            {
                self.say_in_code(path, at);
            }
        }
        visit::visit_attribute(self, attribute);
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    let attribute = attributes
        .iter()
        .find(|attribute| attribute.path().is_ident("path"))?;
    match &attribute.meta.require_name_value().ok()?.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(path), ..
        }) => Some(path.value()),
        _ => None,
    }
}

/// Whether an item is compiled for tests alone.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .filter_map(|attribute| attribute.parse_args::<Meta>().ok())
        .any(|condition| needs_test(&condition))
}

fn needs_test(condition: &Meta) -> bool {
    match condition {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => list
            .parse_args_with(syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated)
            .is_ok_and(|all| all.iter().any(needs_test)),
        _ => false,
    }
}
