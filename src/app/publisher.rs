//! Whose offers are meant where nothing names a publisher: those of the only one there is.

use crate::{
    app::startup_error::StartupError,
    cli::Io,
    domain::{ids::PublisherId, text::SafeText},
    engine::ports::Catalogue,
    settings::SettingsError,
};

/// The only publisher that the service lets this sign-in see; says which it is.
pub(super) async fn only(catalogue: &dyn Catalogue, io: &mut Io<'_>) -> Result<PublisherId, StartupError> {
    let publisher = only_of(catalogue.publishers().await?)?;
    io.remark(&format!(
        "countermand: the publisher is {publisher}, the only one that this sign-in may see"
    ));
    Ok(publisher)
}

fn only_of(known: Vec<PublisherId>) -> Result<PublisherId, SettingsError> {
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
        assert_eq!(only_of(vec!["contoso".into()]), Ok("contoso".into()));
        for (known, told) in [
            (vec![], "no publisher"),
            (vec!["a".into(), "b\u{202e}".into()], "a, b<U+202E>"),
        ] {
            let error = only_of(known).unwrap_err().to_string();
            assert!(
                error.contains(told) && error.contains("--publisher ID"),
                "{error}"
            );
        }
    }
}
