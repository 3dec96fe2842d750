//! The body of an answer, never more of it than its limit, counted after decompression.

use reqwest::Response;

/// Why a body could not be read.
#[derive(Debug)]
pub(in crate::marketplace) enum Unread {
    /// It is longer than this many bytes.
    TooLarge(usize),
    /// It broke off, took too long or could not be decompressed.
    Broken(reqwest::Error),
}

/// Reads the body of `response`, at most `limit` bytes.
pub(in crate::marketplace) async fn read(mut response: Response, limit: usize) -> Result<Vec<u8>, Unread> {
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
    Ok(body)
}
