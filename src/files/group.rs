//! Whether a group is a user's own private one: where `umask` is 002, as many systems have it, that one may write all that
//! the user writes, and nobody else is in it.

use std::{fs, path::Path};

use nix::unistd::{Gid, Group, Uid, User};

/// Whether nobody but this user is meant when the group `gid` may write what lies at `path`.
pub(super) fn is_own(gid: u32, path: &Path) -> bool {
    if has_list(path) {
        return false;
    }
    let Ok(Some(user)) = User::from_uid(Uid::effective()) else {
        return false;
    };
    let Ok(Some(group)) = Group::from_gid(Gid::from_raw(gid)) else {
        return false;
    };
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    user.gid == group.gid && is_private(&user.name, &group, &accounts)
}

/// Whether more people have rights than owner and group: then what counts as the group's right is the most that any of
/// them has.
fn has_list(path: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        let mut none = [0u8; 0];
        rustix::fs::getxattr(path, "system.posix_acl_access", &mut none[..]).is_ok()
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        false
    }
}

/// Whether `group` is called as `user` is, or has no other members. `accounts` has a line for each local user, who is in a
/// group also by having it for the first; of a user who is not in there nobody can tell who else is.
fn is_private(user: &str, group: &Group, accounts: &str) -> bool {
    let fields = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next().unwrap_or_default().to_owned();
        (name, fields.nth(2).and_then(|gid| gid.parse::<u32>().ok()))
    };
    let first: Vec<_> = accounts
        .lines()
        .map(fields)
        .filter(|(_, gid)| *gid == Some(group.gid.as_raw()))
        .map(|(name, _)| name)
        .collect();
    let is_alone = !first.is_empty()
        && first.iter().all(|name| name == user)
        && group.mem.iter().all(|name| name == user);
    group.name == user || is_alone
}

/// The group's name, or its number where it has none.
pub(super) fn shown(gid: u32) -> String {
    match Group::from_gid(Gid::from_raw(gid)) {
        Ok(Some(group)) => group.name,
        Ok(None) | Err(_) => gid.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::CString;

    use super::*;

    #[test]
    fn a_private_group_has_its_users_name_or_nobody_else() {
        const ACCOUNTS: &str = "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n\
            eve:x:1001:100::/home/eve:/bin/sh\nmax:x:1002:100::/home/max:/bin/sh\n";
        for (user, name, gid, members, private) in [
            ("ada", "ada", 1000, &[][..], true),
            ("ada", "staff", 1000, &[], true),
            ("ada", "staff", 1000, &["ada"], true),
            ("ada", "staff", 1000, &["ada", "eve"], false),
            ("eve", "users", 100, &[], false),
            ("eve", "eve", 100, &[], true),
            ("from-afar", "from-afar", 70_000, &[], true),
            ("from-afar", "domain users", 70_001, &[], false),
        ] {
            let group = Group {
                name: name.to_owned(),
                passwd: CString::default(),
                gid: Gid::from_raw(gid),
                mem: members.iter().map(|member| (*member).to_owned()).collect(),
            };
            assert_eq!(
                is_private(user, &group, ACCOUNTS),
                private,
                "{user} {name} {members:?}"
            );
        }
    }
}
