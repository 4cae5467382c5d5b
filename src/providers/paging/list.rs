//! Finds the list in a reply: the items of one page, out of whatever wraps them.

use serde_json::{Map, Value};

use crate::error::{Class, Error, Result};
use crate::model::Vendor;
use crate::providers::catalog::{self, Action, Field, Pagination};
use crate::providers::homes;

/// How deep wrapper objects may be nested around a list.
const WRAPPERS: usize = 4;

/// Takes the items of a listing reply out of their wrapper objects; none where the Action lists nothing. What stands
/// beside them stays.
///
/// # Errors
/// Class `vendor`, naming the member, where it is there (not null) and no list.
pub fn items_of(vendor: Vendor, action_name: &str, result: &mut Value) -> Result<Vec<Value>> {
    let path = match catalog::known(vendor, action_name) {
        Some(action) => match list_of(vendor, action) {
            Some(path) => Some(path),
            None => return Ok(Vec::new()),
        },
        None => None,
    };
    let Some(path) = &path else {
        let list = result.as_object_mut().and_then(|members| members.values_mut().find_map(Value::as_array_mut));
        return Ok(list.map(std::mem::take).unwrap_or_default());
    };
    take(result, path).ok_or_else(|| {
        let message = format!("reading the answer of {action_name}: its member `{path}` is no list");
        Error::new(Class::Vendor, message).with(|details| {
            details.vendor = Some(vendor);
            details.action = Some(action_name.to_owned());
        })
    })
}

/// The dotted path of the list in an Action's answer: the one it pages, the one that was chosen, else the first one
/// that does not just repeat what was asked.
pub fn list_of(vendor: Vendor, action: &Action<'_>) -> Option<String> {
    if let Some(Pagination { items_field: Some(path), .. }) = &action.pagination {
        return Some((*path).to_owned());
    }
    if let Some(path) = homes::list(vendor, action.name) {
        return Some(path.to_owned());
    }
    let asked = |field: &&Field<'_>| action.param(field.name).is_some_and(|param| param.kind == field.kind);
    let answered: Vec<Field<'_>> = action.response.iter().filter(|field| !asked(field)).cloned().collect();
    list_path(vendor, &answered, WRAPPERS)
}

/// The dotted path of the first list among an answer's members: a list itself, else a list in a wrapper object.
fn list_path(vendor: Vendor, members: &[Field<'_>], depth: usize) -> Option<String> {
    if let Some(list) = members.iter().find(|member| member.kind.starts_with("array<")) {
        return Some(list.name.to_owned());
    }
    members.iter().find_map(|member| {
        let kind = member.kind.strip_prefix("object<")?.strip_suffix('>')?;
        let inner = wrapper_members(vendor, kind)?;
        let rest = list_path(vendor, &inner, depth.checked_sub(1)?)?;
        Some(format!("{}.{rest}", member.name))
    })
}

/// The members of a type that only wraps a list: one list or wrapper, and at most counts beside it.
fn wrapper_members(vendor: Vendor, kind: &str) -> Option<Vec<Field<'static>>> {
    let members = catalog::type_members(vendor, kind)?;
    let carriers = members.iter().filter(|member| member.kind != "integer").count();
    (carriers == 1)
        .then(|| members.iter().map(|m| Field { name: m.name, kind: m.kind, summary: m.summary }).collect::<Vec<_>>())
}

/// Takes the list at the end of a dotted path, names in any case; a bare list where a wrapper is expected ends the way,
/// and a member that is absent is null. `None`: what stands on the way has no members, or what stands there is no list.
fn take(value: &mut Value, path: &str) -> Option<Vec<Value>> {
    let (name, below) = path.split_once('.').map_or((path, None), |(name, below)| (name, Some(below)));
    let found = match value {
        Value::Array(_) | Value::Null => return unwrap_list(value),
        Value::Object(members) => match spelled(members, name).map(str::to_owned) {
            Some(name) => members.get_mut(&name)?,
            None => return Some(Vec::new()),
        },
        _ => return None,
    };
    match below {
        Some(below) => take(found, below),
        None => unwrap_list(found),
    }
}

