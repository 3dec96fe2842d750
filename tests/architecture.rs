//! Holds which module knows which, which names each must never say, and that no modules import each other in a circle.
//!
//! Reads the code as it is written, module by module, so that a rule is broken by that and not by what happens to run.
//! Tests inside the modules are left alone: they may borrow a stand-in from any.

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
fn every_module_keeps_to_the_rules() {
    let broken = violations(&package().names);
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn no_modules_import_each_other_in_a_circle() {
    let found = circles(&package());
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}
