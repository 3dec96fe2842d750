//! Modules of the package, reached from the roots by their `mod` lines, with the target of each name.

use std::{
    collections::{BTreeSet, HashMap},
    fmt, fs,
    path::Path as FilePath,
};

use super::reader::{self, Path, Source};

/// All names in the product's code.
#[derive(Default)]
pub(crate) struct Tree {
    pub(crate) names: Vec<Name>,
    pub(crate) modules: BTreeSet<Path>,
    imports: HashMap<(Path, String), Path>,
}

/// A name, resolved through the imports of its module to its origin: a crate, or `crate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// Module that contains it, below `crate`; `main` for the binary.
    pub(crate) module: Path,
    /// The resolved path; a glob ends in `*`.
    pub(crate) path: Path,
    /// Defining module below `crate` and the name there, through re-exports; none outside this package.
    pub(crate) definition: Option<Path>,
    /// Line, from 1.
    pub(crate) line: usize,
}

impl Tree {
    /// Reads everything below `src`.
    pub(crate) fn of_package(src: &FilePath) -> Self {
        Self::of(|module| match module {
            [] => fs::read_to_string(src.join("lib.rs")).unwrap(),
            [main] if main == "main" => fs::read_to_string(src.join("main.rs")).unwrap(),
            _ => {
                let folder = src.join(module.join("/"));
                fs::read_to_string(folder.with_extension("rs"))
                    .or_else(|_| fs::read_to_string(folder.join("mod.rs")))
                    .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            }
        })
    }

    /// Reads the modules whose texts `text_of` returns.
    pub(crate) fn of(text_of: impl Fn(&[String]) -> String) -> Self {
        let mut tree = Self::default();
        let mut waiting = vec![Path::new(), vec!["main".to_owned()]];
        let mut paths = Vec::new();
        while let Some(module) = waiting.pop() {
            let Source {
                paths: found,
                imports,
                modules,
            } = reader::read(&module, &text_of(&module));
            paths.extend(found);
            let imports = imports.into_iter();
            tree.imports
                .extend(imports.map(|(module, local, path)| ((module, local), path)));
            waiting.extend(
                modules
                    .iter()
                    .filter(|(_, has_file)| *has_file)
                    .map(|(path, _)| path.clone()),
            );
            tree.modules.extend(modules.into_iter().map(|(path, _)| path));
            tree.modules.insert(module);
        }
        let names = paths.into_iter().map(|(path, module, line)| {
            let path = tree.follow(&module, path);
            Name {
                definition: tree.definition(&path),
                path,
                module,
                line,
            }
        });
        tree.names = names.collect();
        tree
    }

    /// Resolves `path` in `module` up to its crate.
    fn follow(&self, module: &[String], mut path: Path) -> Path {
        // An import may lead to another; a cycle of them would not compile.
        for _ in 0..8 {
            let above = (0..=module.len()).rev();
            let mut known = above.filter_map(|depth| {
                let imported = self.imports.get(&(module[..depth].to_vec(), path[0].clone()))?;
                (imported[0] != path[0]).then_some(imported)
            });
            match known.next() {
                Some(imported) => path = [imported, &path[1..]].concat(),
                None => break,
            }
        }
        self.absolute(module, path)
    }

    fn absolute(&self, module: &[String], path: Path) -> Path {
        let ups = path
            .iter()
            .take_while(|part| matches!(part.as_str(), "self" | "super"))
            .count();
        let supers = path[..ups].iter().filter(|part| *part == "super").count();
        let root = ["crate".to_owned()];
        if ups > 0 {
            return [
                &root,
                &module[..module.len().saturating_sub(supers)],
                &path[ups..],
            ]
            .concat();
        }
        match path[0].as_str() {
            "countermand" => [&root, &path[1..]].concat(),
            first if self.modules.contains(&[module, &[first.to_owned()]].concat()) => {
                [&root, module, &path].concat()
            }
            _ => path,
        }
    }

    /// Returns the definition of `path`.
    fn definition(&self, path: &[String]) -> Option<Path> {
        let [root, path @ ..] = path else {
            return None;
        };
        let mut path = (root == "crate").then(|| path.to_vec())?;
        for _ in 0..8 {
            let handed_on = (0..path.len()).find_map(|at| {
                let imported = self.imports.get(&(path[..at].to_vec(), path[at].clone()))?;
                let from = self.absolute(&path[..at], imported.clone());
                let [root, from @ ..] = &from[..] else { return None };
                (root == "crate").then(|| [from, &path[at + 1..]].concat())
            });
            match handed_on {
                Some(next) if next != path => path = next,
                _ => break,
            }
        }
        Some(path)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: `{}`",
            self.module.join("::"),
            self.line,
            self.path.join("::")
        )
    }
}
