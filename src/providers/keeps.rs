//! What updating Actions reset where it is not named: read first and sent back as it is.

use serde_json::Value;

use crate::error::Result;
use crate::model::{Call, Params, Road, Vendor};
use crate::providers::change;

/// One Action that resets what is not named.
struct Keep {
    vendor: Vendor,
    action: &'static str,
    /// Its parameters that are reset.
    fields: &'static [&'static str],
    /// The Action that reads them.
    reader: &'static str,
    /// The parameters that name the thing in both Actions.
    named_by: &'static [&'static str],
    /// The members of the answer on the way to the thing; a list stands for its first element.
    path: &'static [&'static str],
    /// Parameters whose member is called otherwise: (parameter, member).
    renamed: &'static [(&'static str, &'static str)],
}

const KEEPS: &[Keep] = &[
    // Tencent's reference: leaving them out clears the encryption.
    Keep {
        vendor: Vendor::Tencent,
        action: "ModifyLiveTranscodeTemplate",
        fields: &["DRMType", "DRMTracks"],
        reader: "DescribeLiveTranscodeTemplate",
        named_by: &["TemplateId"],
        path: &["Template"],
        renamed: &[],
    },
    // Volcengine's reference: a full replacement of the signing settings.
    Keep {
        vendor: Vendor::Volcengine,
        action: "UpdateAuthKey",
        fields: &["AuthDetailList", "PushPullEnable", "TimeStampBase", "ValidDuration"],
        reader: "DescribeAuth",
        named_by: &["Domain", "SceneType"],
        path: &["AuthList"],
        renamed: &[("PushPullEnable", "AuthStatus")],
    },
];

/// The call with the values, as they are now, of what its Action would reset because it is not named.
///
/// # Errors
/// Those of the read. A thing that is not there keeps nothing: the Action itself then says so.
pub async fn completed(road: &dyn Road, mut call: Call) -> Result<Call> {
    let mut all = KEEPS.iter().filter(|keep| keep.vendor == call.vendor && keep.action == call.action);
    let Some(keep) = all.next().filter(|keep| keep.fields.iter().any(|field| !call.params.contains_key(*field))) else {
        return Ok(call);
    };
    let name = |name: &&str| Some(((*name).to_owned(), call.params.get(*name)?.clone()));
    let names: Params = keep.named_by.iter().filter_map(name).collect();
    if names.len() < keep.named_by.len() {
        return Ok(call);
    }
    if road.is_dry_run() {
        let fields = keep.fields.join(", ");
        road.note(&format!(
            "{} resets what is not named: the real run reads {fields} and sends them back",
            call.action
        ));
        return Ok(call);
    }
    let read = Call { vendor: call.vendor, action: keep.reader.to_owned(), params: names };
    let reply = road.read(read).await?;
    let thing = keep.path.iter().fold(&reply.result, |value, name| first(&value[*name]));
    let known = change::kept(call.vendor, &call.action, thing, keep.renamed);
    for (name, value) in known.into_iter().filter(|(name, _)| keep.fields.contains(&name.as_str())) {
        call.params.entry(name).or_insert(value);
    }
    Ok(call)
}

fn first(value: &Value) -> &Value {
    value.as_array().map_or(value, |items| items.first().unwrap_or(&Value::Null))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::providers::script::Script;

    fn call(vendor: Vendor, action: &str, params: Value) -> Call {
        let Value::Object(params) = params else { unreachable!() };
        Call { vendor, action: action.to_owned(), params }
    }

    #[test]
    fn encryption_stays_when_a_bitrate_changes() {
        let script = Script::new(Vendor::Tencent).answers(
            "DescribeLiveTranscodeTemplate",
            json!({"TemplateId": 1001}),
            json!({"Template": {"TemplateId": 1001, "DRMType": "normalaes", "DRMTracks": "SD", "VideoBitrate": 800}}),
        );
        let asked = call(
            Vendor::Tencent,
            "ModifyLiveTranscodeTemplate",
            json!({"TemplateId": 1001, "VideoBitrate": 1500, "DRMTracks": "HD"}),
        );
        let sent = script.run(completed(&script, asked)).unwrap();
        assert_eq!(
            Value::Object(sent.params),
            json!({"TemplateId": 1001, "VideoBitrate": 1500, "DRMTracks": "HD", "DRMType": "normalaes"})
        );
        script.finish();
    }

    #[test]
    fn keys_stay_when_their_validity_changes() {
        let keys = json!([{"SecretKey": "k", "AuthType": "typeA"}]);
        let script = Script::new(Vendor::Volcengine).answers(
            "DescribeAuth",
            json!({"Domain": "push.example.com", "SceneType": "push"}),
            json!({"AuthList": [{"AuthStatus": true, "TimeStampBase": 16, "ValidDuration": 60, "AuthDetailList": keys}]}),
        );
        let asked = call(
            Vendor::Volcengine,
            "UpdateAuthKey",
            json!({"Domain": "push.example.com", "SceneType": "push", "ValidDuration": 3600}),
        );
        let sent = script.run(completed(&script, asked)).unwrap();
        assert_eq!(
            Value::Object(sent.params),
            json!({"Domain": "push.example.com", "SceneType": "push", "ValidDuration": 3600,
                   "AuthDetailList": keys, "PushPullEnable": true, "TimeStampBase": 16})
        );
    }

    #[test]
    fn nothing_is_read_in_a_dry_run_or_without_a_name() {
        let asked = call(Vendor::Tencent, "ModifyLiveTranscodeTemplate", json!({"TemplateId": 1, "Width": 2}));
        let script = Script::new(Vendor::Tencent).dry();
        assert_eq!(script.run(completed(&script, asked.clone())).unwrap(), asked);
        assert_eq!(script.notes.borrow().len(), 1);
        let nameless = call(Vendor::Tencent, "ModifyLiveTranscodeTemplate", json!({"Width": 2}));
        let script = Script::new(Vendor::Tencent);
        assert_eq!(script.run(completed(&script, nameless.clone())).unwrap(), nameless);
    }
}
