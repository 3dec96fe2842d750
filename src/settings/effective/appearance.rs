//! What is told of how the dashboard looks, sounds and is worked.

use super::{EffectiveSetting, Teller, told, yes};
use crate::{domain::text::SafeText, settings::appearance::KeyOverride};

impl Teller<'_> {
    pub(super) fn of_the_dashboard(&self) -> Vec<EffectiveSetting> {
        let appearance = &self.settings.appearance;
        let theme = appearance
            .theme
            .as_ref()
            .map_or("default", |theme| theme.text.as_str());
        let own = &["profiles", self.settings.profile.value.as_str(), "tell"];
        let tell_by = match self.line(own) {
            Some(_) => self.at(own),
            None => self.at_or_default(&["tell"]),
        };
        let mut all = vec![
            told("theme", Some(theme.to_owned()), self.at_or_default(&["theme"])),
            told(
                "mouse",
                Some(yes(appearance.mouse)),
                self.at_or_default(&["mouse"]),
            ),
            told("tell", Some(appearance.tell.word().to_owned()), tell_by),
            told(
                "title",
                Some(yes(appearance.title)),
                self.at_or_default(&["title"]),
            ),
        ];
        all.extend(appearance.keys.iter().map(|wish| self.key(wish)));
        all
    }

    fn key(&self, wish: &KeyOverride) -> EffectiveSetting {
        let command = wish.command.text.as_str();
        let keys: Vec<&str> = wish.keys.iter().map(|key| key.text.as_str()).collect();
        let keys = if keys.is_empty() {
            "no key".to_owned()
        } else {
            keys.join(", ")
        };
        EffectiveSetting {
            setting: SafeText::new(&format!("keys.{command}")),
            ..told("", Some(keys), self.at(&["keys", command]))
        }
    }
}
