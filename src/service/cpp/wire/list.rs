//! A list with a memory limit, however long the answer is.

use std::{fmt, marker::PhantomData};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::lenient::Tolerant;

/// An element of a list. Non-objects are skipped during reading.
pub(in super::super) trait Element: Tolerant {
    /// Maximum number kept of one list.
    const MOST: usize;

    /// Returns true if it has enough content to be kept.
    fn has_content(&self) -> bool {
        true
    }

    /// Returns the bytes of its texts, which may be several times those of the answer, because unsafe characters are
    /// written out.
    fn weight(&self) -> usize {
        0
    }
}

/// Maximum bytes of text kept of one list, after which higher ranks replace others.
const HEAVIEST: usize = 32 << 20;

/// Priority of an element beyond the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Rank {
    /// Replaced by the others.
    Other,
    /// In flight.
    Active,
    /// Requested by name.
    Named,
}

/// The kept part of a list.
#[derive(Debug)]
pub(in super::super) struct Listed<T> {
    /// Elements in the order of the list, as long as it is complete.
    pub(in super::super) kept: Vec<T>,
    /// Number of dropped elements.
    pub(in super::super) left_out: usize,
    /// Number of elements without enough content.
    pub(in super::super) blank: usize,
    /// Number of non-objects.
    pub(super) passed_over: usize,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self {
            kept: Vec::new(),
            left_out: 0,
            blank: 0,
            passed_over: 0,
        }
    }
}

/// Reads a list of ranked elements.
pub(super) struct Ranked<'a, T>(pub(super) &'a dyn Fn(&T) -> Rank);

impl<'de, T: Element> DeserializeSeed<'de> for Ranked<'_, T> {
    type Value = Listed<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Listed<T>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Element> Visitor<'de> for Ranked<'_, T> {
    type Value = Listed<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Listed<T>, A::Error> {
        read(seq, self.0)
    }
}

/// Reads the elements of `seq` and keeps those of the highest rank within the limits.
pub(super) fn read<'de, T: Element, A: SeqAccess<'de>>(
    mut seq: A,
    rank: &dyn Fn(&T) -> Rank,
) -> Result<Listed<T>, A::Error> {
    let mut keeping = Keeping::new(rank);
    while let Some(element) = seq.next_element_seed(Object(PhantomData))? {
        keeping.take(element);
    }
    Ok(keeping.listed)
}

/// Builder of a list.
struct Keeping<'a, T> {
    listed: Listed<T>,
    rank: &'a dyn Fn(&T) -> Rank,
    ranks: Vec<Rank>,
    weight: usize,
    is_full: bool,
    /// Whether, for `Active` and `Named`, all kept elements have at least that rank.
    settled: [(Rank, usize); 2],
}

impl<'a, T: Element> Keeping<'a, T> {
    fn new(rank: &'a dyn Fn(&T) -> Rank) -> Self {
        Self {
            listed: Listed::default(),
            rank,
            ranks: Vec::new(),
            weight: 0,
            is_full: false,
            settled: [(Rank::Active, 0), (Rank::Named, 0)],
        }
    }

    fn take(&mut self, element: Option<T>) {
        match element {
            None => self.listed.passed_over += 1,
            Some(element) if !element.has_content() => self.listed.blank += 1,
            Some(element) if self.has_room_for(&element) => {
                self.ranks.push((self.rank)(&element));
                self.listed.kept.push(element);
            }
            Some(element) => {
                self.listed.left_out += 1;
                let rank = (self.rank)(&element);
                if let Some(at) = self.giving_way_to(rank) {
                    self.ranks[at] = rank;
                    self.listed.kept[at] = element;
                }
            }
        }
    }

    /// Once the limit is reached, later elements are over it too.
    fn has_room_for(&mut self, element: &T) -> bool {
        self.weight += element.weight();
        let kept = self.listed.kept.len();
        if !self.is_full && (kept == T::MOST || self.weight > HEAVIEST) {
            self.is_full = true;
            self.settled.iter_mut().for_each(|(_, settled)| *settled = kept);
        }
        !self.is_full
    }

