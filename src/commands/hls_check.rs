//! `livectl hls-key check`: what a player sees of HLS encryption. Fetches a playlist, its key and the beginning of a
//! segment, decrypts it, and tells whether it was really encrypted, with which key, and how often that changes.

mod fetch;
mod media;
mod playlist;
mod verdict;

use std::rc::Rc;

use serde_json::json;
use url::Url;
use zeroize::Zeroizing;

use crate::cli::CheckedStream;
use crate::commands::Ending;
use crate::commands::api::object;
use crate::commands::hls_key::key_bytes;
use crate::commands::link::Link;
use crate::commands::redact;
use crate::commands::road::LiveRoad;
use crate::commands::rules::Typed;
use crate::commands::secret;
use crate::commands::session::Session;
use crate::error::{Class, Error, Result};
use crate::model::{Answer, Columns, HlsKeyArgs, HlsKeyVerb, Row, Secret, Support};
use crate::providers::provider;
use crate::send::Bound;
use crate::sign::digest::sha256_hex;
use fetch::Fetcher;
use playlist::{Key, Media, Playlist, Segment};
pub(super) use verdict::Verdict;

const COLUMNS: Columns = &[
    "url",
    "playlist",
    "verdict",
    "told",
    "method",
    "key_url",
    "key_id",
    "key_sha256",
    "keys",
    "keys_checked",
    "segments_checked",
    "cycle_seconds",
    "window_seconds",
];

/// A playlist is read up to so many bytes.
const LARGEST_PLAYLIST: usize = 4 << 20;

/// A key has 16 bytes; so many are read, to tell what came instead.
const LARGEST_KEY: usize = 4096;

/// The beginning of a segment that tells whether it is media.
const BEGINNING: usize = 64 << 10;

/// So many keys are tried, each on the first and the last of its segments: the first of the playlist, and the last ones.
const MOST_KEYS: usize = 8;

/// Where the key comes from.
pub(super) enum Source {
    /// From where the playlist says.
    Playlist,
    /// The user has it.
    Given(Zeroizing<[u8; 16]>),
    /// From the vendor, by its id.
    Vendor,
}

/// What was found.
pub(super) struct Found {
    pub(super) verdict: Verdict,
    /// The address of the key of the last segments.
    pub(super) key_url: Option<String>,
    /// How often the key changes, where the playlist shows a whole run of one.
    pub(super) cycle_seconds: Option<f64>,
    row: Row,
}

/// Carries out `livectl hls-key check`.
///
/// # Errors
/// Usage; what cannot be fetched or read.
pub(super) async fn run(session: &Session, asked: CheckedStream) -> Result<Ending> {
    let url = address(&asked.url)?;
    let source = match (&asked.key, asked.from_vendor) {
        (Some(key), _) => {
            let wrong = |error: Error| Error::usage(error.details().message.replace("read the key", "read `--key`"));
            let key = secret::of_option(session, "--key", key)?;
            Source::Given(Zeroizing::new(key_bytes(&key).map_err(wrong)?))
        }
        (None, true) => Source::Vendor,
        (None, false) => Source::Playlist,
    };
    let found = look(session, &url, &source).await?;
    session.print_one(found.row, COLUMNS)?;
    Ok(if found.verdict == Verdict::Encrypted { Ending::Done } else { Ending::Differs })
}

/// The address of a playlist.
///
/// # Errors
/// Usage.
pub(super) fn address(text: &str) -> Result<Url> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some());
    url.ok_or_else(|| {
        Error::usage(format!("checking a stream: `{text}` is no address of a playlist"))
            .hint("name it whole: https://play.example.com/live/s1.m3u8")
    })
}

