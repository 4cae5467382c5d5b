//! `record` on Tencent Cloud CSS: a recording template, bound by a rule to a push domain, an app and a stream.

use serde_json::{Value, json};

use crate::error::Result;
use crate::model::time::BEIJING;
use crate::model::{
    Answer, Item, Params, RecordArgs, RecordFormat, RecordRow, RecordVerb, Road, Row, Storage, StorageKind, Support,
    Vendor,
};
use crate::providers::intent::Complaints;
use crate::providers::rows::Place;
use crate::providers::tencent::shared_template::{self, Bound, Kind, Modification, NewRule, Rule, Wanted};
use crate::providers::{change, rows};

const VENDOR: Vendor = Vendor::Tencent;
const SETTINGS: &[&str] = &["formats", "segment_seconds", "storage"];
const PLACES: &[&str] = &["domain", "app", "stream"];

/// Files of AAC are cut sooner than others.
const LONGEST_AAC: u64 = 7200;
const AAC: &str = "at most 7200 seconds where aac is recorded";

const KIND: Kind = Kind {
    word: "Record",
    noun: "record",
    thing: "recording",
    title: "recording template",
    narrowed: Some("IsDelayLive"),
    keyed_by_template: false,
    names_templates: true,
    hint: "on Tencent a recording belongs to a push domain",
    options: &[(".RecordInterval", "--segment"), ("template-id", "--template")],
};

pub(super) fn support(verb: RecordVerb) -> Support<RecordArgs> {
    match verb {
        RecordVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        RecordVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        RecordVerb::Add => Support::Does(|road, args| Box::pin(add(road, args))),
        RecordVerb::Update => Support::Does(|road, args| Box::pin(update(road, args))),
        RecordVerb::Delete => Support::Does(|road, args| Box::pin(delete(road, args))),
    }
}

async fn list(road: &dyn Road, args: &RecordArgs) -> Result<Answer> {
    check(road, args).refuse("listing recordings", Some(KIND.hint))?;
    let items = |rule: &Rule, template: Option<&Value>| {
        vec![Item { row: rows::row(&row(rule, template)), raw: shared_template::raw(rule, template) }]
    };
    shared_template::list(road, &KIND, &Wanted::of(&args.target)?, items).await
}

async fn show(road: &dyn Road, args: &RecordArgs) -> Result<Answer> {
    let doing = "reading the recording";
    check(road, args).refuse(doing, Some(KIND.hint))?;
    let found = shared_template::find(road, &KIND, &Wanted::of(&args.target)?, doing).await?;
    Ok(Answer::One(Item { row: rows::row(&row(&found.rule, found.known())), raw: found.raw() }))
}

async fn add(road: &dyn Road, args: &RecordArgs) -> Result<Answer> {
    let (doing, place) = ("adding a recording", Place::of(&args.target)?);
    let kept = "none beside --template: a template that is there keeps its settings";
    let beside = |given: bool, option: &str| (args.template.is_some() && given).then(|| option.to_owned());
    let formats: Vec<&str> = args.formats.iter().map(|format| format.name()).collect();
    check(road, args)
        .need("--domain", place.domain.is_some())
        .need_unless("--format", args.template.is_some() || !formats.is_empty(), "required, unless --template is given")
        .wrong("--format", beside(!formats.is_empty(), &formats.join(",")), kept)
        .wrong("--segment", args.segment_seconds.filter(|_| args.template.is_some()), kept)
        .wrong("--storage", args.storage.as_ref().filter(|_| args.template.is_some()), kept)
        .wrong("--template", args.template.as_ref().filter(|id| id.parse::<u64>().is_err()), "a template id, a number")
        .refuse(doing, Some(KIND.hint))?;
    let (binds, settings) = match &args.template {
        Some(id) => (Bound::Existing(id.clone()), Vec::new()),
        None => {
            let setting = Setting::default().with(args);
            tell_hls(road, args, &setting);
            let named = setting
                .created()
                .into_iter()
                .chain([("TemplateName".to_owned(), Value::from(shared_template::name_for(&place)))]);
            (Bound::New(named.collect()), rows::created(&setting.row(), SETTINGS))
        }
    };
    let new = NewRule { doing, place: &place, binds, settings, id: None };
    shared_template::refuse_existing(road, &KIND, &new).await?;
    shared_template::add(road, &KIND, new).await
}

