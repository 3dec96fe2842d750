//! `config`: every setting as it is in effect, and where it comes from. Asks nobody, and needs nothing.

use serde::Serialize;

use crate::{
    cli::{Io, args::ConfigArgs, offers::array, table},
    domain::{text::SafeText, verdict::Exit},
    settings::{EffectiveSetting, SettingSource},
};

/// Lists `all`.
pub fn run(all: &[EffectiveSetting], args: ConfigArgs, io: &mut Io<'_>) -> Exit {
    let text = if args.json {
        array(all.iter().map(Json::of))
    } else {
        text(all)
    };
    io.finish(&text, Exit::Done)
}

#[derive(Serialize)]
struct Json<'a> {
    setting: &'a SafeText,
    /// Null where it is not set.
    value: &'a Option<SafeText>,
    /// `flag`, `environment`, `file` or `default`.
    source: &'static str,
    /// The flag, the variable or the file; null by default.
    from: Option<SafeText>,
    /// The line in the file, from 1, where it can be told.
    line: Option<usize>,
    /// What to do about a value that is missing.
    advice: &'a Option<SafeText>,
}

impl<'a> Json<'a> {
    fn of(one: &'a EffectiveSetting) -> Self {
        let (source, from, line) = match &one.source {
            SettingSource::Flag(name) => ("flag", Some(SafeText::new(name)), None),
            SettingSource::Variable(name) => ("environment", Some(name.clone()), None),
            SettingSource::File { path, line } => {
                let path = SafeText::new(&path.display().to_string());
                ("file", Some(path), *line)
            }
            SettingSource::Default => ("default", None, None),
        };
        Self {
            setting: &one.setting,
            value: &one.value,
            source,
            from,
            line,
            advice: &one.advice,
        }
    }
}

fn text(all: &[EffectiveSetting]) -> String {
    let rows: Vec<_> = all
        .iter()
        .map(|one| {
            let value = one.value.as_ref().map_or("not set", SafeText::as_str);
            [one.setting.to_string(), value.to_owned(), from(one)]
        })
        .collect();
    let mut text = table::lay_out(["SETTING", "VALUE", "FROM"], &rows);
    for one in all {
        if let Some(advice) = &one.advice {
            text.extend(["\n", one.setting.as_str(), ": ", advice.as_str(), "\n"]);
        }
    }
    text
}

fn from(one: &EffectiveSetting) -> String {
    match &one.source {
        // A variable that is not set is no source.
        SettingSource::Variable(_) if one.value.is_none() => "-".to_owned(),
        SettingSource::Flag(name) => (*name).to_owned(),
        SettingSource::Variable(name) => name.to_string(),
        SettingSource::File { path, line } => {
            let path = SafeText::new(&path.display().to_string());
            line.map_or_else(|| path.to_string(), |line| format!("{path}:{line}"))
        }
        SettingSource::Default => "default".to_owned(),
    }
}

#[cfg(test)]
mod tests;
