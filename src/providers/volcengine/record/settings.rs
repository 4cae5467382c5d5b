//! How a preset records: one object a format, each with its own length of a file and its own storage.

use serde_json::{Map, Value, json};

use crate::model::{RecordFormat, Storage, StorageKind};
use crate::providers::rows;

/// The formats there are, with their members of `RecordPresetConfig`.
pub(super) const FORMATS: [(RecordFormat, &str); 3] =
    [(RecordFormat::Flv, "FlvParam"), (RecordFormat::Hls, "HlsParam"), (RecordFormat::Mp4, "Mp4Param")];

/// What a preset records as, so far as all of its formats agree.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Settings {
    pub(super) formats: Vec<RecordFormat>,
    /// The length of one file, in seconds.
    pub(super) segment: Option<u64>,
    pub(super) storage: Option<Storage>,
    /// The vendor's `RecordPresetConfig`.
    pub(super) raw: Map<String, Value>,
}

impl Settings {
    pub(super) fn read(config: &Value) -> Settings {
        let raw = config.as_object().cloned().unwrap_or_default();
        let mut settings = Settings { formats: Vec::new(), segment: None, storage: None, raw };
        let on = FORMATS.iter().filter(|(_, member)| settings.is_on(member));
        settings.formats = on.map(|(format, _)| *format).collect();
        settings.segment = settings.common(|format| rows::number(format, "Duration"));
        settings.storage = settings.common(storage_of);
        settings
    }

    fn member(&self, name: &str) -> &Value {
        self.raw.get(name).unwrap_or(&Value::Null)
    }

    fn is_on(&self, name: &str) -> bool {
        is_on(self.member(name))
    }

    /// What the formats that are recorded have, in their order.
    fn each<T>(&self, of: impl Fn(&Value) -> Option<T>) -> Vec<Option<T>> {
        FORMATS.iter().filter(|(_, name)| self.is_on(name)).map(|(_, name)| of(self.member(name))).collect()
    }

    /// What all formats that are recorded have; `None` where they differ.
    fn common<T: PartialEq>(&self, of: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let mut each = self.each(of).into_iter();
        let first = each.next()?;
        if each.all(|other| other == first) { first } else { None }
    }

    /// `RecordPresetConfig` of a new preset. Unless told otherwise the service records nothing but transcoded streams.
    pub(super) fn created(&self) -> Value {
        let mut config = Map::from_iter([("OriginRecord".to_owned(), json!(1))]);
        for (_, name) in FORMATS.iter().filter(|(format, _)| self.formats.contains(format)) {
            config
                .insert((*name).to_owned(), written(Map::new(), self.segment.map(Value::from), self.storage.as_ref()));
        }
        Value::Object(config)
    }

    /// `RecordPresetConfig` that makes this preset record these formats, with this length and storage where they are
    /// named. A format that is touched is sent whole; a new one takes after one that is there.
    pub(super) fn updated(&self, formats: &[RecordFormat], segment: Option<u64>, storage: Option<&Storage>) -> Value {
        let first_length = self.each(|format| format.get("Duration").cloned()).into_iter().flatten().next();
        let first_storage = self.each(storage_of).into_iter().flatten().next();
        let mut config = Map::new();
        for (format, name) in FORMATS {
            let (was, will) = (self.is_on(name), formats.contains(&format));
            let kept = self.member(name).as_object().map(without_blanks).unwrap_or_default();
            let length = segment.map(Value::from);
            let setting = match (was, will) {
                (true, false) => json!({"Enable": false}),
                (false, true) => {
                    written(kept, length.or_else(|| first_length.clone()), storage.or(first_storage.as_ref()))
                }
                (true, true) if length.is_some() || storage.is_some() => written(kept, length, storage),
                _ => continue,
            };
            config.insert(name.to_owned(), setting);
        }
        Value::Object(config)
    }
}

fn is_on(setting: &Value) -> bool {
    rows::flag(setting, "Enable") == Some(true)
}

/// Where a format stores its files.
fn storage_of(format: &Value) -> Option<Storage> {
    let place = |kind, bucket: Option<String>, path: Option<String>| Storage {
        kind,
        bucket: bucket.unwrap_or_default(),
        path: path.unwrap_or_default().trim_matches('/').to_owned(),
        location: None,
    };
    let on = |name| format.get(name).filter(|setting| is_on(setting));
    if let Some(tos) = on("TOSParam") {
        return Some(place(StorageKind::Tos, rows::text(tos, "Bucket"), rows::text(tos, "StorageDir")));
    }
    on("VODParam").map(|vod| place(StorageKind::Vod, rows::text(vod, "VodNamespace"), None))
}

/// One format that is recorded: as it was, but for the length and the storage that are named.
fn written(mut format: Map<String, Value>, length: Option<Value>, storage: Option<&Storage>) -> Value {
    format.insert("Enable".to_owned(), json!(true));
    if let Some(length) = length {
        format.insert("Duration".to_owned(), length);
    }
    let Some(storage) = storage else { return Value::Object(format) };
    let (on, off) = match storage.kind {
        StorageKind::Vod => ("VODParam", "TOSParam"),
        _ => ("TOSParam", "VODParam"),
    };
    if let Some(Value::Object(other)) = format.get_mut(off) {
        other.insert("Enable".to_owned(), json!(false));
    }
    let mut setting = match format.shift_remove(on) {
        Some(Value::Object(setting)) => setting,
        _ => Map::new(),
    };
    setting.insert("Enable".to_owned(), json!(true));
    if storage.kind == StorageKind::Vod {
        setting.insert("VodNamespace".to_owned(), json!(storage.bucket));
    } else {
        setting.insert("Bucket".to_owned(), json!(storage.bucket));
        if !storage.path.is_empty() || setting.contains_key("StorageDir") {
            setting.insert("StorageDir".to_owned(), json!(storage.path));
        }
    }
    format.insert(on.to_owned(), Value::Object(setting));
    Value::Object(format)
}

/// The members that are set: null, empty and 0 are the vendor's "not set", which its own limits would refuse.
fn without_blanks(members: &Map<String, Value>) -> Map<String, Value> {
    let set = members.iter().filter_map(|(name, value)| {
        let value = match value {
            Value::Object(inner) => Value::Object(without_blanks(inner)),
            other => other.clone(),
        };
        let blank = value.is_null() || value.as_str() == Some("") || value.as_f64() == Some(0.0);
        (!blank).then(|| (name.clone(), value))
    });
    set.collect()
}
