//! Credentials in environment variables: our own, and those of the vendors' official tools.

use std::path::Path;

use super::bounded;
use super::endpoint::with_scheme;
use super::environment::Environment;
use super::role_variables;
use super::source::{Found, Keys, Origin, Setting, unusable};
use crate::error::Error;
use crate::model::{Secret, Vendor};

/// Variables that belong together: a key pair never takes its halves from two of these.
/// The spellings of a part stand in the order in which the official tools prefer them.
struct Family {
    id: &'static [&'static str],
    secret: &'static [&'static str],
    token: &'static [&'static str],
    /// The names say nothing about the vendor, so half a pair of them is not yet a sign of it.
    generic: bool,
}

/// What one vendor's official tools read.
struct Official {
    families: &'static [Family],
    region: &'static [&'static str],
    /// Regions in names that say nothing about the vendor: they count only beside generic keys.
    generic_region: &'static [&'static str],
    endpoint: &'static [&'static str],
}

const LIVECTL: Family = Family {
    id: &["LIVECTL_ACCESS_KEY_ID"],
    secret: &["LIVECTL_ACCESS_KEY_SECRET"],
    token: &["LIVECTL_SESSION_TOKEN"],
    generic: false,
};

const TENCENT: Official = Official {
    families: &[Family {
        id: &["TENCENTCLOUD_SECRET_ID"],
        secret: &["TENCENTCLOUD_SECRET_KEY"],
        token: &["TENCENTCLOUD_TOKEN", "TENCENTCLOUD_SECURITY_TOKEN", "TENCENTCLOUD_SESSION_TOKEN"],
        generic: false,
    }],
    region: &["TENCENTCLOUD_REGION"],
    generic_region: &[],
    endpoint: &[],
};

const ALIYUN: Official = Official {
    families: &[
        Family {
            id: &["ALIBABA_CLOUD_ACCESS_KEY_ID"],
            secret: &["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
            token: &["ALIBABA_CLOUD_SECURITY_TOKEN"],
            generic: false,
        },
        Family {
            id: &["ALIBABACLOUD_ACCESS_KEY_ID"],
            secret: &["ALIBABACLOUD_ACCESS_KEY_SECRET"],
            token: &["ALIBABACLOUD_SECURITY_TOKEN"],
            generic: false,
        },
        Family {
            id: &["ALICLOUD_ACCESS_KEY_ID"],
            secret: &["ALICLOUD_ACCESS_KEY_SECRET"],
            token: &["ALICLOUD_SECURITY_TOKEN"],
            generic: false,
        },
        Family { id: &["ACCESS_KEY_ID"], secret: &["ACCESS_KEY_SECRET"], token: &["SECURITY_TOKEN"], generic: true },
    ],
    region: &[
        "ALIBABA_CLOUD_REGION_ID",
        "ALIBABACLOUD_REGION_ID",
        "ALICLOUD_REGION_ID",
        "ALICLOUD_REGION",
        "ALIBABA_CLOUD_REGION",
    ],
    generic_region: &["REGION_ID", "REGION"],
    endpoint: &["ALIBABA_CLOUD_ENDPOINT"],
};

const VOLCENGINE: Official = Official {
    families: &[
        Family {
            id: &["VOLCENGINE_ACCESS_KEY"],
            secret: &["VOLCENGINE_SECRET_KEY"],
            token: &["VOLCENGINE_SESSION_TOKEN"],
            generic: false,
        },
        Family {
            id: &["VOLCSTACK_ACCESS_KEY_ID", "VOLCSTACK_ACCESS_KEY"],
            secret: &["VOLCSTACK_SECRET_ACCESS_KEY", "VOLCSTACK_SECRET_KEY"],
            token: &["VOLCSTACK_SESSION_TOKEN"],
            generic: false,
        },
        Family { id: &["VOLC_ACCESSKEY"], secret: &["VOLC_SECRETKEY"], token: &[], generic: false },
    ],
    region: &["VOLCENGINE_REGION", "VOLCSTACK_REGION"],
    generic_region: &[],
    endpoint: &["VOLCENGINE_ENDPOINT"],
};

const fn official(vendor: Vendor) -> &'static Official {
    match vendor {
        Vendor::Tencent => &TENCENT,
        Vendor::Aliyun => &ALIYUN,
        Vendor::Volcengine => &VOLCENGINE,
    }
}

/// The pair of variables to name in a hint.
pub(super) const fn first_pair(vendor: Vendor) -> (&'static str, &'static str) {
    let family = &official(vendor).families[0];
    (family.id[0], family.secret[0])
}

/// Whether our own key variables are set, whole or half.
pub(super) fn has_own(environment: &Environment) -> bool {
    [LIVECTL.id, LIVECTL.secret].into_iter().flatten().any(|name| is_set(environment, name))
}

/// Our own variables, which need a vendor beside them.
pub(super) fn own(environment: &Environment, vendor: Setting<Vendor>) -> Result<Option<Found>, Error> {
    let keys = LIVECTL.read(environment, &mut Vec::new())?;
    Ok(keys.map(|keys| Found::new(vendor, Origin::Keys(keys))))
}