    /// Returns the position of the element to replace: the last one of the lowest rank.
    fn giving_way_to(&mut self, rank: Rank) -> Option<usize> {
        for (bar, settled) in self.settled.iter_mut().filter(|(bar, _)| *bar <= rank) {
            while let Some(last) = settled.checked_sub(1) {
                if self.ranks[last] < *bar {
                    return Some(last);
                }
                *settled = last;
            }
        }
        None
    }
}

/// An object, or none for any other type.
struct Object<T>(PhantomData<T>);

impl<'de, T: Tolerant> DeserializeSeed<'de> for Object<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Tolerant> Visitor<'de> for Object<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Option<T>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<T>, A::Error> {
        T::object(map).map(Some)
    }
}

/// A list of readable elements; any other type reads as an empty list.
impl<T: Element> Tolerant for Listed<T> {
    fn array<'de, A: SeqAccess<'de>>(seq: A) -> Result<Self, A::Error> {
        read(seq, &|_| Rank::Other)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::value::{Error, SeqDeserializer};

    use super::*;

    /// An element of which three are kept.
    #[derive(Debug, Default, PartialEq)]
    struct Named(Box<str>);

    impl Tolerant for Named {
        fn object<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
            let name = map.next_entry::<String, String>()?;
            Ok(Self(name.map(|(_, name)| name.into()).unwrap_or_default()))
        }
    }

    impl Element for Named {
        const MOST: usize = 3;

        fn has_content(&self) -> bool {
            !self.0.is_empty()
        }

        fn weight(&self) -> usize {
            if self.0.contains("heavy") { HEAVIEST / 2 } else { 1 }
        }
    }

    fn rank(element: &Named) -> Rank {
        match element.0.chars().next() {
            Some('n') => Rank::Named,
            Some('a') => Rank::Active,
            _ => Rank::Other,
        }
    }

    fn kept(names: &str) -> (String, usize) {
        let body: Vec<_> = names
            .split(' ')
            .map(|name| format!(r#"{{"id":"{name}"}}"#))
            .collect();
        let body = format!("[{}]", body.join(","));
        let mut json = serde_json::Deserializer::from_str(&body);
        let listed = Ranked(&rank).deserialize(&mut json).unwrap();
        let names: Vec<_> = listed.kept.iter().map(|element| &*element.0).collect();
        (names.join(" "), listed.left_out)
    }

    #[test]
    fn named_then_active_then_first_are_kept() {
        for (names, expected) in [
            ("o1 o2 o3", ("o1 o2 o3", 0)),
            ("o1 o2 o3 o4 o5", ("o1 o2 o3", 2)),
            ("o1 o2 o3 a1", ("o1 o2 a1", 1)),
            ("o1 o2 o3 a1 a2 a3 a4", ("a3 a2 a1", 4)),
            ("a1 o1 a2 o2 a3", ("a1 a3 a2", 2)),
            ("a1 a2 a3 n1", ("a1 a2 n1", 1)),
            ("a1 o1 a2 n1 n2 n3 n4", ("n3 n1 n2", 4)),
            ("n1 n2 n3 n4 a1 o1", ("n1 n2 n3", 3)),
            ("o1 o2 o3 n1 a1 a2 a3 n2", ("a2 n2 n1", 5)),
            ("heavy1 heavy2 o1 o2", ("heavy1 heavy2", 2)),
            ("heavy1 o1 heavy2 o2 a1 n1", ("n1 a1", 4)),
        ] {
            let (names_kept, left_out) = kept(names);
            assert_eq!((names_kept.as_str(), left_out), expected, "{names}");
        }
    }

    #[test]
    fn non_objects_and_empty_objects_take_no_place() {
        let body =
            r#"[null,1,-1,1.5,"a",true,[{"id":"o9"}],{"id":""},{},{"id":"o1"},{"id":"o2"},{"id":"o3"}]"#;
        let mut json = serde_json::Deserializer::from_str(body);
        let listed = Ranked(&rank).deserialize(&mut json).unwrap();
        assert_eq!(listed.kept.len(), 3);
        assert_eq!((listed.left_out, listed.blank, listed.passed_over), (0, 2, 7));
    }

    #[test]
    fn empty_list_is_read() {
        let none = SeqDeserializer::<_, Error>::new(Vec::<String>::new().into_iter());
        assert!(read::<Named, _>(none, &rank).unwrap().kept.is_empty());
    }
}
