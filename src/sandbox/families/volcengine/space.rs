//! Which domain space (vhost) a request is about: the one it names, or that of the domain it names.

use serde_json::Value;

use crate::sandbox::answer::Refusal;
use crate::sandbox::asked::Asked;
use crate::sandbox::families::volcengine::domain;
use crate::sandbox::house::House;

/// The space of a request; empty when it names neither a space nor a domain.
pub(super) fn of(asked: &Asked<'_>, house: &House) -> String {
    match (asked.text("Vhost"), asked.text("Domain")) {
        ("", "") => String::new(),
        ("", name) => domain::space_of(house, name),
        (space, _) => space.to_owned(),
    }
}

/// Refuses a request that names both of two parameters, or neither.
pub(super) fn exactly_one(asked: &Asked<'_>, one: &str, other: &str) -> Result<(), Refusal> {
    if asked.given(one).is_some() == asked.given(other).is_some() {
        return Err(asked.refuse("InvalidParam", format!("exactly one of {one} and {other} is to be given")));
    }
    Ok(())
}

/// The values of those members that the Action has as parameters and the request gives.
pub(super) fn given<'m>(asked: &Asked<'_>, members: &[&'m str]) -> Vec<(&'m str, Value)> {
    members.iter().filter_map(|member| Some((*member, asked.given(member)?.clone()))).collect()
}
