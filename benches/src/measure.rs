//! The table of `just bench`: livectl beside curl, Python, tccli and a program that does nothing.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::bulk::{self, Rates, UnderLimit};
use crate::figures::{Contestant, millions_of_instructions, milliseconds, wall_times};
use crate::limits::{Figure, Limits, shown, table};
use crate::page;
use crate::world::{Line, World, beside};

/// Rounds of wall times.
const ROUNDS: usize = 60;

/// Rates that are kept for half a minute each.
const KEPT: [usize; 2] = [20, 100];

/// Measures, and hands over the page's part and the README's.
///
/// # Errors
/// What cannot be measured.
pub fn run(write: bool) -> Result<String> {
    let (world, limits) = (World::new()?, Limits::read()?);
    let mut figures = limits.repeatable(&world)?;
    let contestants = contestants(&world)?;
    let times = wall_times(&world, &contestants, ROUNDS)?;
    let rows = Rows { contestants: &contestants, times: &times };
    let wall = limits.wall;
    let (list, api, tab) = (rows.ms("livectl domain list"), rows.ms(API), rows.ms(TAB));
    let (curl, tccli) = (rows.ms("curl"), rows.ms("tccli"));
    figures.push(Figure::at_most("`domain list`, × curl", wall.of_curl, list / curl, ""));
    figures.push(Figure::at_most("`api tencent …`, × curl", wall.of_curl, api / curl, ""));
    figures.push(Figure::at_most("`api tencent …`, × tccli", wall.of_tccli, api / tccli, ""));
    figures.push(Figure::at_most("one Tab, offline", wall.tab_milliseconds, tab, "ms"));
    let rates = bulk::as_quickly_as_it_goes(&world)?;
    let of_curl = rates.livectl / rates.curl;
    figures.push(Figure::at_least(
        "calls a second, 8 in flight, × `curl -Z`",
        limits.bulk.of_curl_at_least,
        of_curl,
        "",
    ));
    let kept = bulk::under_limits(&world, &KEPT)?;
    for under in &kept {
        let name = format!("of a limit of {}/s, over 30 s ({} refused)", under.limit, under.seen.refused);
        figures.push(Figure::at_least(name, limits.bulk.percent_of_the_limit_at_least, under.percent, "%"));
    }
    let text = format!("{}\n{}\n{}", table(&figures), rows.table(&world)?, many(rates, &kept));
    if write {
        page::write("docs/performance.md", "figures", &text)?;
        page::write("README.md", "figures", &summary(&rows, rates, &ENGLISH))?;
        page::write("README.zh-CN.md", "figures", &summary(&rows, rates, &CHINESE))?;
    }
    Ok(text)
}

const API: &str = "livectl api tencent DescribeLiveDomains";

const TAB: &str = "Tab after `livectl transcode template create --`";

