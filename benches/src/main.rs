//! `livectl-bench measure | growth | gate | order | facts`: see `benches/run`.

mod bulk;
mod facts;
mod figures;
mod growth;
mod limits;
mod measure;
mod order;
mod page;
mod plot;
mod server;
mod vendor;
mod world;

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::limits::Limits;
use crate::world::World;

const USAGE: &str = "usage: livectl-bench measure [--write]
       livectl-bench growth [--write] SHEETS=PROGRAM...
       livectl-bench gate
       livectl-bench order FILE
       livectl-bench facts alone|TIMES TREE
       livectl-bench serve";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok((text, well)) => {
            // A closed stdout leaves nobody to tell.
            let _ = writeln!(std::io::stdout().lock(), "{}", text.trim_end());
            if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr().lock(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<(String, bool)> {
    match words {
        ["measure"] => Ok((measure::run(false)?, true)),
        ["measure", "--write"] => Ok((measure::run(true)?, true)),
        ["growth", "--write", programs @ ..] => Ok((growth::run(programs, true)?, true)),
        ["growth", programs @ ..] => Ok((growth::run(programs, false)?, true)),
        ["gate"] => {
            let limits = Limits::read()?;
            let figures = limits.repeatable(&World::new()?)?;
            Ok((limits::table(&figures), figures.iter().all(|figure| limits.allows(figure))))
        }
        ["order", file] => {
            let many = order::write(&World::new()?, file.as_ref())?;
            Ok((format!("{file}: {many} functions"), true))
        }
        ["serve"] => serve(),
        ["facts", "alone", tree] => Ok((facts::leave_one(tree.as_ref())?, true)),
        ["facts", times, tree] => Ok((facts::multiply(tree.as_ref(), times.parse()?)?, true)),
        _ => bail!("{USAGE}"),
    }
}

/// A vendor to be measured by hand: tells where it is and which certificates it has, and answers until it is ended.
fn serve() -> Result<(String, bool)> {
    let world = World::new()?;
    let home = world.home().display();
    writeln!(std::io::stdout().lock(), "HOME={home}\nENDPOINT=https://{}", world.server.host)?;
    loop {
        std::thread::park();
    }
}
