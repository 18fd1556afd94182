//! Single fields in the exchange's messages: times, prices and sizes, and the reason why one cannot be read.

use crate::UnixMillis;
use crate::base::number;
use serde_json::Value;

/// A frame that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Not JSON.
    #[error("not JSON ({reason}): {start}")]
    NotJson {
        /// The parser's own message.
        reason: String,
        /// The first characters.
        start: String,
    },
    /// A field is absent, of another type or out of its range.
    #[error("field {field} must be {expected}, was {found}")]
    Field {
        /// Name on the wire.
        field: &'static str,
        /// What it must be.
        expected: &'static str,
        /// What it was, shortened.
        found: String,
    },
    /// An aggregate trade with a bad field.
    #[error("aggregate trade: {0}")]
    Aggregate(String),
}

/// 2009 to 2100 in milliseconds: a time before the first coin or far in the future is a damaged number.
pub(super) const PLAUSIBLE_MILLIS: core::ops::Range<i64> = 1_230_768_000_000..4_102_444_800_000;

/// Reads a time in milliseconds or, from 1e14 on, in microseconds.
pub(crate) fn time(name: &'static str, number: i64) -> Result<UnixMillis, Rejection> {
    let millis = if number >= 100_000_000_000_000 { number.div_euclid(1_000) } else { number };
    if PLAUSIBLE_MILLIS.contains(&millis) {
        Ok(UnixMillis(millis))
    } else {
        Err(Rejection::Field {
            field: name,
            expected: "a time between 2009 and 2100 in ms or us",
            found: number.to_string(),
        })
    }
}

/// Reads a price or size: finite and positive.
pub(crate) fn decimal(name: &'static str, text: &str) -> Result<f64, Rejection> {
    match number::parse(text) {
        Some(number) if number > 0.0 => Ok(number),
        _ => Err(Rejection::Field { field: name, expected: "a positive decimal", found: start_of(text) }),
    }
}

pub(super) fn field(name: &'static str, expected: &'static str, found: &Value) -> Rejection {
    let found = match found {
        Value::Null => "absent".to_owned(),
        other => start_of(&other.to_string()),
    };
    Rejection::Field { field: name, expected, found }
}

pub(super) fn start_of(text: &str) -> String {
    const SHOWN: usize = 80;
    let mut start: String = text.chars().take(SHOWN).collect();
    if text.chars().nth(SHOWN).is_some() {
        start.push('…');
    }
    start
}
