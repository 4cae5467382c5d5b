//! What a stream is: the word and the sentence for each verdict, and how those of its segments join.

/// What a stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands) enum Verdict {
    /// Encrypted by the key that the playlist names.
    Encrypted,
    /// The playlist says that it is encrypted, and it is not.
    Clear,
    /// The key makes no media of it.
    WrongKey,
    /// The playlist names no key, and it needs none.
    NotEncrypted,
    /// Some segments are encrypted, others are not.
    Partly,
    /// Encrypted in a way that is not looked into.
    OtherMethod,
    /// The playlist names no key, and it is no media that is known.
    Unknown,
}

impl Verdict {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Verdict::Encrypted => "encrypted",
            Verdict::Clear => "clear",
            Verdict::WrongKey => "wrong-key",
            Verdict::NotEncrypted => "not-encrypted",
            Verdict::Partly => "partly-encrypted",
            Verdict::OtherMethod => "other-method",
            Verdict::Unknown => "unknown",
        }
    }

    pub(super) const fn told(self) -> &'static str {
        match self {
            Verdict::Encrypted => "segments are encrypted, and the key of the playlist decrypts them",
            Verdict::Clear => "the playlist names a key, but a segment is readable without it",
            Verdict::WrongKey => "the key decrypts a segment to nothing that a player reads",
            Verdict::NotEncrypted => "the playlist names no key, and segments are readable as they are",
            Verdict::Partly => "some segments are encrypted, others are not",
            Verdict::OtherMethod => "encrypted in another way than AES-128 with a plain key: not looked into",
            Verdict::Unknown => "the playlist names no key, and its segment is no media that is known",
        }
    }

    /// What a stream is, as its segments are: a fault of one is told, however many are right.
    pub(super) fn of_all(judged: &[Verdict]) -> Verdict {
        let some = |verdict| judged.contains(&verdict);
        let secret = some(Verdict::Encrypted) || some(Verdict::OtherMethod);
        match () {
            () if some(Verdict::WrongKey) => Verdict::WrongKey,
            () if some(Verdict::Clear) => Verdict::Clear,
            () if secret && (some(Verdict::NotEncrypted) || some(Verdict::Unknown)) => Verdict::Partly,
            () if some(Verdict::OtherMethod) => Verdict::OtherMethod,
            () if some(Verdict::Encrypted) => Verdict::Encrypted,
            () if some(Verdict::Unknown) => Verdict::Unknown,
            () => Verdict::NotEncrypted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_segment_that_is_not_encrypted_is_enough() {
        use Verdict::*;
        for (judged, expected) in [
            (vec![Encrypted, Encrypted], Encrypted),
            (vec![Encrypted, Clear, Encrypted], Clear),
            (vec![Clear, WrongKey], WrongKey),
            (vec![Encrypted, OtherMethod], OtherMethod),
            (vec![OtherMethod, Encrypted], OtherMethod),
            (vec![OtherMethod, NotEncrypted], Partly),
            (vec![Unknown, Encrypted], Partly),
            (vec![NotEncrypted, Unknown], Unknown),
            (vec![NotEncrypted, NotEncrypted], NotEncrypted),
        ] {
            assert_eq!(Verdict::of_all(&judged), expected, "{judged:?}");
        }
    }
}
