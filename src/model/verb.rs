//! The verbs of a noun: an enumeration, its words, and a list of all.

/// Declares the verbs of a portable noun, in help order, each with the word a user types.
macro_rules! verbs {
    ($(#[$about:meta])* $name:ident { $($verb:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the verbs are the words a user types")]
        pub enum $name {
            $($verb),+
        }

        impl $name {
            /// Every verb, in help order.
            pub const ALL: &[$name] = &[$($name::$verb),+];

            /// The word a user types.
            pub const fn name(self) -> &'static str {
                match self {
                    $($name::$verb => $word),+
                }
            }
        }
    };
}

pub(super) use verbs;