/// Looks at a stream as a player does.
///
/// # Errors
/// What cannot be fetched or read.
pub(super) async fn look(session: &Session, url: &Url, source: &Source) -> Result<Found> {
    let look = Look { session, fetcher: Fetcher::new(session, url), source };
    let (at, media) = look.media(url).await?;
    let runs = runs(&media);
    let Some(first) = runs.first() else {
        return Err(Error::new(Class::NotFound, "checking a stream: its playlist has no segments")
            .hint("a live stream must be running"));
    };
    let last = runs.len().saturating_sub(MOST_KEYS - 1).max(1);
    let mut seen = Seen::default();
    for run in std::iter::once(first).chain(runs.iter().skip(last)) {
        look.judge(&at, run, &mut seen).await?;
    }
    let skipped = runs.get(1..last).unwrap_or_default();
    if !skipped.is_empty() {
        session.stderr.note(&format!(
            "the first key of the playlist and the last {} are tried; segments under {} between were not looked at",
            MOST_KEYS - 1,
            skipped.len()
        ));
    }
    // What a playlist says of the others is known all the same.
    seen.judged.extend(skipped.iter().filter_map(|run| match run.key {
        None => Some(Verdict::NotEncrypted),
        Some(key) => (!key.is_plain()).then_some(Verdict::OtherMethod),
    }));
    Ok(found(url, &at, &runs, &seen))
}

/// What was seen of the segments that were looked at.
#[derive(Default)]
struct Seen {
    judged: Vec<Verdict>,
    segments: usize,
    /// Runs whose key was tried.
    keys: usize,
    /// Of the last key.
    fingerprint: Option<String>,
}

/// Segments in a row with the same key.
struct Run<'a> {
    key: Option<&'a Key>,
    first: &'a Segment,
    last: &'a Segment,
    seconds: f64,
}

fn runs(media: &Media) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    for segment in &media.segments {
        let key = segment.key.and_then(|at| media.keys.get(at));
        let same = |run: &&mut Run<'_>| match (run.key, key) {
            (Some(one), Some(other)) => one.is_same(other),
            (one, other) => one.is_none() && other.is_none(),
        };
        match runs.last_mut().filter(same) {
            Some(run) => {
                run.seconds += segment.duration;
                run.last = segment;
            }
            None => runs.push(Run { key, first: segment, last: segment, seconds: segment.duration }),
        }
    }
    runs
}

fn found(url: &Url, at: &Url, runs: &[Run<'_>], seen: &Seen) -> Found {
    let verdict = Verdict::of_all(&seen.judged);
    let keys: Vec<&Key> = runs.iter().filter_map(|run| run.key).collect();
    let key_url = keys.last().and_then(|key| at.join(&key.uri).ok());
    let count = keys.iter().enumerate().filter(|(at, key)| !keys.iter().take(*at).any(|one| one.is_same(key))).count();
    // The first run began before the playlist does, and the last one goes on.
    let whole = runs.get(1..runs.len().saturating_sub(1)).unwrap_or_default();
    let whole: Vec<f64> = whole.iter().filter(|run| run.key.is_some()).map(|run| run.seconds).collect();
    let cycle = (!whole.is_empty()).then(|| whole.iter().sum::<f64>() / whole.len() as f64);
    let rounded = |seconds: f64| (seconds * 1000.0).round() / 1000.0;
    let mut row = json!({
        "url": url.as_str(), "playlist": (at != url).then(|| at.as_str()), "verdict": verdict.word(), "told": verdict.told(),
        "method": keys.first().map_or("NONE", |key| key.method.as_str()), "key_url": key_url.as_ref().map(Url::as_str),
        "key_id": key_url.as_ref().and_then(key_id), "key_sha256": seen.fingerprint, "keys": count,
        "keys_checked": seen.keys, "segments_checked": seen.segments,
        "cycle_seconds": cycle.map(rounded), "window_seconds": rounded(runs.iter().map(|run| run.seconds).sum()),
    });
    redact::value(&mut row);
    Found { verdict, key_url: key_url.map(String::from), cycle_seconds: cycle, row: object(row) }
}

/// The id of a key in its address, as Volcengine writes it.
fn key_id(url: &Url) -> Option<String> {
    let named = |name: &str| ["key_id", "keyid"].iter().any(|known| name.eq_ignore_ascii_case(known));
    url.query_pairs().find(|(name, _)| named(name)).map(|(_, id)| id.into_owned())
}

/// One look at a stream.
struct Look<'a> {
    session: &'a Session,
    fetcher: Fetcher<'a>,
    source: &'a Source,
}

