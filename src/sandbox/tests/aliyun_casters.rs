//! Aliyun's production studios and rooms, from the first call to the last.

use serde_json::{Value, json};

use super::{ok, pair, refused, sandbox};
use crate::model::Vendor::Aliyun;
use crate::sandbox::dispatch::Shared;

fn create(shared: &Shared) -> Value {
    let params = json!({"CasterName": "coco", "ClientToken": "t1", "NormType": 1, "ChargeType": "PostPaid"});
    ok(shared, Aliyun, "CreateCaster", params)["CasterId"].clone()
}

fn layout(caster: &Value, locations: &str) -> Value {
    json!({"CasterId": caster, "VideoLayer.1.HeightNormalized": "1", "VideoLayer.1.WidthNormalized": "1",
        "VideoLayer.1.PositionNormalized.1": "0", "VideoLayer.1.PositionNormalized.2": "0.3",
        "AudioLayer.1.ValidChannel": "all", "AudioLayer.1.VolumeRate": "1",
        "BlendList.1": locations, "MixList.1": locations})
}

#[test]
fn a_studio_is_made_started_stopped_and_deleted() {
    let shared = sandbox();
    let caster = create(&shared);
    assert_eq!(create(&shared), caster, "one token, one studio");
    let one = || json!({"CasterId": caster});
    let listed = |more: Value| ok(&shared, Aliyun, "DescribeCasters", more);
    let first = listed(json!({"CasterName": "coc"}))["CasterList"]["Caster"][0].clone();
    assert_eq!((&first["Status"], &first["CreateTime"]), (&json!(0), &json!("2023-11-14 22:13:20.0")));
    assert_eq!(refused(&shared, Aliyun, "StartCaster", one()), pair(404, "InvalidConfiguration.NotFound"));
    let transcode = json!({"CasterTemplate": "lp_hd", "LiveTemplate": ["lld"]});
    let config =
        json!({"CasterId": caster, "DomainName": "d.cn", "Delay": 30.0, "TranscodeConfig": transcode.to_string()});
    ok(&shared, Aliyun, "SetCasterConfig", config);
    let config = ok(&shared, Aliyun, "DescribeCasterConfig", one());
    assert_eq!((&config["CasterName"], &config["Delay"]), (&json!("coco"), &json!(30.0)));
    let shown = json!({"CasterTemplate": "lp_hd", "LiveTemplateIds": {"LocationId": ["lld"]}});
    assert_eq!(config["TranscodeConfig"], shown);
    let started = ok(&shared, Aliyun, "StartCaster", one());
    let scene = |member: &str| started[member]["SceneInfo"][0]["SceneId"].clone();
    let (preview, program) = (scene("PvwSceneInfos"), scene("PgmSceneInfos"));
    assert_eq!(listed(json!({"Status": 1}))["Total"], 1);
    assert_eq!(refused(&shared, Aliyun, "DeleteCaster", one()), pair(400, "IncorrectCasterStatus"));

    let layout = ok(&shared, Aliyun, "AddCasterLayout", layout(&caster, "RV01"))["LayoutId"].clone();
    let set = |scene: &Value, layout: &Value| json!({"CasterId": caster, "SceneId": scene, "LayoutId": layout});
    let start = || json!({"CasterId": caster, "SceneId": preview});
    assert_eq!(refused(&shared, Aliyun, "StartCasterScene", start()).1, "InvalidLayout.NotFound");
    let unknown = refused(&shared, Aliyun, "UpdateCasterSceneConfig", set(&preview, &json!("none")));
    assert_eq!(unknown.1, "InvalidLayout.NotFound");
    ok(&shared, Aliyun, "UpdateCasterSceneConfig", set(&preview, &layout));
    ok(&shared, Aliyun, "StartCasterScene", start());
    let copy = |from: &Value, to: &Value| json!({"CasterId": caster, "FromSceneId": from, "ToSceneId": to});
    let turned = refused(&shared, Aliyun, "CopyCasterSceneConfig", copy(&program, &preview));
    assert_eq!(turned, pair(400, "IncorrectSceneStatus"));
    ok(&shared, Aliyun, "CopyCasterSceneConfig", copy(&preview, &program));
    let scenes = ok(&shared, Aliyun, "DescribeCasterScenes", json!({"CasterId": caster, "SceneId": program}));
    let shown = &scenes["SceneList"]["Scene"][0];
    assert_eq!((&shown["LayoutId"], &shown["OutputType"], &shown["Status"]), (&layout, &json!("1"), &json!(1)));
    let urgent = json!({"CasterId": caster, "SceneId": program});
    assert_eq!(refused(&shared, Aliyun, "EffectCasterUrgent", urgent).1, "UrgentMaterialNotFound");
    let used = refused(&shared, Aliyun, "DeleteCasterLayout", json!({"CasterId": caster, "LayoutId": layout}));
    assert_eq!(used.1, "IllegalOperation");

    ok(&shared, Aliyun, "StopCaster", one());
    ok(&shared, Aliyun, "DeleteCasterLayout", json!({"CasterId": caster, "LayoutId": layout}));
    ok(&shared, Aliyun, "DeleteCaster", one());
    for action in ["DescribeCasterConfig", "StartCaster", "DescribeCasterScenes", "DeleteCaster"] {
        assert_eq!(refused(&shared, Aliyun, action, one()), pair(404, "InvalidCaster.NotFound"), "{action}");
    }
}