async fn update(road: &dyn Road, args: &RecordArgs) -> Result<Answer> {
    let doing = "updating the recording";
    check(road, args).refuse(doing, Some(KIND.hint))?;
    let found = shared_template::find(road, &KIND, &Wanted::of(&args.target)?, doing).await?;
    let doing = format!("{doing} `{}`", found.rule.id());
    let template = found.template(&KIND, &doing)?;
    let before = Setting::of(template);
    let moved = args.storage.as_ref().filter(|wanted| (wanted.kind == StorageKind::Cos) != in_cos(template));
    Complaints::none()
        .wrong(
            "--storage",
            moved,
            "what it has: Tencent moves no template between VOD and COS (delete it, add another)",
        )
        .refuse(&doing, None)?;
    let after = before.clone().with(args);
    let changes = rows::changes(&before.row(), &after.row(), SETTINGS);
    let name = shared_template::name(template);
    tell_hls(road, args, &after);
    if changes.is_empty() {
        return Ok(change::nothing(VENDOR, &found.rule.id(), &name));
    }
    let (id, params) = (found.rule.id(), after.modified(template));
    let wanted = Modification { doing: &doing, params, changes, question: None, shared: args.shared, id, name };
    shared_template::modify(road, &KIND, &found, wanted).await
}

async fn delete(road: &dyn Road, args: &RecordArgs) -> Result<Answer> {
    let doing = "deleting the recording";
    check(road, args).refuse(doing, Some(KIND.hint))?;
    let found = shared_template::find(road, &KIND, &Wanted::of(&args.target)?, doing).await?;
    let before = rows::row(&row(&found.rule, found.known()));
    let changes = rows::removed(&before, &[PLACES, SETTINGS].concat());
    shared_template::remove(road, &KIND, &found, &found.rule.id(), changes).await
}

fn row(rule: &Rule, template: Option<&Value>) -> RecordRow {
    let setting = template.map(Setting::of);
    let (formats, segment_seconds, storage) = match setting {
        Some(setting) => (Some(setting.formats), setting.segment, setting.storage),
        None => (None, None, None),
    };
    RecordRow {
        vendor: VENDOR,
        profile: None,
        id: rule.id(),
        domain: rule.place.domain.clone(),
        app: rule.place.app.clone(),
        stream: rule.place.stream.clone(),
        formats,
        segment_seconds,
        storage: storage.map(|storage| storage.to_string()),
        created_at: rows::time(&rule.raw, "CreateTime", BEIJING),
    }
}

/// What a template records, in our words.
#[derive(Debug, Clone, Default, PartialEq)]
struct Setting {
    formats: Vec<RecordFormat>,
    /// The length of a file; none where the formats differ.
    segment: Option<u64>,
    /// Where files go; none where the formats differ.
    storage: Option<Storage>,
}

impl Setting {
    fn of(template: &Value) -> Self {
        let enabled = |format: &RecordFormat| rows::flag(of_format(template, *format), "Enable") == Some(true);
        let formats: Vec<RecordFormat> = RecordFormat::ALL.into_iter().filter(enabled).collect();
        let params = || formats.iter().map(|format| of_format(template, *format));
        let segment = same(params().map(|param| rows::number(param, "RecordInterval").filter(|length| *length > 0)));
        let storage = same(params().map(|param| storage_of(param, in_cos(template))));
        Setting { segment, storage, formats }
    }

    /// The same with what the user named.
    fn with(mut self, args: &RecordArgs) -> Self {
        if !args.formats.is_empty() {
            self.formats = RecordFormat::ALL.into_iter().filter(|format| args.formats.contains(format)).collect();
        }
        self.segment = args.segment_seconds.or(self.segment);
        self.storage = args.storage.clone().or(self.storage);
        self
    }

    fn row(&self) -> Row {
        let storage = self.storage.as_ref().map(ToString::to_string);
        rows::row(&json!({ "formats": self.formats, "segment_seconds": self.segment, "storage": storage }))
    }

    /// The parameters of a new template.
    fn created(&self) -> Params {
        let mut params = Params::new();
        for format in &self.formats {
            params.insert(parameter(*format).to_owned(), Value::Object(self.enabled(Params::new())));
        }
        if self.storage.as_ref().is_some_and(|storage| storage.kind == StorageKind::Cos) {
            params.insert("CosStore".to_owned(), json!(1));
        }
        params
    }

    /// The parameters of a template's formats that become others; what is not named in them goes back as it is.
    fn modified(&self, template: &Value) -> Params {
        let mut params = Params::new();
        for format in RecordFormat::ALL {
            let before = change::kept_members(VENDOR, "RecordParam", of_format(template, format));
            let was = before.get("Enable").and_then(Value::as_u64) == Some(1);
            let after = match (self.formats.contains(&format), was) {
                (false, false) => continue,
                (true, _) => self.enabled(before.clone()),
                (false, true) => before.clone().into_iter().chain([("Enable".to_owned(), json!(0))]).collect(),
            };
            if after != before {
                params.insert(parameter(format).to_owned(), Value::Object(after));
            }
        }
        params
    }