/// A README's words around the figures: the head of the table, and what stands around the two rates.
struct Words {
    head: &'static str,
    rates: [&'static str; 3],
}

const ENGLISH: Words = Words {
    head: "| one call over TLS | time | × curl |",
    rates: ["With 8 in flight: ", " calls a second, `curl -Z` ", "."],
};

const CHINESE: Words = Words {
    head: "| 一次 TLS 调用 | 时间 | × curl |",
    rates: ["8 路并发：每秒 ", " 次调用，`curl -Z` 为 ", "。"],
};

/// A README's table.
fn summary(rows: &Rows<'_>, rates: Rates, words: &Words) -> String {
    let curl = rows.ms("curl");
    let mut text = format!("{}\n|---|---:|---:|\n", words.head);
    for name in ["livectl domain list", "curl", "Python requests", "tccli"] {
        let _ = writeln!(text, "| {} | {} ms | {} |", cell(name), shown(rows.ms(name)), shown(rows.ms(name) / curl));
    }
    let (ours, theirs) = (shown(rates.livectl), shown(rates.curl));
    let [before, between, behind] = words.rates;
    let _ = writeln!(text, "\n{before}{ours}{between}{theirs}{behind}");
    text
}

fn cell(name: &str) -> String {
    if name.contains('`') || name.starts_with("Python") || name.starts_with("an ") {
        return name.to_owned();
    }
    format!("`{name}`")
}

/// All that take part, in the order of the table.
fn contestants(world: &World) -> Result<Vec<Contestant>> {
    let python = |name: &str| -> Result<PathBuf> {
        let folder = std::env::var_os("BENCH_PYTHON").context("BENCH_PYTHON names the folder of Python's programs")?;
        Ok(PathBuf::from(folder).join(name))
    };
    let here = env!("CARGO_MANIFEST_DIR");
    let host = &world.server.host;
    let roots = world.trust.roots.clone();
    let url = format!("https://{host}/");
    let requests =
        Line::new("Python requests", [python("python")?.into_os_string(), format!("{here}/one_call.py").into()])
            .with("BENCH_URL", url)
            .with("REQUESTS_CA_BUNDLE", roots.clone());
    world.write(
        "sitecustomize.py",
        &format!("import certifi\ncertifi.where = lambda: {:?}\n", roots.display().to_string()),
    )?;
    let mut tccli = Line::new("tccli", [python("tccli")?]);
    let words = ["live", "DescribeLiveDomains", "--PageSize", "10", "--region", "ap-guangzhou", "--endpoint", host];
    tccli.words.extend(words.map(Into::into));
    // It knows no option for a certificate: a start-up file tells Python which to trust.
    let tccli = tccli
        .with("PYTHONPATH", world.home())
        .with("PYTHONWARNINGS", "ignore")
        .with("TENCENTCLOUD_SECRET_ID", "AKIDEXAMPLE")
        .with("TENCENTCLOUD_SECRET_KEY", "a-made-up-secret-of-a-bench");
    let often = |line| Contestant { line, every: 1 };
    Ok(vec![
        often(world.livectl("domain list")),
        often(world.livectl("api tencent DescribeLiveDomains")),
        often(bulk::curl(world, None)),
        Contestant { line: requests, every: 3 },
        Contestant { line: tccli, every: 6 },
        often(world.livectl("--version")),
        often(tab(world)),
        often(Line::new("an empty `main`", [beside("empty")?])),
    ])
}

/// What `completions/livectl.bash` asks for one Tab behind a leaf with many options.
pub fn tab(world: &World) -> Line {
    let mut line = world.livectl("-- livectl transcode template create --");
    TAB.clone_into(&mut line.name);
    line.with("COMPLETE", "bash")
        .with("_CLAP_IFS", "\u{b}")
        .with("_CLAP_COMPLETE_INDEX", "4")
        .with("_CLAP_COMPLETE_COMP_TYPE", "9")
        .with("_CLAP_COMPLETE_SPACE", "false")
}

struct Rows<'a> {
    contestants: &'a [Contestant],
    times: &'a [Duration],
}

impl Rows<'_> {
    /// The median in milliseconds of the row of that name.
    fn ms(&self, name: &str) -> f64 {
        let named = self.contestants.iter().position(|contestant| contestant.line.name == name);
        named.and_then(|index| self.times.get(index)).copied().map_or(f64::NAN, milliseconds)
    }

    fn table(&self, world: &World) -> Result<String> {
        let head = "| one run of | ms | × curl | million instructions | peak MiB |\n|---|---:|---:|---:|---:|\n";
        let mut text = head.to_owned();
        let curl = self.ms("curl");
        for Contestant { line, every } in self.contestants {
            let time = self.ms(&line.name);
            // Python under callgrind would take minutes, and tell nothing.
            let count = match every {
                1 => shown(millions_of_instructions(world, line)?),
                _ => "–".to_owned(),
            };
            let peak = shown(world.peak_mib(line)?);
            let _ = writeln!(
                text,
                "| {} | {} | {} | {count} | {peak} |",
                cell(&line.name),
                shown(time),
                shown(time / curl)
            );
        }
        Ok(text)
    }
}

fn many(rates: Rates, kept: &[UnderLimit]) -> String {
    let mut text = "| many at once | |\n|---|---:|\n".to_owned();
    let calls = bulk::CALLS;
    let _ = writeln!(text, "| `livectl api … --from-file --in-flight 8`, {calls} calls | {}/s |", shown(rates.livectl));
    let _ = writeln!(text, "| `curl --parallel --parallel-max 8`, {calls} calls | {}/s |", shown(rates.curl));
    for under in kept {
        let UnderLimit { limit, percent, seen } = under;
        let most = seen.most_in_a_second;
        let _ = writeln!(
            text,
            "| under a limit of {limit}/s, 30 s | {}% of it; {most} at most within a second; {} refused |",
            shown(*percent),
            seen.refused
        );
    }
    text
}
