//! Body of an answer, limited in size after decompression.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use reqwest::{
    Response,
    header::{CONTENT_ENCODING, HeaderMap},
};

use super::headers;

/// Supported compressions; upper case names and concatenated members are accepted.
pub(in crate::service) const PACKINGS: &str = "gzip";

/// Maximum number of nested compressions.
const NESTED: usize = 2;

/// Reasons why a body is unreadable.
#[derive(Debug)]
pub(in crate::service) enum Unread {
    /// Longer than this many bytes.
    TooLarge(usize),
    /// Truncated or too slow.
    Broken(reqwest::Error),
    /// Decompression failed.
    Packed(String),
}

/// Reads the body of `response`, at most `limit` bytes, without the byte order mark that .NET may prepend.
pub(in crate::service) async fn read(mut response: Response, limit: usize) -> Result<Vec<u8>, Unread> {
    let packed = packings(response.headers())?;
    let announced = response
        .content_length()
        .map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX));
    if announced > limit {
        return Err(Unread::TooLarge(limit));
    }
    let mut body = Vec::with_capacity(announced);
    while let Some(chunk) = response.chunk().await.map_err(Unread::Broken)? {
        if chunk.len() > limit - body.len() {
            return Err(Unread::TooLarge(limit));
        }
        body.extend_from_slice(&chunk);
    }
    for _ in 0..packed {
        body = unpacked(&body, limit)?;
    }
    if body.starts_with(b"\xef\xbb\xbf") {
        body.drain(..3);
    }
    Ok(body)
}

/// Returns the number of nested compressions.
fn packings(head: &HeaderMap) -> Result<usize, Unread> {
    let mut count = 0;
    for value in headers::texts(head, CONTENT_ENCODING.as_str()) {
        for name in value.split(',').map(str::trim) {
            match name.to_ascii_lowercase().as_str() {
                "" | "identity" => {}
                "gzip" | "x-gzip" if count < NESTED => count += 1,
                other => return Err(Unread::Packed(format!("packed as {}", other.escape_debug()))),
            }
        }
    }
    Ok(count)
}

fn unpacked(packed: &[u8], limit: usize) -> Result<Vec<u8>, Unread> {
    let mut body = Vec::new();
    if packed.is_empty() {
        return Ok(body);
    }
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let read = MultiGzDecoder::new(packed).take(most).read_to_end(&mut body);
    read.map_err(|error| Unread::Packed(error.to_string()))?;
    if body.len() > limit {
        return Err(Unread::TooLarge(limit));
    }
    Ok(body)
}
