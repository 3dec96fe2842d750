//! Ids that look like the service's, made from names: the same world has the same ids each time.

/// FNV-1a over the parts, with a separator, and a last stir so that close names give far numbers.
fn digest(seed: u64, parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff]));
    let sum = bytes.fold(0xcbf2_9ce4_8422_2325 ^ seed, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let stirred = (sum ^ (sum >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    stirred ^ (stirred >> 27)
}

/// A GUID for what the parts name.
pub(crate) fn guid(parts: &[&str]) -> String {
    let (a, b) = (digest(1, parts), digest(2, parts));
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        b >> 52,
        b & 0xffff_ffff_ffff
    )
}

/// The id of an operation on an offer that was moved to Partner Center: a GUID over a 64-bit number.
pub(crate) fn moved_id(parts: &[&str]) -> String {
    format!("{:08x}-0000-1000-0000-000000000000", digest(3, parts) >> 32)
}

/// A number below a thousand million for what the parts name.
pub(crate) fn number(parts: &[&str]) -> i64 {
    (digest(4, parts) % 1_000_000_000).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_from_names_alone() {
        assert_eq!(guid(&["contoso", "vm"]), guid(&["contoso", "vm"]));
        assert_ne!(guid(&["contoso", "vm"]), guid(&["contosov", "m"]));
        assert_eq!(guid(&["x"]).len(), 36);
        assert_ne!(moved_id(&["contoso", "1"]), moved_id(&["contoso", "2"]));
    }
}
