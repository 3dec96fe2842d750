//! Default publisher: the only one that the sign-in can see.

use crate::{
    app::startup_error::StartupError,
    cli::Io,
    domain::{ids::PublisherId, text::SafeText},
    engine::ports::Catalogue,
    settings::SettingsError,
};

/// Returns the only publisher of this sign-in, and prints it.
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
    fn only_publisher_is_used_and_otherwise_an_error_names_the_option() {
        assert_eq!(only_of(vec!["contoso".into()]), Ok("contoso".into()));
        for (known, expected) in [
            (vec![], "no publisher"),
            (vec!["a".into(), "b\u{202e}".into()], "a, b<U+202E>"),
        ] {
            let error = only_of(known).unwrap_err().to_string();
            assert!(
                error.contains(expected) && error.contains("--publisher ID"),
                "{error}"
            );
        }
    }
}
