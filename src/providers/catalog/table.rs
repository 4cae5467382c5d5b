//! A sorted table of postcard records inside the program.

use serde::Deserialize;

/// The bytes that `build.rs` wrote: a count, the places of keys and records sorted by key, keys and records.
pub(super) struct Table(pub(super) &'static [u8]);

impl Table {
    /// Decodes the record of one key.
    pub(super) fn find<T: Deserialize<'static>>(&self, key: &str) -> Option<T> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.slice(middle, 0)?.cmp(key.as_bytes()) {
                std::cmp::Ordering::Equal => return self.decode(middle),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// Every key, sorted by bytes.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'static str> {
        (0..self.len()).filter_map(|at| std::str::from_utf8(self.slice(at, 0)?).ok())
    }

    /// Every record, in key order.
    pub(super) fn records<T: Deserialize<'static>>(&self) -> impl Iterator<Item = T> {
        (0..self.len()).filter_map(|at| self.decode(at))
    }

    fn decode<T: Deserialize<'static>>(&self, at: usize) -> Option<T> {
        postcard::from_bytes(self.slice(at, 1)?).ok()
    }

    fn len(&self) -> usize {
        self.number(0).unwrap_or(0)
    }

    /// The key (`part` 0) or the record (`part` 1) of entry `at`.
    fn slice(&self, at: usize, part: usize) -> Option<&'static [u8]> {
        let entry = 4 + at * 16 + part * 8;
        let (offset, length) = (self.number(entry)?, self.number(entry + 4)?);
        self.0.get(offset..offset + length)
    }

    fn number(&self, at: usize) -> Option<usize> {
        let bytes: [u8; 4] = self.0.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    }
}
