//! `livectl stream top --watch`: what is pushed, looked at again and again; drawn on a terminal, else written row by row.

mod screen;

use std::cell::Cell;
use std::convert::Infallible;
use std::io::{BufWriter, IsTerminal, Stdout};
use std::rc::Rc;
use std::time::Duration;

use futures_util::StreamExt;
use jiff::{SignedDuration, Timestamp};

use crate::cli::StreamTop;
use crate::commands::Ending;
use crate::commands::faults::Faults;
use crate::commands::link::Link;
use crate::commands::portable::Portable;
use crate::commands::road::LiveRoad;
use crate::commands::rules::Typed;
use crate::commands::session::{Session, console_size};
use crate::commands::stderr::Held;
use crate::commands::stream;
use crate::error::{Error, Result};
use crate::model::time::to_row;
use crate::model::{Columns, Road, Row, StreamTopRow};
use crate::output::{Format, Shape, Sink, Style, Undisturbed, View};
use crate::providers::{settle, top};
use screen::Screen;

const DOING: &str = "watching the streams";

/// Rounds are no nearer to each other.
const SHORTEST: SignedDuration = SignedDuration::from_secs(1);

/// The columns of rows that are written: when they were looked at, and what was seen.
const TIMED: Columns =
    &["time", "vendor", "profile", "domain", "app", "stream", "frame_rate", "bit_rate", "since", "client_ip"];

/// How many accounts are asked at once.
const AT_ONCE: usize = 64;

/// Carries out `livectl stream top --watch`, until it is interrupted or nobody reads it any more.
///
/// # Errors
/// Wrong values, all told at once; what no later round would do better: no permission, not there. The interruption.
pub(super) async fn run(session: &Session, asked: StreamTop) -> Result<Ending> {
    let (every, form) = read(session, &asked)?;
    let show = stream::top(asked);
    let accounts = session.accounts(None, false)?;
    session.enter(&accounts, Typed { names: vec![show.command()], changing: false })?;
    let mut links = Vec::with_capacity(accounts.len());
    for account in accounts {
        show.refuse_impossible(account.vendor)?;
        links.push(Rc::new(Link::open(session, account).await?));
    }
    let every = slowed(session, every, &links);
    let Some(first) = links.first() else {
        return Err(Error::usage(format!("{DOING}: no account can be used")));
    };
    let road = LiveRoad::new(Rc::clone(first), None);
    let look = async || look(session, &show, &links, top::instant(&road)).await;
    let ended = match form {
        Form::Rows => {
            let printed = Cell::new(false);
            rounds(&road, every, look, |round| print(session, round, !printed.replace(true))).await
        }
        Form::View => {
            let mut shown = Shown {
                session,
                held: session.stderr.hold(),
                view: None,
                terminal: None,
                screen: Screen::of(&links, every),
            };
            rounds(&road, every, look, |round| shown.draw(round)).await
        }
    };
    ended.map(|never| match never {})
}

/// How what is seen is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A view that is drawn anew in its place.
    View,
    /// Rows, those of each round behind those of the one before.
    Rows,
}

/// How often, and in which form.
fn read(session: &Session, asked: &StreamTop) -> Result<(Duration, Form)> {
    let mut faults = Faults::default();
    let every = asked.watch.unwrap_or(SHORTEST);
    if every < SHORTEST {
        faults.add("--watch", Some(&settle::spelled(every.unsigned_abs())), "1s or longer");
    }
    let drawn = std::io::stdout().is_terminal() && session.environment.var("TERM") != Some("dumb");
    let form = match session.format(Format::Table) {
        Format::Table if drawn => Form::View,
        Format::Ndjson | Format::Csv | Format::Tsv => Form::Rows,
        format => {
            let allowed =
                "ndjson, csv or tsv: each round's rows, with their time; on a terminal the view, without --output";
            faults.add("--output", Some(format.name()), allowed);
            Form::Rows
        }
    };
    faults.finish(DOING)?;
    if !session.global.raw {
        let columns = if form == Form::View { StreamTopRow::COLUMNS } else { TIMED };
        session.style(Format::Table, 1).check_columns(columns)?;
    }
    Ok((every.unsigned_abs(), form))
}

