//! Wire forms of the answers. Tolerant throughout: fields may be missing, unknown, null, or of another type.
//!
//! Only the outermost form is strict, since an answer of another form is another answer. Texts become safe and messages
//! plain right here; ids stay raw.

mod detail;
mod lenient;
mod list;
mod offer;
mod submission;
mod surrogates;

use std::{borrow::Cow, fmt};

use serde::de::{
    Deserialize, DeserializeSeed as _, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use lenient::Of;

pub(super) use detail::Detail;
pub(super) use lenient::Tolerant;
pub(super) use list::{Element, Listed, Rank};
pub(super) use offer::{Offer, Publisher};
pub(super) use submission::Submission;

/// Reasons why bytes do not have the expected form. Quotes none of them.
#[derive(Debug)]
pub(super) enum Mismatch {
    /// Not JSON from here on.
    Broken {
        /// Message of the parser.
        why: String,
    },
    /// JSON that is truncated.
    BreaksOff {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// JSON of another form than the one named here.
    OtherForm(&'static str),
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken { why } => write!(f, "the answer is no valid JSON: {why}"),
            Self::BreaksOff { line, column } => {
                write!(f, "the JSON breaks off at line {line} column {column}")
            }
            Self::OtherForm(due) => write!(f, "the answer is JSON of another form where {due} was due"),
        }
    }
}

impl Mismatch {
    fn new(error: &serde_json::Error, due: &'static str) -> Self {
        match error.classify() {
            serde_json::error::Category::Eof => Self::BreaksOff {
                line: error.line(),
                column: error.column(),
            },
            serde_json::error::Category::Data => Self::OtherForm(due),
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => Self::Broken {
                why: error.to_string(),
            },
        }
    }
}

/// Reads a list; beyond the limit, elements of the highest rank are kept.
pub(super) fn list<T: Element>(body: &[u8], rank: &dyn Fn(&T) -> Rank) -> Result<Listed<T>, Mismatch> {
    let due = "a list";
    let listed = read(body, due, |json| list::Ranked(rank).deserialize(json))?;
    // A list of unrelated values is not an empty one.
    if listed.passed_over > 0 && listed.kept.is_empty() && listed.blank == 0 {
        return Err(Mismatch::OtherForm("a list of objects"));
    }
    Ok(listed)
}

/// Reads one object; the documentation shows it as the single element of a list, and answers have it bare.
pub(super) fn one<T: Tolerant>(body: &[u8]) -> Result<T, Mismatch> {
    let One(object) = read(body, "one object", |json| One::deserialize(json))?;
    Ok(object)
}

/// Reads `body`, and once more with invalid characters replaced, because one bad byte in a name would hide all other
/// elements.
fn read<T>(
    body: &[u8],
    due: &'static str,
    form: impl Fn(&mut Json<'_>) -> serde_json::Result<T>,
) -> Result<T, Mismatch> {
    let whole = |body: &[u8]| {
        let mut json = Json::from_slice(body);
        let read = form(&mut json)?;
        json.end().map(|()| read)
    };
    let mismatch = match whole(body) {
        Ok(read) => return Ok(read),
        Err(error) => Mismatch::new(&error, due),
    };
    let mended = match mismatch {
        Mismatch::Broken { .. } => mended(body),
        Mismatch::BreaksOff { .. } | Mismatch::OtherForm(_) => None,
    };
    match mended {
        Some(mended) => whole(&mended).map_err(|error| Mismatch::new(&error, due)),
        None => Err(mismatch),
    }
}

/// Returns `body` with invalid UTF-8 replaced by U+FFFD; none if it is valid.
fn mended(body: &[u8]) -> Option<Vec<u8>> {
    match String::from_utf8_lossy(body) {
        Cow::Borrowed(_) => surrogates::mended(body),
        Cow::Owned(text) => Some(surrogates::mended(text.as_bytes()).unwrap_or(text.into_bytes())),
    }
}

type Json<'a> = serde_json::Deserializer<serde_json::de::SliceRead<'a>>;

struct One<T>(T);

impl<'de, T: Tolerant> Deserialize<'de> for One<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(OneVisitor(std::marker::PhantomData))
            .map(One)
    }
}

struct OneVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: Tolerant> Visitor<'de> for OneVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, or a list of one")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::object(map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<T, A::Error> {
        let Some(Of(first)) = seq.next_element()? else {
            return Err(A::Error::custom("an empty list"));
        };
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(first)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection, prelude::*};
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::{ids::PublisherId, text};

    /// Generates any JSON, with known field names among its own.
    fn anything() -> impl Strategy<Value = Value> {
        let name = prop_oneof![
            prop::sample::select(vec![
                "id",
                "status",
                "version",
                "definition",
                "displayText",
                "changedTime",
                "steps",
                "messages",
                "messageHtml",
                "submissionState",
                "slot",
                "level",
                "timestamp",
                "stepName",
            ])
            .prop_map(str::to_owned),
            any::<String>(),
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 64, 8, move |inner| {
            prop_oneof![
                collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                collection::vec((name.clone(), inner), 0..8)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    /// Returns the elements kept of a list; none if it holds unrelated values.
    fn all<T: Element>(body: &[u8]) -> Vec<T> {
        match list(body, &|_| Rank::Other) {
            Ok(listed) => listed.kept,
            Err(Mismatch::OtherForm(_)) => Vec::new(),
            Err(mismatch) => panic!("{mismatch}"),
        }
    }

    fn is_safe(text: &text::SafeText) -> bool {
        !text.as_str().chars().any(text::is_unsafe)
    }

    #[test]
    fn lone_surrogate_in_a_name_hides_no_other_offer() {
        let publisher = PublisherId::new("contoso");
        let body = r#"[{"id":"a","definition":{"displayText":"half \ud800"}},{"id":"b"}]"#;
        let offers = all::<Offer>(body.as_bytes());
        let offers: Vec<_> = offers
            .into_iter()
            .filter_map(|offer| offer.read(&publisher))
            .collect();
        assert_eq!(offers.len(), 2);
        assert_eq!(offers[0].name.as_str(), "half \u{fffd}");
    }

    proptest! {
        #[test]
        fn list_of_any_json_loads_and_is_safe_to_show(elements in collection::vec(anything(), 0..8)) {
            let body = json!(elements).to_string();
            let publisher = PublisherId::new("contoso");
            for offer in all::<Offer>(body.as_bytes()) {
                if let Some(offer) = offer.read(&publisher) {
                    prop_assert!(is_safe(&offer.name) && is_safe(&offer.kind) && is_safe(offer.state.word()));
                }
            }
            for submission in all::<Submission>(body.as_bytes()) {
                let operation = submission.read();
                prop_assert!(is_safe(&operation.kind) && is_safe(operation.state.word()));
            }
            for detail in elements.iter().filter_map(|element| one::<Detail>(element.to_string().as_bytes()).ok()) {
                let detail = detail.read(|text| Cow::Borrowed(text));
                prop_assert!(detail.all_messages().all(|message| is_safe(&message.text) && is_safe(&message.level)));
                prop_assert!(detail.steps.iter().all(|step| is_safe(&step.name) && is_safe(&step.id)));
            }
        }

        #[test]
        fn any_bytes_are_harmless(bytes in any::<Vec<u8>>(), text in r#"[\[\]{}",:0-9a-z\\u -]{0,64}"#) {
            for body in [&bytes[..], text.as_bytes()] {
                let _ = list::<Offer>(body, &Offer::rank).map_err(|mismatch| mismatch.to_string());
                let _ = one::<Detail>(body).map_err(|mismatch| mismatch.to_string());
            }
        }
    }
}
