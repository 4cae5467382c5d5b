//! Whose protocol a request speaks, and which Action it names.

use crate::model::Vendor;
use crate::sandbox::answer::Refusal;
use crate::sandbox::wire::Pairs;
use crate::sign::{self, Received};

/// A request with its vendor and the words that stand outside its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Routed {
    /// Whose protocol.
    pub(super) vendor: Vendor,
    /// The Action it names; empty where it names none.
    pub(super) action: String,
    /// The API version; empty where there is none.
    pub(super) version: String,
    /// The API region, where it names one.
    pub(super) region: Option<String>,
}

/// The one API version of each vendor.
pub(super) const fn version(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Tencent => "2018-08-01",
        Vendor::Aliyun => "2016-11-01",
        Vendor::Volcengine => "2023-01-01",
    }
}

/// Parts of hosts that tell whose client a request with nothing else to tell comes from.
const HOSTS: &[(&str, Vendor)] = &[
    ("tencentcloudapi.com", Vendor::Tencent),
    ("aliyuncs.com", Vendor::Aliyun),
    ("volcengineapi.com", Vendor::Volcengine),
];

/// Recognises the vendor of a request, signed or not; `None` where nothing tells.
pub(super) fn recognise(received: &Received<'_>) -> Option<Vendor> {
    sign::detect_vendor(received).or_else(|| {
        let host = received.header("host")?;
        HOSTS.iter().find(|(part, _)| host.contains(part)).map(|(_, vendor)| *vendor)
    })
}

/// Reads Action, version and region from where the vendor's scheme puts them.
pub(super) fn route(vendor: Vendor, received: &Received<'_>, pairs: &Pairs) -> Routed {
    let word = |in_header: &str, in_params: &str| {
        received.header(in_header).or_else(|| pairs.get(in_params)).unwrap_or_default().to_owned()
    };
    let (action, version, region) = match vendor {
        Vendor::Tencent => {
            (word("x-tc-action", "Action"), word("x-tc-version", "Version"), word("x-tc-region", "Region"))
        }
        Vendor::Aliyun => (word("x-acs-action", "Action"), word("x-acs-version", "Version"), word("", "RegionId")),
        Vendor::Volcengine => (word("", "Action"), word("", "Version"), String::new()),
    };
    Routed { vendor, action, version, region: Some(region).filter(|region| !region.is_empty()) }
}

/// Refuses an Action or a version that the vendor does not have.
///
/// # Errors
/// The vendor's code for it.
pub(super) fn check(routed: &Routed, known: bool) -> Result<(), Refusal> {
    let refuse = |code: &str, message: String| Err(Refusal::new(routed.vendor, code, message));
    let missing = [("Action", &routed.action), ("Version", &routed.version)].into_iter().find(|(_, v)| v.is_empty());
    let right_version = routed.version == version(routed.vendor);
    let (action, version) = (&routed.action, &routed.version);
    match (routed.vendor, missing) {
        (Vendor::Tencent, Some((name, _))) => {
            refuse("MissingParameter", format!("The request is missing a required parameter `{name}`."))
        }
        (Vendor::Aliyun | Vendor::Volcengine, Some((name, _))) => {
            refuse("MissingParameter", format!("{name} is mandatory for this request."))
        }
        (Vendor::Tencent, None) if !right_version => {
            refuse("NoSuchVersion", format!("The version `{version}` does not exist."))
        }
        (Vendor::Tencent, None) if !known => {
            refuse("InvalidAction", format!("The action `{action}` does not exist in version `{version}`."))
        }
        (Vendor::Aliyun, None) if !right_version => {
            refuse("NoSuchVersion", format!("Specified version {version} is not found."))
        }
        (Vendor::Aliyun, None) if !known => {
            refuse("InvalidAction.NotFound", format!("Specified api {action} is not found, check url and method."))
        }
        (Vendor::Volcengine, None) if !right_version || !known => {
            refuse("InvalidActionOrVersion", format!("Could not find operation {action} for version {version}."))
        }
        _ => Ok(()),
    }
}