/// The time between two rounds: as asked, unless a vendor wants to be asked less often.
fn slowed(session: &Session, every: Duration, links: &[Rc<Link<'_>>]) -> Duration {
    let slowest = links.iter().map(|link| link.vendor()).max_by_key(|vendor| top::pace(*vendor));
    match slowest.map(|vendor| (vendor, top::pace(vendor))) {
        Some((vendor, pace)) if pace > every => {
            let pace_told = settle::spelled(pace);
            session.stderr.warn(&format!("{vendor} asks for no more than a look every {pace_told}: that is kept"));
            pace
        }
        _ => every,
    }
}

/// What one round saw.
#[derive(Debug, Clone, PartialEq)]
struct Round {
    /// When.
    at: Timestamp,
    /// The rows of each account; `None`: it gave no answer this time.
    accounts: Vec<Option<Vec<Row>>>,
}

/// Looks and shows, again and again.
async fn rounds(
    road: &dyn Road,
    every: Duration,
    look: impl AsyncFn() -> Result<Round>,
    mut show: impl FnMut(Round) -> Result<()>,
) -> Result<Infallible> {
    loop {
        let began = road.elapsed();
        show(look().await?)?;
        let took = road.elapsed().saturating_sub(began);
        road.pause(every.saturating_sub(took)).await;
    }
}

/// One look at all accounts. What fails is told, and ends the watch only where nobody answers and time will not help.
async fn look(session: &Session, show: &Portable, links: &[Rc<Link<'_>>], at: Timestamp) -> Result<Round> {
    let roads: Vec<LiveRoad<'_>> = links.iter().map(|link| LiveRoad::gathering(Rc::clone(link))).collect();
    let looks = roads.iter().map(|road| show.perform(road));
    let outcomes: Vec<_> = futures_util::stream::iter(looks).buffered(AT_ONCE).collect().await;
    let failures: Vec<&Error> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    if let [first, ..] = failures.as_slice()
        && failures.len() == links.len()
        && !failures.iter().any(|error| settle::passes(error))
    {
        return Err((*first).clone());
    }
    for error in failures {
        session.stderr.failure(&session.without_secrets(error.clone()));
    }
    let rows = |road: &LiveRoad<'_>| road.gathered().into_iter().map(|item| road.shown(item)).collect();
    let accounts = roads.iter().zip(&outcomes).map(|(road, outcome)| outcome.is_ok().then(|| rows(road)));
    Ok(Round { at, accounts: accounts.collect() })
}

/// Writes the rows of a round; the head stands above the first one only.
fn print(session: &Session, round: Round, first: bool) -> Result<()> {
    let style = session.style(Format::Ndjson, 1);
    let raw = session.global.raw;
    let style = Style { header: style.header && first, ..style };
    let columns = if raw { &[] } else { TIMED };
    let mut sink = Sink::new(style, Shape::List, columns, BufWriter::new(std::io::stdout()));
    for row in round.accounts.into_iter().flatten().flatten() {
        let mut timed = Row::new();
        if !raw {
            timed.insert("time".to_owned(), to_row(round.at).into());
        }
        timed.extend(row);
        if !sink.push(timed)? {
            break;
        }
    }
    sink.finish()
}

/// The view, from the first round on.
struct Shown<'a> {
    session: &'a Session,
    // In this order: the view is closed first, and what is left to tell stands on the screen that is there again.
    view: Option<View<Stdout>>,
    terminal: Option<Undisturbed>,
    held: Held<'a>,
    screen: Screen,
}

impl Shown<'_> {
    fn draw(&mut self, round: Round) -> Result<()> {
        let accounts = round.accounts.len();
        self.screen.take(round);
        let style = self.session.style(Format::Table, accounts);
        let lines = self.screen.lines(&style, console_size(), &self.held.take())?;
        let view = match &mut self.view {
            Some(view) => view,
            none => {
                self.terminal = Some(Undisturbed::begin());
                none.insert(View::open(std::io::stdout())?)
            }
        };
        view.draw(&lines)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::error::Class;
    use crate::model::Vendor;
    use crate::providers::script::Script;

    /// Watches looks that take so many seconds each, and tells the pauses behind them.
    fn watched(every: u64, looks: &[u64]) -> (Vec<u64>, Error) {
        let script = Script::new(Vendor::Aliyun);
        let left = RefCell::new(looks.iter());
        let paused: RefCell<Vec<u64>> = RefCell::default();
        let look = async || {
            // What was waited before this look; the first has nothing before it.
            paused.borrow_mut().extend(script.pauses.borrow().last().map(Duration::as_secs));
            let took = left.borrow_mut().next().ok_or_else(|| Error::new(Class::Auth, "over"))?;
            script.pauses.borrow_mut().push(Duration::from_secs(*took));
            Ok(Round { at: top::instant(&script), accounts: Vec::new() })
        };
        let ended = script.run(rounds(&script, Duration::from_secs(every), look, |_| Ok(())));
        (paused.into_inner(), ended.unwrap_err())
    }

    #[test]
    fn rounds_begin_in_step_however_long_they_take() {
        let (pauses, error) = watched(10, &[3, 0, 25, 10]);
        assert_eq!(pauses, [7, 10, 0, 0]);
        assert_eq!(error.class(), Class::Auth);
    }

    #[test]
    fn nobody_reading_any_more_is_the_end() {
        let script = Script::new(Vendor::Aliyun);
        let look = async || Ok(Round { at: top::instant(&script), accounts: Vec::new() });
        let mut seen = Vec::new();
        let show = |round: Round| {
            seen.push(round.at.as_second());
            if seen.len() == 3 { Err(Error::internal("closed")) } else { Ok(()) }
        };
        assert!(script.run(rounds(&script, Duration::from_secs(5), look, show)).is_err());
        // The script's instant is 1683590400, and only pauses take time.
        assert_eq!(seen, [1_683_590_400, 1_683_590_405, 1_683_590_410]);
    }

    #[test]
    fn the_rows_that_are_written_have_the_columns_of_one_look_behind_their_time() {
        assert_eq!(TIMED[0], "time");
        assert_eq!(TIMED[1..], *StreamTopRow::COLUMNS);
    }
}
