//! What a command costs as the facts grow, a list as its rows grow, many at once as their items grow.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::bulk;
use crate::figures::{median, millions_of_instructions};
use crate::limits::{Figure, Limits, MANY_ROWS, grouped, shown, table};
use crate::page;
use crate::plot::{Chart, Curve, svg};
use crate::vendor::DOMAINS_OF_ONE_CALL;
use crate::world::{Line, Used, World};

/// Commands whose cost the facts might raise.
const COMMANDS: [&str; 5] =
    [FINDING, "domain list", "domain enable --help", "transcode template create --help", "--version"];

/// Looks one Action up, checks the call and shows what would be sent: no network.
const FINDING: &str = "api tencent DescribeLiveDomains --dry-run";

const ROWS: [usize; 6] = [1, 10, 100, 1_000, 10_000, MANY_ROWS];

const ITEMS: [usize; 5] = [10, 100, 1_000, 10_000, 100_000];

const ACCOUNTS: [usize; 4] = [1, 10, 100, 1_000];

/// Runs of each size; the middle one counts.
const RUNS: usize = 3;

/// A million a second: no limit is felt.
const NO_LIMIT: usize = 1_000_000;

/// Measures, and hands over the page's part. `programs`: `SHEETS=PROGRAM` for a program with one Action, with the
/// documented ones, and with ten times as many, in this order.
///
/// # Errors
/// What cannot be measured.
pub fn run(programs: &[&str], write: bool) -> Result<String> {
    let world = World::new()?;
    let facts = of_facts(&world, programs)?;
    let lists = of_lists(&world)?;
    let runs = of_runs(&world)?;
    let charts = [facts.chart(), lists.chart_of_time(), lists.chart_of_memory(), runs.chart()];
    let text = format!("{}\n{}\n{}\n{}", facts.table()?, lists.table(), runs.table(), of_accounts(&world)?);
    if write {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/growth.svg");
        std::fs::write(&file, svg(&charts)).with_context(|| format!("write {}", file.display()))?;
        page::write("docs/performance.md", "growth", &text)?;
    }
    Ok(text)
}

/// Millions of instructions of each command, for each number of Actions.
struct OfFacts {
    actions: Vec<f64>,
    millions: Vec<(&'static str, Vec<f64>)>,
}

fn of_facts(world: &World, programs: &[&str]) -> Result<OfFacts> {
    let mut named = Vec::new();
    for program in programs {
        let Some((actions, path)) = program.split_once('=') else { bail!("`{program}` is no SHEETS=PROGRAM") };
        named.push((actions.parse::<f64>()?, std::fs::canonicalize(path).with_context(|| format!("find {path}"))?));
    }
    let mut millions = Vec::new();
    for words in COMMANDS {
        let mut counts = Vec::new();
        for (_, program) in &named {
            counts.push(millions_of_instructions(world, &line_of(program, words))?);
        }
        millions.push((words, counts));
    }
    Ok(OfFacts { actions: named.into_iter().map(|(actions, _)| actions).collect(), millions })
}

fn line_of(program: &Path, words: &str) -> Line {
    let program = std::iter::once(program.as_os_str().to_owned());
    Line::new(words, program.chain(words.split_whitespace().map(OsString::from)))
}

impl OfFacts {
    fn chart(&self) -> Chart {
        let curve = |(name, counts): &(&str, Vec<f64>)| Curve {
            name: (*name).to_owned(),
            points: self.actions.iter().copied().zip(counts.iter().copied()).collect(),
        };
        let shown = ["domain list", "--version"];
        let lines = self.millions.iter().filter(|(name, _)| shown.contains(name)).map(curve).collect();
        Chart { title: "Million instructions of a command".into(), across: "Actions in the sheets".into(), lines }
    }

    fn table(&self) -> Result<String> {
        let heads: Vec<String> = self.actions.iter().map(|actions| format!(" {} |", grouped(*actions))).collect();
        let mut text = format!("| million instructions, by Actions in the sheets |{}\n|---|", heads.concat());
        text.push_str(&"---:|".repeat(heads.len()));
        for (name, counts) in &self.millions {
            let cells: Vec<String> = counts.iter().map(|count| format!(" {count:.3} |")).collect();
            let _ = write!(text, "\n| `{name}` |{}", cells.concat());
        }
        text.push('\n');
        let finding = self.millions.iter().find(|(name, _)| *name == FINDING).map(|(_, counts)| counts.as_slice());
        let Some([alone, more @ ..]) = finding else { bail!("growth: no program was named") };
        let limit = Limits::read()?.growth.finding_an_action;
        let added = more.iter().zip(self.actions.iter().skip(1)).map(|(count, actions)| {
            let name = format!("added by finding an Action among {}", grouped(*actions));
            Figure::at_most(name, limit, count - alone, "million")
        });
        let _ = write!(text, "\n{}", table(&added.collect::<Vec<_>>()));
        Ok(text)
    }
}

/// Formats of a list that are looked at.
const FORMATS: [&str; 3] = ["ndjson", "json", "table"];

/// What lists of so many rows used, in each format.
struct OfLists(Vec<(usize, Vec<Used>)>);

fn of_lists(world: &World) -> Result<OfLists> {
    let mut all = Vec::new();
    for rows in ROWS {
        world.server.vendor.set_domains(rows);
        let used =
            FORMATS.map(|format| middle(world, &world.livectl(&format!("domain list -o {format} --rate {NO_LIMIT}"))));
        all.push((rows, used.into_iter().collect::<Result<_>>()?));
    }
    world.server.vendor.set_domains(DOMAINS_OF_ONE_CALL);
    Ok(OfLists(all))
}

/// The middle of several runs, each figure for itself.
fn middle(world: &World, line: &Line) -> Result<Used> {
    let runs: Vec<Used> = (0..RUNS).map(|_| world.used(line)).collect::<Result<_>>()?;
    let of = |figure: fn(&Used) -> u64| median(runs.iter().map(figure).collect());
    Ok(Used {
        wall_microseconds: of(|used| used.wall_microseconds),
        processor_microseconds: of(|used| used.processor_microseconds),
        peak_kib: of(|used| used.peak_kib),
    })
}

impl OfLists {
    fn chart(&self, title: &str, formats: &[usize], figure: fn(usize, Used) -> f64) -> Chart {
        let points = |format: usize| {
            let of = move |(rows, used): &(usize, Vec<Used>)| Some((count(*rows), figure(*rows, *used.get(format)?)));
            self.0.iter().filter_map(of).collect()
        };
        let line = |&format: &usize| {
            FORMATS.get(format).map(|name| Curve { name: format!("-o {name}"), points: points(format) })
        };
        let lines = formats.iter().filter_map(line).collect();
        Chart { title: title.to_owned(), across: "rows of `domain list`".to_owned(), lines }
    }

