//! Sorted tables of records inside the program, as `build.rs` writes them: the record that is looked up is the only one
//! that is read, and its texts are borrowed from the pool of its vendor, where each text stands once.

/// Records by key.
///
/// A count, then for each record, sorted by key, the place and the length of its key in the pool and the place of the
/// record, four bytes each and the lowest first; then the records.
pub(super) struct Table {
    pub(super) bytes: &'static [u8],
    pub(super) pool: &'static str,
}

/// Bytes before the first entry, of a number, and of an entry.
const COUNT: usize = 4;
const NUMBER: usize = 4;
const ENTRY: usize = 3 * NUMBER;

impl Table {
    /// Reads the record of one key.
    pub(super) fn find<T: Stored<'static>>(&self, key: &str) -> Option<T> {
        let at = self.first_from(key);
        (self.key(at)? == key).then(|| self.record(at))?
    }

    /// Whether there is a record of that key.
    pub(super) fn contains(&self, key: &str) -> bool {
        self.key(self.first_from(key)) == Some(key)
    }

    /// Every key, sorted by bytes.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'static str> {
        (0..self.len()).filter_map(|at| self.key(at))
    }

    /// The keys that begin so, sorted by bytes.
    pub(super) fn keys_with(&self, start: &str) -> impl Iterator<Item = &'static str> {
        let keys = (self.first_from(start)..self.len()).map_while(|at| self.key(at));
        keys.take_while(move |key| key.starts_with(start))
    }

    /// Every record, in key order.
    pub(super) fn records<T: Stored<'static>>(&self) -> impl Iterator<Item = T> {
        (0..self.len()).filter_map(|at| self.record(at))
    }

    /// The number of the first entry whose key is not less.
    fn first_from(&self, key: &str) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.key(middle) {
                Some(known) if known < key => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }

    fn len(&self) -> usize {
        self.number(0).unwrap_or(0)
    }

    fn key(&self, at: usize) -> Option<&'static str> {
        let entry = COUNT + at * ENTRY;
        let (place, length) = (self.number(entry)?, self.number(entry + NUMBER)?);
        if at < self.len() { self.pool.get(place..place + length) } else { None }
    }

    fn record<T: Stored<'static>>(&self, at: usize) -> Option<T> {
        let place = self.number(COUNT + at * ENTRY + 2 * NUMBER)?;
        T::read(&mut Reader { bytes: self.bytes.get(place..)?, pool: self.pool })
    }

    fn number(&self, at: usize) -> Option<usize> {
        let bytes: [u8; NUMBER] = self.bytes.get(at..at + NUMBER)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    }
}

/// What is left of a record that is being read.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    pool: &'a str,
}

impl<'a> Reader<'a> {
    fn take(&mut self, many: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(many)?;
        self.bytes = rest;
        Some(taken)
    }

    /// A number of any size: seven bits a byte, the lowest first; the eighth says that more follow.
    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in (0..usize::BITS).step_by(7) {
            let byte = *self.take(1)?.first()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

/// What can stand in a record.
pub(super) trait Stored<'a>: Sized {
    /// Reads it; `None` where the bytes are none.
    fn read(from: &mut Reader<'a>) -> Option<Self>;
}

impl<'a> Stored<'a> for &'a str {
    fn read(from: &mut Reader<'a>) -> Option<Self> {
        let (place, length) = (from.number()?, from.number()?);
        from.pool.get(place..place + length)
    }
}

impl<'a> Stored<'a> for bool {
    fn read(from: &mut Reader<'a>) -> Option<Self> {
        Some(from.number()? == 1)
    }
}

impl<'a> Stored<'a> for u16 {
    fn read(from: &mut Reader<'a>) -> Option<Self> {
        from.number()?.try_into().ok()
    }
}

impl<'a> Stored<'a> for u32 {
    fn read(from: &mut Reader<'a>) -> Option<Self> {
        from.number()?.try_into().ok()
    }
}

impl<'a> Stored<'a> for f64 {
    fn read(from: &mut Reader<'a>) -> Option<Self> {
        Some(f64::from_le_bytes(from.take(8)?.try_into().ok()?))
    }
}

impl<'a, T: Stored<'a>> Stored<'a> for Option<T> {
    fn read(from: &mut Reader<'a>) -> Option<Self> {
        Some(if bool::read(from)? { Some(T::read(from)?) } else { None })
    }
}

impl<'a, T: Stored<'a>> Stored<'a> for Vec<T> {
    fn read(from: &mut Reader<'a>) -> Option<Self> {
        let many = from.number()?;
        // A member takes a byte at least: what is not there is not made room for.
        let mut members = Vec::with_capacity(many.min(from.bytes.len()));
        for _ in 0..many {
            members.push(T::read(from)?);
        }
        Some(members)
    }
}

impl<'a, A: Stored<'a>, B: Stored<'a>> Stored<'a> for (A, B) {
    fn read(from: &mut Reader<'a>) -> Option<Self> {
        Some((A::read(from)?, B::read(from)?))
    }
}

/// How a record is read: its members, in the order in which they are stored.
macro_rules! stored {
    ($record:ident: $($member:ident),+) => {
        impl<'a> crate::providers::table::Stored<'a> for $record<'a> {
            fn read(from: &mut crate::providers::table::Reader<'a>) -> Option<Self> {
                Some($record { $($member: crate::providers::table::Stored::read(from)?),+ })
            }
        }
    };
}
pub(super) use stored;

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: Stored<'static>>(bytes: &'static [u8]) -> Option<T> {
        T::read(&mut Reader { bytes, pool: "onetwo" })
    }

    #[test]
    fn each_kind_of_member_is_read() {
        assert_eq!(read::<&str>(&[3, 3]), Some("two"));
        assert_eq!(read::<u32>(&[0xac, 0x02]), Some(300));
        assert_eq!(read::<Option<bool>>(&[1, 1]), Some(Some(true)));
        assert_eq!(read::<Option<bool>>(&[0]), Some(None));
        assert_eq!(read::<Vec<(&str, u16)>>(&[2, 0, 3, 7, 3, 3, 8]), Some(vec![("one", 7), ("two", 8)]));
        assert_eq!(read::<f64>(&[0, 0, 0, 0, 0, 0, 0xf0, 0x3f]), Some(1.0));
    }

    #[test]
    fn what_is_cut_off_or_points_nowhere_is_none() {
        assert_eq!(read::<&str>(&[3]), None);
        assert_eq!(read::<&str>(&[3, 4]), None);
        assert_eq!(read::<u32>(&[0xff]), None);
        assert_eq!(read::<u16>(&[0xff, 0xff, 0x7f]), None);
        assert_eq!(read::<Vec<bool>>(&[0xff, 0x7f, 1]), None);
        assert_eq!(read::<f64>(&[0; 7]), None);
    }
}
