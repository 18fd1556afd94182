//! Kinds of which one is chosen by its word.

/// Gives an enumeration its list, its words, and the way from one to the other and back: a variant is one row.
macro_rules! words {
    ($kind:ident, $($variant:ident = $word:literal),+ $(,)?) => {
        impl $kind {
            /// Each of them.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];
            /// Their words, in the same order.
            pub const WORDS: [&'static str; [$($word),+].len()] = [$($word),+];

            /// The word as it is stored.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            /// The one that [`Self::as_str`] names.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|known| known.as_str() == text)
            }
        }
    };
}

pub(crate) use words;