    fn chart_of_time(&self) -> Chart {
        self.chart("Processor time of a list, µs a row", &[0, 2], |rows, used| per(rows, used.processor_microseconds))
    }

    fn chart_of_memory(&self) -> Chart {
        self.chart("Peak memory of a list, MiB", &[0, 1, 2], |_, used| used.peak_mib())
    }

    fn table(&self) -> String {
        let mut text = "| rows of `domain list` |".to_owned();
        for format in FORMATS {
            let _ = write!(text, " {format}: µs a row | peak MiB |");
        }
        let _ = write!(text, "\n|---:|{}", "---:|---:|".repeat(FORMATS.len()));
        for (rows, used) in &self.0 {
            let _ = write!(text, "\n| {} |", whole(*rows));
            for used in used {
                let _ =
                    write!(text, " {} | {} |", shown(per(*rows, used.processor_microseconds)), shown(used.peak_mib()));
            }
        }
        text.push('\n');
        text
    }
}

/// What runs for so many items used: reads, and changes with a journal.
struct OfRuns(Vec<(usize, Used, Used)>);

fn of_runs(world: &World) -> Result<OfRuns> {
    let mut all = Vec::new();
    for items in ITEMS {
        let reads = bulk::reads(world, items, bulk::IN_FLIGHT, NO_LIMIT)?;
        let mut file = "name\n".to_owned();
        for index in 0..items {
            let _ = writeln!(file, "play-{index:06}.live.example.com");
        }
        let file = world.write(&format!("domains-{items}.csv"), &file)?;
        let journal = world.home().join(format!("run-{items}.journal"));
        let words = format!(
            "domain add --type push --from-file {} --journal {} --in-flight {} --rate {NO_LIMIT} -o ndjson",
            file.display(),
            journal.display(),
            bulk::IN_FLIGHT
        );
        // A second run would find everything done.
        let writes = world.used(&world.livectl(&words))?;
        all.push((items, middle(world, &reads)?, writes));
    }
    Ok(OfRuns(all))
}

impl OfRuns {
    fn chart(&self) -> Chart {
        let curve = |name: &str, figure: fn(usize, Used, Used) -> f64| Curve {
            name: name.to_owned(),
            points: self.0.iter().map(|&(items, reads, writes)| (count(items), figure(items, reads, writes))).collect(),
        };
        let lines = vec![
            curve("read: µs an item", |items, reads, _| per(items, reads.processor_microseconds)),
            curve("journal: µs an item", |items, _, writes| per(items, writes.wall_microseconds)),
            curve("read: MiB", |_, reads, _| reads.peak_mib()),
        ];
        Chart { title: "Many at once, 8 in flight".into(), across: "items of the file".into(), lines }
    }

    fn table(&self) -> String {
        let mut text =
            "| items of `--from-file` | `api`, reads: processor, µs an item | peak MiB | `domain add` with a journal: \
            µs an item | peak MiB |\n|---:|---:|---:|---:|---:|\n"
                .to_owned();
        for &(items, reads, writes) in &self.0 {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} |",
                whole(items),
                shown(per(items, reads.processor_microseconds)),
                shown(reads.peak_mib()),
                shown(per(items, writes.wall_microseconds)),
                shown(writes.peak_mib())
            );
        }
        text
    }
}

/// A count with commas between the thousands.
fn whole(number: usize) -> String {
    grouped(count(number))
}

/// What reading so many accounts side by side used, as a table.
fn of_accounts(world: &World) -> Result<String> {
    let mut text =
        "| accounts of `--all-profiles domain list`, ten domains each | processor, µs an account | peak MiB |\n\
        |---:|---:|---:|\n"
            .to_owned();
    for accounts in ACCOUNTS {
        world.set_accounts(accounts)?;
        let used = middle(world, &world.livectl("--all-profiles domain list -o ndjson"))?;
        let time = shown(per(accounts, used.processor_microseconds));
        let _ = writeln!(text, "| {} | {time} | {} |", whole(accounts), shown(used.peak_mib()));
    }
    world.set_accounts(1)?;
    Ok(text)
}

#[allow(clippy::cast_precision_loss, reason = "counts below 2^53")]
fn count(number: usize) -> f64 {
    number as f64
}

#[allow(clippy::cast_precision_loss, reason = "times below 2^53 µs")]
fn per(many: usize, microseconds: u64) -> f64 {
    microseconds as f64 / count(many)
}
