//! `stats … --plot-file`: the chart as a picture.

use std::fs::{self, File};
use std::path::Path;

use roxmltree::{Document, Node};

use crate::assert_run;
use crate::harness::{PROGRAM, World};

// Far back, so that the same is asked each time; nearer than a vendor keeps its data it is only for the real one.
const DAY: &str = "--since 2026-01-01T00:00:00Z --until 2026-01-02T00:00:00Z --no-validate";

fn texts(document: &Document) -> Vec<String> {
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.map(|node| node.text().unwrap().trim().to_owned()).collect()
}

/// The numbers of the ways of all series, each of which must lie inside the picture.
fn numbers_of_series(document: &Document) -> Vec<usize> {
    let root = document.root_element();
    assert_eq!((root.tag_name().name(), root.tag_name().namespace()), ("svg", Some("http://www.w3.org/2000/svg")));
    let frame: Vec<f64> = root.attribute("viewBox").unwrap().split(' ').map(|part| part.parse().unwrap()).collect();
    let count = |node: Node| {
        let way = node.attribute("d").unwrap().replace('M', " M").replace('H', " H").replace('V', " V");
        let numbers = way.split_whitespace().map(|part| {
            let number: f64 = part.trim_start_matches(['M', 'H', 'V']).parse().unwrap();
            // Behind M stands a place from the left, and then alone one from above.
            let (low, high) = if part.starts_with(['M', 'H']) { (frame[0], frame[2]) } else { (frame[1], frame[3]) };
            assert!((low..=high).contains(&number), "{part}: {frame:?}");
        });
        numbers.count()
    };
    let lines = document.descendants().filter(|node| node.attribute("class") == Some("series"));
    lines.map(count).collect()
}

#[test]
fn one_series_is_a_picture_with_its_figures() {
    let world = World::sandbox("tencent");
    let line = format!("stats bandwidth --domain play.example.com {DAY}");
    let run = world.run(&format!("{line} --plot-file a.svg")).ok();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", "note: wrote `a.svg`\n"));
    let svg = fs::read_to_string(world.home().join("a.svg")).unwrap();
    let document = Document::parse(&svg).unwrap();
    let numbers = numbers_of_series(&document);
    // Of 288 points each tells at least when it begins.
    assert!(numbers.len() == 1 && numbers[0] > 288, "{numbers:?}");
    let chart = world.run(&format!("{line} --plot")).ok().stdout;
    let texts = texts(&document);
    let [title, figures] = chart.lines().next().unwrap().split(": ").collect::<Vec<_>>()[..] else { panic!("{chart}") };
    assert_eq!(texts[0], title);
    assert_eq!(texts[1], "2026-01-01 00:00 to 2026-01-02 00:00 UTC, points of 5 minutes");
    let [peak, percentile] = &texts[texts.len() - 2..] else { panic!("{texts:?}") };
    assert_eq!(figures, format!("peak {peak}, p95 {percentile}"));
    for time in ["2026-01-01", "2026-01-02", "00:00", "03:00", "21:00"] {
        assert!(texts.iter().any(|text| text == time), "{time}: {texts:?}");
    }
    // What was in the file is replaced, by the same bytes.
    let again = world.run(&format!("{line} --plot-file a.svg --quiet")).ok();
    assert_eq!(again.stderr, "");
    assert_eq!(fs::read_to_string(world.home().join("a.svg")).unwrap(), svg);
    assert_eq!(world.run(&format!("{line} --plot-file -")).ok().stdout, svg);
}

#[test]
fn several_series_are_one_picture_and_their_sum_another() {
    let world = World::empty().set("LIVECTL_SANDBOX", "1").set("LIVECTL_OUTPUT", "json");
    world.profiles(
        "[profiles.a]\nvendor = \"tencent\"\n[profiles.\"直播\"]\nvendor = \"aliyun\"\n[profiles.c]\nvendor = \"volcengine\"\n",
    );
    let line = format!("stats traffic --domain play.example.com,直播.例子.中国 {DAY} --profile a,直播,c");
    let both = world.run(&format!("{line} --plot --plot-file A.SVG")).ok();
    assert_eq!(both.stdout.matches("traffic of ").count(), 6, "{both}");
    let svg = fs::read_to_string(world.home().join("A.SVG")).unwrap();
    let document = Document::parse(&svg).unwrap();
    assert_eq!(numbers_of_series(&document).len(), 6);
    let texts = texts(&document);
    assert_eq!(texts[0], "traffic");
    for domain in ["play.example.com", "直播.例子.中国"] {
        for account in ["tencent a", "aliyun 直播", "volcengine c"] {
            assert!(texts.contains(&format!("{domain} {account}")), "{texts:?}");
        }
    }
    let sum = world.run(&format!("{line} --sum --plot-file -")).ok().stdout;
    let document = Document::parse(&sum).unwrap();
    assert_eq!(numbers_of_series(&document).len(), 1);
    assert!(self::texts(&document).contains(&"traffic of all together".to_owned()), "{sum}");
}

