//! A list, held no longer than can be worked with, however long it comes.

use std::{fmt, marker::PhantomData};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::lenient::Tolerant;

/// An element of a list. What is no object is none, and is passed over while it is read.
pub(in super::super) trait Element: Tolerant {
    /// The most that are kept of one list.
    const MOST: usize;

    /// Whether it says enough to be kept at all.
    fn is_something(&self) -> bool {
        true
    }

    /// The bytes of its texts, which may be several times those of the answer: what is unsafe is written out.
    fn weight(&self) -> usize {
        0
    }
}

/// The most bytes of text that are kept of one list, before what ranks higher takes the place of others.
const HEAVIEST: usize = 32 << 20;

/// What is kept before what, where there is more than can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Rank {
    /// It gives way to the others.
    Other,
    /// Something is going on in it.
    Active,
    /// It was asked for by name.
    Named,
}

/// A list as far as it is kept.
#[derive(Debug)]
pub(in super::super) struct Listed<T> {
    /// In the order of the list, as long as it is whole.
    pub(in super::super) kept: Vec<T>,
    /// How many more there were.
    pub(in super::super) left_out: usize,
    /// How many said too little to be kept.
    pub(in super::super) blank: usize,
    /// How many were no objects.
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

/// Reads a list whose elements are ranked.
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

/// Reads the elements of `seq` and keeps as many as may be, those of the highest rank first.
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

/// A list in the making.
struct Keeping<'a, T> {
    listed: Listed<T>,
    rank: &'a dyn Fn(&T) -> Rank,
    ranks: Vec<Rank>,
    weight: usize,
    is_full: bool,
    /// For `Active` and `Named`: from there on all that is kept has at least that rank.
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
            Some(element) if !element.is_something() => self.listed.blank += 1,
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

    /// Once there is no room, there is none for what comes later either.
    fn has_room_for(&mut self, element: &T) -> bool {
        self.weight += element.weight();
        let kept = self.listed.kept.len();
        if !self.is_full && (kept == T::MOST || self.weight > HEAVIEST) {
            self.is_full = true;
            self.settled.iter_mut().for_each(|(_, settled)| *settled = kept);
        }
        !self.is_full
    }

    /// The place of what gives way to an element of that rank: of the lowest rank, and of those the last.
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

/// An object, or that it is none.
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

/// A list of what can be read; anything else reads as an empty one.
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

        fn is_something(&self) -> bool {
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
    fn what_is_named_is_kept_first_then_what_is_active_then_what_came_first() {
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
    fn what_is_no_object_or_says_nothing_takes_no_place() {
        let body =
            r#"[null,1,-1,1.5,"a",true,[{"id":"o9"}],{"id":""},{},{"id":"o1"},{"id":"o2"},{"id":"o3"}]"#;
        let mut json = serde_json::Deserializer::from_str(body);
        let listed = Ranked(&rank).deserialize(&mut json).unwrap();
        assert_eq!(listed.kept.len(), 3);
        assert_eq!((listed.left_out, listed.blank, listed.passed_over), (0, 2, 7));
    }

    #[test]
    fn an_empty_list_is_one() {
        let none = SeqDeserializer::<_, Error>::new(Vec::<String>::new().into_iter());
        assert!(read::<Named, _>(none, &rank).unwrap().kept.is_empty());
    }
}
