//! A transcode template with its encryption, as `DescribeLiveStreamTranscodeInfo` tells it.

use serde_json::{Value, json};

use super::VENDOR;
use crate::error::{Class, Error, Result};
use crate::model::{Call, Change, HlsKeyArgs, HlsKeyRow, HlsKeyScope, Item, Road};
use crate::providers::aliyun::transcode;
use crate::providers::paging::Pages;
use crate::providers::rows::{self, Place};

/// The one scheme that the reference knows for `EncryptType`.
const SCHEME: &str = "aliyun";

/// The encryption of a template, in our words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) enabled: bool,
    pub(super) kms_key_id: Option<String>,
    pub(super) cycle_seconds: Option<u64>,
}

impl Setting {
    /// The same setting with what the user named.
    pub(super) fn with(&self, args: &HlsKeyArgs) -> Setting {
        Setting {
            enabled: self.enabled,
            kms_key_id: args.kms_key_id.clone().or_else(|| self.kms_key_id.clone()),
            cycle_seconds: args.cycle_seconds.or(self.cycle_seconds),
        }
    }

    /// Field by field.
    pub(super) fn changes(&self, after: &Setting) -> Vec<Change> {
        let all = [
            Change::new("enabled", self.enabled, after.enabled),
            Change::new("kms_key_id", self.kms_key_id.clone(), after.kms_key_id.clone()),
            Change::new("cycle_seconds", self.cycle_seconds, after.cycle_seconds),
        ];
        all.into_iter().filter(|change| change.from != change.to).collect()
    }

    /// The value of `EncryptParameters`, a JSON text whose interval is a text.
    pub(super) fn to_parameter(&self) -> String {
        if !self.enabled {
            // How encryption is cleared is documented nowhere. An empty parameter counts as not given with this
            // vendor, and what is not given stays; an empty object is a value without a scheme. The read-back tells
            // whether it was understood.
            return "{}".to_owned();
        }
        let mut parameter = json!({ "EncryptType": SCHEME });
        if let Some(id) = &self.kms_key_id {
            parameter["KmsKeyID"] = json!(id);
        }
        if let Some(seconds) = self.cycle_seconds {
            parameter["KmsKeyExpireInterval"] = json!(seconds.to_string());
        }
        parameter.to_string()
    }
}

/// One transcode template of a playback domain.
#[derive(Debug, Clone)]
pub(super) struct Template {
    domain: String,
    app: Option<String>,
    pub(super) name: Option<String>,
    pub(super) setting: Setting,
    /// `EncryptType` where it is another than the one of HLS.
    other_scheme: Option<String>,
    raw: Value,
}

/// The templates of a domain that the options mean, each part that is not named meaning all.
pub(super) async fn matching(road: &dyn Road, args: &HlsKeyArgs) -> Result<Vec<Template>> {
    let domain = args.domain.as_deref().unwrap_or_default();
    let call = Call::new(VENDOR, "DescribeLiveStreamTranscodeInfo").with("DomainTranscodeName", domain);
    let all = Pages::all(call, road).await?.into_iter().map(|raw| Template::read(raw, domain));
    let same = |wanted: &Option<String>, got: &Option<String>| wanted.is_none() || wanted == got;
    Ok(all.filter(|one| same(&args.app, &one.app) && same(&args.template, &one.name)).collect())
}

impl Template {
    fn read(raw: Value, domain: &str) -> Self {
        let encryption = match raw.get("EncryptParameters") {
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
            Some(value) => value.clone(),
            None => Value::Null,
        };
        let scheme = rows::text(&encryption, "EncryptType");
        let kms_key_id = rows::text(&encryption, "KmsKeyID");
        let enabled = scheme.as_deref().map_or(kms_key_id.is_some(), |scheme| scheme == SCHEME);
        Template {
            domain: domain.to_owned(),
            app: rows::text(&raw, "TranscodeApp"),
            name: rows::text(&raw, "TranscodeTemplate").or_else(|| rows::text(&raw, "TranscodeName")),
            // What is left of a setting that is off does not count.
            setting: Setting {
                enabled,
                kms_key_id: kms_key_id.filter(|_| enabled),
                cycle_seconds: rows::number(&encryption, "KmsKeyExpireInterval").filter(|_| enabled),
            },
            other_scheme: scheme.filter(|scheme| scheme != SCHEME),
            raw,
        }
    }

    pub(super) fn item(self) -> Item {
        let row = HlsKeyRow {
            vendor: VENDOR,
            profile: None,
            scope: HlsKeyScope::Template,
            domain: Some(self.domain),
            app: self.app,
            template: self.name,
            key_url: None,
            cycle_seconds: self.setting.cycle_seconds,
            enabled: Some(self.setting.enabled),
        };
        Item { row: rows::row(&row), raw: self.raw }
    }

    /// `domain/app/#template`: templates have no stream.
    pub(super) fn selector(&self) -> String {
        let (domain, app) = (Some(self.domain.clone()), self.app.clone());
        Place { domain, app, stream: None, tail: self.name.clone() }.selector()
    }

    /// The template for a question or a message.
    pub(super) fn title(&self) -> String {
        let (app, name) = (self.app.as_deref().unwrap_or_default(), self.name.as_deref().unwrap_or_default());
        format!("`{name}` of {}/{app}", self.domain)
    }

    /// The options that name the template, for a hint.
    pub(super) fn options(&self) -> String {
        let (app, name) = (self.app.as_deref().unwrap_or_default(), self.name.as_deref().unwrap_or_default());
        format!("--domain {} --app {app} --template {name}", self.domain)
    }

    /// Another scheme stands in the same field: replacing or clearing it would be a surprise.
    pub(super) fn refuse_other_scheme(&self, doing: &str) -> Result<()> {
        let Some(scheme) = &self.other_scheme else { return Ok(()) };
        let message =
            format!("{doing}: transcode template {} has the encryption `{scheme}`, which stays", self.title());
        Err(Error::new(Class::Conflict, message)
            .hint("change it with `livectl api aliyun UpdateLiveStreamTranscode …`")
            .with(|details| details.vendor = Some(VENDOR)))
    }

    /// The call that gives the template another encryption and sends back all else as it was read.
    pub(super) fn update(&self, after: &Setting) -> Call {
        let action = match transcode::custom(&self.raw) {
            Some(_) => "UpdateCustomLiveStreamTranscode",
            None => "UpdateLiveStreamTranscode",
        };
        let call = transcode::addressed(action, Some(&self.domain), self.app.as_deref(), self.name.as_deref());
        transcode::sent_back(&self.raw, call).with("EncryptParameters", after.to_parameter())
    }
}
