//! Values of environment variables, without quoting by a shell, an `.env` file, or a copy.

/// Returns `raw` without surrounding whitespace and one pair of quotes. Whitespace inside the quotes is removed as
/// well: no valid value begins or ends with it.
#[must_use]
pub fn bare(raw: &str) -> &str {
    let trimmed = raw.trim();
    let unquoted = ['"', '\'']
        .into_iter()
        .find_map(|quote| trimmed.strip_prefix(quote)?.strip_suffix(quote));
    unquoted.map_or(trimmed, str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrounding_whitespace_and_one_pair_of_quotes_are_removed() {
        for (raw, value) in [
            ("x", "x"),
            (" x\r\n", "x"),
            ("\"x\"\r", "x"),
            ("' x '", "x"),
            ("''x''", "'x'"),
            ("\"x", "\"x"),
            ("\"", "\""),
            ("\"'", "\"'"),
            ("x'", "x'"),
            ("''", ""),
            (" \t", ""),
            ("\u{a0}x y", "x y"),
        ] {
            assert_eq!(bare(raw), value, "{raw:?}");
        }
    }
}