impl Look<'_> {
    /// The playlist with segments: the one that is named, or the first rendition of a master playlist.
    async fn media(&self, url: &Url) -> Result<(Url, Media)> {
        let renditions = match self.playlist(url).await? {
            Playlist::Media(media) => return Ok((url.clone(), media)),
            Playlist::Master(renditions) => renditions,
        };
        let first = renditions.first().map(String::as_str).unwrap_or_default();
        if renditions.len() > 1 {
            self.session.stderr.note(&format!("the first of {} renditions is checked", renditions.len()));
        }
        let rendition = joined(url, first, "the playlist of a rendition")?;
        match self.playlist(&rendition).await? {
            Playlist::Media(media) => Ok((rendition, media)),
            Playlist::Master(_) => Err(Error::new(
                Class::Vendor,
                "checking a stream: its master playlist leads to another master playlist",
            )),
        }
    }

    async fn playlist(&self, url: &Url) -> Result<Playlist> {
        let bytes = self.fetcher.get("the playlist", url, Bound::Whole(LARGEST_PLAYLIST)).await?;
        let text = String::from_utf8_lossy(&bytes);
        let wrong = |why: &str| Error::new(Class::Vendor, format!("reading the playlist: {why}"));
        playlist::read(&text).map_err(wrong)
    }

    /// What the first and the last segment of a run are, and the fingerprint of the key that decrypts them.
    async fn judge(&self, at: &Url, run: &Run<'_>, seen: &mut Seen) -> Result<()> {
        if run.key.is_some_and(|key| !key.is_plain()) {
            seen.judged.push(Verdict::OtherMethod);
            return Ok(());
        }
        if run.first.offset != Some(0) {
            let why =
                "checking a stream: its segments are parts of one file, and the first of a key is not the beginning";
            return Err(Error::new(Class::Vendor, why));
        }
        let secret = match run.key {
            Some(key) => Some((key, self.key_at(at, key).await?)),
            None => None,
        };
        // The last one may be a part of a file whose beginning is another.
        let last = Some(run.last).filter(|last| !std::ptr::eq(*last, run.first) && last.offset == Some(0));
        for segment in std::iter::once(run.first).chain(last) {
            let place = joined(at, &segment.uri, "the segment")?;
            let bytes = self.fetcher.get("the segment", &place, Bound::Beginning(BEGINNING)).await?;
            let readable = media::is_media(&bytes);
            seen.segments += 1;
            seen.judged.push(match &secret {
                None if readable => Verdict::NotEncrypted,
                None => Verdict::Unknown,
                Some(_) if readable => Verdict::Clear,
                Some((key, secret)) => {
                    let vector = key.iv.unwrap_or(u128::from(segment.number));
                    let opened = media::is_media(&media::decrypted(&bytes, secret, vector));
                    if opened { Verdict::Encrypted } else { Verdict::WrongKey }
                }
            });
        }
        if let Some((_, secret)) = secret {
            seen.keys += 1;
            // A part of the hash tells keys apart, and nobody finds 16 random bytes by it.
            seen.fingerprint = Some(sha256_hex(&*secret).chars().take(16).collect());
        }
        Ok(())
    }

    /// The key of a run, from where it is had.
    async fn key_at(&self, at: &Url, key: &Key) -> Result<Zeroizing<[u8; 16]>> {
        let from = joined(at, &key.uri, "the key")?;
        if at.scheme() == "https" && from.scheme() == "http" {
            self.session.stderr.warn_once("the key travels over plain HTTP: whoever listens can decrypt the stream");
        }
        self.key(&from).await
    }

    async fn key(&self, url: &Url) -> Result<Zeroizing<[u8; 16]>> {
        match self.source {
            Source::Given(key) => Ok(key.clone()),
            Source::Vendor => self.key_of_vendor(url).await,
            Source::Playlist => {
                let bytes = Zeroizing::new(self.fetcher.get("the key", url, Bound::Whole(LARGEST_KEY)).await?);
                <[u8; 16]>::try_from(bytes.as_slice()).map(Zeroizing::new).map_err(|_| {
                    let told = format!("reading the key: {} bytes came, where a key is 16", bytes.len());
                    Error::new(Class::Vendor, told).hint("players want the 16 bytes as they are, not as text")
                })
            }
        }
    }

    /// The key by its id, as `hls-key get` asks for it.
    async fn key_of_vendor(&self, url: &Url) -> Result<Zeroizing<[u8; 16]>> {
        let session = self.session;
        let Some(id) = key_id(url) else {
            return Err(Error::new(Class::Vendor, "asking the vendor for the key: its address has no `key_id`"));
        };
        let mut accounts = session.accounts(None, false)?;
        let (Some(account), true) = (accounts.pop(), accounts.is_empty()) else {
            return Err(Error::usage("hls-key check: one account at a time").hint("name one with `--profile NAME`"));
        };
        let vendor = account.vendor;
        let names = vec!["hls-key check".to_owned(), "hls-key get".to_owned()];
        session.enter(std::slice::from_ref(&account), Typed { names, changing: false })?;
        let road = LiveRoad::new(Rc::new(Link::open(session, account).await?), None);
        let args = HlsKeyArgs { key_id: Some(id), ..HlsKeyArgs::default() };
        let answer = match provider(vendor).hls_key(HlsKeyVerb::Get) {
            Support::Does(get) => get(&road, &args).await?,
            Support::Cannot { why, .. } => return Err(Error::usage(format!("hls-key check on {vendor}: {why}"))),
        };
        match answer {
            Answer::Key { value, .. } => self.read(&value),
            _ => Err(Error::internal("ask the vendor for the key: no key came")),
        }
    }

    fn read(&self, value: &Secret) -> Result<Zeroizing<[u8; 16]>> {
        self.session.secrets.borrow_mut().add(value.expose());
        key_bytes(value).map(Zeroizing::new)
    }
}

