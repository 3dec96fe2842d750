//! Hostile texts, as a service could send them. A new trick is one line here.

/// Marker in every text, to recognize the ones that were shown.
pub(crate) const MARK: &str = "Zq";

/// Texts that contain terminal controls, hidden or reordered characters, or lookalikes.
///
/// The sequences have parameters that this program never uses, to distinguish them from its own.
pub(crate) const TEXTS: &[&str] = &[
    // C0 controls and DEL.
    "Zq nul \0 nul",
    "Zq bell \x07 bell",
    "Zq backspace secret\x08\x08\x08\x08\x08\x08public",
    "Zq overwritten\rharmless",
    "Zq two\r\nlines\nof\n\ncountermand: all is well",
    "Zq tab\ttab\x0bvertical\x0cform",
    "Zq shift \x0e\x0f shift",
    "Zq xoff \x13 xon \x11 enq \x05 sub \x1a can \x18",
    "Zq del \x7f\x7f del",
    "Zq 1\x1b0 is not 10",
    // Escape sequences, complete and broken.
    "Zq colour \x1b[31;7;31m red",
    "Zq clear \x1b[2;2J\x1b[777;777H home",
    "Zq answers \x1b[6n\x1b[0;0c\x1b[>7q\x1b[?7;77$p",
    "Zq modes \x1b[?1049;7h\x1b[?1006;7h\x1b[?2026;7l",
    "Zq repeat a\x1b[7777b insert \x1b[777@",
    "Zq scrolls \x1b[7;8r\x1b[77S\x1bM\x1bD",
    "Zq reset \x1bc\x1b[!p\x1b7\x1b8",
    "Zq charset \x1b(0lqqk\x1b(B\x1b%G",
    "Zq tail \x1b",
    "Zq tail \x1b[",
    "Zq tail \x1b[31;7;",
    "Zq tail \x1b]",
    // Operating system commands and other strings, with either terminator and with none.
    "Zq title \x1b]0;pwned\x07",
    "Zq title \x1b]2;pwned\x1b\\",
    "Zq copies \x1b]52;c;cHduZWQ=\x07",
    "Zq reads \x1b]52;c;?\x1b\\",
    "Zq link \x1b]8;;https://evil.example/pwned\x1b\\click\x1b]8;;\x1b\\",
    "Zq tells \x1b]9;pwned\x07\x1b]777;notify;pwned;pwned\x1b\\",
    "Zq colours \x1b]4;7;?\x07\x1b]10;?\x07\x1b]11;?\x1b\\",
    "Zq file \x1b]1337;File=name=cHduZWQ=:cHduZWQ=\x07",
    "Zq folder \x1b]7;file://evil.example/pwned\x1b\\",
    "Zq unended \x1b]0;pwned",
    "Zq dcs \x1bP+q544e\x1b\\\x1bP$q\"p\x1b\\\x1bPq#0;2;0;0;0~\x1b\\",
    "Zq strings \x1b_Gf=24;pwned\x1b\\\x1bXpwned\x1b\\\x1b^pwned\x1b\\",
    "Zq tmux \x1bPtmux;\x1b\x1b]52;c;cHduZWQ=\x07\x1b\\",
    // The same in one character each, as some terminals read them.
    "Zq c1 \u{9b}31;7;31m\u{9b}2;2J",
    "Zq c1 \u{9d}0;pwned\u{9c}\u{90}+q544e\u{9c}\u{9f}pwned\u{9c}\u{9e}pwned\u{9c}\u{98}pwned\u{9c}",
    "Zq c1 all \u{80}\u{81}\u{82}\u{84}\u{85}\u{88}\u{8d}\u{8e}\u{8f}\u{96}\u{9a}",
    // Reordered or hidden text.
    "Zq \u{202e}gnp.exe\u{202c} is a picture",
    "Zq \u{202d}\u{202a}\u{202b} embedded",
    "Zq \u{2066}isolated\u{2069}\u{2067}\u{2068} unended",
    "Zq marks \u{200e}\u{200f}\u{61c} of direction",
    "Zq مرحبا בדיקה 12 names that run the other way",
    "Zq can\u{200b}celed zero\u{200c}\u{200d}\u{2060}\u{feff}width",
    "Zq soft\u{ad}hyphen joiner\u{34f} filler\u{3164}\u{115f}\u{1160}\u{ffa0}",
    "Zq invisible \u{2061}\u{2062}\u{2063}\u{2064} operators \u{206a}\u{206f}",
    "Zq tags \u{e0001}\u{e0041}\u{e0042}\u{e007f}",
    "Zq variants a\u{fe00}b\u{fe0f}c\u{e0100}d\u{180b}e",
    "Zq smuggled \u{1f600}\u{fe01}\u{fe02}\u{fe03}\u{e0101}\u{e0102}",
    "Zq annotated \u{fff9}a\u{fffa}b\u{fffb} music \u{1d173}\u{1d17a}",
    "Zq shorthand \u{1bca0}\u{1bca3} glyphs \u{13430}\u{13438}",
    "Zq line\u{2028}paragraph\u{2029}next\u{85}line",
    "Zq no characters \u{fffe}\u{ffff}\u{fdd0}\u{1fffe}\u{10ffff}",
    // Floods, and letters wider or taller than normal.
    "Zq Z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\u{30b}\u{30c}\u{30d}\u{30e}\u{30f}a",
    "\u{301}\u{301}Zq begins with marks",
    "Zq family 👩\u{200d}👩\u{200d}👧\u{200d}👦 flag 🏴\u{e0067}\u{e0062}\u{e007f} heart ❤\u{fe0f}",
    "Zq wide 漢字漢字漢字漢字 half ｶﾅ ﷽",
    "Zq digits １０ 𝟏𝟎 l0 О0 not 10",
    // HTML, which a message may be.
    "Zq <script>alert(1)</script><style>*{}</style><img src=x onerror=alert(1)>",
    "Zq <a href=\"javascript:alert(1)\">click</a> <b <i>nested</b> &lt;u&gt;",
    "Zq &#27;[31;7;31m &#x1b;]0;pwned&#7; &#x9b;2;2J &#155;2;2J &#8238;x &#x200b; &#0; &#xd800;",
    "Zq <!-- --> <p title='>'>unclosed <scr<script>ipt>",
    "Zq &amp;#27; &amp;lt;script&amp;gt; &NewLine;&Tab;&zwj;&rlm;&shy;",
];

/// Returns true if `c` must not leave this program; a list of its own, so that it does not share gaps with the
/// program's.
pub(crate) fn is_foul(c: char) -> bool {
    let code = u32::from(c);
    matches!(code,
        0..=0x1f | 0x7f..=0x9f | 0xad | 0x34f | 0x61c | 0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x180b..=0x180f
        | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfdd0..=0xfdef | 0xfe00..=0xfe0f | 0xfeff
        | 0xffa0 | 0xfff0..=0xfffb | 0x13430..=0x1345f | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff)
        || code & 0xfffe == 0xfffe
}

/// Returns the parts of `text` that begin with a hostile character and must not appear in any output. Incomplete ones
/// are left out; a terminal would show their effect in the next sequence.
pub(crate) fn bites(text: &str) -> impl Iterator<Item = String> + '_ {
    text.char_indices()
        .filter(|(_, c)| is_foul(*c) && !matches!(c, '\r' | '\n'))
        .map(|(at, _)| text[at..].chars().take(8).collect::<String>())
        .filter(|bite| !bite.starts_with('\x1b') || bite.len() > 6)
}
