//! The settings of Aliyun that callbacks stand in: one a domain for each family of events.

use serde_json::{Value, json};

use super::VENDOR;
use crate::error::{Class, Error, Result};
use crate::model::{Call, CallbackEvent, Change, Road, Secret};
use crate::providers::{events, rows};

/// Where an event's address stands in its setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// The setting's own address.
    Main,
    /// Its other address.
    Second,
    /// A flag: told at the setting's own address too.
    Status,
}

/// How callbacks are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signing {
    /// Never.
    Never,
    /// By `yes` or `no`, and a key.
    Word,
    /// By a boolean, and a key.
    Flag,
}

/// One setting: its events, its Actions, and what its parameters are called.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Family {
    /// The word for it in messages.
    pub(super) title: &'static str,
    /// Its events.
    pub(super) events: &'static [(CallbackEvent, Slot)],
    read: &'static str,
    add: &'static str,
    update: &'static str,
    delete: &'static str,
    /// The members of the answer on the way to it; a list stands for its first element.
    path: &'static [&'static str],
    url: &'static str,
    second: Option<&'static str>,
    /// How its callbacks are signed.
    pub(super) signing: Signing,
    /// Whether updating replaces all of it, so that what is left out is cleared.
    replaces: bool,
    /// Whether it must have its own address to have the other.
    pub(super) main_needed: bool,
}

const PLAIN: Family = Family {
    title: "",
    events: &[],
    read: "",
    add: "",
    update: "",
    delete: "",
    path: &[],
    url: "NotifyUrl",
    second: None,
    signing: Signing::Never,
    replaces: false,
    main_needed: true,
};

pub(super) static FAMILIES: [Family; 5] = [
    Family {
        title: "stream",
        events: &[
            (CallbackEvent::StreamBegin, Slot::Main),
            (CallbackEvent::StreamEnd, Slot::Main),
            (CallbackEvent::PushException, Slot::Second),
        ],
        read: "DescribeLiveStreamsNotifyUrlConfig",
        add: "SetLiveStreamsNotifyUrlConfig",
        update: "SetLiveStreamsNotifyUrlConfig",
        delete: "DeleteLiveStreamsNotifyUrlConfig",
        path: &["LiveStreamsNotifyConfig"],
        second: Some("ExceptionNotifyUrl"),
        signing: Signing::Word,
        replaces: true,
        main_needed: false,
        ..PLAIN
    },
    Family {
        title: "record",
        events: &[
            (CallbackEvent::Record, Slot::Main),
            (CallbackEvent::RecordStatus, Slot::Status),
            (CallbackEvent::RecordOnDemand, Slot::Second),
        ],
        read: "DescribeLiveRecordNotifyConfig",
        add: "AddLiveRecordNotifyConfig",
        update: "UpdateLiveRecordNotifyConfig",
        delete: "DeleteLiveRecordNotifyConfig",
        path: &["LiveRecordNotifyConfig"],
        second: Some("OnDemandUrl"),
        signing: Signing::Flag,
        ..PLAIN
    },
    Family {
        title: "snapshot",
        events: &[(CallbackEvent::Snapshot, Slot::Main)],
        read: "DescribeLiveSnapshotNotifyConfig",
        add: "AddLiveSnapshotNotifyConfig",
        update: "UpdateLiveSnapshotNotifyConfig",
        delete: "DeleteLiveSnapshotNotifyConfig",
        signing: Signing::Word,
        ..PLAIN
    },
    Family {
        title: "audit",
        events: &[(CallbackEvent::Audit, Slot::Main)],
        read: "DescribeLiveDetectNotifyConfig",
        add: "AddLiveDetectNotifyConfig",
        update: "UpdateLiveDetectNotifyConfig",
        delete: "DeleteLiveDetectNotifyConfig",
        path: &["LiveDetectNotifyConfig"],
        ..PLAIN
    },
    Family {
        title: "audio-audit",
        events: &[(CallbackEvent::AudioAudit, Slot::Main)],
        read: "DescribeLiveAudioAuditNotifyConfig",
        add: "AddLiveAudioAuditNotifyConfig",
        update: "UpdateLiveAudioAuditNotifyConfig",
        delete: "DeleteLiveAudioAuditNotifyConfig",
        path: &["LiveAudioAuditNotifyConfigList", "LiveAudioAuditNotifyConfig"],
        url: "Callback",
        ..PLAIN
    },
];

/// Where an event's address stands; `None`: Aliyun tells nobody of it.
pub(super) fn slot(event: CallbackEvent) -> Option<(&'static Family, Slot)> {
    FAMILIES.iter().find_map(|family| Some((family, family.slot(event)?)))
}

/// What a setting says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) url: Option<String>,
    pub(super) second: Option<String>,
    pub(super) status: bool,
    pub(super) signed: Option<bool>,
    pub(super) key: Option<Secret>,
}

impl Setting {
    /// Whether there is a setting at all.
    pub(super) fn exists(&self) -> bool {
        self.url.is_some() || self.second.is_some()
    }

