use super::*;
use roxmltree::{Document, Node};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn drawn<'a>(name: &str, points: &'a [(Timestamp, u64)]) -> Drawn<'a> {
    Drawn { name: name.to_owned(), peak: None, percentile: None, points }
}

/// Twenty points wide: a point is 41.4 pixels, and a hundredth of the height 3.2.
fn picture(series: Vec<Drawn<'_>>) -> Picture<'_> {
    Picture {
        title: "bandwidth",
        unit: "bit/s",
        since: at(0),
        until: at(6000),
        width_of_point: 300,
        percentile: 95,
        incomplete: false,
        series,
    }
}

fn paths(svg: &str, class: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let is_its = |node: &Node| node.attribute("class") == Some(class);
    document.descendants().filter(is_its).map(|node| node.attribute("d").unwrap().to_owned()).collect()
}

fn texts(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.map(|node| node.text().unwrap_or_default().trim().to_owned()).collect()
}

#[test]
fn a_point_holds_for_its_width_and_a_gap_is_none() {
    // By hand: 92 + 41.4 a point from the left, 390 - 3.2 a unit from above.
    for (points, outline, area) in [
        (vec![(0, 100)], "M92 70H133.4", "M92 390V70H133.4V390Z"),
        (vec![(0, 100), (300, 50)], "M92 70H133.4V230H174.8", "M92 390V70H133.4V230H174.8V390Z"),
        (vec![(0, 100), (300, 100)], "M92 70H174.8", "M92 390V70H174.8V390Z"),
        (vec![(0, 100), (600, 0)], "M92 70H133.4M174.8 390H216.2", "M92 390V70H133.4V390ZM174.8 390V390H216.2V390Z"),
        (vec![(5700, 100)], "M878.6 70H920", "M878.6 390V70H920V390Z"),
        // Of what reaches over an edge the part inside, of what is beyond nothing.
        (vec![(-150, 100)], "M92 70H112.7", "M92 390V70H112.7V390Z"),
        (vec![(5850, 100)], "M899.3 70H920", "M899.3 390V70H920V390Z"),
        (vec![(-300, 100), (6000, 100)], "", ""),
        (vec![], "", ""),
    ] {
        let points: Vec<(Timestamp, u64)> = points.into_iter().map(|(second, value)| (at(second), value)).collect();
        let svg = picture(vec![drawn("a", &points)]).svg();
        assert_eq!((paths(&svg, "series"), paths(&svg, "area")), (vec![outline.to_owned()], vec![area.to_owned()]));
    }
}

#[test]
fn a_point_that_stands_alone_is_seen() {
    let points = [(at(0), 100), (at(2_592_000 - 300), 100)];
    let month = Picture { until: at(2_592_000), ..picture(vec![drawn("a", &points)]) };
    assert_eq!(paths(&month.svg(), "series"), ["M92 70H95M919.9 70H920"]);
}

#[test]
fn each_series_has_a_line_of_its_own_look_and_a_line_in_the_legend() {
    let points = [(at(0), 42_000_000)];
    let series: Vec<Drawn<'_>> = (0..30)
        .map(|n| Drawn { peak: Some(42_000_000), percentile: (n > 0).then_some(1), ..drawn(&format!("d{n}"), &points) })
        .collect();
    let svg = picture(series).svg();
    assert_eq!((paths(&svg, "series").len(), paths(&svg, "area").len()), (30, 0));
    let document = Document::parse(&svg).unwrap();
    let lines = document.descendants().filter(|node| node.attribute("class") == Some("series"));
    let mut looks: Vec<_> = lines.map(|node| (node.attribute("stroke"), node.attribute("stroke-dasharray"))).collect();
    looks.sort_unstable();
    looks.dedup();
    assert_eq!(looks.len(), 30);
    let texts = texts(&svg);
    let legend = texts.iter().position(|text| text == "peak").unwrap();
    assert_eq!(texts[legend..legend + 8], ["peak", "p95", "d0", "42.0 Mbit/s", "–", "d1", "42.0 Mbit/s", "1 bit/s"]);
    assert_eq!(texts.len(), legend + 2 + 3 * 30);
}

#[test]
fn names_cannot_leave_their_place() {
    let points = [(at(0), 1)];
    for (name, shown) in [
        ("</text><script>alert(1)</script>", "</text><script>alert(1)</script>"),
        ("a&b;\"c\" 'd' ]]>", "a&b;\"c\" 'd' ]]>"),
        ("&lt;b&gt; &#x1b;", "&lt;b&gt; &#x1b;"),
        ("\u{1b}[2J\0\r\n\u{9b}", "\\u{1b}[2J\\u{0}\\r\\n\\u{9b}"),
        ("moc.\u{202e}evil", "moc.\\u{202e}evil"),
        ("\u{fffe}\u{ffff}", "\u{fffd}\u{fffd}"),
        ("直播.例子.中国", "直播.例子.中国"),
    ] {
        let svg = Picture { title: name, ..picture(vec![drawn(name, &points)]) }.svg();
        let document = Document::parse(&svg).unwrap_or_else(|error| panic!("{name:?}: {error}"));
        assert_eq!(texts(&svg).iter().filter(|text| *text == shown).count(), 2, "{name:?}: {svg}");
        let titles = document.descendants().filter(|node| node.has_tag_name("title"));
        assert_eq!(titles.filter(|node| node.text().unwrap().trim() == shown).count(), 3, "{name:?}: {svg}");
        assert!(!document.descendants().any(|node| node.has_tag_name("script")), "{svg}");
        assert!(!svg.contains(|letter: char| letter.is_control() && letter != '\n'), "{svg:?}");
    }
}

#[test]
fn a_long_name_loses_its_middle_and_is_told_whole_in_its_title() {
    let name = format!("{}.example.com tencent prod", "直".repeat(100));
    let svg = picture(vec![drawn(&name, &[(at(0), 1)])]).svg();
    // 88 columns: 27 letters of two and the mark of what is left out, then 32 from the end, where three letters of two
    // stand before the 25 narrow ones; a fourth would be one column too many.
    let shown = format!("{}…{}.example.com tencent prod", "直".repeat(27), "直".repeat(3));
    assert!(texts(&svg).contains(&shown), "{svg}");
    assert!(svg.contains(&name), "{svg}");
    let fits = "a".repeat(88);
    assert!(texts(&picture(vec![drawn(&fits, &[(at(0), 1)])]).svg()).contains(&fits));
}

#[test]
fn what_is_missing_is_told() {
    let nothing = picture(vec![]).svg();
    assert!(texts(&nothing).contains(&"no points".to_owned()) && paths(&nothing, "series").is_empty(), "{nothing}");
    let points = [(at(0), 0)];
    let whole = picture(vec![drawn("a", &points)]);
    let part = Picture { incomplete: true, ..whole.clone() };
    let told = |picture: &Picture<'_>| texts(&picture.svg()).iter().any(|text| text.starts_with("incomplete"));
    assert!(told(&part) && !told(&whole));
}

#[test]
fn the_largest_values_stay_inside() {
    let points = [(at(0), u64::MAX), (at(300), 0), (at(600), 1)];
    assert_eq!(paths(&picture(vec![drawn("a", &points)]).svg(), "series"), ["M92 70H133.4V390H216.2"]);
}
