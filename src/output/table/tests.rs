//! Tables as they are seen.

use std::env::current_exe;
use std::process::Command;

use super::*;
use proptest::collection::vec;
use proptest::{prop_assert, prop_assert_eq, proptest};
use serde_json::{Value, json};

const BARE: Look = Look { header: true, color: false, width: None, short_heads: false };

fn rows(list: Value) -> Vec<Row> {
    list.as_array().unwrap().iter().map(|row| row.as_object().unwrap().clone()).collect()
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_plain_list() {
    let list = rows(json!([
        {"name": "a.example.com", "status": "enabled", "ok": true, "sources": ["x", "y"], "about": {"k": 1}},
        {"name": "b", "status": null, "ok": false, "sources": [], "about": null},
        {"name": "c", "status": "disabled"},
    ]));
    let wanted = "NAME           STATUS    OK     SOURCES  ABOUT\n\
                  a.example.com  enabled   true   x, y     {\"k\":1}\n\
                  b                        false\n\
                  c              disabled\n";
    assert_eq!(grid(&list, &names(&["name", "status", "ok", "sources", "about"]), BARE), wanted);
    let without = Look { header: false, ..BARE };
    assert_eq!(grid(&list[1..], &names(&["name", "ok"]), without), "b  false\nc\n");
}

/// Every second column must begin at the same display column on every line, whatever stands in the first.
#[test]
fn columns_align_in_every_script() {
    let first = [
        "ascii",
        "直播加速域名",
        "라이브 방송",
        "ライブ",
        "ﾊﾝｶｸ",
        "👨\u{200d}👩\u{200d}👧\u{200d}👦",
        "🇨🇳🇰🇷",
        "❤\u{fe0f}",
        "1\u{fe0f}\u{20e3}",
        "e\u{301}tude\u{301}",
        "مرحبا",
        "नमस्ते",
        "ไทย",
        "，。！",
        "a\u{1b}[31mred",
        "two\nlines",
        "\u{202e}evil",
        "👍🏽",
        "",
    ];
    let list: Vec<Row> =
        first.iter().map(|name| rows(json!([{"name": name, "status": "enabled"}])).remove(0)).collect();
    for look in [BARE, Look { color: true, ..BARE }, Look { width: Some(20), ..BARE }] {
        let table = grid(&list, &names(&["name", "status"]), look)
            .replace("\u{1b}[38;5;2m", "")
            .replace("\u{1b}[39m", "")
            .replace("\u{1b}[1m", "")
            .replace("\u{1b}[0m", "");
        let offsets: Vec<usize> = table
            .lines()
            .map(|line| UnicodeWidthStr::width(line.split("enabled").next().unwrap().split("STATUS").next().unwrap()))
            .collect();
        assert_eq!(offsets.len(), first.len() + 1);
        assert!(offsets.iter().all(|offset| *offset == offsets[0]), "{offsets:?}\n{table}");
        assert!(!table.contains('\u{1b}') && !table.contains('\u{202e}'));
    }
}

#[test]
fn a_terminal_gets_shortened_cells_and_a_pipe_whole_ones() {
    let list = rows(json!([{"id": "1", "name": "直播".repeat(20), "cname": "c".repeat(60)}]));
    let columns = names(&["id", "name", "cname"]);
    let fitted = grid(&list, &columns, Look { width: Some(40), ..BARE });
    assert!(fitted.lines().all(|line| UnicodeWidthStr::width(line) <= 40), "{fitted}");
    assert_eq!(fitted.matches('…').count(), 2);
    assert!(grid(&list, &columns, BARE).contains(&"c".repeat(60)));
    assert_eq!(grid(&list, &columns, Look { width: Some(3), ..BARE }).lines().count(), 2);
}

#[test]
fn the_head_of_a_path_is_its_last_part_where_that_is_enough() {
    let list = rows(json!([{"hls": {"enable": 1, "size": 2}, "flv": {"enable": 0}}]));
    let columns = names(&["hls.enable", "flv.enable", "hls.size"]);
    let short = grid(&list, &columns, Look { short_heads: true, ..BARE });
    assert_eq!(short, "HLS.ENABLE  FLV.ENABLE  SIZE\n1           0           2\n");
    assert!(grid(&list, &columns, BARE).starts_with("HLS.ENABLE  FLV.ENABLE  HLS.SIZE\n"));
}

#[test]
fn one_thing_is_shown_field_by_field() {
    let one = rows(json!([{"name": "直播\n", "created_at": null, "status": "failed"}])).remove(0);
    let columns = names(&["name", "created_at", "status"]);
    assert_eq!(fields(&one, &columns, BARE), "name        直播\\n\ncreated_at\nstatus      failed\n");
    assert_eq!(fields(&one, &columns[..1], Look { header: false, width: Some(2), ..BARE }), "直播\\n\n");
    let colored = fields(&one, &columns[2..], Look { color: true, ..BARE });
    assert_eq!(colored, "\u{1b}[1mstatus\u{1b}[0m  \u{1b}[38;5;1mfailed\u{1b}[39m\n");
}

/// What `NO_COLOR` means was decided before; the library that writes the colours must not decide again.
#[test]
fn the_environment_has_no_say_in_the_colours() {
    let test = "output::table::tests::one_thing_is_shown_field_by_field";
    let run = Command::new(current_exe().unwrap()).args([test, "--exact"]).env("NO_COLOR", "1").output().unwrap();
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && told.contains("1 passed"), "{told}");
}

