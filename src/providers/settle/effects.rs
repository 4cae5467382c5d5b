//! By what the effect of an Action is seen that comes later: one row for Actions that are seen alike.
//!
//! A source is where a value stands: `DomainName` among the parameters of the Action, `=TaskId` in its answer,
//! `Domains[].DomainName` in each of a list, `DomainNames,` between commas.

use crate::model::Vendor;

/// How the effect of Actions is seen.
pub(super) struct Effect {
    /// The Actions.
    pub(super) after: &'static [&'static str],
    /// What shows it.
    pub(super) seen: Shown,
}

/// What shows an effect.
pub(super) enum Shown {
    /// A state that can be read.
    By(Look),
    /// Nothing; why a wait would be of no use.
    ByNothing(&'static str),
}

/// A state, and how it is read.
pub(super) struct Look {
    /// What the thing is called in a message, before its name.
    pub(super) what: &'static str,
    /// Sources of its name, which a `/` joins.
    pub(super) name: &'static [&'static str],
    /// The Action that tells the state.
    pub(super) action: &'static str,
    /// Its parameters and their sources; `DomainNameList[]` is a list. Several values are several calls.
    pub(super) asked: &'static [(&'static str, &'static str)],
    /// Which items of its list are meant: members and sources. Empty: the answer is about one thing.
    pub(super) items: &'static [(&'static str, &'static str)],
    /// Where the state stands, in an item or in the answer.
    pub(super) state: &'static str,
    /// The field of the row that it is.
    pub(super) field: &'static str,
    /// States that are waited for, and our words for them.
    pub(super) settled: &'static [(&'static str, &'static str)],
    /// States that never become those, and our words for them.
    pub(super) failed: &'static [(&'static str, &'static str)],
    /// What it means that the thing is not there.
    pub(super) missing: Missing,
    /// The noun and the state with which `livectl wait` goes on.
    pub(super) resume: Option<(&'static str, &'static str)>,
}

/// What it means that a thing is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// Not yet.
    Early,
    /// That is what was asked for.
    Wanted,
    /// It never will be.
    Wrong,
}

/// The rows of a vendor.
pub(super) fn of(vendor: Vendor) -> &'static [Effect] {
    match vendor {
        Vendor::Tencent => TENCENT,
        Vendor::Aliyun => ALIYUN,
        Vendor::Volcengine => VOLCENGINE,
    }
}

/// The state of a thing of which nothing is said yet.
const NOTHING: Look = Look {
    what: "",
    name: &[],
    action: "",
    asked: &[],
    items: &[],
    state: "",
    field: "status",
    settled: &[],
    failed: &[],
    missing: Missing::Wrong,
    resume: None,
};

const TENCENT_DOMAIN: Look = Look {
    what: "domain",
    name: &["DomainName"],
    action: "DescribeLiveDomain",
    asked: &[("DomainName", "DomainName")],
    state: "DomainInfo.Status",
    ..NOTHING
};

const TENCENT_TASK: Look = Look {
    what: "relay",
    action: "DescribeLivePullStreamTaskStatus",
    state: "TaskStatusInfo.RunStatus",
    settled: &[("active", "active")],
    missing: Missing::Early,
    ..NOTHING
};

const TENCENT_STREAM: Look = Look {
    what: "stream",
    name: &["DomainName", "AppName", "StreamName"],
    action: "DescribeLiveStreamState",
    asked: &[("DomainName", "DomainName"), ("AppName", "AppName"), ("StreamName", "StreamName")],
    state: "StreamState",
    field: "state",
    ..NOTHING
};

