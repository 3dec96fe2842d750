//! Conversion of HTML messages to plain text, as far as one line needs it: tags are removed, entities decoded.

use crate::domain::text::SafeText;

/// Converts the HTML of a service message to one safe line; links keep their text, blocks become spaces.
#[must_use]
pub fn to_text(html: &str) -> SafeText {
    SafeText::new(&plain(html))
}

/// Returns the text of `html`, not safe to show.
#[must_use]
pub fn plain(html: &str) -> String {
    let mut bare = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let (before, tag) = rest.split_at(open);
        bare.push_str(before);
        // A `<` that opens no tag is text: `a < b` stays as it is.
        if !tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            bare.push('<');
            rest = &tag[1..];
            continue;
        }
        bare.push(' ');
        rest = after(tag);
    }
    bare.push_str(rest);
    // Entities are decoded last, so that `&lt;b&gt;` cannot become a tag, and made safe after that.
    let decoded = html_escape::decode_html_entities(&bare);
    let words: Vec<&str> = decoded.split_whitespace().collect();
    words.join(" ")
}

/// Returns the rest after the tag or comment that `tag` begins with; empty if it never ends.
fn after(tag: &str) -> &str {
    if let Some(comment) = tag.strip_prefix("<!--") {
        return comment.split_once("-->").map_or("", |(_, rest)| rest);
    }
    match tag.find('>') {
        Some(close) => after_tag(tag, close),
        None => "",
    }
}

/// Returns the rest after the tag that ends at `close`; for a script or a style, after its content.
fn after_tag(tag: &str, close: usize) -> &str {
    let rest = &tag[close + 1..];
    let name_end = tag[1..]
        .find(|c: char| !c.is_ascii_alphanumeric())
        .map_or(tag.len(), |end| end + 1);
    for name in ["script", "style"] {
        if tag[1..name_end].eq_ignore_ascii_case(name) {
            let end = format!("</{name}");
            return rest
                .as_bytes()
                .windows(end.len())
                .position(|window| window.eq_ignore_ascii_case(end.as_bytes()))
                .and_then(|at| rest.get(at..))
                .unwrap_or("");
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::fuzz_support;

    #[test]
    fn tags_are_removed_and_entities_decoded() {
        for (html, plain) in [
            (
                "<p>Validation <b>failed</b>&nbsp;for plan&#32;A &amp; B.</p>",
                "Validation failed for plan A & B.",
            ),
            (
                "See <a href=\"https://x\">the docs</a><br/>now",
                "See the docs now",
            ),
            ("a < b and b > a", "a < b and b > a"),
            ("&lt;script&gt;", "<script>"),
            ("x<script>alert(1)</script>y", "x y"),
            ("x<SCRIPT type='a'>alert(1)</Script >y", "x y"),
            ("never <style>ended", "never"),
            ("<scripture>read it</scripture> all", "read it all"),
            ("a<!-- b > c -->d", "a d"),
            ("a<!-- never ended >", "a"),
            ("<<b>>bold", "< >bold"),
            ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
            ("&#x202e;&#8238;&zwj;&shy;", "<U+202E><U+202E><U+200D><U+00AD>"),
            ("&#x9b;31m", "<U+009B>31m"),
            ("cut <b", "cut"),
            ("\x1b[31mred &#27;", "^[[31mred &#27;"),
            ("<", "<"),
            ("", ""),
        ] {
            assert_eq!(to_text(html).as_str(), plain, "{html}");
        }
    }

    proptest! {
        #[test]
        fn every_html_gives_safe_text(html in "(<|>|&|;|/|script|b|#27|é|\\PC){0,40}") {
            fuzz_support::html(&html);
        }
    }
}
