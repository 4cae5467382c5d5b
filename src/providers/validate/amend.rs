//! Widens the facts where the vendor's reference and its current SDK differ: the wider of the two is allowed.

use crate::model::Vendor;
use crate::providers::catalog::Param;
use crate::providers::{aliyun, tencent, volcengine};

/// One way in which a fact is wider than its sheet says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::providers) enum Amendment {
    /// Not required.
    Optional,
    /// A smaller smallest number.
    Min(f64),
    /// A larger largest number.
    Max(f64),
    /// A longer longest text.
    MaxLength(u32),
    /// More values; an empty one among them means that empty is allowed.
    Also(&'static [&'static str]),
    /// An integer may also come as a text of digits.
    DigitsToo,
    /// Another form of a time beside the sheet's.
    Format(&'static str),
    /// Of a type (`*`): members that the sheet does not know.
    Open,
}

/// Owner (an Action, or `@` and a type), member, and what is different about it.
pub(in crate::providers) type Row = (&'static str, &'static str, Amendment);

fn rows(vendor: Vendor) -> &'static [Row] {
    match vendor {
        Vendor::Tencent => tencent::amendments::ROWS,
        Vendor::Aliyun => aliyun::amendments::ROWS,
        Vendor::Volcengine => volcengine::amendments::ROWS,
    }
}

/// The kind that `DigitsToo` makes of `integer`.
pub(super) const INTEGER_OR_DIGITS: &str = "integer or digits";

/// A parameter of an Action (or a member of a `@type`) with the amendments to it.
pub fn amended<'a>(vendor: Vendor, owner: &str, param: &Param<'a>) -> Param<'a> {
    let mut param = param.clone();
    for (_, _, amendment) in rows(vendor).iter().filter(|(o, name, _)| *o == owner && *name == param.name) {
        match amendment {
            Amendment::Optional => param.required = false,
            Amendment::Min(least) => param.min = Some(*least),
            Amendment::Max(most) => param.max = Some(*most),
            Amendment::MaxLength(most) => param.max_length = Some(*most),
            Amendment::Also(values) => param.allowed.extend_from_slice(values),
            Amendment::DigitsToo => param.kind = INTEGER_OR_DIGITS,
            Amendment::Format(format) => param.format = Some(format),
            Amendment::Open => {}
        }
    }
    param
}

/// Whether members that the sheet does not know are let through.
pub(super) fn is_open(vendor: Vendor, owner: &str) -> bool {
    rows(vendor).contains(&(owner, "*", Amendment::Open))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::catalog;

    #[test]
    fn every_row_amends_something_that_is_there() {
        for vendor in Vendor::ALL {
            for (owner, name, amendment) in rows(vendor) {
                let members = match owner.strip_prefix('@') {
                    Some(name) => catalog::type_members(vendor, name),
                    None => catalog::find(vendor, owner).map(|action| action.params),
                };
                let members = members.unwrap_or_else(|| panic!("{vendor} has no {owner}"));
                if *amendment == Amendment::Open {
                    continue;
                }
                let param = members.iter().find(|param| param.name == *name);
                let param = param.unwrap_or_else(|| panic!("{owner} has no {name}"));
                assert_ne!(&amended(vendor, owner, param), param, "{owner}.{name} is as wide already");
            }
        }
    }
}