#[test]
fn parts_of_a_studio_live() {
    let shared = sandbox();
    let caster = create(&shared);
    let source = |slot: &str| json!({"CasterId": caster, "ResourceName": "r", "LocationId": slot, "LiveStreamUrl": "rtmp://a.cn/l/s"});
    let resource = ok(&shared, Aliyun, "AddCasterVideoResource", source("RV01"))["ResourceId"].clone();
    assert_eq!(refused(&shared, Aliyun, "AddCasterVideoResource", source("RV01")), pair(400, "DuplicateLocationID"));
    let change = json!({"CasterId": caster, "ResourceId": resource, "ResourceName": "new"});
    ok(&shared, Aliyun, "ModifyCasterVideoResource", change);
    let listed = ok(&shared, Aliyun, "DescribeCasterVideoResources", json!({"CasterId": caster}));
    let first = &listed["VideoResources"]["VideoResource"][0];
    assert_eq!(
        (&listed["Total"], &first["ResourceName"], &first["LocationId"]),
        (&json!(1), &json!("new"), &json!("RV01"))
    );
    let mut uneven = layout(&caster, "RV01");
    uneven["BlendList.2"] = json!("RV02");
    let why = refused(&shared, Aliyun, "AddCasterLayout", uneven);
    assert_eq!(why, pair(400, "InvalidVideoLayersAndBlendListSize.Mismatch"));
    ok(&shared, Aliyun, "AddCasterLayout", layout(&caster, "RV01"));
    let layouts = ok(&shared, Aliyun, "DescribeCasterLayouts", json!({"CasterId": caster}));
    let first = &layouts["Layouts"]["Layout"][0];
    assert_eq!(first["BlendList"], json!({"LocationId": ["RV01"]}));
    assert_eq!(first["VideoLayers"]["VideoLayer"][0]["PositionNormalizeds"], json!({"Position": [0, 0.3]}));

    let channel = |id: &str| json!({"CasterId": caster, "ChannelId": id, "ResourceId": resource});
    ok(&shared, Aliyun, "SetCasterChannel", channel("RV01"));
    assert_eq!(refused(&shared, Aliyun, "SetCasterChannel", channel("RV02")), pair(400, "ResourceOfChannelExist"));
    let channels = ok(&shared, Aliyun, "DescribeCasterChannels", json!({"CasterId": caster}));
    assert_eq!(channels["Channels"]["Channel"][0]["StreamUrl"], "rtmp://a.cn/l/s");
    let program = json!({"CasterId": caster, "Episode.1.EpisodeName": "e1", "Episode.1.EpisodeType": "Resource",
        "Episode.1.ResourceId": resource, "Episode.1.StartTime": "2023-11-15T19:00:00Z",
        "Episode.1.EndTime": "2023-11-15T19:02:00Z"});
    let added = ok(&shared, Aliyun, "AddCasterProgram", program);
    let episode = added["EpisodeIds"]["EpisodeId"][0]["EpisodeId"].clone();
    let change = json!({"CasterId": caster, "EpisodeId": episode, "EpisodeName": "e2"});
    assert_eq!(ok(&shared, Aliyun, "ModifyCasterEpisode", change)["EpisodeId"], episode);
    let copied = json!({"SrcCasterId": caster, "CasterName": "copy", "ClientToken": "t2"});
    let copied = ok(&shared, Aliyun, "CopyCaster", copied)["CasterId"].clone();
    assert_ne!(copied, caster);
    let shown = |caster: &Value| ok(&shared, Aliyun, "DescribeCasterProgram", json!({"CasterId": caster}));
    let (old, new) = (shown(&caster), shown(&copied));
    assert_eq!((&old["Total"], &new["Total"], &new["CasterId"]), (&json!(1), &json!(1), &copied));
    let first = |shown: &Value, member: &str| shown["Episodes"]["Episode"][0][member].clone();
    assert_eq!((first(&old, "EpisodeName"), first(&new, "EpisodeName")), (json!("e2"), json!("e2")));
    assert_ne!(first(&old, "ResourceId"), first(&new, "ResourceId"));
    ok(&shared, Aliyun, "DeleteCasterProgram", json!({"CasterId": caster}));
    assert_eq!((&shown(&caster)["Total"], &shown(&copied)["Total"]), (&json!(0), &json!(1)));
}

