//! What of an HLS playlist a check needs (RFC 8216): variants of a master playlist; segments and their keys of another.

use quick_m3u8::custom_parsing::tag;
use quick_m3u8::tag::{AttributeValue, TagValue};

/// A playlist with more segments than this is read to there: it would last for days.
const MOST_SEGMENTS: usize = 50_000;

/// A playlist.
#[derive(Debug, PartialEq)]
pub(super) enum Playlist {
    /// Renditions, by their address.
    Master(Vec<String>),
    /// Segments.
    Media(Media),
}

/// Segments and their keys.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Media {
    pub(super) segments: Vec<Segment>,
    /// Every key that a segment names.
    pub(super) keys: Vec<Key>,
}

/// One segment.
#[derive(Debug, PartialEq)]
pub(super) struct Segment {
    pub(super) uri: String,
    /// In seconds.
    pub(super) duration: f64,
    /// Its media sequence number.
    pub(super) number: u64,
    /// Its place among the keys; `None`: it is clear.
    pub(super) key: Option<usize>,
    /// Where it begins in its file; `None`: the playlist does not say.
    pub(super) offset: Option<u64>,
}

/// What `#EXT-X-KEY` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) method: String,
    pub(super) format: String,
    pub(super) uri: String,
    /// The initialization vector, where the playlist gives one.
    pub(super) iv: Option<u128>,
}

impl Key {
    /// Whether it is AES-128 with a key that the address holds as it is.
    pub(super) fn is_plain(&self) -> bool {
        self.method == "AES-128" && self.format == "identity"
    }

    /// Whether it is the same key, whatever the vector.
    pub(super) fn is_same(&self, other: &Key) -> bool {
        self.method == other.method && self.uri == other.uri
    }
}

/// Reads a playlist.
///
/// # Errors
/// What it is not.
pub(super) fn read(text: &str) -> Result<Playlist, &'static str> {
    let text = text.trim_start_matches('\u{feff}');
    if !text.starts_with("#EXTM3U") {
        return Err("it is no playlist: it does not begin with #EXTM3U");
    }
    let mut reader = Reader::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if reader.media.segments.len() >= MOST_SEGMENTS || reader.variants.len() >= MOST_SEGMENTS {
            break;
        }
        match line.strip_prefix('#') {
            Some(_) => reader.tag(line)?,
            None => reader.address(line),
        }
    }
    match reader.variants.is_empty() {
        true => Ok(Playlist::Media(reader.media)),
        false => Ok(Playlist::Master(reader.variants)),
    }
}

#[derive(Default)]
struct Reader {
    variants: Vec<String>,
    media: Media,
    /// The next address is one of a rendition.
    rendition: bool,
    first: u64,
    duration: f64,
    /// Length and start of the next segment in its file.
    range: Option<(u64, Option<u64>)>,
    /// Where the next one begins that names no start.
    end: Option<u64>,
    /// The keys in force, one a format.
    current: Vec<Key>,
}

impl Reader {
    fn tag(&mut self, line: &str) -> Result<(), &'static str> {
        let Ok(parsed) = tag::parse(line) else { return Ok(()) };
        match (parsed.parsed.name(), parsed.parsed.value()) {
            ("-X-STREAM-INF", _) => self.rendition = true,
            ("-X-MEDIA-SEQUENCE", Some(value)) => self.first = value.try_as_decimal_integer().unwrap_or_default(),
            ("-X-BYTERANGE", Some(value)) => {
                let range = value.try_as_decimal_integer_range().ok();
                self.range = range.map(|range| (range.length, range.offset));
            }
            ("INF", Some(value)) => {
                let seconds = value.try_as_decimal_floating_point_with_title().map_or(0.0, |(seconds, _)| seconds);
                self.duration = if seconds.is_finite() { seconds.clamp(0.0, 86_400.0) } else { 0.0 };
            }
            ("-X-KEY", Some(value)) => self.key(value)?,
            _ => {}
        }
        Ok(())
    }

    fn key(&mut self, value: TagValue<'_>) -> Result<(), &'static str> {
        let attributes = value.try_as_attribute_list().map_err(|_| "its #EXT-X-KEY cannot be read")?;
        let text = |name: &str| match attributes.get(name) {
            Some(AttributeValue::Quoted(text)) => Some((*text).to_owned()),
            Some(AttributeValue::Unquoted(text)) => text.try_as_utf_8().ok().map(str::to_owned),
            None => None,
        };
        let method = text("METHOD").ok_or("its #EXT-X-KEY has no METHOD")?;
        if method == "NONE" {
            self.current.clear();
            return Ok(());
        }
        let iv =
            text("IV").map(|iv| vector(&iv).ok_or("the IV of its #EXT-X-KEY is no number of 16 bytes")).transpose()?;
        let format = text("KEYFORMAT").unwrap_or_else(|| "identity".to_owned());
        let key = Key { method, uri: text("URI").ok_or("its #EXT-X-KEY has no URI")?, format, iv };
        self.current.retain(|other| other.format != key.format);
        self.current.push(key);
        Ok(())
    }

    fn address(&mut self, uri: &str) {
        if std::mem::take(&mut self.rendition) {
            self.variants.push(uri.to_owned());
            return;
        }
        let key = self.current.iter().find(|key| key.is_plain()).or(self.current.first()).cloned();
        let key = key.map(|key| {
            let last = self.media.keys.iter().rposition(|known| *known == key);
            last.unwrap_or_else(|| {
                self.media.keys.push(key);
                self.media.keys.len() - 1
            })
        });
        let number = self.first.saturating_add(u64::try_from(self.media.segments.len()).unwrap_or(u64::MAX));
        let range = self.range.take();
        let offset = range.map_or(Some(0), |(_, start)| start.or(self.end));
        self.end = range.and_then(|(length, _)| offset?.checked_add(length));
        let duration = std::mem::take(&mut self.duration);
        self.media.segments.push(Segment { uri: uri.to_owned(), duration, number, key, offset });
    }
}

