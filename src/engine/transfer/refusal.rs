//! Rows that were not taken: the first ones with line and reason, the rest counted.

use serde::{Deserialize, Serialize};

/// Refusals kept with their reason.
pub const KEPT: usize = 100;
/// Characters of a bad value that are shown.
const SHOWN: usize = 60;

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Field, what it must be and what it was.
    pub reason: String,
}

/// All rows that were not taken.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Refusals {
    /// How many.
    pub count: u64,
    /// The first [`KEPT`] of them.
    pub first: Vec<Refusal>,
}

impl Refusals {
    /// Takes note of a row.
    pub fn add(&mut self, line: u64, reason: String) {
        self.count += 1;
        if self.first.len() < KEPT {
            self.first.push(Refusal { line, reason });
        }
    }
}

/// A value of the file as a message shows it: in quotes, shortened.
pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_kept_and_all_are_counted() {
        let mut refusals = Refusals::default();
        for line in 0..250 {
            refusals.add(line, String::new());
        }
        assert_eq!((refusals.count, refusals.first.len(), refusals.first[99].line), (250, KEPT, 99));
    }

    #[test]
    fn a_long_value_is_shortened_between_characters() {
        assert_eq!(quoted("a\"b"), r#""a\"b""#);
        assert_eq!(quoted(&"é".repeat(61)), format!("{:?}…", "é".repeat(60)));
    }
}