fn joined(base: &Url, link: &str, what: &str) -> Result<Url> {
    let shown: String = link.chars().take(120).collect();
    base.join(link).map_err(|_| Error::new(Class::Vendor, format!("fetching {what}: `{shown}` is no address")))
}

/// What a rotation must show from outside; `None`: it does.
pub(super) fn lacking(found: &Found, key_url: Option<&str>, cycle_seconds: Option<u64>) -> Option<String> {
    if found.verdict != Verdict::Encrypted {
        return Some(found.verdict.told().to_owned());
    }
    let shown = found.key_url.as_deref().unwrap_or_default();
    // What is shown was read as an address, which writes a host in small letters and no port that goes without saying.
    let as_shown = |wanted: &str| Url::parse(wanted).map_or_else(|_| wanted.to_owned(), String::from);
    if key_url.is_some_and(|wanted| !shown.starts_with(&as_shown(wanted))) {
        let service = shown.split('?').next().unwrap_or_default();
        return Some(format!("its key still comes from {service}"));
    }
    // A segment is never cut in two for a key.
    let slower = |wanted: u64, seconds: f64| seconds > wanted as f64 * 1.5 + 10.0;
    match (cycle_seconds, found.cycle_seconds) {
        (Some(wanted), Some(seconds)) if slower(wanted, seconds) => {
            Some(format!("its key still changes every {seconds:.0} s"))
        }
        _ => None,
    }
}
