//! The files of the house, reached as the compiler reaches them: from the roots, by their `mod` lines.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use super::names::{self, Name};

/// All that is written in `src/`.
pub(crate) struct House {
    /// What the product's code names; that of tests is left out.
    pub(crate) names: Vec<Name>,
    /// The module path of every module with a file of its own.
    pub(crate) modules: Vec<Vec<String>>,
    /// Files that no module leads to.
    pub(crate) strays: Vec<PathBuf>,
}

impl House {
    /// Reads everything below `src`.
    pub(crate) fn read(src: &Path) -> Self {
        let mut house = Self {
            names: Vec::new(),
            modules: Vec::new(),
            strays: Vec::new(),
        };
        let mut reached = BTreeSet::new();
        let mut waiting = vec![
            (src.join("lib.rs"), vec![], false),
            (src.join("main.rs"), vec!["main".to_owned()], false),
        ];
        while let Some((file, module, is_test)) = waiting.pop() {
            let source =
                fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let shown = Path::new("src").join(file.strip_prefix(src).unwrap());
            let read = names::read(&shown.to_string_lossy(), &module, &source);
            if !is_test {
                house.names.extend(read.names);
            }
            for child in read.children {
                let place = match child.elsewhere {
                    Some(path) => file.with_file_name(path),
                    None => file_of(src, &child.module),
                };
                waiting.push((place, child.module, is_test || child.is_test));
            }
            house.modules.push(module);
            reached.insert(file);
        }
        house.strays = files_below(src)
            .into_iter()
            .filter(|file| !reached.contains(file))
            .collect();
        house
    }
}

/// The file of a module: `a/b.rs` or `a/b/mod.rs`.
fn file_of(src: &Path, module: &[String]) -> PathBuf {
    let folder = module.iter().fold(src.to_owned(), |path, part| path.join(part));
    let inside = folder.join("mod.rs");
    if inside.is_file() {
        inside
    } else {
        folder.with_extension("rs")
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}
