//! Holds the house rules: which room knows which, and which names each must never say.
//!
//! Reads the code as the compiler does, module by module, so that a rule is broken by what is written and not by what
//! happens to run. Tests inside the rooms are left alone: they may borrow a stand-in from any room.

#[cfg(test)]
mod architecture {
    pub(crate) mod house;
    pub(crate) mod names;
    mod planted;
    pub(crate) mod rules;
    mod scope;
    mod tokens;
}

use std::path::Path;

use architecture::{house::House, rules::violations};

#[test]
fn every_room_keeps_to_the_rules() {
    let house = House::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let broken: Vec<String> = violations(&house.names).iter().map(ToString::to_string).collect();
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn every_file_is_in_a_room() {
    let house = House::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(
        house.strays.is_empty(),
        "no module names these files: {:?}",
        house.strays
    );
    for room in architecture::rules::ROOMS {
        assert!(
            house.modules.iter().any(|module| module[..] == [room.name]),
            "there is a rule for {} and no such room",
            room.name
        );
    }
}
