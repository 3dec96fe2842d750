//! The bytes for what leaves the screen: clipboard, notification, title.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    domain::text::SafeText,
    settings::Tell,
    tui::model::{Clip, Preferences},
};

/// `clip` for the clipboard.
pub(super) fn copy(preferences: &Preferences, clip: &Clip) -> Vec<u8> {
    preferences.multiplexer.clipboard(&STANDARD.encode(clip.as_str()))
}

/// `text` as the person wants to be told.
pub(super) fn tell(preferences: &Preferences, text: &SafeText) -> Vec<u8> {
    match preferences.tell {
        Tell::Bell => b"\x07".to_vec(),
        Tell::Osc9 => preferences.multiplexer.osc(&format!("9;{text}")),
        Tell::Osc777 => {
            // A semicolon would end the field.
            let text = text.as_str().replace(';', ",");
            preferences
                .multiplexer
                .osc(&format!("777;notify;countermand;{text}"))
        }
        Tell::Off => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::terminal::Multiplexer;

    fn told(tell: Tell, multiplexer: Multiplexer, text: &str) -> String {
        let preferences = Preferences {
            tell,
            multiplexer,
            ..Preferences::default()
        };
        String::from_utf8(super::tell(&preferences, &text.into())).unwrap()
    }

    #[test]
    fn each_way_of_telling_has_its_bytes() {
        let text = "countermand: a;b canceled\x1b]0;x\x07";
        assert_eq!(told(Tell::Bell, Multiplexer::Screen, text), "\x07");
        assert_eq!(told(Tell::Off, Multiplexer::None, text), "");
        let plain = told(Tell::Osc9, Multiplexer::None, text);
        assert_eq!(plain, "\x1b]9;countermand: a;b canceled^[]0;x^G\x1b\\");
        let fields = told(Tell::Osc777, Multiplexer::None, text);
        assert_eq!(
            fields,
            "\x1b]777;notify;countermand;countermand: a,b canceled^[]0,x^G\x1b\\"
        );
        assert!(told(Tell::Osc9, Multiplexer::Tmux, text).starts_with("\x1bPtmux;\x1b\x1b]9;"));
    }

    #[test]
    fn what_is_copied_is_what_was_shown() {
        let clip = Clip::new("contoso-vm").unwrap();
        assert_eq!(
            copy(&Preferences::default(), &clip),
            b"\x1b]52;c;Y29udG9zby12bQ==\x1b\\"
        );
    }
}
