//! What the head of an answer says besides its status.

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};

use super::session::Bearer;
use crate::domain::text::SafeText;

/// What Microsoft's support asks for; never what it was asked with.
pub(super) fn correlation_id(headers: &HeaderMap, bearer: &Bearer) -> Option<SafeText> {
    text(headers, "x-ms-correlation-request-id")
        .map(|id| SafeText::new(&bearer.hide(&id)))
        .filter(|id| !id.is_empty())
}

/// How long the service asks to be left alone: seconds, or a date measured by the answer's own `Date`.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let asked = text(headers, RETRY_AFTER.as_str())?;
    let asked = asked.trim();
    if let Ok(seconds) = asked.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let now = moment(headers)?;
    let wait = date(asked)?.duration_since(now);
    Some(Duration::try_from(wait).unwrap_or_default())
}

/// When the answer was made, by the clock of who made it.
pub(in crate::marketplace) fn moment(headers: &HeaderMap) -> Option<Timestamp> {
    date(&text(headers, DATE.as_str())?)
}

/// The content type, where the answer has one.
pub(super) fn content_type(headers: &HeaderMap) -> Option<String> {
    text(headers, CONTENT_TYPE.as_str())
}

/// Every value of the header `name`, in order; what is no UTF-8 is marked.
pub(super) fn texts<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = String> + use<'a> {
    headers
        .get_all(name.to_owned())
        .into_iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    texts(headers, name).next()
}

fn date(raw: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(raw.trim()).ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn retry_after_comes_as_seconds_or_as_a_date() {
        const DATE: (&str, &str) = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        for (value, date, seconds) in [
            ("7", None, Some(7)),
            (" 7 ", None, Some(7)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(DATE), Some(30)),
            ("Sun, 06 Nov 1994 08:49:07 GMT", Some(DATE), Some(0)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", None, None),
            ("soon", Some(DATE), None),
            ("-1", Some(DATE), None),
            ("", None, None),
            ("99999999999999999999", None, None),
        ] {
            let mut pairs = vec![("retry-after", value)];
            pairs.extend(date);
            let read = retry_after(&headers(&pairs)).map(|wait| wait.as_secs());
            assert_eq!(read, seconds, "{value}");
        }
    }

    #[test]
    fn a_correlation_id_is_made_safe_and_an_empty_one_is_none() {
        let mut read = HeaderMap::new();
        let raw = HeaderValue::from_bytes("id\u{202e}x".as_bytes()).unwrap();
        read.insert("x-ms-correlation-request-id", raw);
        let bearer = Bearer::new("the-token".to_owned().into()).unwrap();
        assert_eq!(correlation_id(&read, &bearer), Some("id<U+202E>x".into()));
        for (raw, id) in [(" ", None), ("of the-token", Some("of [token]".into()))] {
            let read = headers(&[("x-ms-correlation-request-id", raw)]);
            assert_eq!(correlation_id(&read, &bearer), id);
        }
    }
}
