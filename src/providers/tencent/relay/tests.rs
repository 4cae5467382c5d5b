use serde_json::json;

use super::*;
use crate::error::Class;
use crate::model::Window;
use crate::providers::script::Script;

/// The script's instant is 2023-05-09T00:00:00Z.
fn at(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

/// The task of the reference's example, its window moved to the script's time.
fn task() -> Value {
    json!({
        "AppName": "live", "Region": "ap-beijing", "CallbackInfo": "", "CallbackEvents": ["TaskStart", "TaskExit"],
        "CallbackUrl": "", "CreateBy": "yourname", "DomainName": "yourdomain.com", "EndTime": "2023-05-10T00:30:00Z",
        "SourceType": "PullLivePushLive", "SourceUrls": ["http://yourdomain/live/test.flv"],
        "StartTime": "2023-05-08T00:30:00Z", "Status": "enable", "StreamName": "teststream", "TaskId": "10054",
        "VodLoopTimes": -1, "VodRefreshType": "ImmediateNewSource", "VodLocalMode": 0, "BackupSourceType": "",
        "BackupSourceUrl": "", "WatermarkList": [],
    })
}

fn page(tasks: Value) -> Value {
    json!({"TaskInfos": tasks, "PageNum": 1, "PageSize": 20, "TotalPage": 1, "LimitTaskNum": 20})
}

fn one() -> Value {
    json!({"TaskId": "10054", "PageNum": 1, "PageSize": 20})
}

fn by_id() -> RelayArgs {
    RelayArgs { target: Selector { id: Some("10054".into()), ..Selector::default() }, ..RelayArgs::default() }
}

fn new_relay() -> RelayArgs {
    RelayArgs {
        target: Selector {
            id: None,
            domain: Some("push.example.com".into()),
            app: Some("live".into()),
            stream: Some("s1".into()),
        },
        sources: vec!["rtmp://a.example.com/live/s1".into()],
        window: Window { start: at("2023-05-09T01:00:00Z"), end: at("2023-05-16T00:00:00Z"), permanent: false },
        ..RelayArgs::default()
    }
}

#[test]
fn rows_tell_sources_times_and_state() {
    let mut paused = task();
    paused["Status"] = json!("pause");
    paused["TaskId"] = json!(7);
    paused["BackupSourceUrl"] = json!("rtmp://backup/live/s");
    let mut elsewhere = task();
    elsewhere["AppName"] = json!("other");
    let script = Script::new(VENDOR).answers(
        "DescribeLivePullStreamTasks",
        json!({"PageNum": 1, "PageSize": 20}),
        page(json!([task(), paused, elsewhere])),
    );
    let wanted =
        RelayArgs { target: Selector { app: Some("live".into()), ..Selector::default() }, ..RelayArgs::default() };
    assert_eq!(
        script.rows(list(&script, &wanted)),
        json!([
            {"vendor": "tencent", "profile": null, "id": "10054", "domain": "yourdomain.com", "app": "live",
             "stream": "teststream", "sources": ["http://yourdomain/live/test.flv"],
             "start_time": "2023-05-08T00:30:00Z", "end_time": "2023-05-10T00:30:00Z", "status": "active"},
            {"vendor": "tencent", "profile": null, "id": "7", "domain": "yourdomain.com", "app": "live",
             "stream": "teststream", "sources": ["http://yourdomain/live/test.flv", "rtmp://backup/live/s"],
             "start_time": "2023-05-08T00:30:00Z", "end_time": "2023-05-10T00:30:00Z", "status": "paused"},
        ])
    );
}

#[test]
fn adding_sends_one_source_and_a_backup() {
    let script = Script::new(VENDOR).answers(
        "CreateLivePullStreamTask",
        json!({
            "SourceType": "PullLivePushLive", "SourceUrls": ["rtmp://a.example.com/live/s1"],
            "DomainName": "push.example.com", "AppName": "live", "StreamName": "s1",
            "StartTime": "2023-05-09T01:00:00Z", "EndTime": "2023-05-16T00:00:00Z", "Operator": "livectl",
            "BackupSourceType": "PullLivePushLive", "BackupSourceUrl": "rtmp://b.example.com/live/s1",
        }),
        json!({"TaskId": "10000"}),
    );
    let mut asked = new_relay();
    asked.sources.push("rtmp://b.example.com/live/s1".into());
    let changed = script.changed(add(&script, &asked));
    assert_eq!((changed.id.as_deref(), changed.name.as_deref()), (Some("10000"), Some("s1")));
    assert_eq!(changed.changes.len(), 6);
    assert!(script.notes.borrow().is_empty());
}

#[test]
fn a_start_now_moves_into_the_future_and_says_so() {
    let script = Script::new(VENDOR).answers(
        "CreateLivePullStreamTask",
        json!({
            "SourceType": "PullLivePushLive", "SourceUrls": ["rtmp://a.example.com/live/s1"],
            "DomainName": "push.example.com", "AppName": "live", "StreamName": "s1",
            "StartTime": "2023-05-09T00:00:30Z", "EndTime": "2023-05-16T00:00:00Z", "Operator": "me",
        }),
        json!({"TaskId": "10000"}),
    );
    let mut asked = RelayArgs { operator: Some("me".into()), ..new_relay() };
    asked.window.start = Some(script.now());
    script.changed(add(&script, &asked));
    assert_eq!(script.notes.borrow().len(), 1);
}

#[test]
fn all_that_a_new_relay_lacks_is_told_at_once() {
    let script = Script::new(VENDOR);
    let error = script.run(add(&script, &RelayArgs::default())).unwrap_err();
    let options: Vec<&str> = error.details().faults.iter().map(|fault| fault.option.as_str()).collect();
    assert_eq!(options, ["--domain", "--app", "--stream", "--source", "--start", "--end"]);
    assert!(error.details().hints[0].contains("push domain"));

    let mut asked = new_relay();
    asked.sources = vec!["a".into(), "b".into(), "c".into()];
    asked.window = Window { permanent: true, ..Window::default() };
    let error = script.run(add(&script, &asked)).unwrap_err();
    let options: Vec<&str> = error.details().faults.iter().map(|fault| fault.option.as_str()).collect();
    assert_eq!(options, ["--source", "--permanent"]);
    assert!(error.details().faults.iter().any(|fault| fault.allowed.contains("only Volcengine")));
}

#[test]
fn a_task_is_found_by_id_or_by_where_it_publishes() {
    let everything = json!({"PageNum": 1, "PageSize": 20});
    let mut second = task();
    second["TaskId"] = json!("10055");
    let both = || page(json!([task(), second]));

    let script = Script::new(VENDOR).answers("DescribeLivePullStreamTasks", one(), page(json!([task()])));
    assert_eq!(script.rows(show(&script, &by_id()))[0]["id"], "10054");

    let script = Script::new(VENDOR).answers("DescribeLivePullStreamTasks", one(), page(json!([])));
    assert_eq!(script.run(show(&script, &by_id())).unwrap_err().class(), Class::NotFound);

    let place = Selector { id: Some("yourdomain.com/live/teststream".into()), ..Selector::default() };
    let wanted = RelayArgs { target: place, ..RelayArgs::default() };
    let script = Script::new(VENDOR).answers("DescribeLivePullStreamTasks", everything, both());
    let error = script.run(show(&script, &wanted)).unwrap_err();
    assert_eq!(error.class(), Class::Usage);
    assert!(error.details().hints[0].contains("10054\n  10055"));

    let script = Script::new(VENDOR);
    assert_eq!(script.run(show(&script, &RelayArgs::default())).unwrap_err().class(), Class::Usage);
}

#[test]
fn an_update_sends_what_changes_and_what_would_be_reset() {
    let mut before = task();
    before["BackupSourceType"] = json!("PullVodPushLive");
    before["BackupSourceUrl"] = json!("http://files/filler.mp4");
    let script = Script::new(VENDOR).answers("DescribeLivePullStreamTasks", one(), page(json!([before]))).answers(
        "ModifyLivePullStreamTask",
        json!({
            "TaskId": "10054", "Operator": "livectl", "EndTime": "2023-05-11T00:00:00Z",
            "BackupSourceType": "PullVodPushLive", "BackupSourceUrl": "http://files/filler.mp4",
            "CallbackEvents": ["TaskStart", "TaskExit"], "VodLocalMode": 0,
        }),
        json!({}),
    );
    let mut asked = by_id();
    asked.window.end = at("2023-05-11T00:00:00Z");
    let changed = script.changed(update(&script, &asked));
    assert_eq!(
        changed.changes,
        [crate::model::Change::new("end_time", "2023-05-10T00:30:00Z", "2023-05-11T00:00:00Z")]
    );
}

#[test]
fn new_sources_replace_both_and_a_missing_backup_is_reset() {
    let mut before = task();
    before["BackupSourceType"] = json!("PullLivePushLive");
    before["BackupSourceUrl"] = json!("rtmp://old-backup/live/s");
    before["CallbackEvents"] =
        json!(["TaskStart", "TaskExit", "VodSourceFileStart", "VodSourceFileFinish", "ResetTaskConfig", "TaskAlarm"]);
    let script = Script::new(VENDOR).answers("DescribeLivePullStreamTasks", one(), page(json!([before]))).answers(
        "ModifyLivePullStreamTask",
        json!({
            "TaskId": "10054", "Operator": "livectl", "SourceUrls": ["rtmp://new/live/s"], "BackupSourceType": "",
            "VodLocalMode": 0,
        }),
        json!({}),
    );
    let asked = RelayArgs { sources: vec!["rtmp://new/live/s".into()], ..by_id() };
    let changed = script.changed(update(&script, &asked));
    assert_eq!(changed.changes.len(), 1);
    assert_eq!(changed.changes[0].to, json!(["rtmp://new/live/s"]));
}

#[test]
fn an_update_that_changes_nothing_sends_nothing() {
    let script = Script::new(VENDOR).answers("DescribeLivePullStreamTasks", one(), page(json!([task()])));
    let mut asked = RelayArgs { sources: vec!["http://yourdomain/live/test.flv".into()], ..by_id() };
    asked.window.start = at("2023-05-08T00:30:00Z");
    assert!(!script.changed(update(&script, &asked)).changed);
}

#[test]
fn a_second_task_is_added_beside_an_ended_one_only() {
    let everything = json!({"PageNum": 1, "PageSize": 20});
    let target = Selector { id: Some("yourdomain.com/live/teststream".into()), ..Selector::default() };
    let asked = RelayArgs { target, if_not_exists: true, ..new_relay() };
    let script = Script::new(VENDOR).answers("DescribeLivePullStreamTasks", everything.clone(), page(json!([task()])));
    let changed = script.changed(add(&script, &asked));
    assert_eq!((changed.changed, changed.id.as_deref()), (false, Some("10054")));

    let mut ended = task();
    ended["EndTime"] = json!("2023-05-08T23:00:00Z");
    let script = Script::new(VENDOR).answers("DescribeLivePullStreamTasks", everything, page(json!([ended]))).answers(
        "CreateLivePullStreamTask",
        json!({
            "SourceType": "PullLivePushLive", "SourceUrls": ["rtmp://a.example.com/live/s1"],
            "DomainName": "yourdomain.com", "AppName": "live", "StreamName": "teststream",
            "StartTime": "2023-05-09T01:00:00Z", "EndTime": "2023-05-16T00:00:00Z", "Operator": "livectl",
        }),
        json!({"TaskId": "10055"}),
    );
    assert_eq!(script.changed(add(&script, &asked)).id.as_deref(), Some("10055"));
}

#[test]
fn a_task_of_files_keeps_its_sources() {
    let mut files = task();
    files["SourceType"] = json!("PullVodPushLive");
    let script = Script::new(VENDOR).answers("DescribeLivePullStreamTasks", one(), page(json!([files])));
    let asked = RelayArgs { sources: vec!["http://files/1.mp4".into()], ..by_id() };
    assert_eq!(script.run(update(&script, &asked)).unwrap_err().class(), Class::Usage);
}

#[test]
fn deleting_asks_and_restarting_does_not() {
    let operated = json!({"TaskId": "10054", "Operator": "livectl"});
    let script = Script::new(VENDOR).answers("DescribeLivePullStreamTasks", one(), page(json!([task()]))).answers(
        "DeleteLivePullStreamTask",
        operated.clone(),
        json!({}),
    );
    let changed = script.changed(delete(&script, &by_id()));
    assert_eq!((changed.changes.len(), changed.changes[0].to.clone()), (6, Value::Null));
    assert_eq!(*script.questions.borrow(), ["delete the relay 10054 into yourdomain.com/live/teststream"]);

    let script = Script::new(VENDOR).answers("DescribeLivePullStreamTasks", one(), page(json!([task()]))).answers(
        "RestartLivePullStreamTask",
        operated,
        json!({}),
    );
    assert_eq!(script.changed(restart(&script, &by_id())).action.as_deref(), Some("RestartLivePullStreamTask"));
    assert!(script.questions.borrow().is_empty());
}
