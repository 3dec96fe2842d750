//! Headers of an answer.

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};

use super::session::Bearer;
use crate::domain::text::SafeText;

const CORRELATION_ID: &str = "x-ms-correlation-request-id";

/// Name under which [`received`] stores the time, replacing any such header of the answer.
const RECEIVED: HeaderName = HeaderName::from_static("x-countermand-received");

/// Pause for a service that requests one without a usable duration.
const UNSPECIFIED: Duration = Duration::from_mins(1);

/// Returns true if the service has marked the answer as its own: all its answers have a correlation id.
pub(in crate::service) fn is_marked(headers: &HeaderMap) -> bool {
    text(headers, CORRELATION_ID).is_some_and(|id| !id.trim().is_empty())
}

/// Returns the correlation id for Microsoft's support, with an echoed token hidden.
pub(in crate::service) fn correlation_id(headers: &HeaderMap, bearer: &Bearer) -> Option<SafeText> {
    text(headers, CORRELATION_ID)
        .map(|id| SafeText::new(&bearer.hide(&id)))
        .filter(|id| !id.is_empty())
}

/// Stores the local time of arrival in the head, for a `Retry-After` date without a `Date` to measure it by.
pub(in crate::service) fn received(headers: &mut HeaderMap, at: Timestamp) {
    if let Ok(at) = HeaderValue::from_str(&at.to_string()) {
        headers.insert(RECEIVED, at);
    }
}

/// Returns the requested pause: the longest possible reading of the header.
pub(in crate::service) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let requested = texts(headers, RETRY_AFTER.as_str());
    let received = text(headers, RECEIVED.as_str());
    let ours = received.and_then(|at| at.parse().ok());
    requested
        .filter_map(|requested| wait(requested.trim(), moment(headers), ours))
        .max()
}

/// Interprets `requested`: seconds, or a date relative to `theirs`, the clock of the server. Without that clock, ours
/// may be off, and an unreadable value is still a request: the pause then is at least [`UNSPECIFIED`].
fn wait(requested: &str, theirs: Option<Timestamp>, ours: Option<Timestamp>) -> Option<Duration> {
    if requested.is_empty() {
        return None;
    }
    if requested.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(requested.parse().unwrap_or(u32::MAX).into()));
    }
    let until = |now: Option<Timestamp>| {
        let wait = date(requested)?.duration_since(now?);
        Some(Duration::try_from(wait).unwrap_or_default())
    };
    let measured = until(theirs);
    measured.or_else(|| {
        Some(
            until(ours.filter(|_| theirs.is_none()))
                .unwrap_or_default()
                .max(UNSPECIFIED),
        )
    })
}

/// Returns the time of the answer by the server's clock.
pub(in crate::service) fn moment(headers: &HeaderMap) -> Option<Timestamp> {
    date(&text(headers, DATE.as_str())?)
}

/// Returns the content type, if present.
pub(in crate::service) fn content_type(headers: &HeaderMap) -> Option<String> {
    text(headers, CONTENT_TYPE.as_str())
}

/// Returns every value of the header `name`, in order; invalid UTF-8 is marked.
pub(in crate::service) fn texts<'a>(
    headers: &'a HeaderMap,
    name: &str,
) -> impl Iterator<Item = String> + use<'a> {
    headers
        .get_all(name.to_owned())
        .into_iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    texts(headers, name).next()
}

/// Parses a date in one of the three forms of HTTP, or as mail and JSON have it.
fn date(raw: &str) -> Option<Timestamp> {
    let raw = raw.trim();
    let of_http = || Timestamp::try_from(httpdate::parse_http_date(raw).ok()?).ok();
    of_http()
        .or_else(|| rfc2822::DateTimeParser::new().parse_timestamp(raw).ok())
        .or_else(|| raw.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn retry_after_is_read_as_the_longest_possible() {
        const DATE: (&str, &str) = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        const EARLIER: (&str, &str) = ("date", "Sunday, 06-Nov-94 08:49:07 GMT");
        for (value, date, seconds) in [
            ("7", None, Some(7)),
            (" 7 ", None, Some(7)),
            ("0", None, Some(0)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(DATE), Some(30)),
            ("Sun, 06 Nov 1994 08:49:07 GMT", Some(DATE), Some(0)),
            ("Sunday, 06-Nov-94 08:50:07 GMT", Some(DATE), Some(30)),
            ("Sun Nov  6 08:50:07 1994", Some(DATE), Some(30)),
            ("1994-11-06T08:50:07Z", Some(DATE), Some(30)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(EARLIER), Some(60)),
            ("soon", Some(DATE), Some(60)),
            ("-1", Some(DATE), Some(60)),
            ("", None, None),
            ("99999999999999999999", None, Some(u64::from(u32::MAX))),
        ] {
            let mut pairs = vec![("retry-after", value)];
            pairs.extend(date);
            let read = retry_after(&headers(&pairs)).map(|wait| wait.as_secs());
            assert_eq!(read, seconds, "{value}");
        }
        assert_eq!(retry_after(&headers(&[DATE])), None);
        let mut dateless = headers(&[
            ("retry-after", "Sun, 06 Nov 1994 08:55:00 GMT"),
            ("x-countermand-received", "1994-11-06T08:00:00Z"),
        ]);
        received(&mut dateless, "1994-11-06T08:50:00Z".parse().unwrap());
        assert_eq!(retry_after(&dateless), Some(Duration::from_mins(5)));
        let twice = headers(&[("retry-after", "5"), ("retry-after", "9")]);
        assert_eq!(retry_after(&twice), Some(Duration::from_secs(9)));
    }

    #[test]
    fn date_without_server_clock_uses_ours_and_a_minute_at_least() {
        let at: Timestamp = "1994-11-06T08:49:37Z".parse().unwrap();
        for (ours, seconds) in [(-300, 300), (-30, 60), (0, 60), (3_600, 60)] {
            let ours = Timestamp::from_second(at.as_second() + ours).ok();
            let wait = wait("Sun, 06 Nov 1994 08:49:37 GMT", None, ours).unwrap();
            assert_eq!(wait.as_secs(), seconds);
        }
        for clocks in [(None, None), (None, Some(at)), (Some(at), None)] {
            assert_eq!(wait("tomorrow", clocks.0, clocks.1), Some(UNSPECIFIED));
        }
    }

    #[test]
    fn correlation_id_is_safe_and_empty_is_none() {
        let mut read = HeaderMap::new();
        let raw = HeaderValue::from_bytes("id\u{202e}x".as_bytes()).unwrap();
        read.insert("x-ms-correlation-request-id", raw);
        let bearer = Bearer::new("the-token".to_owned().into()).unwrap();
        assert_eq!(correlation_id(&read, &bearer), Some("id<U+202E>x".into()));
        for (raw, id) in [(" ", None), ("of the-token", Some("of [hidden]".into()))] {
            let read = headers(&[("x-ms-correlation-request-id", raw)]);
            assert_eq!(correlation_id(&read, &bearer), id);
        }
    }
}
