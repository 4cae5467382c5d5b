//! Volcengine's presets: made for a domain space, an app and sometimes a stream, and named by the service.
//! They work alike, so each family is one row here and a few lines in [`TABLE`].

use serde_json::{Value, json};

use crate::model::Params;
use crate::model::time::to_row;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, done, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::volcengine::preset_check as check;
use crate::sandbox::families::volcengine::{shape, space};
use crate::sandbox::house::{House, Key};

/// One family of presets.
struct Preset {
    /// Where its rows are kept, and the first part of the names that are made.
    table: &'static str,
    /// There is one preset of these members.
    one: &'static [&'static str],
    /// The parameters that name a preset; none: it is found by `one`.
    names: &'static [(&'static str, &'static str)],
    /// The object of an item that holds the settings; empty: the item itself.
    inside: &'static str,
    /// The list in the answer.
    list: &'static str,
    /// Parameters that items call otherwise.
    renamed: &'static [(&'static str, &'static str)],
    /// Whether a change keeps the members of objects that it leaves out.
    deep: bool,
    /// What is wrong with a request, seen with the whole row that comes of it.
    check: fn(&Asked<'_>, &Params) -> Option<&'static str>,
    /// Whether a listing shows a row.
    lists: fn(&Asked<'_>, &Params) -> bool,
}

const RECORD: Preset = Preset {
    table: "record",
    one: &["Vhost", "App", "Stream"],
    names: &[("Preset", "Name")],
    inside: "SlicePresetV2",
    list: "PresetList",
    renamed: &[],
    deep: true,
    check: check::record,
    lists: check::record_is_stored,
};

const TRANSCODE: Preset = Preset {
    table: "transcode",
    one: &["Vhost", "App", "SuffixName"],
    names: &[("Preset", "Preset")],
    inside: "TranscodePreset",
    list: "AllPresetList",
    check: check::nothing,
    ..RECORD_LIKE
};

const SNAPSHOT: Preset = Preset {
    table: "snapshot",
    one: &["Vhost", "App"],
    check: check::snapshot,
    lists: check::snapshot_is_stored,
    ..RECORD_LIKE
};

const AUDIT: Preset = Preset {
    table: "audit",
    one: &["Vhost", "App"],
    names: &[("PresetName", "PresetName")],
    inside: "AuditPreset",
    check: check::audit,
    ..RECORD_LIKE
};

const WATERMARK: Preset = Preset {
    table: "watermark",
    names: &[],
    inside: "",
    list: "WatermarkPresetList",
    renamed: &[("PictureUrl", "PictureURL")],
    check: check::nothing,
    ..RECORD_LIKE
};

const WATERMARK_TEMPLATE: Preset = Preset {
    table: "watermark_template",
    one: &["Name"],
    names: &[("ID", "ID"), ("PresetName", "Name")],
    renamed: &[("PictureUrl", "PictureURL"), ("PresetName", "Name")],
    check: check::watermark_template,
    lists: check::watermark_is_asked_for,
    ..WATERMARK
};

const TIME_SHIFT: Preset = Preset {
    table: "timeshift",
    names: &[],
    inside: "",
    list: "List",
    renamed: &[("PullDomain", "Domain")],
    check: check::nothing,
    lists: check::time_shift_is_stored,
    ..RECORD_LIKE
};

/// What most families have in common.
const RECORD_LIKE: Preset = Preset { deep: false, lists: |_, _| true, ..RECORD };

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("CreateRecordPresetV2", Changes(|asked, house| RECORD.create(asked, house))),
    ("UpdateRecordPresetV2", Changes(|asked, house| RECORD.update(asked, house))),
    ("DeleteRecordPreset", Changes(|asked, house| RECORD.delete(asked, house))),
    ("ListVhostRecordPresetV2", Reads(|asked, house| RECORD.list(asked, house))),
    ("CreateTranscodePreset", Changes(|asked, house| TRANSCODE.create(asked, house))),
    ("UpdateTranscodePreset", Changes(|asked, house| TRANSCODE.update(asked, house))),
    ("DeleteTranscodePreset", Changes(|asked, house| TRANSCODE.delete(asked, house))),
    ("ListVhostTransCodePreset", Reads(list_transcode)),
    ("ListCommonTransPresetDetail", Reads(list_built_in)),
    ("CreateSnapshotPresetV2", Changes(|asked, house| SNAPSHOT.create(asked, house))),
    ("UpdateSnapshotPresetV2", Changes(|asked, house| SNAPSHOT.update(asked, house))),
    ("DeleteSnapshotPreset", Changes(|asked, house| SNAPSHOT.delete(asked, house))),
    ("ListVhostSnapshotPresetV2", Reads(|asked, house| SNAPSHOT.list(asked, house))),
    ("CreateSnapshotAuditPreset", Changes(|asked, house| AUDIT.create(asked, house))),
    ("UpdateSnapshotAuditPreset", Changes(|asked, house| AUDIT.update(asked, house))),
    ("DeleteSnapshotAuditPreset", Changes(|asked, house| AUDIT.delete(asked, house))),
    ("ListVhostSnapshotAuditPreset", Reads(|asked, house| AUDIT.list(asked, house))),
    ("CreateWatermarkPreset", Changes(|asked, house| WATERMARK.create(asked, house))),
    ("UpdateWatermarkPreset", Changes(|asked, house| WATERMARK.update(asked, house))),
    ("DeleteWatermarkPreset", Changes(|asked, house| WATERMARK.delete(asked, house))),
    ("ListVhostWatermarkPreset", Reads(|asked, house| WATERMARK.list(asked, house))),
    ("ListWatermarkPreset", Reads(show_watermark)),
    ("CreateWatermarkPresetV2", Changes(|asked, house| WATERMARK_TEMPLATE.create(asked, house))),
    ("UpdateWatermarkPresetV2", Changes(|asked, house| WATERMARK_TEMPLATE.update(asked, house))),
    ("DeleteWatermarkPresetV2", Changes(|asked, house| WATERMARK_TEMPLATE.delete(asked, house))),
    ("ListWatermarkPresetDetail", Reads(|asked, house| WATERMARK_TEMPLATE.list(asked, house))),
    ("CreateTimeShiftPresetV3", Changes(|asked, house| TIME_SHIFT.create(asked, house))),
    ("UpdateTimeShiftPresetV3", Changes(|asked, house| TIME_SHIFT.update(asked, house))),
    ("DeleteTimeShiftPresetV3", Changes(|asked, house| TIME_SHIFT.delete(asked, house))),
    ("ListTimeShiftPresetV2", Reads(|asked, house| TIME_SHIFT.list(asked, house))),
];

