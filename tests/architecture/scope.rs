//! Where a name leads: through the imports of its file and through `self`, `super` and the package's own name.

use std::collections::HashMap;

/// The imports of a file, by the module that has them.
#[derive(Default)]
pub(crate) struct Scope {
    imports: HashMap<(Vec<String>, String), Vec<String>>,
}

impl Scope {
    /// Notes that `local` means `path` inside `module`.
    pub(crate) fn import(&mut self, module: &[String], local: &str, path: Vec<String>) {
        if path.first().is_some_and(|first| first != local) {
            self.imports.insert((module.to_vec(), local.to_owned()), path);
        }
    }

    /// The path from a crate, as `module` means it.
    pub(crate) fn follow(&self, module: &[String], path: Vec<String>) -> Vec<String> {
        // An import may lead to another; a ring of them would not compile.
        let mut path = path;
        for _ in 0..8 {
            let Some(meant) = path.first().and_then(|first| self.lookup(module, first)) else {
                break;
            };
            path = [meant, &path[1..]].concat();
        }
        from_the_root(module, path)
    }

    /// What `local` means in `module`, or in one around it: `use super::*` hands imports down.
    fn lookup(&self, module: &[String], local: &str) -> Option<&[String]> {
        (0..=module.len())
            .rev()
            .find_map(|depth| self.imports.get(&(module[..depth].to_vec(), local.to_owned())))
            .map(Vec::as_slice)
    }
}

fn from_the_root(module: &[String], path: Vec<String>) -> Vec<String> {
    let ups = path
        .iter()
        .take_while(|part| matches!(part.as_str(), "self" | "super"))
        .count();
    let supers = path[..ups].iter().filter(|part| *part == "super").count();
    let root = ["crate".to_owned()];
    match path.first().map(String::as_str) {
        Some("self" | "super") => {
            let above = &module[..module.len().saturating_sub(supers)];
            [&root, above, &path[ups..]].concat()
        }
        Some("countermand") => [&root, &path[1..]].concat(),
        _ => path,
    }
}
