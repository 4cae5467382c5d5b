//! One format of a record config: how long its files are, and what its objects are called.

use serde_json::{Value, json};

use crate::model::RecordFormat;
use crate::providers::rows;

/// What a file is called where the user does not say, as in the reference's example.
const FILE: &str = "record/{AppName}/{StreamName}/{EscapedStartTime}_{EscapedEndTime}";

/// What a slice of HLS is called, as in the reference's example.
const SLICE: &str = "record/{AppName}/{StreamName}/{UnixTimestamp}_{Sequence}";

/// The formats that Aliyun has, in its words.
const WORDS: [(RecordFormat, &str); 3] =
    [(RecordFormat::Flv, "flv"), (RecordFormat::Hls, "m3u8"), (RecordFormat::Mp4, "mp4")];

/// The vendor's word for a format.
pub(super) fn word(format: RecordFormat) -> Option<&'static str> {
    WORDS.iter().find(|(known, _)| *known == format).map(|(_, word)| *word)
}

/// One format of a config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Output {
    /// The vendor's word.
    pub(super) format: String,
    /// Seconds of one file.
    pub(super) cycle: Option<u64>,
    /// Seconds of one slice.
    slice: Option<u64>,
    /// What a file is called.
    file_name: Option<String>,
    /// What a slice is called.
    slice_name: Option<String>,
}

impl Output {
    /// A new one; `folder` names its objects.
    pub(super) fn new(format: RecordFormat, cycle: Option<u64>, folder: Option<&str>) -> Self {
        let under = |folder: &str, pattern: &str| match folder {
            "" => pattern.to_owned(),
            folder => format!("{folder}/{pattern}"),
        };
        Output {
            format: word(format).unwrap_or_default().to_owned(),
            cycle,
            slice: None,
            file_name: folder.map(|folder| under(folder, FILE)),
            slice_name: folder.filter(|_| format == RecordFormat::Hls).map(|folder| under(folder, SLICE)),
        }
    }

    /// The formats of a config, in a list or in a list's wrapper.
    pub(super) fn read_all(list: Option<&Value>) -> Vec<Self> {
        let bare = list.map(|list| list.get("RecordFormat").unwrap_or(list));
        bare.and_then(Value::as_array).into_iter().flatten().map(Output::read).collect()
    }

    fn read(item: &Value) -> Self {
        Output {
            format: rows::text(item, "Format").unwrap_or_default(),
            cycle: rows::number(item, "CycleDuration").filter(|seconds| *seconds > 0),
            slice: rows::number(item, "SliceDuration").filter(|seconds| *seconds > 0),
            file_name: rows::text(item, "OssObjectPrefix"),
            slice_name: rows::text(item, "SliceOssObjectPrefix"),
        }
    }

    /// Whether it is written as this.
    pub(super) fn is(&self, format: RecordFormat) -> bool {
        word(format).is_some_and(|word| word.eq_ignore_ascii_case(&self.format))
    }

    /// Whether none of our formats stands for it.
    pub(super) fn is_unnamed(&self) -> bool {
        !RecordFormat::ALL.into_iter().any(|format| self.is(format))
    }

    /// As adding wants it.
    pub(super) fn created(&self) -> Value {
        let mut item = self.updated();
        for (name, value) in [("OssObjectPrefix", &self.file_name), ("SliceOssObjectPrefix", &self.slice_name)] {
            if let Some(value) = value {
                item[name] = json!(value);
            }
        }
        item
    }

    /// As updating wants it: names of objects are no part of it.
    pub(super) fn updated(&self) -> Value {
        let mut item = json!({ "Format": self.format });
        for (name, value) in [("CycleDuration", self.cycle), ("SliceDuration", self.slice)] {
            if let Some(value) = value {
                item[name] = json!(value);
            }
        }
        item
    }
}

/// The length of one file, where all formats have the same.
pub(super) fn common_cycle(outputs: &[Output]) -> Option<u64> {
    let first = outputs.first()?.cycle;
    first.filter(|_| outputs.iter().all(|output| output.cycle == first))
}

/// The names of objects that a config sends, as fields of a change.
pub(super) fn patterns(outputs: &[Output]) -> impl Iterator<Item = (&'static str, &str)> {
    let file = outputs.iter().find_map(|output| output.file_name.as_deref());
    let slice = outputs.iter().find_map(|output| output.slice_name.as_deref());
    [("object_name", file), ("slice_name", slice)].into_iter().filter_map(|(field, name)| Some((field, name?)))
}

/// The folder that the files are in: what stands before our own pattern, else before the first variable. Empty where
/// formats differ.
pub(super) fn folder(outputs: &[Output]) -> String {
    let of = |name: &str| match name.strip_suffix(FILE) {
        Some(folder) => folder.trim_end_matches('/').to_owned(),
        None => {
            let fixed = name.split('{').next().unwrap_or_default();
            fixed.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned())
        }
    };
    let mut folders = outputs.iter().filter_map(|output| output.file_name.as_deref()).map(of);
    let first = folders.next().unwrap_or_default();
    if folders.all(|folder| folder == first) { first } else { String::new() }
}
