//! `stream top` on Tencent Cloud CSS: one Action tells all that is pushed now, with its rates.

use serde_json::Value;

use super::{HINT, VENDOR, check};
use crate::error::Result;
use crate::model::time::BEIJING;
use crate::model::{Answer, Call, Road, StreamArgs, StreamTopRow};
use crate::providers::paging::Pages;
use crate::providers::rows::{self, Place};
use crate::providers::top;

/// How the Action says that nothing is live.
const NOTHING_LIVE: &str = "FailedOperation.HasNotLivingStream";

pub(super) async fn top(road: &dyn Road, args: &StreamArgs) -> Result<Answer> {
    check(args).refuse("looking at the streams", Some(HINT))?;
    let wanted = Place::of(&args.target)?;
    let call = Call::new(VENDOR, "DescribeLiveStreamPushInfoList")
        .with_some("PushDomain", wanted.domain.as_deref())
        .with_some("AppName", wanted.app.as_deref());
    let pushes = match Pages::all(call, road).await {
        Err(error) if error.details().code.as_deref() == Some(NOTHING_LIVE) => Vec::new(),
        pushes => pushes?,
    };
    let rows = pushes.into_iter().map(|raw| (row(&raw), raw));
    // The Action knows no filter by stream.
    let meant = |row: &StreamTopRow| wanted.stream.is_none() || row.stream == wanted.stream;
    top::emit(road, rows.filter(|(row, _)| meant(row)).collect())
}

fn row(raw: &Value) -> StreamTopRow {
    StreamTopRow {
        vendor: VENDOR,
        profile: None,
        domain: rows::text(raw, "PushDomain"),
        app: rows::text(raw, "AppName"),
        stream: rows::text(raw, "StreamName"),
        frame_rate: top::frame_rate(raw, "VideoFps"),
        bit_rate: top::bit_rate(raw, &["VideoSpeed", "AudioSpeed"], 1.0),
        since: rows::time(raw, "BeginPushTime", BEIJING),
        client_ip: rows::text(raw, "ClientIp"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::error::{Class, Error};
    use crate::model::Selector;
    use crate::providers::script::Script;

    const ACTION: &str = "DescribeLiveStreamPushInfoList";

    fn at(id: &str) -> StreamArgs {
        StreamArgs { target: Selector { id: Some(id.into()), ..Selector::default() }, ..StreamArgs::default() }
    }

    /// The example of the reference.
    fn example() -> Value {
        json!({"StreamName": "test1", "AppName": "live", "ClientIp": "127.0.0.1", "ServerIp": "127.0.0.1",
               "VideoFps": 100, "VideoSpeed": 100, "AudioFps": 40, "AudioSpeed": 40, "AsampleRate": 48000,
               "PushDomain": "5000.pushdomain.com", "BeginPushTime": "2019-02-01 00:00:00", "Acodec": "AAC",
               "Vcodec": "H264", "Resolution": "350*350", "MetaAudioSpeed": 22, "MetaFps": 30, "MetaVideoSpeed": 4885})
    }

    fn page(params: Value, items: &Value) -> Script {
        let mut asked = json!({"PageNum": 1, "PageSize": 1000});
        asked.as_object_mut().unwrap().extend(params.as_object().unwrap().clone());
        let total = items.as_array().unwrap().len();
        Script::new(VENDOR).answers(ACTION, asked, json!({"DataInfoList": items, "TotalNum": total, "TotalPage": 1}))
    }

    #[test]
    fn what_is_pushed_is_told_in_one_call_with_its_rates() {
        let script = page(json!({"PushDomain": "5000.pushdomain.com", "AppName": "live"}), &json!([example()]));
        assert_eq!(
            script.rows(top(&script, &at("5000.pushdomain.com/live"))),
            json!([{"vendor": "tencent", "profile": null, "domain": "5000.pushdomain.com", "app": "live",
                    "stream": "test1", "frame_rate": 100, "bit_rate": 140, "since": "2019-01-31T16:00:00Z",
                    "client_ip": "127.0.0.1"}])
        );
    }

    #[test]
    fn the_fastest_comes_first_and_a_stream_without_pictures_is_shown() {
        let push = |name: &str, more: Value| {
            let mut push = example();
            push["StreamName"] = json!(name);
            push.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            push
        };
        let items = json!([
            push("untold", json!({"VideoSpeed": null, "AudioSpeed": null})),
            push("frozen", json!({"VideoFps": 0, "VideoSpeed": 0, "AudioSpeed": 48_000})),
            push("fast", json!({"VideoSpeed": 4_000_000})),
            push("silent", json!({"VideoSpeed": 2_000_000, "AudioSpeed": 0})),
        ]);
        let script = page(json!({}), &items);
        let rows = script.rows(top(&script, &StreamArgs::default()));
        let told: Vec<_> = rows.as_array().unwrap().iter().map(|row| json!([row["stream"], row["bit_rate"]])).collect();
        let expected = json!([["fast", 4_000_040], ["silent", 2_000_000], ["frozen", 48_000], ["untold", null]]);
        assert_eq!(json!(told), expected);
        assert_eq!(rows[2]["frame_rate"], 0);
        let script = page(json!({"PushDomain": "5000.pushdomain.com", "AppName": "live"}), &items);
        let rows = script.rows(top(&script, &at("5000.pushdomain.com/live/fast")));
        assert_eq!(rows.as_array().map(Vec::len), Some(1));
    }

    #[test]
    fn that_nothing_is_live_is_no_failure() {
        let asked = json!({"PageNum": 1, "PageSize": 1000});
        let refused = |code: &str| {
            let code = Some(code.to_owned());
            Error::new(Class::Vendor, "refused").with(|details| details.code = code)
        };
        let script = Script::new(VENDOR).fails(ACTION, asked.clone(), refused(NOTHING_LIVE));
        assert_eq!(script.rows(top(&script, &StreamArgs::default())), json!([]));
        let script = Script::new(VENDOR).fails(ACTION, asked, refused("FailedOperation.QueryUploadInfoFailed"));
        assert_eq!(script.run(top(&script, &StreamArgs::default())).unwrap_err().class(), Class::Vendor);
    }

    #[test]
    fn another_vendors_option_is_refused() {
        let script = Script::new(VENDOR);
        let args = StreamArgs { vhost: Some("example".into()), ..StreamArgs::default() };
        assert_eq!(script.run(top(&script, &args)).unwrap_err().class(), Class::Usage);
    }
}