/// The vendor's own variables: keys, perhaps with a role that they assume, else a token. `named`: the user named the
/// vendor.
pub(super) fn of_vendor(
    environment: &Environment,
    vendor: Vendor,
    named: bool,
    warnings: &mut Vec<String>,
) -> Result<Option<Found>, Error> {
    let official = official(vendor);
    let mut chosen: Option<(&Family, Keys)> = None;
    for family in official.families {
        if chosen.is_some() {
            break;
        }
        if family.generic && !named && !family.is_whole(environment) {
            continue;
        }
        chosen = family.read(environment, warnings)?.map(|keys| (family, keys));
    }
    let (origin, generic) = match chosen {
        Some((family, keys)) => {
            warn_of_other_keys(environment, official, &keys, warnings);
            (role_variables::over_keys(environment, vendor, Origin::Keys(keys), warnings), family.generic)
        }
        None => match role_variables::by_token(environment, vendor)? {
            Some(origin) => (origin, false),
            None => return Ok(None),
        },
    };
    let source = Found::new(Setting::new(vendor, ""), origin);
    let vendor = Setting::new(vendor, source.keys_source());
    let regions = official.region.iter().chain(if generic { official.generic_region } else { &[] });
    let region = pick(environment, regions, warnings);
    let mut endpoint = pick(environment, official.endpoint.iter(), warnings);
    if let Some(endpoint) = &mut endpoint {
        endpoint.value = with_scheme(&endpoint.value);
    }
    Ok(Some(Found { vendor, region, endpoint, ..source }))
}

/// The variables of a profile's `env_prefix`.
pub(super) fn of_prefix(environment: &Environment, prefix: &str, source: &str) -> Result<Keys, Error> {
    let names = ["ACCESS_KEY_ID", "ACCESS_KEY_SECRET", "SESSION_TOKEN"].map(|part| format!("{prefix}_{part}"));
    let [id, secret, token] = &names;
    pair(environment, &[id], &[secret], &[token], &mut Vec::new())?.ok_or_else(|| {
        unusable(format!("reading credentials: {source} takes them from `{id}` and `{secret}`, which are not set"))
    })
}

impl Family {
    fn read(&self, environment: &Environment, warnings: &mut Vec<String>) -> Result<Option<Keys>, Error> {
        pair(environment, self.id, self.secret, self.token, warnings)
    }

    fn is_whole(&self, environment: &Environment) -> bool {
        [self.id, self.secret].iter().all(|names| names.iter().any(|name| is_set(environment, name)))
    }
}

fn pair(
    environment: &Environment,
    id: &[&str],
    secret: &[&str],
    token: &[&str],
    warnings: &mut Vec<String>,
) -> Result<Option<Keys>, Error> {
    let found_id = part(environment, id, warnings)?;
    let found_secret = part(environment, secret, warnings)?;
    let half = |there: &str, missing: &[&str]| {
        unusable(format!("reading credentials: {there} is set, but `{}` is not", missing[0]))
            .hint(format!("set `{}` too, or unset the other half", missing[0]))
    };
    match (found_id, found_secret) {
        (None, None) => Ok(None),
        (Some(found), None) => Err(half(&found.source, secret)),
        (None, Some(found)) => Err(half(&found.source, id)),
        (Some(found_id), Some(found_secret)) => {
            let found_id = Setting::new(found_id.value.expose().to_owned(), found_id.source);
            Keys::new(found_id, found_secret, part(environment, token, warnings)?).map(Some)
        }
    }
}

/// The first spelling that is set; another that says something else is warned of.
fn part(
    environment: &Environment,
    names: &[&str],
    warnings: &mut Vec<String>,
) -> Result<Option<Setting<Secret>>, Error> {
    let mut first: Option<Setting<Secret>> = None;
    for name in names {
        let Some(value) = read(environment, name)? else { continue };
        match &first {
            None => first = Some(value),
            Some(first) if first.value != value.value => warnings.push(disagree(&first.source, name)),
            Some(_) => {}
        }
    }
    Ok(first)
}

/// The warning of two variables for one thing.
pub(super) fn disagree(used: &str, other: &str) -> String {
    format!("`{other}` says something else than {used}, which is used")
}

fn is_set(environment: &Environment, name: &str) -> bool {
    environment.var(name).is_some() || environment.var(&format!("{name}_FILE")).is_some()
}

/// A variable, or the file that `NAME_FILE` names, less one trailing newline.
fn read(environment: &Environment, name: &str) -> Result<Option<Setting<Secret>>, Error> {
    if let Some(value) = environment.var(name) {
        return Ok(Some(Setting::new(Secret::new(value), format!("environment {name}"))));
    }
    let variable = format!("{name}_FILE");
    let Some(path) = environment.var(&variable) else { return Ok(None) };
    let source = format!("environment {variable}");
    let text = bounded::text(&environment.expand(path), bounded::LARGEST_SECRET).map_err(|error| {
        let path = environment.display(Path::new(path));
        unusable(format!("reading credentials: {source} names `{path}`: {}", super::file::cause(&error)))
    })?;
    let line = text.as_str();
    let line = line.strip_suffix("\r\n").or_else(|| line.strip_suffix('\n')).unwrap_or(line);
    Ok(Some(Setting::new(Secret::new(line), source)))
}

fn pick<'a>(
    environment: &Environment,
    names: impl Iterator<Item = &'a &'static str>,
    warnings: &mut Vec<String>,
) -> Option<Setting<String>> {
    let mut set = names.filter_map(|name| environment.var(name).map(|value| (*name, value)));
    let (name, value) = set.next()?;
    let source = format!("environment {name}");
    warnings.extend(set.filter(|(_, other)| *other != value).map(|(other, _)| disagree(&source, other)));
    Some(Setting::new(value.to_owned(), source))
}

/// Keys of another family are another account perhaps: the user must know which ones are used.
fn warn_of_other_keys(environment: &Environment, official: &Official, used: &Keys, warnings: &mut Vec<String>) {
    let used_id = used.credentials().access_key_id;
    for name in official.families.iter().filter(|family| !family.generic).flat_map(|family| family.id) {
        let differs = environment.var(name).is_some_and(|value| value != used_id);
        let source = used.id_source();
        if differs && source != format!("environment {name}") {
            let warning = disagree(source, name);
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
    }
}
