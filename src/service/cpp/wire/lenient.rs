//! Tolerant reading of JSON: a value of an unexpected type counts as missing.

use std::{fmt, marker::PhantomData};

use jiff::Timestamp;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::domain::{html, text::SafeText, time};

/// A value that can be read from any JSON; an unknown type reads as missing.
pub(in super::super) trait Tolerant: Default {
    /// Reads a string.
    fn string(_: &str) -> Self {
        Self::default()
    }

    /// Reads an integer.
    fn integer(_: i64) -> Self {
        Self::default()
    }

    /// Reads a list.
    fn array<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }

    /// Reads an object.
    fn object<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
}

/// Reads any JSON as a `T`.
pub(super) struct Of<T>(pub(super) T);

impl<'de, T: Tolerant> Deserialize<'de> for Of<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyVisitor(PhantomData)).map(Of)
    }
}

struct AnyVisitor<T>(PhantomData<T>);

impl<'de, T: Tolerant> Visitor<'de> for AnyVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_i64<E>(self, number: i64) -> Result<T, E> {
        Ok(T::integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<T, E> {
        Ok(i64::try_from(number).map_or_else(|_| T::default(), T::integer))
    }

    fn visit_f64<E>(self, _: f64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_str<E>(self, raw: &str) -> Result<T, E> {
        Ok(T::string(raw))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<T, A::Error> {
        T::array(seq)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::object(map)
    }
}

/// Safe text; a number is converted to its digits.
#[derive(Default)]
pub(super) struct Text(pub(super) SafeText);

impl Tolerant for Text {
    fn string(raw: &str) -> Self {
        Self(SafeText::new(raw))
    }

    fn integer(number: i64) -> Self {
        Self(SafeText::new(&number.to_string()))
    }
}

/// Text of HTML; not safe to show.
#[derive(Default)]
pub(super) struct Html(pub(super) String);

impl Tolerant for Html {
    fn string(raw: &str) -> Self {
        Self(html::plain(raw))
    }
}

/// An id, verbatim; a number is converted to its digits.
#[derive(Default)]
pub(super) struct Id(pub(super) Box<str>);

impl Tolerant for Id {
    fn string(raw: &str) -> Self {
        Self(raw.into())
    }

    fn integer(number: i64) -> Self {
        Self(number.to_string().into())
    }
}

/// A 64-bit number, also from a string; never through a float, which would round it.
#[derive(Default)]
pub(super) struct Int(pub(super) Option<i64>);

impl Tolerant for Int {
    fn string(raw: &str) -> Self {
        Self(raw.trim().parse().ok())
    }

    fn integer(number: i64) -> Self {
        Self(Some(number))
    }
}

/// A time of the service.
#[derive(Default)]
pub(super) struct Time(pub(super) Option<Timestamp>);

impl Tolerant for Time {
    fn string(raw: &str) -> Self {
        Self(time::parse(raw))
    }
}

/// Declares an object by the names of its fields, compared without case; the last duplicate wins.
macro_rules! object {
    ($(#[$meta:meta])* struct $name:ident { $($key:literal => $field:ident: $kind:ty,)+ }) => {
        $(#[$meta])*
        #[derive(Default)]
        pub(in $crate::service::cpp) struct $name {
            $($field: $kind,)+
        }

        impl $crate::service::cpp::wire::Tolerant for $name {
            fn object<'de, A: serde::de::MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
                let mut found = Self::default();
                while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
                    match &*key {
                        $(key if key.eq_ignore_ascii_case($key) => {
                            found.$field = map.next_value::<$crate::service::cpp::wire::lenient::Of<$kind>>()?.0;
                        })+
                        _ => {
                            map.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(found)
            }
        }
    };
}
pub(super) use object;
