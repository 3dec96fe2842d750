//! Where a setting comes from.

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithSource<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub source: Source,
}

/// Where a value came from, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    Flag,
    /// The environment.
    Environment,
    /// The settings file.
    File,
    /// Nothing was said.
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