/// `0x` and at most 32 hexadecimal digits.
fn vector(text: &str) -> Option<u128> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    let plain = digits.chars().all(|digit| digit.is_ascii_hexdigit());
    plain.then(|| u128::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_for_the_segments_behind_them() {
        let text = "\u{feff}#EXTM3U\r\n#EXT-X-MEDIA-SEQUENCE:7\r\n#EXTINF:2.5,\r\na.ts\r\n\
                    #EXT-X-KEY:METHOD=AES-128,URI=\"k?id=1,2\",IV=0x1F\r\n#EXTINF:2,\r\nb.ts\r\n\
                    #EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"skd://x\",KEYFORMAT=\"com.apple.streamingkeydelivery\"\r\n\
                    #EXT-X-BYTERANGE:10@5\r\n#EXTINF:2,\r\nc.ts\r\n#EXT-X-BYTERANGE:10\r\n#EXTINF:x,\r\nc.ts\r\n\
                    #EXT-X-KEY:METHOD=NONE\r\n#EXTINF:1,\r\nd.ts\r\n#EXT-X-ENDLIST\r\n";
        let Playlist::Media(media) = read(text).unwrap() else { panic!("a media playlist") };
        let keys: Vec<_> = media.segments.iter().map(|segment| (segment.number, segment.key, segment.offset)).collect();
        assert_eq!(
            keys,
            [
                (7, None, Some(0)),
                (8, Some(0), Some(0)),
                (9, Some(0), Some(5)),
                (10, Some(0), Some(15)),
                (11, None, Some(0))
            ]
        );
        assert_eq!(
            (media.keys[0].uri.as_str(), media.keys[0].iv, media.keys[0].is_plain()),
            ("k?id=1,2", Some(31), true)
        );
        assert_eq!(media.segments[0].duration, 2.5);
    }

    #[test]
    fn a_master_playlist_is_its_renditions() {
        let text = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow/x.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2\nhigh/x.m3u8\n";
        assert_eq!(read(text), Ok(Playlist::Master(vec!["low/x.m3u8".to_owned(), "high/x.m3u8".to_owned()])));
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for text in [
            "",
            "<html>",
            "#EXTM3U\n#EXT-X-KEY:URI=\"k\"\n",
            "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128\n",
            "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"k\",IV=12\n",
            "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"k\",IV=0x100000000000000000000000000000000\n",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        let endless = format!("#EXTM3U\n{}", "#EXTINF:1,\na.ts\n".repeat(60_000));
        let Ok(Playlist::Media(media)) = read(&endless) else { panic!("a media playlist") };
        assert_eq!(media.segments.len(), MOST_SEGMENTS);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(#EXTM3U\n)?(#EXT-X-KEY:|#EXTINF:|#EXT-X-BYTERANGE:|[A-Z0-9@=,\"\n]|\\PC){0,60}") {
            if let Ok(Playlist::Media(media)) = read(&text) {
                assert!(media.segments.iter().all(|segment| segment.key.is_none_or(|at| at < media.keys.len())));
            }
        }
    }
}
