//! The names of `--output`.

use std::fmt;
use std::str::FromStr;

/// How rows are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// Aligned columns for people; one thing is shown field by field.
    #[default]
    Table,
    /// One JSON document: an array, or an object for one thing.
    Json,
    /// One JSON object a line, as they arrive.
    Ndjson,
    /// One YAML document.
    Yaml,
    /// RFC 4180 with LF line ends.
    Csv,
    /// Tab-separated, with `\t`, `\n`, `\r` and `\\` escaped.
    Tsv,
}

impl Format {
    /// Every format, in help order.
    pub const ALL: [Format; 6] = [Format::Table, Format::Json, Format::Ndjson, Format::Yaml, Format::Csv, Format::Tsv];

    /// The word a user types.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Table => "table",
            Format::Json => "json",
            Format::Ndjson => "ndjson",
            Format::Yaml => "yaml",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
        }
    }

    /// Whether `--jq` works on it, and errors are told as one JSON line.
    pub const fn is_json(self) -> bool {
        matches!(self, Format::Json | Format::Ndjson)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = String;

    /// Parses the name of a format.
    ///
    /// # Errors
    /// A sentence that lists the names when the word is none of them.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Format::ALL.into_iter().find(|format| format.name() == text).ok_or_else(|| {
            let names = Format::ALL.map(Format::name).join(", ");
            format!("`{text}` is no output format: use one of {names}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_the_interface_parse_and_a_stranger_lists_them() {
        for name in ["table", "json", "ndjson", "yaml", "csv", "tsv"] {
            assert_eq!(name.parse::<Format>().unwrap().to_string(), name);
        }
        let message = "xml".parse::<Format>().unwrap_err();
        assert_eq!(message, "`xml` is no output format: use one of table, json, ndjson, yaml, csv, tsv");
    }
}
