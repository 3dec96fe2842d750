//! Import cycles between siblings: reading one module must not require reading another that needs the first.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    reader::Path,
    tree::{Name, Tree},
};

/// Siblings that each child of a module names.
type Imports<'a> = BTreeMap<&'a str, BTreeMap<String, &'a Name>>;

/// Returns a cycle for every parent whose children have one, with the names of each import.
pub(crate) fn circles(tree: &Tree) -> Vec<String> {
    let parents = tree.modules.iter();
    parents
        .filter_map(|parent| circle(&imports(tree, parent)))
        .collect()
}

fn imports<'a>(tree: &'a Tree, parent: &Path) -> Imports<'a> {
    let mut imports = Imports::new();
    for name in &tree.names {
        let (Some(own), Some(path)) = (below(&name.module, parent), &name.definition) else {
            continue;
        };
        if let Some(other) = below(path, parent)
            && own != other
            && tree
                .modules
                .contains(&[&parent[..], &[other.to_owned()]].concat())
        {
            let named = imports.entry(own).or_default();
            named.entry(other.to_owned()).or_insert(name);
        }
    }
    imports
}

/// Returns the child of `parent` that `path` leads through.
fn below<'a>(path: &'a [String], parent: &[String]) -> Option<&'a str> {
    path.strip_prefix(parent)?.first().map(String::as_str)
}

/// Returns the names that lead from a module through its siblings back to itself.
fn circle(imports: &Imports<'_>) -> Option<String> {
    let way = imports
        .keys()
        .find_map(|start| way(imports, start, start, &mut BTreeSet::new()))?;
    let names: Vec<String> = way.iter().map(ToString::to_string).collect();
    Some(names.join("\n  "))
}

fn way<'a>(
    imports: &Imports<'a>,
    here: &str,
    end: &str,
    seen: &mut BTreeSet<String>,
) -> Option<Vec<&'a Name>> {
    imports.get(here)?.iter().find_map(|(next, name)| {
        if next == end {
            return Some(vec![*name]);
        }
        let is_new = seen.insert(next.clone());
        let rest = is_new.then(|| way(imports, next, end, seen))??;
        Some([&[*name], &rest[..]].concat())
    })
}