impl Preset {
    fn create(&self, asked: &Asked<'_>, house: &mut House) -> Performed {
        let mut row = self.of_parameters(asked, house, shape::completed(asked));
        self.checked(asked, &row)?;
        let id = house.next_id();
        let name = format!("{}-{id}", self.table.replace('_', "-"));
        for member in ["Name", "Preset", "PresetName"] {
            row.entry(member).or_insert_with(|| json!(name));
        }
        self.free(asked, house, &row)?;
        row.insert("ID".to_owned(), json!(id));
        row.insert("Status".to_owned(), asked.or("Status", 1));
        row.insert("Type".to_owned(), json!("vod"));
        row.insert("AccountID".to_owned(), json!(asked.account));
        let answer = json!({"ID": id, "PresetName": row.get("Name")});
        house.add(self.table, row);
        let told = |name: &String| asked.action.response.iter().any(|field| field.name == *name);
        Ok(members(answer).into_iter().filter(|(name, _)| told(name)).collect())
    }

    fn update(&self, asked: &Asked<'_>, house: &mut House) -> Performed {
        self.named_once(asked)?;
        let change = self.of_parameters(asked, house, asked.params.clone());
        let key = self.key(asked, house);
        let row = house.find(self.table, &key).ok_or_else(|| self.missing(asked))?;
        let mut whole = row.clone();
        merge(&mut whole, change, self.deep);
        self.checked(asked, &whole)?;
        self.free(asked, house, &whole)?;
        house.put(self.table, &key, whole);
        Ok(done())
    }

    fn delete(&self, asked: &Asked<'_>, house: &mut House) -> Performed {
        self.named_once(asked)?;
        match house.remove(self.table, &self.key(asked, house)) {
            0 => Err(self.missing(asked)),
            _ => Ok(done()),
        }
    }

    fn list(&self, asked: &Asked<'_>, house: &House) -> Performed {
        let mut answer = members(json!({ self.list: self.items(asked, house) }));
        for field in &asked.action.response {
            let blank = if field.kind == "string" { json!("") } else { json!([]) };
            answer.entry(field.name).or_insert(blank);
        }
        Ok(answer)
    }

    /// The items that a listing shows, in the shape of the answer.
    fn items(&self, asked: &Asked<'_>, house: &House) -> Vec<Value> {
        let space = asked.given("Vhost");
        let rows = house.rows(self.table).iter();
        let rows = rows.filter(|row| space.is_none_or(|space| row.get("Vhost") == Some(space)));
        rows.filter(|row| (self.lists)(asked, row))
            .map(|row| shape::item(asked, self.list, &self.nested(row)))
            .collect()
    }

    /// The row with its settings once more in the object that holds them.
    fn nested(&self, row: &Params) -> Params {
        let mut nested = row.clone();
        if !self.inside.is_empty() {
            nested.insert(self.inside.to_owned(), Value::Object(row.clone()));
        }
        nested
    }