#[test]
fn only_status_columns_are_coloured() {
    let list = rows(json!([{"name": "failed", "status": "odd"}]));
    let table = grid(&list, &names(&["name", "status"]), Look { color: true, header: false, ..BARE });
    assert_eq!(table, "failed  odd\n");
}

#[test]
fn shortening_respects_what_is_seen_as_one() {
    let table = [
        ("a.example.com", 13, "a.example.com"),
        ("a.example.com", 12, "a.example.c…"),
        ("two words of text", 12, "two words o…"),
        ("直播加速域名", 12, "直播加速域名"),
        ("直播加速域名", 11, "直播加速域…"),
        ("直播加速域名", 10, "直播加速…"),
        ("직접 방송 시작", 10, "직접 방송…"),
        ("family 👨\u{200d}👩\u{200d}👧 photo", 10, "family 👨\u{200d}👩\u{200d}👧…"),
        ("family 👨\u{200d}👩\u{200d}👧 photo", 9, "family …"),
        ("🇨🇳🇰🇷🇫🇷🇨🇳🇰🇷🇫🇷", 9, "🇨🇳🇰🇷🇫🇷🇨🇳…"),
        ("🇨🇳🇰🇷🇫🇷🇨🇳🇰🇷🇫🇷", 8, "🇨🇳🇰🇷🇫🇷…"),
        ("1234567👍🏽👍🏽", 10, "1234567👍🏽…"),
        ("1234567e\u{301}e\u{301}e\u{301}", 9, "1234567e\u{301}…"),
    ];
    for (text, columns, wanted) in table {
        let list = rows(json!([{"name": text}]));
        let look = Look { header: false, width: Some(columns), ..BARE };
        assert_eq!(grid(&list, &names(&["name"]), look), format!("{wanted}\n"), "{text} in {columns}");
    }
}