const TENCENT: &[Effect] = &[
    Effect {
        after: &["AddLiveDomain"],
        seen: Shown::By(Look {
            settled: &[("1", "enabled"), ("0", "disabled")],
            missing: Missing::Early,
            resume: Some(("domain", "present")),
            ..TENCENT_DOMAIN
        }),
    },
    Effect {
        after: &["EnableLiveDomain"],
        seen: Shown::By(Look { settled: &[("1", "enabled")], resume: Some(("domain", "enabled")), ..TENCENT_DOMAIN }),
    },
    Effect {
        after: &["ForbidLiveDomain"],
        seen: Shown::By(Look { settled: &[("0", "disabled")], resume: Some(("domain", "disabled")), ..TENCENT_DOMAIN }),
    },
    Effect {
        after: &["DeleteLiveDomain"],
        seen: Shown::By(Look { missing: Missing::Wanted, resume: Some(("domain", "deleted")), ..TENCENT_DOMAIN }),
    },
    Effect {
        after: &["CreateLivePullStreamTask"],
        seen: Shown::By(Look { name: &["=TaskId"], asked: &[("TaskId", "=TaskId")], ..TENCENT_TASK }),
    },
    Effect {
        after: &["RestartLivePullStreamTask"],
        seen: Shown::By(Look { name: &["TaskId"], asked: &[("TaskId", "TaskId")], ..TENCENT_TASK }),
    },
    Effect {
        after: &["DeleteLivePullStreamTask"],
        seen: Shown::By(Look {
            name: &["TaskId"],
            action: "DescribeLivePullStreamTasks",
            asked: &[("TaskId", "TaskId")],
            items: &[("TaskId", "TaskId")],
            state: "Status",
            settled: &[],
            missing: Missing::Wanted,
            resume: Some(("relay", "deleted")),
            ..TENCENT_TASK
        }),
    },
    Effect {
        after: &["ForbidLiveStream"],
        seen: Shown::By(Look {
            settled: &[("forbid", "forbidden")],
            resume: Some(("stream", "forbidden")),
            ..TENCENT_STREAM
        }),
    },
    Effect {
        after: &["ResumeLiveStream"],
        seen: Shown::By(Look { settled: &[("inactive", "offline"), ("active", "live")], ..TENCENT_STREAM }),
    },
    Effect {
        after: &["CreateLiveWatermarkRule"],
        seen: Shown::ByNothing(
            "a watermark takes up to 10 minutes, and only streams that are pushed after that have it: no Action tells when",
        ),
    },
];

const ALIYUN_DOMAIN: Look = Look {
    what: "domain",
    name: &["DomainName"],
    action: "DescribeLiveDomainDetail",
    asked: &[("DomainName", "DomainName")],
    state: "DomainDetail.DomainStatus",
    failed: &[("configure_failed", "failed"), ("check_failed", "failed")],
    ..NOTHING
};

const ALIYUN_FUNCTIONS: Look = Look {
    what: "configuration of",
    name: &["DomainNames"],
    action: "DescribeLiveDomainConfigs",
    asked: &[("DomainName", "DomainNames,")],
    state: "Status",
    settled: &[("success", "success")],
    failed: &[("failed", "failed")],
    ..NOTHING
};

const ALIYUN: &[Effect] = &[
    Effect {
        after: &["AddLiveDomain"],
        seen: Shown::By(Look {
            settled: &[("online", "enabled")],
            missing: Missing::Early,
            resume: Some(("domain", "enabled")),
            ..ALIYUN_DOMAIN
        }),
    },
    Effect {
        after: &["StartLiveDomain"],
        seen: Shown::By(Look {
            settled: &[("online", "enabled")],
            resume: Some(("domain", "enabled")),
            ..ALIYUN_DOMAIN
        }),
    },
    Effect {
        after: &["StopLiveDomain"],
        seen: Shown::By(Look {
            settled: &[("offline", "disabled")],
            resume: Some(("domain", "disabled")),
            ..ALIYUN_DOMAIN
        }),
    },
    Effect {
        after: &["ModifyLiveDomainSchdmByProperty", "SetLiveDomainCertificate"],
        seen: Shown::By(Look {
            settled: &[("online", "enabled"), ("offline", "disabled")],
            resume: Some(("domain", "enabled")),
            ..ALIYUN_DOMAIN
        }),
    },
    Effect {
        after: &["DeleteLiveDomain"],
        seen: Shown::By(Look {
            failed: &[],
            missing: Missing::Wanted,
            resume: Some(("domain", "deleted")),
            ..ALIYUN_DOMAIN
        }),
    },
    Effect {
        after: &["BatchSetLiveDomainConfigs"],
        seen: Shown::By(Look {
            items: &[("FunctionName", "Functions[].functionName")],
            missing: Missing::Early,
            ..ALIYUN_FUNCTIONS
        }),
    },
    Effect {
        after: &["BatchDeleteLiveDomainConfigs"],
        seen: Shown::By(Look {
            items: &[("FunctionName", "FunctionNames,")],
            settled: &[],
            missing: Missing::Wanted,
            ..ALIYUN_FUNCTIONS
        }),
    },
];