    /// Who is told of what stands there.
    pub(super) fn address(&self, slot: Slot) -> Option<&str> {
        match slot {
            Slot::Main => self.url.as_deref(),
            Slot::Second => self.second.as_deref(),
            Slot::Status => self.url.as_deref().filter(|_| self.status),
        }
    }

    /// Puts an address there, or takes it away.
    pub(super) fn put(&mut self, slot: Slot, url: Option<&str>) {
        match slot {
            Slot::Main => self.url = url.map(str::to_owned),
            Slot::Second => self.second = url.map(str::to_owned),
            Slot::Status => self.status = url.is_some(),
        }
        self.status = self.status && self.url.is_some();
    }
}

impl Family {
    /// Where an event of this setting stands.
    pub(super) fn slot(&self, event: CallbackEvent) -> Option<Slot> {
        self.events.iter().find(|(known, _)| *known == event).map(|(_, slot)| *slot)
    }

    /// Reads the setting of a domain, with the vendor's own form of it. One that is not set is empty.
    pub(super) async fn read(&self, road: &dyn Road, domain: &str) -> Result<(Setting, Value)> {
        let reply = match road.read(Call::new(VENDOR, self.read).with("DomainName", domain)).await {
            Ok(reply) => reply,
            Err(error) if is_unset(&error) => return Ok((Setting::default(), Value::Null)),
            Err(error) => return Err(error),
        };
        let first = |value: &Value| value.get(0).unwrap_or(value).clone();
        let raw = self.path.iter().fold(reply.result, |value, name| first(value.get(name).unwrap_or(&Value::Null)));
        let setting = Setting {
            url: rows::text(&raw, self.url),
            second: self.second.and_then(|second| rows::text(&raw, second)),
            status: rows::flag(&raw, "NeedStatusNotify").unwrap_or(false),
            signed: match self.signing {
                Signing::Never => Some(false),
                Signing::Word | Signing::Flag => rows::flag(&raw, "NotifyReqAuth"),
            },
            key: rows::text(&raw, "NotifyAuthKey").map(Secret::new),
        };
        Ok((setting, raw))
    }

    /// A call with the whole setting.
    fn whole(&self, action: &str, domain: &str, setting: &Setting) -> Call {
        let mut call = Call::new(VENDOR, action).with("DomainName", domain).with_some(self.url, setting.url.as_deref());
        if let Some(second) = self.second {
            call = call.with_some(second, setting.second.as_deref());
        }
        if self.events.iter().any(|(_, slot)| *slot == Slot::Status) {
            call = call.with("NeedStatusNotify", setting.status);
        }
        let signed = setting.signed.and_then(|signed| match self.signing {
            Signing::Never => None,
            Signing::Word => Some(json!(if signed { "yes" } else { "no" })),
            Signing::Flag => Some(json!(signed)),
        });
        call.with_some("NotifyReqAuth", signed).with_some("NotifyAuthKey", setting.key.as_ref().map(Secret::expose))
    }

    /// The calls that make one setting of another, each with what is there after it.
    pub(super) fn transition(&self, domain: &str, before: &Setting, after: &Setting) -> Vec<(Call, Setting)> {
        let delete = || (Call::new(VENDOR, self.delete).with("DomainName", domain), Setting::default());
        let write = |action: &str| (self.whole(action, domain, after), after.clone());
        let clears = before.second.is_some() && after.second.is_none() && !self.replaces;
        match (before.exists(), after.exists()) {
            _ if before == after => Vec::new(),
            (false, false) => Vec::new(),
            (false, true) => vec![write(self.add)],
            (true, false) => vec![delete()],
            // What an update leaves out stays, so only a new setting is without it.
            (true, true) if clears => vec![delete(), write(self.add)],
            (true, true) => vec![write(self.update)],
        }
    }

    /// Whether a change clears what no answer tells.
    pub(super) fn forgets(&self, before: &Setting, after: &Setting) -> bool {
        self.replaces && before.exists() && after.exists() && before != after
    }

    /// The differences, event by event.
    pub(super) fn changes(&self, before: &Setting, after: &Setting) -> Vec<Change> {
        let mut changes = Vec::new();
        let signed =
            |setting: &Setting, there: bool| setting.signed.filter(|_| there && self.signing != Signing::Never);
        for (event, slot) in self.events {
            let (from, to) = (before.address(*slot), after.address(*slot));
            changes.push(Change::new(&format!("{}.url", event.name()), from, to));
            let (from, to) = (signed(before, from.is_some()), signed(after, to.is_some()));
            changes.push(Change::new(&format!("{}.auth", event.name()), from, to));
        }
        changes.retain(|change| change.from != change.to);
        if before.key != after.key && after.exists() {
            // The keys themselves are nobody's to read.
            let (from, to) = (events::masked(before.key.as_ref()), events::masked(after.key.as_ref()));
            changes.push(Change::new(&format!("{}.key", self.title), from, to));
        }
        changes
    }
}

/// Whether an error says that nothing is set; that the domain is not there is another matter.
fn is_unset(error: &Error) -> bool {
    let domain = error.details().code.as_deref().is_some_and(|code| code.contains("Domain"));
    error.class() == Class::NotFound && !domain
}
