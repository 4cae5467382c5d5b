//! What the JSON of an option looks like, told from the facts.

use crate::model::Vendor;
use crate::providers::catalog::{self, Param};
use crate::providers::items;

/// How many objects inside objects are told.
const DEPTH: usize = 3;

/// The most values of a member that are told.
const MOST_VALUES: usize = 6;

/// The members of the object, or of the objects in the list, that a parameter is; `None`: it is none, or the facts
/// do not know its members.
pub(super) fn of(vendor: Vendor, param: &Param<'_>) -> Option<String> {
    let element = items::element(param.kind).unwrap_or(param.kind);
    object(vendor, element, DEPTH)
}

fn object(vendor: Vendor, kind: &str, depth: usize) -> Option<String> {
    let members = catalog::type_members(vendor, items::members_type(kind)?)?;
    if depth == 0 {
        return Some("{…}".to_owned());
    }
    let (needed, free): (Vec<&Param<'_>>, Vec<&Param<'_>>) = members.iter().partition(|member| member.required);
    let told = |member: &&Param<'_>| format!("\"{}\": {}", member.name, value(vendor, member, depth));
    let needed: Vec<String> = needed.iter().map(told).collect();
    let free: Vec<String> = free.iter().map(told).collect();
    Some(match (needed.is_empty(), free.is_empty()) {
        (_, true) => format!("{{{}}}", needed.join(", ")),
        (true, _) => format!("{{{}}}", free.join(", ")),
        _ => format!("{{{} [, {}]}}", needed.join(", "), free.join(", ")),
    })
}

fn value(vendor: Vendor, member: &Param<'_>, depth: usize) -> String {
    let element = items::element(member.kind);
    let kind = element.unwrap_or(member.kind);
    let one = if !member.allowed.is_empty() && member.allowed.len() <= MOST_VALUES {
        let quote = if kind == "string" { "\"" } else { "" };
        let values: Vec<String> = member.allowed.iter().map(|value| format!("{quote}{value}{quote}")).collect();
        values.join("|")
    } else {
        match kind {
            "boolean" => "true|false".to_owned(),
            "integer" | "float" => "NUMBER".to_owned(),
            "datetime" => "TIME".to_owned(),
            "string" => "TEXT".to_owned(),
            _ => object(vendor, kind, depth - 1).unwrap_or_else(|| "JSON".to_owned()),
        }
    };
    if element.is_some() { format!("[{one}, …]") } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(vendor: Vendor, action: &str, param: &str) -> Option<String> {
        let action = catalog::find(vendor, action).unwrap();
        of(vendor, action.param(param).unwrap())
    }

    #[test]
    fn the_members_of_an_object_are_told_with_their_values() {
        let told = shape(Vendor::Tencent, "ModifyLiveDomainCertBindings", "DomainInfos");
        assert_eq!(told.as_deref(), Some("{\"DomainName\": TEXT, \"Status\": 1|0|-1}"));
        let told = shape(Vendor::Volcengine, "CreateCert", "Rsa");
        assert_eq!(told.as_deref(), Some("{\"Prikey\": TEXT, \"Pubkey\": TEXT}"));
        assert_eq!(shape(Vendor::Tencent, "AddLiveDomain", "DomainName"), None);
    }
}
