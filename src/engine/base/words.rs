//! Enumerations whose variants are chosen by a word.

/// Gives an enumeration its list of variants, their words, and conversions both ways; one row per variant.
macro_rules! words {
    ($kind:ident, $($variant:ident = $word:literal),+ $(,)?) => {
        impl $kind {
            /// Every variant.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];
            /// The variants' words, in the same order.
            pub const WORDS: [&'static str; [$($word),+].len()] = [$($word),+];

            /// The word under which it is stored.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            /// The variant that [`Self::as_str`] gives as `text`.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|known| known.as_str() == text)
            }
        }
    };
}

pub(crate) use words;
