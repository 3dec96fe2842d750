//! Whose offers a verb works on: the publisher that the settings name, or the only one there is.

use crate::{
    app::StartupError,
    cli::Io,
    domain::{ids::PublisherId, text::SafeText},
    engine::ports::Catalogue,
    settings::{Settings, SettingsError},
};

/// The publisher of `settings`; where they name none the service is asked, and what was found is said.
pub(super) async fn of(
    settings: &Settings,
    catalogue: &dyn Catalogue,
    io: &mut Io<'_>,
) -> Result<PublisherId, StartupError> {
    if let Ok(publisher) = settings.publisher() {
        return Ok(publisher.clone());
    }
    let known = catalogue.publishers().await?;
    let publisher = only(known)?;
    io.remark(&format!(
        "countermand: the publisher is {publisher}, the only one that this sign-in may see"
    ));
    Ok(publisher)
}

fn only(known: Vec<PublisherId>) -> Result<PublisherId, SettingsError> {
    match <[PublisherId; 1]>::try_from(known) {
        Ok([only]) => Ok(only),
        Err(none) if none.is_empty() => Err(SettingsError::NoPublisherSeen),
        Err(several) => {
            let several: Vec<String> = several.iter().map(ToString::to_string).collect();
            Err(SettingsError::WhichPublisher {
                known: SafeText::new(&several.join(", ")),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_taken_and_anything_else_says_how_to_name_it() {
        assert_eq!(only(vec!["contoso".into()]), Ok("contoso".into()));
        for (known, told) in [
            (vec![], "no publisher"),
            (vec!["a".into(), "b\u{202e}".into()], "a, b<U+202E>"),
        ] {
            let error = only(known).unwrap_err().to_string();
            assert!(
                error.contains(told) && error.contains("--publisher ID"),
                "{error}"
            );
        }
    }
}
