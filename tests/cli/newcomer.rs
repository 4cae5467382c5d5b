//! Twelve tasks as somebody does them who knows live streaming, but not this program: each word of a command line
//! stands in the help that was read before it, and the line works.

use std::fmt::Write;

use crate::assert_run;
use crate::harness::World;

/// Most lines of the help of a noun, at 100 columns.
const MOST_LINES: usize = 40;

/// A task on one vendor: what was there before, and the lines that do it.
type Way<'a> = (&'a str, &'a [&'a str], &'a [&'a str]);

/// Domains of all kinds, a stream that is live.
const LIVE: &[&str] = &[
    "domain add push.example.com --type push",
    "domain add play.example.com --type play",
    "sandbox publish push.example.com/live/room1",
];
/// The same on Aliyun, which joins the two domains.
const LIVE_MAPPED: &[&str] = &[
    "domain add push.example.com --type push",
    "domain add play.example.com --type play",
    "domain map push.example.com play.example.com",
    "sandbox publish push.example.com/live/room1",
];
/// A stream that is over.
const OVER: &[&str] = &[
    "domain add push.example.com --type push",
    "sandbox publish push.example.com/live/room1",
    "sandbox unpublish push.example.com/live/room1",
];

/// The words of a line; what stands in single quotes is one.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in line.split('\'').enumerate() {
        match at % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

/// The entry of a help in which a word stands first, with the lines that it goes on in.
fn entry_of<'a>(help: &'a str, word: &str) -> Option<Vec<&'a str>> {
    let begins = |line: &str| {
        let first = line.split_whitespace().find(|part| !(part.len() == 3 && part.ends_with(',')));
        line.starts_with("  ") && first == Some(word)
    };
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = help.lines().skip_while(|line| !begins(line));
    let first = lines.next()?;
    let goes_on = |line: &&str| indent(line) > 8 && !line.trim_start().starts_with("--");
    Some([first].into_iter().chain(lines.take_while(goes_on)).collect())
}

/// A reader's way through the help to what a line does, written down once for each page.
struct Reader {
    transcript: String,
    pages: Vec<String>,
}

impl Reader {
    fn note(&mut self, page: &str, lines: &[&str]) {
        let heading = format!("$ livectl {page}");
        if !self.pages.contains(&heading) || !lines.iter().all(|line| self.transcript.contains(line)) {
            writeln!(self.transcript, "{heading}").unwrap();
            lines.iter().for_each(|line| writeln!(self.transcript, "{line}").unwrap());
            self.transcript.push('\n');
            self.pages.push(heading);
        }
    }

    /// Reads on from `livectl --help` to the command of a line. Every word must stand in the page before it.
    fn learn(&mut self, world: &World, line: &[String]) {
        let global = world.run("--help").ok().stdout;
        let mut path: Vec<&str> = Vec::new();
        let mut page = global.clone();
        while let Some(word) = line.get(path.len()).filter(|word| !word.starts_with('-')) {
            // What stands below a noun is listed; what a command takes in its place is in its usage.
            if page.lines().any(|line| line.starts_with("Usage:") && !line.contains("<COMMAND>")) {
                break;
            }
            let told = entry_of(&page, word).unwrap_or_else(|| panic!("{word} of {line:?} is not in\n{page}"));
            self.note(format!("{} --help", path.join(" ")).trim(), &told);
            path.push(word);
            page = world.run(&format!("{} --help", path.join(" "))).ok().stdout;
            let commands = page.contains("<COMMAND>");
            assert!(!commands || page.lines().count() <= MOST_LINES, "{path:?}: {} lines", page.lines().count());
        }
        let short = format!("{} -h", path.join(" "));
        let page = world.run(&short).ok().stdout;
        let mut told = Vec::new();
        for option in line.iter().filter(|word| word.starts_with("--")) {
            let own = entry_of(&page, option);
            assert!(own.is_some() || entry_of(&global, option).is_some(), "{option} of {line:?} is not in\n{page}");
            told.extend(own.unwrap_or_default());
        }
        let places = line[path.len()..].iter().take_while(|word| !word.starts_with('-')).count();
        let usage = page.lines().find(|line| line.starts_with("Usage:")).unwrap();
        let taken = usage.split_whitespace().skip(path.len() + 2).filter(|word| *word != "[OPTIONS]").count();
        assert!(places <= taken, "{line:?} is not as {usage}");
        told.insert(0, usage);
        let (_, examples) = page.split_once("\nExample").unwrap_or_else(|| panic!("no example in\n{page}"));
        let examples = examples.split("\n\n").next().unwrap();
        let examples: Vec<&str> = examples.lines().skip(1).collect();
        told.push("");
        told.extend(&examples);
        self.note(&short, &told);
    }
}

