//! `--sort-by`: stable, natural by type, null last.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::columns::{find, resolve};
use super::json::compact;
use crate::error::Error;
use crate::model::Row;

/// What `--sort-by` says: a column, and a leading `-` for the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order<'a> {
    /// The column as typed.
    pub column: &'a str,
    /// Largest first.
    pub descending: bool,
}

impl<'a> Order<'a> {
    /// Reads the option's value.
    pub(super) fn parse(typed: &'a str) -> Self {
        match typed.strip_prefix('-') {
            Some(column) => Order { column, descending: true },
            None => Order { column: typed, descending: false },
        }
    }
}

/// Sorts rows by the value at a canonical path. Rows that have none come last, either way round.
pub(super) fn sort(rows: &mut [Row], path: &str, descending: bool) {
    rows.sort_by(|a, b| match (present(a, path), present(b, path)) {
        (Some(a), Some(b)) if descending => compare(&b, &a),
        (Some(a), Some(b)) => compare(&a, &b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
}

/// Sorts rows of the promised columns as `--sort-by` says.
///
/// # Errors
/// Usage for a column that there is not.
pub fn sort_by(rows: &mut [Row], typed: &str, promised: &[&str]) -> Result<(), Error> {
    let order = Order::parse(typed);
    if let [path] = resolve("--sort-by", [order.column], promised, rows.first())?.as_slice() {
        sort(rows, path, order.descending);
    }
    Ok(())
}

fn present<'a>(row: &'a Row, path: &str) -> Option<Cow<'a, Value>> {
    find(row, path).filter(|value| !value.is_null())
}

fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => compare_numbers(a, b),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Array(a), Value::Array(b)) => {
            let differing = a.iter().zip(b).map(|(a, b)| compare(a, b)).find(|order| order.is_ne());
            differing.unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        _ => rank(a).cmp(&rank(b)).then_with(|| compact(a).cmp(&compact(b))),
    }
}

fn compare_numbers(a: &Number, b: &Number) -> Ordering {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.as_f64().unwrap_or(0.0).total_cmp(&b.as_f64().unwrap_or(0.0)),
    }
}

const fn rank(value: &Value) -> u8 {
    match value {
        Value::Bool(_) => 0,
        Value::Number(_) => 1,
        Value::String(_) => 2,
        Value::Array(_) => 3,
        Value::Object(_) => 4,
        Value::Null => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_in_their_order() {
        let table = [
            (json!([10, 9, 100, -1]), json!([-1, 9, 10, 100]), json!([100, 10, 9, -1])),
            (json!([1.5, 1, 2]), json!([1, 1.5, 2]), json!([2, 1.5, 1])),
            (
                json!([18_446_744_073_709_551_615_u64, 18_446_744_073_709_551_614_u64]),
                json!([18_446_744_073_709_551_614_u64, 18_446_744_073_709_551_615_u64]),
                json!([18_446_744_073_709_551_615_u64, 18_446_744_073_709_551_614_u64]),
            ),
            (
                json!(["b", "a10", "B", "直", "a9"]),
                json!(["B", "a10", "a9", "b", "直"]),
                json!(["直", "b", "a9", "a10", "B"]),
            ),
            (json!([null, 2, null, 1]), json!([1, 2, null, null]), json!([2, 1, null, null])),
            (json!([true, false]), json!([false, true]), json!([true, false])),
            (
                json!(["x", 1, true, [2], {"a": 1}]),
                json!([true, 1, "x", [2], {"a": 1}]),
                json!([{"a": 1}, [2], "x", 1, true]),
            ),
            (json!([["b"], ["a", "z"], ["a"]]), json!([["a"], ["a", "z"], ["b"]]), json!([["b"], ["a", "z"], ["a"]])),
        ];
        for (given, ascending, descending) in table {
            for (down, wanted) in [(false, ascending), (true, descending)] {
                let mut rows: Vec<Row> = given
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|v| [("k".to_owned(), v.clone())].into_iter().collect())
                    .collect();
                sort(&mut rows, "k", down);
                let sorted: Vec<Value> = rows.iter().map(|row| row["k"].clone()).collect();
                assert_eq!(Value::Array(sorted), wanted);
            }
        }
    }

    #[test]
    fn equals_keep_their_order_and_absent_is_null() {
        let given = json!([{"k": 1, "n": "a"}, {"n": "b"}, {"k": 1, "n": "c"}, {"k": 2, "n": "d"}]);
        for (down, wanted) in [(false, "acdb"), (true, "dacb")] {
            let mut rows: Vec<Row> = given.as_array().unwrap().iter().map(|v| v.as_object().unwrap().clone()).collect();
            sort(&mut rows, "k", down);
            assert_eq!(rows.iter().map(|row| row["n"].as_str().unwrap()).collect::<String>(), wanted);
        }
    }

    #[test]
    fn a_leading_minus_reverses() {
        assert_eq!(Order::parse("-name"), Order { column: "name", descending: true });
        assert_eq!(Order::parse("name"), Order { column: "name", descending: false });
    }
}
