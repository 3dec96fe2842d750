//! Recognizes a user's own private group. Where `umask` is 002, as on many systems, that group may write all files of
//! the user, and it has no other members.

use std::{fs, path::Path};

use nix::unistd::{Gid, Group, Uid, User};

/// Returns true if write access for the group `gid` to the file at `path` means this user alone.
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

/// Returns true if the file has an access control list: its group bits then show the highest right of any entry.
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

/// Returns true if `group` bears the name of `user` or has no other members. `accounts` has a line for each local user,
/// who may also be a member by primary group; the other members are unknown for a user who is not in it.
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

/// Returns the group's name, or its number if it has no name.
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
    fn private_group_has_the_users_name_or_no_other_members() {
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
