//! How fast streams are pushed, made up: the same at every look, larger for some streams than for others. What one
//! vendor tells in bit/s another tells in kbps, of the same rates.
//!
//! A stream whose name contains `frozen` sends its sound and no picture.

use crate::sandbox::families::live::StreamKey;

/// What the name of a stream without pictures contains.
const FROZEN: &str = "frozen";

/// The rates of a stream that is pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rates {
    /// Video frames a second.
    pub(super) frames: u32,
    /// Video, bit/s.
    pub(super) video: u32,
    /// Audio, bit/s.
    pub(super) audio: u32,
}

impl Rates {
    /// The rates of a stream.
    pub(super) fn of(stream: &StreamKey) -> Self {
        let audio = 128_000;
        if stream.stream.contains(FROZEN) {
            return Rates { frames: 0, video: 0, audio };
        }
        let names = [&stream.domain, &stream.app, &stream.stream];
        let bytes = names.into_iter().flat_map(|name| name.bytes().chain([b'/']));
        let seed = bytes.fold(7_u32, |seed, byte| (seed * 31 + u32::from(byte)) % 10_007);
        // 1 to 5 Mbit/s, whole kilobits.
        Rates { frames: 25, video: (1_000 + seed * 4_000 / 10_007) * 1_000, audio }
    }

    /// Video and audio, bit/s.
    pub(super) fn all(self) -> u32 {
        self.video + self.audio
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_the_same_at_every_look_and_differ_from_stream_to_stream() {
        let of = |name: &str| Rates::of(&StreamKey::new("push.example.com", "live", name));
        assert_eq!(of("s1"), of("s1"));
        assert_ne!(of("s1").video, of("s2").video);
        for name in ["s1", "s2", "room1", "直播"] {
            let rates = of(name);
            assert_eq!((rates.frames, rates.audio), (25, 128_000));
            assert!((1_000_000..5_000_000).contains(&rates.video) && rates.video % 1_000 == 0, "{name}: {rates:?}");
        }
        assert_eq!(of("a-frozen-one"), Rates { frames: 0, video: 0, audio: 128_000 });
    }
}