#[test]
fn the_widest_columns_give_way_and_heads_stay() {
    let list = rows(
        json!([{"id": "1", "first": "a".repeat(40), "a_rather_long_head": "b".repeat(40), "third": "c".repeat(12)}]),
    );
    let columns = names(&["id", "first", "a_rather_long_head", "third"]);
    let at = |width| grid(&list, &columns, Look { width: Some(width), ..BARE });
    let a_and_b = |a: usize, b: usize, third: &str| {
        format!(
            "ID  {:a$}  {:b$}  THIRD\n1   {}…  {}…  {third}\n",
            "FIRST",
            "A_RATHER_LONG_HEAD",
            "a".repeat(a - 1),
            "b".repeat(b - 1)
        )
    };
    assert_eq!(at(80), a_and_b(30, 30, "cccccccccccc"));
    assert_eq!(at(79), a_and_b(30, 29, "cccccccccccc"));
    assert_eq!(at(50), a_and_b(12, 18, "cccccccccccc"));
    // Less than the heads need: they give way too. Too long it is all the same, but no column is lost.
    assert_eq!(at(20), "ID  FIRST     A_RATHE…  THIRD\n1   aaaaaaa…  bbbbbbb…  ccccccc…\n");
}

#[test]
fn the_first_column_is_shortened_last() {
    let list = rows(json!([{"id": "push.example.com/live/s1", "domain": "push.example.com", "app": "live"}]));
    let look = Look { width: Some(40), ..BARE };
    let wanted = "ID                        DOMAIN    APP\npush.example.com/live/s1  push.ex…  live\n";
    assert_eq!(grid(&list, &names(&["id", "domain", "app"]), look), wanted);
}

#[test]
fn a_value_longer_than_the_layout_can_count_is_shortened_visibly() {
    let columns = names(&["name", "policy"]);
    for (given, kept) in [(30_000, 30_000), (30_001, 30_000), (10 << 20, 30_000)] {
        let list = rows(json!([{"name": "a", "policy": "v".repeat(given)}]));
        for text in [grid(&list, &columns, BARE), fields(&list[0], &columns, BARE)] {
            assert_eq!(text.matches('v').count(), kept);
            assert_eq!(text.contains('…'), given > kept);
        }
        let narrow = grid(&list, &columns, Look { width: Some(80), ..BARE });
        assert_eq!(narrow.lines().map(UnicodeWidthStr::width).max(), Some(80));
    }
}

proptest! {
    /// The terminal of 80 columns has room for the least width of each of these columns.
    #[test]
    fn no_line_is_wider_than_the_terminal(cells in vec(vec(r"[a-c ]{0,30}|\PC{0,40}|[直播👍🏽❤\u{200d}\u{fe0f}\u{301}🇨🇳ลำلاनम]{0,40}", 5), 1..4)) {
        let columns = names(&["a", "b", "status", "created_at", "cname"]);
        let list: Vec<Row> = cells
            .iter()
            .map(|row| columns.iter().zip(row).map(|(name, text)| (name.clone(), Value::from(text.as_str()))).collect())
            .collect();
        let table = grid(&list, &columns, Look { width: Some(80), ..BARE });
        prop_assert_eq!(table.lines().count(), list.len() + 1);
        for line in table.lines() {
            prop_assert!(UnicodeWidthStr::width(line) <= 80 && !line.ends_with(' '), "{}", table);
        }
    }
}

#[test]
fn the_first_column_stays_whole_where_the_others_can_give_way_and_figures_are_never_cut() {
    let list = rows(json!([{"name": "live-room-12.example.com", "type": "play", "status": "enabled",
        "detail": "whatever the vendor says", "cname": "c".repeat(40), "peak": 2_137_317_000, "created_at": "2026-11-27T19:16:59Z"}]));
    let columns = names(&["name", "type", "status", "detail", "cname", "peak", "created_at"]);
    let fitted = grid(&list, &columns, Look { width: Some(80), ..BARE });
    assert!(fitted.lines().all(|line| UnicodeWidthStr::width(line) <= 80), "{fitted}");
    assert!(fitted.contains("live-room-12.example.com  ") && fitted.contains("2137317000"), "{fitted}");
    let narrow = grid(&list, &columns, Look { width: Some(40), ..BARE });
    assert!(narrow.contains("2137317000"), "{narrow}");
}
