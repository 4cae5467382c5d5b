//! `tccli`: `~/.tccli/<profile>.credential` and `~/.tccli/<profile>.configure`, both JSON.
//! Keys as in tccli 3.1.189.1.

use serde_json::Value;

use super::super::environment::Environment;
use super::super::role::RoleKeys;
use super::super::source::{Found, Origin, Setting, network_mode, unusable};
use super::{Section, json};
use crate::error::Error;
use crate::model::Vendor;

/// What tccli itself writes as the endpoint: no choice of the user's.
const DEFAULT_ENDPOINT: &str = "live.tencentcloudapi.com";

pub(super) fn find(environment: &Environment) -> Result<Option<Found>, Error> {
    let folder = match environment.var("TENCENTCLOUD_SHARED_CREDENTIALS_DIR") {
        Some(folder) => environment.expand(folder),
        None => match environment.home() {
            Some(home) => home.join(".tccli"),
            None => return Ok(None),
        },
    };
    let variable = ["TCCLI_PROFILE", "TENCENTCLOUD_PROFILE"].into_iter().find(|name| environment.var(name).is_some());
    let name = variable.and_then(|name| environment.var(name)).unwrap_or("default");
    let path = folder.join(format!("{name}.credential"));
    let place = format!("profile {name} in {}", environment.display(&path));
    let Some(values) = json(environment, &path)? else {
        return match variable {
            Some(variable) => Err(unusable(format!(
                "reading credentials: `{variable}` names profile {name}, but there is no `{}`",
                environment.display(&path)
            ))),
            None => Ok(None),
        };
    };
    let section = Section { values: &values, place, environment };
    match section.text("type").as_deref() {
        None | Some("default") => {}
        Some(mode) => return Err(network_mode(&section.place, mode)),
    }
    let Some(keys) = section.keys("secretId", "secretKey", section.text("token"))? else {
        return match variable {
            Some(_) => Err(unusable(format!("reading credentials: {} has no `secretId`", section.place))),
            None => Ok(None),
        };
    };
    let vendor = Setting::new(Vendor::Tencent, &section.place);
    let origin = match section.text("role-arn") {
        None => Origin::Keys(keys),
        Some(name) => {
            let session_name = section.text("role-session-name");
            let keys_of_role = RoleKeys { name: Some(name), session_name, ..RoleKeys::default() };
            section.role(keys_of_role, Some(Origin::Keys(keys)))
        }
    };
    let mut found = Found::new(vendor, origin);
    let path = folder.join(format!("{name}.configure"));
    let configure = json(environment, &path)?.unwrap_or_default();
    let place = format!("profile {name} in {}", environment.display(&path));
    let part = |name: &str| match configure.get(name) {
        Some(Value::Object(values)) => Some(Section { values, place: place.clone(), environment }),
        _ => None,
    };
    found.region = part("_sys_param").and_then(|part| part.setting("region"));
    found.endpoint = part("live")
        .filter(|part| part.text("endpoint").as_deref() != Some(DEFAULT_ENDPOINT))
        .and_then(|part| part.endpoint("endpoint"));
    Ok(Some(found))
}
