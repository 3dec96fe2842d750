//! Source of a setting.

/// A value with its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithSource<T> {
    /// The value.
    pub value: T,
    /// Its source.
    pub source: Source,
}

/// Source of a value, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    Flag,
    /// The environment.
    Environment,
    /// The settings file.
    File,
    /// The default.
    Default,
}

impl<T> WithSource<T> {
    pub(super) fn by_file(value: T) -> Self {
        Self {
            value,
            source: Source::File,
        }
    }

    pub(super) fn map<U>(self, f: impl FnOnce(T) -> U) -> WithSource<U> {
        WithSource {
            value: f(self.value),
            source: self.source,
        }
    }
}