#[test]
fn a_hostile_name_is_only_a_name() {
    let world = World::sandbox("aliyun");
    let name = "</text><script>x</script>&\u{1b}]0;\u{202e}";
    let words: Vec<&str> = "stats traffic --plot-file a.svg".split(' ').chain(DAY.split(' ')).collect();
    assert_eq!(world.run_words(&[&words[..], &["--domain", name]].concat()).code, 0);
    let svg = fs::read_to_string(world.home().join("a.svg")).unwrap();
    let document = Document::parse(&svg).unwrap();
    let shown = "</text><script>x</script>&\\u{1b}]0;\\u{202e} aliyun";
    assert!(texts(&document).contains(&shown.to_owned()), "{svg}");
    assert!(!document.descendants().any(|node| node.has_tag_name("script")), "{svg}");
}

#[test]
fn what_one_vendor_has_not_told_is_missing_and_said_to_be() {
    let world = World::empty().set("LIVECTL_SANDBOX", "1");
    world.profiles("[profiles.a]\nvendor = \"tencent\"\n[profiles.b]\nvendor = \"aliyun\"\n");
    let line = format!("stats bandwidth {DAY} --profile a,b --retries 0 --plot-file a.svg");
    let fault = "--fault aliyun:DescribeLiveDomainBpsData:error*forever";
    world.run(&format!("{line} {fault}")).fails_partly();
    let svg = fs::read_to_string(world.home().join("a.svg")).unwrap();
    let document = Document::parse(&svg).unwrap();
    assert_eq!(numbers_of_series(&document).len(), 1);
    assert!(texts(&document).iter().any(|text| text.starts_with("incomplete")), "{svg}");
    // Where nobody told anything, the picture of before stays.
    let all = "--fault tencent:DescribeBillBandwidthAndFluxList:error*forever";
    let none = world.run(&format!("{line} {fault} {all}")).fails_partly();
    assert!(!none.stderr.contains("wrote"), "{none}");
    assert_eq!(fs::read_to_string(world.home().join("a.svg")).unwrap(), svg);
}

#[test]
fn what_cannot_be_drawn_is_refused_before_anything_is_asked() {
    let world = World::sandbox("tencent");
    world.write("d.svg/x", "");
    // Whoever is asked answers nothing: a refusal comes before.
    let fault = "--fault tencent:*:error*forever --retries 0";
    for (more, told) in [
        ("--plot-file a.png", "a file that ends in .svg, or - for stdout"),
        ("--plot-file svg", "a file that ends in .svg, or - for stdout"),
        ("--plot-file missing/a.svg", "write the chart to `missing/a.svg`: No such file or directory"),
        ("--plot-file d.svg", "write the chart to `d.svg`: it is no regular file"),
        ("--plot-file d.svg/x/a.svg", "write the chart to `d.svg/x/a.svg`: Not a directory"),
        ("--plot-file a.svg -o json", "leave out `--output`, or `--plot-file`"),
        ("--plot-file a.svg --plot -o csv", "leave out `--output`, or `--plot` and `--plot-file`"),
        ("--plot-file a.svg --columns time --limit 1", "leave out --columns, --limit"),
        ("--plot-file a.svg --raw", "leave out --raw"),
        ("--plot-file a.svg --jq .", "leave out --jq"),
        ("--plot-file - --plot", "leave out `--plot`, or name a file"),
        ("--plot-file a.svg --summary", "cannot be used with"),
    ] {
        let run = world.run(&format!("stats traffic {DAY} {fault} {more}")).fails(2);
        assert!(run.stderr.contains(told), "{more}: {run}");
    }
    assert!(!world.home().join("a.svg").exists());
    assert_run!(world.run(&format!("stats traffic {DAY} --plot-file chart.png --interval 7m")).fails(2));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let world = World::sandbox("tencent");
    let mut command = world.command(PROGRAM);
    command.args("stats traffic --plot-file -".split(' ')).args(DAY.split(' '));
    let output = command.stdout(File::options().write(true).open(Path::new("/dev/full")).unwrap()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("No space left on device"), "{told}");
}
