//! Architecture rules: allowed dependencies between modules, banned names, and no import cycles.
//!
//! Reads the code as written, module by module, so that results do not depend on a build. Tests inside the modules are
//! exempt: they may borrow a double from any module.

#[cfg(test)]
mod architecture {
    pub(crate) mod circles;
    mod planted;
    pub(crate) mod reader;
    pub(crate) mod rules;
    pub(crate) mod tree;
}

use std::path::Path;

use architecture::{circles::circles, rules::violations, tree::Tree};

fn package() -> Tree {
    Tree::of_package(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

#[test]
fn every_module_obeys_the_rules() {
    let broken = violations(&package().names);
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn modules_have_no_import_cycles() {
    let found = circles(&package());
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}
