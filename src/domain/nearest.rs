//! Suggestion of the intended name.

/// Returns the candidate nearest to `name`, if one is near enough to be intended.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Returns the edit distance, in which hyphens equal underscores and case is ignored.
fn distance(a: &str, b: &str) -> usize {
    let plain = |text: &str| -> Vec<char> { text.to_lowercase().replace('-', "_").chars().collect() };
    let (a, b) = (plain(a), plain(b));
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typo_is_recognized_and_unrelated_name_is_not() {
        let keys = ["publisher", "base_url", "read_only", "notify"];
        for (name, meant) in [
            ("publsher", Some("publisher")),
            ("base-url", Some("base_url")),
            ("Read_Only", Some("read_only")),
            ("readonly", Some("read_only")),
            ("notfy", Some("notify")),
            ("colour", None),
            ("x", None),
        ] {
            assert_eq!(nearest(name, keys), meant, "{name}");
        }
    }
}
