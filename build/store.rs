//! How records are written: the other side of `src/providers/table.rs`.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// What a record is made of, while nobody knows yet where its texts will stand.
pub enum Part {
    Number(u64),
    Float(f64),
    Text(String),
}

/// What can stand in a record.
pub trait Store {
    fn store(&self, parts: &mut Vec<Part>);
}

impl Store for &str {
    fn store(&self, parts: &mut Vec<Part>) {
        parts.push(Part::Text((*self).to_owned()));
    }
}

impl Store for bool {
    fn store(&self, parts: &mut Vec<Part>) {
        parts.push(Part::Number(u64::from(*self)));
    }
}

impl Store for u16 {
    fn store(&self, parts: &mut Vec<Part>) {
        parts.push(Part::Number(u64::from(*self)));
    }
}

impl Store for u32 {
    fn store(&self, parts: &mut Vec<Part>) {
        parts.push(Part::Number(u64::from(*self)));
    }
}

impl Store for f64 {
    fn store(&self, parts: &mut Vec<Part>) {
        parts.push(Part::Float(*self));
    }
}

impl<T: Store> Store for Option<T> {
    fn store(&self, parts: &mut Vec<Part>) {
        self.is_some().store(parts);
        self.iter().for_each(|value| value.store(parts));
    }
}

impl<T: Store> Store for Vec<T> {
    fn store(&self, parts: &mut Vec<Part>) {
        parts.push(Part::Number(self.len() as u64));
        self.iter().for_each(|value| value.store(parts));
    }
}

impl<A: Store, B: Store> Store for (A, B) {
    fn store(&self, parts: &mut Vec<Part>) {
        self.0.store(parts);
        self.1.store(parts);
    }
}

/// How a record is written: its members, in the order in which they are stored.
macro_rules! stored {
    ($record:ident: $($member:ident),+) => {
        impl crate::store::Store for $record<'_> {
            fn store(&self, parts: &mut Vec<crate::store::Part>) {
                $(self.$member.store(parts);)+
            }
        }
    };
}
pub(crate) use stored;

/// Records by key.
#[derive(Default)]
pub struct Table(BTreeMap<String, Vec<Part>>);

impl Table {
    pub fn add(&mut self, key: &str, record: &impl Store) {
        let mut parts = Vec::new();
        record.store(&mut parts);
        assert!(self.0.insert(key.to_owned(), parts).is_none(), "`{key}` stands twice");
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        let inside = self.0.values().flatten().filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            _ => None,
        });
        self.0.keys().map(String::as_str).chain(inside)
    }

    fn bytes(&self, pool: &Pool) -> Vec<u8> {
        let four = |n: usize| u32::try_from(n).expect("a table under 4 GiB").to_le_bytes();
        let (mut index, mut records) = (four(self.0.len()).to_vec(), Vec::new());
        let first = index.len() + self.0.len() * 12;
        for (key, parts) in &self.0 {
            for number in [pool.place(key), key.len(), first + records.len()] {
                index.extend(four(number));
            }
            for part in parts {
                match part {
                    Part::Number(value) => number(*value, &mut records),
                    Part::Float(value) => records.extend(value.to_le_bytes()),
                    Part::Text(text) => {
                        number(pool.place(text) as u64, &mut records);
                        number(text.len() as u64, &mut records);
                    }
                }
            }
        }
        [index, records].concat()
    }
}

/// Seven bits a byte, the lowest first; the eighth says that more follow.
fn number(mut value: u64, to: &mut Vec<u8>) {
    while value >= 0x80 {
        to.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    to.push(value as u8);
}

/// Each text once.
struct Pool {
    texts: String,
    places: HashMap<String, usize>,
}

impl Pool {
    /// The texts that stand in most places come first: their places are the shortest numbers.
    fn of(tables: &[(&str, Table)]) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for text in tables.iter().flat_map(|(_, table)| table.texts()) {
            *counts.entry(text).or_default() += 1;
        }
        let mut texts: Vec<(&str, usize)> = counts.into_iter().collect();
        texts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let mut pool = Pool { texts: String::new(), places: HashMap::new() };
        for (text, _) in texts {
            pool.places.insert(text.to_owned(), pool.texts.len());
            pool.texts.push_str(text);
        }
        pool
    }

    fn place(&self, text: &str) -> usize {
        self.places[text]
    }
}

/// Writes the tables of a vendor, `<vendor>-<name>.bin`, and the pool of their texts, `<vendor>-texts.txt`.
pub fn write(tables: &[(&str, Table)], out: &Path, vendor: &str) {
    let texts = write_tables(tables, out, vendor);
    fs::write(out.join(format!("{vendor}-texts.txt")), texts).expect("OUT_DIR is writable");
}

/// Writes a table that is seldom read: its own pool, `<vendor>-<name>.deflate`, is compressed.
pub fn write_seldom(name: &str, table: Table, out: &Path, vendor: &str) {
    let texts = write_tables(&[(name, table)], out, vendor);
    fs::write(out.join(format!("{vendor}-{name}.deflate")), deflated(&texts)).expect("OUT_DIR is writable");
}

/// Writes the files of a folder, by name and each before a NUL, compressed.
pub fn write_texts(folder: &Path, file: &Path) {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("a folder can be read").path()).collect();
    files.sort();
    let read =
        |file: &std::path::PathBuf| fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let texts: String = files.iter().map(|file| read(file) + "\0").collect();
    fs::write(file, deflated(&texts)).expect("OUT_DIR is writable");
}

/// A text, compressed.
fn deflated(text: &str) -> Vec<u8> {
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
    deflated.write_all(text.as_bytes()).expect("memory is writable");
    deflated.finish().expect("memory is writable")
}

/// Writes tables; the texts of their pool.
fn write_tables(tables: &[(&str, Table)], out: &Path, vendor: &str) -> String {
    let pool = Pool::of(tables);
    for (name, table) in tables {
        fs::write(out.join(format!("{vendor}-{name}.bin")), table.bytes(&pool)).expect("OUT_DIR is writable");
    }
    pool.texts
}
