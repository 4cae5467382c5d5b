//! JSON in outline: the members near the top, as deep as a refusal stands. What is deeper is passed over, and lists are
//! empty, so that an answer that is printed as it came costs no more than its envelope.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The envelope, what it holds, and the error in that.
const LEVELS: u8 = 3;

/// Reads a text in outline.
///
/// # Errors
/// What is no JSON.
pub(super) fn read(text: &str) -> serde_json::Result<Value> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = Level(LEVELS).deserialize(&mut json)?;
    json.end().map(|()| value)
}

/// A value, and how many levels below it are read.
#[derive(Clone, Copy)]
struct Level(u8);

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Array(Vec::new()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut read = Map::new();
        let Some(below) = self.0.checked_sub(1).map(Level) else {
            while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Value::Object(read));
        };
        while let Some(name) = members.next_key::<String>()? {
            read.insert(name, members.next_value_seed(below)?);
        }
        Ok(Value::Object(read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn three_levels_are_read_and_no_list() {
        let text = r#"{"Response":{"RequestId":"r","Total":2,"List":[{"a":1},2],"Error":{"Code":"C","More":{"a":1}},
            "Deep":{"a":{"b":[1]}},"No":null,"Yes":true,"Less":-1,"Half":0.5},"直播":"\u76f4"}"#;
        let outline = json!({
            "Response": {"RequestId": "r", "Total": 2, "List": [], "Error": {"Code": "C", "More": {}}, "Deep": {"a": {}},
                "No": null, "Yes": true, "Less": -1, "Half": 0.5},
            "直播": "直",
        });
        assert_eq!(read(text).unwrap(), outline);
    }

    #[test]
    fn what_is_no_json_is_refused_wherever_it_stands() {
        for text in
            ["", "{", r#"{"a":[1,}"#, r#"{"a":{"b":{"c":{"d":tru}}}}"#, "{} {}", r#"{"a":{"b":{"c":{"d":"\x"}}}}"#]
        {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