    /// The members that the parameters say, under the names that items have.
    fn of_parameters(&self, asked: &Asked<'_>, house: &House, params: Params) -> Params {
        let naming = |name: &str| self.names.iter().any(|(param, _)| *param == name);
        let creates = asked.action.effect_kind() == crate::model::Effect::Create;
        let mut row = Params::new();
        for (name, value) in params.into_iter().filter(|(name, _)| creates || !naming(name)) {
            let renamed = self.renamed.iter().find(|(param, _)| *param == name);
            row.insert(renamed.map_or(name, |(_, member)| (*member).to_owned()), value);
        }
        if self.one.contains(&"Vhost") {
            row.insert("Vhost".to_owned(), json!(space::of(asked, house)));
        }
        if creates {
            for member in self.one.iter().filter(|member| **member != "Name") {
                row.entry(*member).or_insert_with(|| json!(""));
            }
        }
        row.insert("UpdateTime".to_owned(), json!(to_row(asked.now)));
        row
    }

    /// What a change or a deletion says of the preset that it is about.
    fn key(&self, asked: &Asked<'_>, house: &House) -> Vec<(&'static str, Value)> {
        let place = self.one.iter().filter(|member| **member != "SuffixName" && asked.action.param(member).is_some());
        let mut key: Vec<(&'static str, Value)> = match self.names {
            [] => place.map(|member| (*member, asked.or(member, ""))).collect(),
            _ => place.filter_map(|member| Some((*member, asked.given(member)?.clone()))).collect(),
        };
        let space = space::of(asked, house);
        if self.one.contains(&"Vhost") && !space.is_empty() {
            key.retain(|(member, _)| *member != "Vhost");
            key.push(("Vhost", json!(space)));
        }
        key.extend(self.names.iter().filter_map(|(param, member)| Some((*member, asked.given(param)?.clone()))));
        key
    }

    /// Refuses a row whose place another preset has.
    fn free(&self, asked: &Asked<'_>, house: &House, row: &Params) -> Result<(), Refusal> {
        let same = |other: &Params| self.one.iter().all(|member| other.get(*member) == row.get(*member));
        match house.rows(self.table).iter().any(|other| other.get("ID") != row.get("ID") && same(other)) {
            true => Err(asked.refuse("InvalidParam", format!("there is such a {} preset already", self.table))),
            false => Ok(()),
        }
    }

    /// Refuses a request that names a preset in two ways, or in none, where there are two.
    fn named_once(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        match self.names {
            [(one, _), (other, _)] => space::exactly_one(asked, one, other),
            _ => Ok(()),
        }
    }

    fn checked(&self, asked: &Asked<'_>, row: &Params) -> Result<(), Refusal> {
        (self.check)(asked, row).map_or(Ok(()), |wrong| Err(asked.refuse("InvalidParam", wrong)))
    }

    fn missing(&self, asked: &Asked<'_>) -> Refusal {
        asked.refuse("ResourceNotFound", format!("there is no such {} preset", self.table))
    }
}

fn merge(row: &mut Params, change: Params, deep: bool) {
    for (name, value) in change {
        match (row.get_mut(&name), value) {
            (Some(Value::Object(old)), Value::Object(new)) if deep => merge(old, new, deep),
            (_, value) => {
                row.insert(name, value);
            }
        }
    }
}

/// All presets are customised ones: none is made of a built-in tier.
fn list_transcode(asked: &Asked<'_>, house: &House) -> Performed {
    let items = TRANSCODE.items(asked, house);
    Ok(members(json!({ "AllPresetList": items, "CommonPresetList": [], "CustomizePresetList": items })))
}

/// The preset of an app (no stream named) or of a stream.
fn show_watermark(asked: &Asked<'_>, house: &House) -> Performed {
    let key: Vec<(&str, Value)> = WATERMARK.one.iter().map(|member| (*member, asked.or(member, ""))).collect();
    let key: &Key<'_> = &key;
    let row = house.find(WATERMARK.table, key).ok_or_else(|| WATERMARK.missing(asked))?;
    Ok(members(json!({ "Preset": shape::item(asked, "Preset", row) })))
}

/// The built-in tiers: suffix, video bits a second, short and long side.
const TIERS: [(&str, u64, u64, u64); 4] = [
    ("ld", 500_000, 360, 640),
    ("sd", 800_000, 480, 854),
    ("hd", 1_500_000, 720, 1280),
    ("uhd", 3_000_000, 1080, 1920),
];

fn list_built_in(asked: &Asked<'_>, _house: &House) -> Performed {
    let wanted = asked.list("PresetList");
    let tiers = |roi: bool, codec: &str| -> Vec<Value> {
        let named = TIERS.iter().map(|tier| (if roi { format!("{}5", tier.0) } else { tier.0.to_owned() }, tier));
        let named = named.filter(|(name, _)| wanted.is_empty() || wanted.contains(&json!(name)));
        let shown = named.map(|(name, (_, bits, short, long))| {
            json!({
                "Acodec": "aac", "As": "1", "AudioBitrate": 128, "BFrames": 3, "FPS": 25, "GOP": 4, "Height": 0,
                "LongSide": long, "Roi": roi, "ShortSide": short, "SuffixName": name, "Vcodec": codec,
                "VideoBitrate": bits, "Width": 0,
            })
        });
        shown.collect()
    };
    Ok(members(
        json!({ "NarrowBandHDPresetDetail": tiers(true, "h264"), "StandardPresetDetail": tiers(false, "h264") }),
    ))
}