const VOLCENGINE_DOMAIN: Look = Look {
    what: "domain",
    name: &["Domain"],
    action: "ListDomainDetail",
    asked: &[("DomainNameList[]", "Domain")],
    items: &[("Domain", "Domain")],
    state: "Status",
    failed: &[("4", "failed"), ("5", "blocked"), ("6", "blocked")],
    ..NOTHING
};

const VOLCENGINE_NEW: Look = Look {
    settled: &[("0", "enabled")],
    missing: Missing::Early,
    resume: Some(("domain", "enabled")),
    ..VOLCENGINE_DOMAIN
};

const VOLCENGINE_STREAM: Look = Look {
    what: "stream",
    name: &["Domain", "App", "Stream"],
    action: "DescribeLiveStreamState",
    asked: &[("Domain", "Domain"), ("Vhost", "Vhost"), ("App", "App"), ("Stream", "Stream")],
    state: "stream_state",
    field: "state",
    ..NOTHING
};

const VOLCENGINE_PUSH: Look = Look {
    what: "task",
    name: &["TaskId"],
    action: "ListPullToPushTaskV2",
    asked: &[("GroupNames[]", "GroupName")],
    items: &[("TaskId", "TaskId")],
    state: "Status",
    ..NOTHING
};

const VOLCENGINE: &[Effect] = &[
    Effect { after: &["CreateDomain"], seen: Shown::By(VOLCENGINE_NEW) },
    Effect {
        after: &["CreateDomainV2"],
        seen: Shown::By(Look {
            name: &["Domains[].DomainName"],
            asked: &[("DomainNameList[]", "Domains[].DomainName")],
            items: &[("Domain", "Domains[].DomainName")],
            ..VOLCENGINE_NEW
        }),
    },
    Effect { after: &["EnableDomain"], seen: Shown::By(Look { missing: Missing::Wrong, ..VOLCENGINE_NEW }) },
    Effect {
        after: &["DisableDomain"],
        seen: Shown::By(Look {
            settled: &[("2", "disabled")],
            resume: Some(("domain", "disabled")),
            ..VOLCENGINE_DOMAIN
        }),
    },
    Effect {
        after: &["DeleteDomain"],
        seen: Shown::By(Look {
            settled: &[("3", "deleted")],
            failed: &[],
            missing: Missing::Wanted,
            resume: Some(("domain", "deleted")),
            ..VOLCENGINE_DOMAIN
        }),
    },
    Effect {
        after: &["ForbidStream"],
        seen: Shown::By(Look {
            settled: &[("forbidden", "forbidden")],
            resume: Some(("stream", "forbidden")),
            ..VOLCENGINE_STREAM
        }),
    },
    Effect {
        after: &["ResumeStream"],
        seen: Shown::By(Look { settled: &[("offline", "offline"), ("online", "live")], ..VOLCENGINE_STREAM }),
    },
    Effect {
        after: &["CreatePullToPushTask"],
        seen: Shown::By(Look {
            name: &["=TaskId"],
            items: &[("TaskId", "=TaskId")],
            settled: &[("生效中", "active"), ("未开始", "scheduled")],
            failed: &[("已结束", "ended")],
            missing: Missing::Early,
            ..VOLCENGINE_PUSH
        }),
    },
    Effect {
        after: &["ContinuePullToPushTask", "RelaunchPullToPushTask"],
        seen: Shown::By(Look {
            settled: &[("生效中", "active"), ("未开始", "scheduled")],
            failed: &[("已结束", "ended")],
            ..VOLCENGINE_PUSH
        }),
    },
    Effect {
        after: &["StopPullToPushTask"],
        seen: Shown::By(Look {
            settled: &[("停用", "paused")], failed: &[("已结束", "ended")], ..VOLCENGINE_PUSH
        }),
    },
    Effect { after: &["DeletePullToPushTask"], seen: Shown::By(Look { missing: Missing::Wanted, ..VOLCENGINE_PUSH }) },
    Effect {
        after: &["UpdateAuthKey"],
        seen: Shown::ByNothing("a change of signed addresses takes about 5 minutes: no Action tells when it is done"),
    },
    Effect {
        after: &["BindEncryptDRM", "UnBindEncryptDRM"],
        seen: Shown::ByNothing("a change of encryption takes 3 to 5 minutes: no Action tells when it is done"),
    },
];
