//! Aliyun's URL authentication, type A: a signature on the path of an address of a domain.

use jiff::Timestamp;

use crate::model::Secret;
use crate::sign::address::{self, Formula, Rule};

/// The address with its signature: `auth_key={time}-{random}-{user}-{md5}`, of a path without its query. It is good
/// from `at` on for as long as the domain was set to. Random and user are `0`, as where nobody tells viewers apart.
pub fn authenticated(url: &str, key: &Secret, at: Timestamp) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |start| rest.split_at(start).1);
    let path = path.split('?').next().unwrap_or_default();
    let signature = address::sign(&Rule::new(Formula::AuthKey), path, key, at);
    let mark = if url.contains('?') { '&' } else { '?' };
    signature.iter().fold(url.to_owned(), |url, (name, value)| format!("{url}{mark}{name}={value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_the_vendors_example_and_of_one_made_by_hand() {
        for (url, key, seconds, signed) in [
            (
                "http://play.example.com/video/standard",
                "aliyunliveexp1234",
                1_622_194_197,
                "http://play.example.com/video/standard?auth_key=1622194197-0-0-5552ff52b5e4e20387c6dc18afce206b",
            ),
            (
                "https://play.example.com/live/room1.flv?a=/b",
                "demoKey1234567890",
                1_767_225_600,
                "https://play.example.com/live/room1.flv?a=/b&auth_key=1767225600-0-0-963fc06b2fd7a0ad8f417689c14f0920",
            ),
        ] {
            let at = Timestamp::from_second(seconds).unwrap();
            assert_eq!(authenticated(url, &Secret::new(key), at), signed);
        }
    }
}