/// A member's name as it stands there, whatever its case.
fn spelled<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    let exact = members.get_key_value(name).map(|(key, _)| key);
    exact.or_else(|| members.keys().find(|key| key.eq_ignore_ascii_case(name))).map(String::as_str)
}

/// One member of an object, its name in any case.
pub(super) fn member<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    members.get(spelled(members, name)?)
}

/// The elements of a list, or of the one list in wrapper objects; another object is a list of one, and null
/// an empty list. `None`: no list at all, such as a text or an object of nothing but numbers.
fn unwrap_list(value: &mut Value) -> Option<Vec<Value>> {
    let members = match value {
        Value::Array(items) => return Some(std::mem::take(items)),
        Value::Null => return Some(Vec::new()),
        Value::Object(members) => members,
        _ => return None,
    };
    let mut carriers = members.values().filter(|inner| inner.is_array() || inner.is_object());
    match (carriers.next(), carriers.next()) {
        (Some(inner), None) if members.values().all(|v| v == inner || v.is_number() || v.is_null()) => {
            members.values_mut().find(|inner| inner.is_array() || inner.is_object()).and_then(unwrap_list)
        }
        _ if members.values().all(|v| v.is_null() || v.is_number()) => {
            // A wrapper whose list is null or left out tells at most that there are none.
            let told_empty = members.values().any(Value::is_null) || members.values().all(|v| v.as_f64() == Some(0.0));
            told_empty.then(Vec::new)
        }
        _ => Some(vec![value.clone()]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn items_come_out_of_any_wrapping() {
        let domains = |mut result| items_of(Vendor::Aliyun, "DescribeLiveUserDomains", &mut result).unwrap();
        let two = vec![json!({"DomainName": "a"}), json!({"DomainName": "b"})];
        assert_eq!(domains(json!({"TotalCount": 2, "Domains": {"PageData": two}})), two);
        assert_eq!(domains(json!({"domains": {"pageData": two}})), two);
        assert_eq!(domains(json!({"Domains": two})), two);
        assert!(domains(json!({"Domains": {"PageData": []}})).is_empty());
        assert!(domains(json!({"Domains": null})).is_empty());
        let bare = |mut result| items_of(Vendor::Tencent, "DescribeLiveDomains", &mut result).unwrap();
        assert_eq!(bare(json!({"DomainList": {"Domain": two}})), two);
        let mut scenes = json!({"RequestId": "1", "Total": 1, "SceneList": {"Scene": [{"SceneId": "s"}]}});
        assert_eq!(items_of(Vendor::Aliyun, "DescribeCasterScenes", &mut scenes).unwrap(), [json!({"SceneId": "s"})]);
        assert_eq!(scenes, json!({"RequestId": "1", "Total": 1, "SceneList": {"Scene": []}}), "the rest stays");
        let mut setting = json!({"URL": "http://kms.example.com/?", "CycleTime": 60});
        assert!(items_of(Vendor::Volcengine, "DescribeEncryptHLS", &mut setting).unwrap().is_empty());
    }

    #[test]
    fn a_list_of_another_type_is_no_empty_list() {
        let bare = |mut result| items_of(Vendor::Tencent, "DescribeLiveDomains", &mut result);
        for none in [json!({}), json!({"DomainList": null}), json!({"DomainList": {}}), json!(null)] {
            assert_eq!(bare(none.clone()), Ok(Vec::new()), "{none}");
        }
        assert_eq!(bare(json!({"DomainList": {"Total": 0, "Domain": null}})), Ok(Vec::new()));
        for wrong in [json!("a"), json!(""), json!(7), json!(true), json!({"a": 1}), json!({"Domain": {"a": 1}})] {
            let error = bare(json!({"AllCount": 1, "DomainList": wrong})).unwrap_err();
            assert_eq!(error.class(), Class::Vendor, "{wrong}");
            assert!(error.to_string().contains("`DomainList` is no list"), "{error}");
        }
        let nested = items_of(Vendor::Aliyun, "DescribeLiveUserDomains", &mut json!({"Domains": "none"}));
        assert!(nested.unwrap_err().to_string().contains("`Domains.PageData`"));
    }
}
