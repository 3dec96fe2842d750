//! What a value of the environment is, without what a shell, an `.env` file or a copy put around it.

/// `raw` without blanks and line ends around it, and without one pair of quotes. Blanks inside quotes go as well: no value
/// of ours begins or ends with one.
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
    fn blanks_line_ends_and_one_pair_of_quotes_are_no_part_of_a_value() {
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