    /// The parameters of a format that is recorded.
    fn enabled(&self, mut param: Params) -> Params {
        let mut set = |name: &str, value: Value| param.insert(name.to_owned(), value);
        set("Enable", json!(1));
        if let Some(length) = self.segment {
            set("RecordInterval", json!(length));
        }
        match &self.storage {
            Some(Storage { kind: StorageKind::Cos, bucket, path, location }) => {
                set("CosBucketName", json!(bucket));
                set("CosBucketRegion", json!(location));
                if !path.is_empty() || param.contains_key("CosBucketPath") {
                    param.insert("CosBucketPath".to_owned(), json!(format!("/{path}")));
                }
            }
            Some(Storage { bucket, .. }) => {
                let number: u64 = bucket.parse().unwrap_or(0);
                if number > 0 || param.contains_key("VodSubAppId") {
                    param.insert("VodSubAppId".to_owned(), json!(number));
                }
            }
            None => {}
        }
        param
    }
}

/// The value that all have; none where they differ.
fn same<T: PartialEq>(values: impl Iterator<Item = Option<T>>) -> Option<T> {
    let mut values = values;
    let first = values.next()?;
    if values.all(|other| other == first) { first } else { None }
}

fn parameter(format: RecordFormat) -> &'static str {
    match format {
        RecordFormat::Flv => "FlvParam",
        RecordFormat::Hls => "HlsParam",
        RecordFormat::Mp4 => "Mp4Param",
        RecordFormat::Aac => "AacParam",
        RecordFormat::Mp3 => "Mp3Param",
    }
}

fn of_format(template: &Value, format: RecordFormat) -> &Value {
    template.get(parameter(format)).unwrap_or(&Value::Null)
}

/// Whether a template's files go to COS; else they go to VOD. It is said once, when the template is made.
fn in_cos(template: &Value) -> bool {
    rows::number(template, "CosStore") == Some(1)
}

fn storage_of(param: &Value, cos: bool) -> Option<Storage> {
    let text = |name| rows::text(param, name).unwrap_or_default();
    if cos {
        let path = text("CosBucketPath").trim_start_matches('/').to_owned();
        let location = rows::text(param, "CosBucketRegion");
        return rows::text(param, "CosBucketName").map(|bucket| Storage {
            kind: StorageKind::Cos,
            bucket,
            path,
            location,
        });
    }
    let bucket = text("VodSubAppId").trim_start_matches('0').to_owned();
    Some(Storage { kind: StorageKind::Vod, bucket, path: String::new(), location: None })
}

/// The length of a file, where it is too long for one of the formats.
fn too_long(setting: &Setting) -> Option<u64> {
    setting.segment.filter(|length| *length > LONGEST_AAC && setting.formats.contains(&RecordFormat::Aac))
}

/// Tells that HLS is not cut into files of a length.
fn tell_hls(road: &dyn Road, args: &RecordArgs, setting: &Setting) {
    if args.segment_seconds.is_some() && setting.formats.contains(&RecordFormat::Hls) {
        road.note("on Tencent --segment has no effect on HLS recordings");
    }
}

/// Complains of what Tencent cannot do.
fn check(road: &dyn Road, args: &RecordArgs) -> Complaints {
    let storage = args.storage.as_ref();
    let of_kind = |kind| storage.filter(move |storage| storage.kind == kind);
    let foreign = storage.filter(|storage| matches!(storage.kind, StorageKind::Oss | StorageKind::Tos));
    let vod = of_kind(StorageKind::Vod).filter(|storage| {
        !storage.path.is_empty() || !storage.bucket.is_empty() && storage.bucket.parse::<u64>().is_err()
    });
    let nowhere = of_kind(StorageKind::Cos).filter(|storage| storage.location.is_none());
    let whole = of_kind(StorageKind::Cos).filter(|storage| storage.location.is_some() && has_account(&storage.bucket));
    Complaints::none()
        .foreign("--vhost", args.vhost.as_ref(), "Volcengine")
        .beyond(road, "--segment", too_long(&Setting::default().with(args)), AAC)
        .wrong("--storage", foreign, "vod://, vod://SUB-APP-ID or cos://BUCKET/PATH?region=REGION on Tencent")
        .wrong("--storage", vod, "vod:// or vod://SUB-APP-ID: the sub-application's id is a number")
        .wrong("--storage", nowhere, "cos://BUCKET/PATH?region=REGION, with the bucket's region")
        .wrong("--storage", whole, "the bucket's name without the account's number behind it")
}

/// Whether a bucket's name ends with the number of its account, as COS itself writes it: Tencent wants it without.
fn has_account(bucket: &str) -> bool {
    let digits = |text: &str| text.len() >= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    bucket.rsplit_once('-').is_some_and(|(_, number)| digits(number))
}

#[cfg(test)]
mod tests;
