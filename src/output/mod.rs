//! Rows to text. One [`Row`](crate::model::Row) serves every format; a [`Sink`] takes rows as they arrive.
//!
//! Order of the steps, the same in every format: `--limit`, `--sort-by`, `--columns`, `--jq`, then the format itself.
//! Nothing that came from a vendor reaches a terminal before its control characters were made visible ([`plain`]).

mod cell;
mod chart;
mod columns;
mod document;
mod error;
mod exposition;
mod filter;
mod format;
mod json;
mod outlet;
mod picture;
mod plain;
mod separated;
mod sink;
mod sort;
mod style;
mod table;
mod ticks;
mod view;
mod yaml;

pub use chart::{Chart, amount};
pub use document::{write_json_value, write_text};
pub use error::{Remark, is_closed_pipe, write_error, write_failed, write_note};
pub use exposition::{Family, Sample, Twice, open_metrics};
pub use filter::Program;
pub use format::Format;
pub use json::compact as json_line;
pub use picture::{Drawn, Picture};
pub use plain::plain;
pub use sink::Sink;
pub use sort::sort_by;
pub use style::{Shape, Style};
pub use view::{Undisturbed, View};
