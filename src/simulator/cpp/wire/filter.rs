//! `$filter` of a list, as far as clients use it: fields that equal words, one or several joined by `and`.

use serde_json::Value;

/// Fields that entries of a list must have, and their words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Filter(Vec<(String, String)>);

impl Filter {
    /// Reads an expression; `None` when it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut terms = Vec::new();
        let mut rest = text.trim();
        loop {
            let (field, after) = rest.split_once(' ')?;
            let quoted = after.trim_start().strip_prefix("eq ")?.trim_start();
            let (value, after) = literal(quoted)?;
            terms.push((field.to_owned(), value));
            let after = after.trim();
            if after.is_empty() {
                return Some(Self(terms));
            }
            rest = after.strip_prefix("and ")?.trim_start();
        }
    }

    /// Checks that an entry has them all.
    pub(crate) fn admits(&self, entry: &Value) -> bool {
        let has =
            |(field, value): &(String, String)| entry.get(field).is_some_and(|had| had == value.as_str());
        self.0.iter().all(has)
    }
}

/// A word in single quotes, a quote inside doubled, and what comes behind it.
fn literal(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('\'')?;
    let mut word = String::new();
    loop {
        let (part, after) = rest.split_once('\'')?;
        word.push_str(part);
        match after.strip_prefix('\'') {
            Some(inside) => {
                word.push('\'');
                rest = inside;
            }
            None => return Some((word, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_entry_has_every_field_that_is_named() {
        let entry = json!({ "offerTypeId": "saas", "status": "it's" });
        for (text, admitted) in [
            ("offerTypeId eq 'saas'", true),
            ("offerTypeId eq 'Saas'", false),
            ("offerTypeId eq 'saas' and status eq 'it''s'", true),
            ("offerTypeId eq 'saas' and status eq 'no'", false),
            ("elsewhere eq 'saas'", false),
        ] {
            let filter = Filter::parse(text).unwrap();
            assert_eq!(filter.admits(&entry), admitted, "{text}");
        }
    }

    #[test]
    fn what_is_no_expression_is_none() {
        for text in [
            "",
            "offerTypeId",
            "offerTypeId eq saas",
            "offerTypeId eq 'saas",
            "offerTypeId eq 'saas' and",
            "offerTypeId eq 'saas' or x eq 'y'",
            "offerTypeId ne 'saas'",
        ] {
            assert_eq!(Filter::parse(text), None, "{text}");
        }
    }
}