#[test]
fn rooms_live() {
    let shared = sandbox();
    let room = || json!({"AppId": "a", "RoomId": "r1"});
    let missing = pair(404, "InvalidResource.NotFound");
    assert_eq!(refused(&shared, Aliyun, "DeleteRoom", room()), missing);
    let made = ok(&shared, Aliyun, "CreateRoom", json!({"AppId": "a", "RoomId": "r1", "AnchorId": "me"}));
    assert_eq!((&made["RoomId"], &made["AnchorId"]), (&json!("r1"), &json!("me")));
    assert_eq!(ok(&shared, Aliyun, "DescribeRoomStatus", room())["RoomStatus"], 1);
    let list = ok(&shared, Aliyun, "DescribeRoomList", json!({"AppId": "a"}));
    let shown = json!({"RoomId": "r1", "AnchorId": "me", "RoomStatus": 1, "CreateTime": "2023-11-14T22:13:20Z"});
    assert_eq!((&list["TotalNum"], &list["RoomList"]["Room"]), (&json!(1), &json!([shown])));
    let end = "2023-11-15T22:13:20Z";
    let forbid = json!({"AppId": "a", "RoomId": "r1", "UserData": "x", "EndTime": end});
    ok(&shared, Aliyun, "ForbidPushStream", forbid);
    let forbidden = || ok(&shared, Aliyun, "DescribeForbidPushStreamRoomList", json!({"AppId": "a"}));
    assert_eq!(forbidden()["RoomList"]["Room"][0]["OpEndTime"], end);
    ok(&shared, Aliyun, "AllowPushStream", room());
    assert_eq!(forbidden()["TotalNum"], 0);
    ok(&shared, Aliyun, "DeleteRoom", room());
    assert_eq!(
        refused(
            &shared,
            Aliyun,
            "ForbidPushStream",
            json!({"AppId": "a", "RoomId": "r1", "UserData": "x", "EndTime": end})
        ),
        missing
    );
}
