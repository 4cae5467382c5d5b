//! What one vendor keeps for one account: tables of rows in the vendor's own member names.
//!
//! Members whose name begins with `_` are the sandbox's own and are never shown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::Params;

/// All tables of one vendor in one account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct House {
    /// The last number given out.
    #[serde(default)]
    last_id: u64,
    #[serde(flatten)]
    tables: BTreeMap<String, Vec<Params>>,
}

/// Members and the values that they must have; all of them.
pub(super) type Key<'a> = [(&'a str, Value)];

impl House {
    /// The rows of a table, oldest first.
    pub(super) fn rows(&self, table: &str) -> &[Params] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// The row of a key.
    pub(super) fn find(&self, table: &str, key: &Key<'_>) -> Option<&Params> {
        self.rows(table).iter().find(|row| matches(row, key))
    }

    /// The row of a key, to be changed.
    pub(super) fn find_mut(&mut self, table: &str, key: &Key<'_>) -> Option<&mut Params> {
        self.tables.get_mut(table)?.iter_mut().find(|row| matches(row, key))
    }

    /// Adds a row at the end.
    pub(super) fn add(&mut self, table: &str, row: Params) {
        self.tables.entry(table.to_owned()).or_default().push(row);
    }

    /// Puts a row in the place of the one with that key, or at the end.
    pub(super) fn put(&mut self, table: &str, key: &Key<'_>, row: Params) {
        match self.find_mut(table, key) {
            Some(place) => *place = row,
            None => self.add(table, row),
        }
    }

    /// Removes every row of a key; says how many there were.
    pub(super) fn remove(&mut self, table: &str, key: &Key<'_>) -> usize {
        let Some(rows) = self.tables.get_mut(table) else { return 0 };
        let before = rows.len();
        rows.retain(|row| !matches(row, key));
        before - rows.len()
    }

    /// A number that was never given out before in this house.
    pub(super) fn next_id(&mut self) -> u64 {
        self.last_id = self.last_id.saturating_add(1);
        self.last_id
    }
}

fn matches(row: &Params, key: &Key<'_>) -> bool {
    key.iter().all(|(member, value)| row.get(*member) == Some(value))
}

/// A row as the vendor shows it: without the sandbox's own members.
pub(super) fn shown(row: &Params) -> Value {
    Value::Object(row.iter().filter(|(name, _)| !name.starts_with('_')).map(|(n, v)| (n.clone(), v.clone())).collect())
}

/// A text member of a row; empty where it is absent.
pub(super) fn text<'a>(row: &'a Params, member: &str) -> &'a str {
    row.get(member).and_then(Value::as_str).unwrap_or_default()
}