/// Does a task on each vendor, and tells how.
fn transcript(ways: &[Way<'_>]) -> String {
    let mut reader = Reader { transcript: String::new(), pages: Vec::new() };
    for (vendor, before, lines) in ways {
        let world = World::sandbox(vendor).set("COLUMNS", "100");
        world.write("play.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        world.write("play.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        let pair = "{\"Pubkey\": \"-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\\n\", \
                    \"Prikey\": \"-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----\\n\"}";
        world.write("cert.json", pair);
        for line in *before {
            world.run(line).ok();
        }
        let mut id = String::new();
        for line in *lines {
            let asked = words(line);
            reader.learn(&world, &asked);
            let asked: Vec<String> =
                asked.into_iter().map(|word| if word == "ID" { id.clone() } else { word }).collect();
            let run = world.run_words(&asked.iter().map(String::as_str).collect::<Vec<_>>()).ok();
            if let Some(made) = run.stdout.lines().find_map(|line| line.strip_prefix("id ")) {
                made.trim().clone_into(&mut id);
            }
            writeln!(reader.transcript, "{}", run.to_string().replacen("$ livectl", &format!("{vendor} $ livectl"), 1))
                .unwrap();
        }
    }
    reader.transcript
}

#[test]
fn who_is_live_now() {
    let line: &[&str] = &["stream list"];
    assert_run!(transcript(&[("tencent", LIVE, line), ("aliyun", LIVE_MAPPED, line), ("volcengine", LIVE, line)]));
}

#[test]
fn kick_a_stream_and_keep_it_away_for_a_day() {
    let lines: &[&str] =
        &["stream forbid push.example.com/live/room1 --until +1d --yes", "stream list --state forbidden"];
    assert_run!(transcript(&[("tencent", LIVE, lines), ("aliyun", LIVE_MAPPED, lines), ("volcengine", LIVE, lines)]));
}

#[test]
fn record_an_app_as_mp4_into_a_bucket() {
    let list = "record list";
    let cos = "record add push.example.com/live --format mp4 --storage cos://films/rec?region=ap-guangzhou";
    let oss =
        "record add play.example.com/live --format mp4 --storage oss://films/rec?endpoint=oss-cn-shanghai.aliyuncs.com";
    let tos = "record add push.example.com/live --format mp4 --storage tos://films/rec";
    assert_run!(transcript(&[
        ("tencent", LIVE, &[cos, list]),
        ("aliyun", LIVE, &[oss, list]),
        ("volcengine", LIVE, &[tos, list]),
    ]));
}

#[test]
fn add_a_720p_rendition() {
    let lines: &[&str] = &[
        "transcode add play.example.com/live --name hd720 --codec h264 --width 1280 --height 720 --video-kbps 1500",
        "transcode list",
    ];
    assert_run!(transcript(&[("tencent", LIVE, lines), ("aliyun", LIVE, lines), ("volcengine", LIVE, lines)]));
}

#[test]
fn get_told_when_a_push_ends() {
    let one = "callback set --domain push.example.com --app live --event stream-end --url http://hooks.example.com/end";
    let both =
        "callback set --domain play.example.com --event stream-begin,stream-end --url http://hooks.example.com/live";
    let list = "callback list";
    assert_run!(transcript(&[
        ("tencent", LIVE, &[one, list]),
        ("aliyun", LIVE, &[both, list]),
        ("volcengine", LIVE, &[one, list]),
    ]));
}

#[test]
fn pull_an_outside_source_for_two_hours() {
    let push =
        "relay add push.example.com/live/tonight --source rtmp://origin.example.com/live/s1 --start +2h --end +4h";
    let play =
        "relay add play.example.com/live/tonight --source rtmp://origin.example.com/live/s1 --start +2h --end +4h";
    let list = "relay list";
    assert_run!(transcript(&[
        ("tencent", LIVE, &[push, list]),
        ("aliyun", LIVE, &[play, list]),
        ("volcengine", LIVE, &[push, list]),
    ]));
}

#[test]
fn put_a_new_certificate_on_a_domain() {
    assert_run!(transcript(&[
        (
            "tencent",
            LIVE,
            &[
                "cert bind --domain-infos '{\"DomainName\": \"play.example.com\", \"Status\": 1}' --certificate @play.pem --private-key @play.key",
                "cert binding list"
            ],
        ),
        (
            "aliyun",
            LIVE,
            &[
                "cert bind --domain play.example.com --ssl-protocol on --cert-type upload --cert-name play2026 --certificate @play.pem --private-key @play.key",
                "cert list",
            ],
        ),
        (
            "volcengine",
            LIVE,
            &[
                "cert create --use-way https --cert-name play2026 --rsa @cert.json",
                "cert bind --domain play.example.com --cert-id ID --https"
            ],
        ),
    ]));
}

#[test]
fn forbid_embedding_on_other_sites() {
    let lines: &[&str] = &[
        "auth referer set --domain play.example.com --allow www.example.com",
        "auth referer show --domain play.example.com",
    ];
    assert_run!(transcript(&[("tencent", LIVE, lines), ("aliyun", LIVE, lines), ("volcengine", LIVE, lines)]));
}

#[test]
fn see_what_was_published_since_yesterday() {
    let line: &[&str] = &["stream published list --domain push.example.com --start -1d --end now"];
    let told = transcript(&[("tencent", OVER, line), ("aliyun", OVER, line), ("volcengine", OVER, line)]);
    // How many seconds the stream lasted is the machine's affair.
    let lasted = |told: String, seconds: u32| told.replace(&format!(" {seconds}         The"), " N         The");
    assert_run!((0..10).fold(told, lasted));
}

#[test]
fn take_a_picture_every_ten_seconds() {
    assert_run!(transcript(&[
        (
            "tencent",
            LIVE,
            &[
                "snapshot template create --template-name every10 --interval 10 --bucket shots --cos-app-id 1250000000 --cos-region ap-guangzhou",
                "snapshot rule create --domain push.example.com --app live --template-id ID"
            ],
        ),
        (
            "aliyun",
            LIVE,
            &[
                "snapshot template create --domain play.example.com --app live --interval 10 --bucket shots --oss-endpoint oss-cn-shanghai.aliyuncs.com --sequence-oss-object {AppName}/{StreamName}/{Sequence}.jpg"
            ],
        ),
        (
            "volcengine",
            LIVE,
            &[
                "snapshot template create --vhost example.com --app live --snapshot-preset-config '{\"Interval\": 10, \"JpgParam\": {\"Enable\": true, \"TOSParam\": {\"Enable\": true, \"Bucket\": \"shots\"}}}'"
            ],
        ),
    ]));
}

#[test]
fn put_a_logo_on_a_stream() {
    assert_run!(transcript(&[
        (
            "tencent",
            LIVE,
            &[
                "watermark create --name logo --picture-url https://www.example.com/logo.png --x-position 5 --y-position 5 --width 10",
                "watermark rule create --domain push.example.com --app live --stream room1 --template-id ID"
            ],
        ),
        (
            "aliyun",
            LIVE,
            &[
                "watermark create --name logo --picture-url https://www.example.com/logo.png --type 0 --offset-corner TopRight --x-offset 0.05 --y-offset 0.05 --height 40 --ref-width 1280 --ref-height 720 --transparency 255",
                "watermark rule create --domain play.example.com --app live --stream room1 --name logo --template-id ID"
            ],
        ),
        (
            "volcengine",
            LIVE,
            &[
                "watermark preset create --vhost example.com --app live --picture-url https://www.example.com/logo.png --pos-x 0.05 --pos-y 0.05 --relative-width 0.1"
            ],
        ),
    ]));
}

#[test]
fn watch_a_stream_two_hours_later() {
    assert_run!(transcript(&[
        (
            "tencent",
            LIVE,
            &[
                "timeshift template create --template-name week --duration 604800",
                "timeshift rule create --domain push.example.com --app live --stream room1 --template-id ID"
            ],
        ),
        (
            "aliyun",
            LIVE,
            &[
                "timeshift enable play.example.com --app live --vision 7",
                "timeshift url --domain play.example.com --app live --stream room1 --offset 2h"
            ],
        ),
        (
            "volcengine",
            LIVE,
            &[
                "timeshift template create --vhost example.com --app live --pull-domain play.example.com --duration 604800"
            ],
        ),
    ]));
}
