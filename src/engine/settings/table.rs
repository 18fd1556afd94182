//! The shape of a settings table: a row names a setting, states its allowed values, and reads and writes it.
//!
//! Forms, links, file headers and the command line all read these rows, so a setting with a row appears in all
//! of them.

use super::test_options::{FitTerms, LagRule};
use super::{HedgeKind, PriceScale};
use crate::base::number;
use crate::base::typed::{TypedError, typed};
use serde::{Deserialize, Serialize};

/// A setting's value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// The stop or filter is off.
    Off,
    /// A number, in the setting's unit.
    Number(f64),
    /// One of the setting's words.
    Word(&'static str),
    /// Some of the setting's words, one bit each; the first word is the lowest bit.
    Several(u32),
}

/// The shortest text that reads back to the same value. Several words print as their bits, since only the
/// setting knows the words.
impl core::fmt::Display for Value {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Off => formatter.write_str("none"),
            Self::Number(number) => number.fmt(formatter),
            Self::Word(word) => formatter.write_str(word),
            Self::Several(bits) => bits.fmt(formatter),
        }
    }
}

/// What a setting may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A number from `min` to `max`.
    Number {
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
        /// Whether it must be whole.
        whole: bool,
        /// Whether `0` or `none` turns it off.
        can_be_off: bool,
    },
    /// One of these words.
    Words(&'static [&'static str]),
    /// Any of these words, at most 32, separated by points.
    Several(&'static [&'static str]),
}

/// The words of a setting that is on or off.
pub const ON_OFF: &[&str] = &["off", "on"];

/// One row of a table: a setting of `S`, in the form's group `G`.
#[derive(Debug, Clone, Copy)]
pub struct Setting<S: 'static, G> {
    /// The name, in files, on the command line and in errors.
    pub name: &'static str,
    /// The name in links.
    pub link: &'static str,
    /// Its group in the form.
    pub group: G,
    /// The unit; empty for words.
    pub unit: &'static str,
    /// The values allowed.
    pub kind: Kind,
    /// Reads its value from the settings.
    pub read: fn(&S) -> Value,
    /// Writes its value; a value of another kind changes nothing.
    pub write: fn(&mut S, Value),
}

/// One setting that cannot take effect, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct SettingsError {
    /// The setting's name.
    pub field: String,
    /// The whole sentence: setting, range, and the value given.
    pub message: String,
}

impl<S, G> Setting<S, G> {
    /// The allowed values, to show: `1 to 1000000 bars, or 0 for none`.
    pub fn range(&self) -> String {
        let space = if self.unit.is_empty() { "" } else { " " };
        match self.kind {
            Kind::Words(words) => words.join("|"),
            Kind::Several(words) => words.join("."),
            Kind::Number { min, max, can_be_off, .. } => {
                let off = match (can_be_off, min == 0.0) {
                    (true, true) => ", 0 for none",
                    (true, false) => ", or 0 for none",
                    (false, _) => "",
                };
                format!("{min} to {max}{space}{}{off}", self.unit)
            }
        }
    }

    /// Its value in `settings` as the shortest text that reads back the same.
    pub fn text(&self, settings: &S) -> String {
        match ((self.read)(settings), self.kind) {
            (Value::Several(bits), Kind::Several(words)) => {
                let chosen = words.iter().enumerate().filter(|(place, _)| bits & (1 << place) != 0);
                chosen.map(|(_, word)| *word).collect::<Vec<_>>().join(".")
            }
            (value, _) => value.to_string(),
        }
    }

    /// Reads a value of this setting.
    ///
    /// # Errors
    /// A sentence to show: the setting, its allowed values, and the text given.
    pub fn parse(&self, text: &str) -> Result<Value, SettingsError> {
        let text = text.trim();
        let read = match self.kind {
            Kind::Words(words) => {
                let spelt = match text.to_ascii_lowercase().as_str() {
                    "true" | "yes" | "1" if words == ON_OFF => "on".to_owned(),
                    "false" | "no" | "0" | "none" if words == ON_OFF => "off".to_owned(),
                    other => other.to_owned(),
                };
                place(words, &spelt).map(|place| Value::Word(words[place]))
            }
            Kind::Several(words) => {
                let mut chosen = text.split('.').filter(|word| !word.is_empty());
                let bits = chosen.try_fold(0, |bits, word| Some(bits | (1 << place(words, word)?)));
                bits.map(Value::Several)
            }
            Kind::Number { can_be_off: true, .. } if text.eq_ignore_ascii_case("none") => Some(Value::Off),
            Kind::Number { can_be_off, .. } => {
                let number = match typed(text) {
                    Ok(number) => Some(number),
                    Err(TypedError::NotANumber) => None,
                    Err(error @ TypedError::TwoReadings { .. }) => {
                        return Err(SettingsError {
                            field: self.name.to_owned(),
                            message: format!("{} {text:?} {error}", self.name),
                        });
                    }
                };
                let off = can_be_off && number == Some(0.0);
                if off {
                    Some(Value::Off)
                } else {
                    number.map(Value::Number).filter(|value| self.allows(*value))
                }
            }
        };
        read.ok_or_else(|| self.refusal(text))
    }

    /// Sets it from `text`.
    ///
    /// # Errors
    /// As [`Setting::parse`]; nothing is changed then.
    pub fn set(&self, settings: &mut S, text: &str) -> Result<(), SettingsError> {
        let value = self.parse(text)?;
        (self.write)(settings, value);
        Ok(())
    }

    /// Checks its value in `settings`.
    ///
    /// # Errors
    /// A sentence to show.
    pub fn check(&self, settings: &S) -> Result<(), SettingsError> {
        if self.allows((self.read)(settings)) { Ok(()) } else { Err(self.refusal(&self.text(settings))) }
    }

    /// Whether a value is in range; NaN is in none.
    fn allows(&self, value: Value) -> bool {
        match (value, self.kind) {
            (Value::Number(number), Kind::Number { min, max, whole, .. }) => {
                number >= min && number <= max && (!whole || number.fract() == 0.0)
            }
            _ => true,
        }
    }

    fn refusal(&self, text: &str) -> SettingsError {
        let number = number::parse(text);
        let is_shown_bare = number.is_some() || matches!(text, "NaN" | "inf" | "-inf");
        let shown = if is_shown_bare { text.to_owned() } else { format!("{text:?}") };
        let is_whole = number.is_some_and(|number| number.fract() == 0.0);
        let must_be = match self.kind {
            Kind::Words(_) => "one of ",
            Kind::Several(_) => "any of ",
            Kind::Number { whole: true, .. } if !is_whole => "a whole number, ",
            Kind::Number { .. } => "",
        };
        SettingsError {
            field: self.name.to_owned(),
            message: format!("{} must be {must_be}{}, was {shown}", self.name, self.range()),
        }
    }
}

/// The index of a word in a list; `-` and `_` are equivalent.
fn place(words: &[&str], word: &str) -> Option<usize> {
    let one = |word: &str| word.replace('_', "-");
    words.iter().position(|known| one(known) == one(word))
}

/// A type that a setting's field can have: converts to a [`Value`] and back.
pub(crate) trait Field: Sized {
    /// The value.
    fn value(&self) -> Value;
    /// The field from a value, if the value is of its kind.
    fn of(value: Value) -> Option<Self>;
}

impl Field for f64 {
    fn value(&self) -> Value {
        Value::Number(*self)
    }

    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Number(number) => Some(number),
            Value::Off | Value::Word(_) | Value::Several(_) => None,
        }
    }
}

impl Field for usize {
    fn value(&self) -> Value {
        Value::Number(*self as f64)
    }

    fn of(value: Value) -> Option<Self> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the cast saturates, and the value was checked to be whole"
        )]
        f64::of(value).map(|number| number as Self)
    }
}

impl Field for Option<usize> {
    fn value(&self) -> Value {
        self.map_or(Value::Off, |number| number.value())
    }

    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Off => Some(None),
            Value::Number(_) => usize::of(value).map(Some),
            Value::Word(_) | Value::Several(_) => None,
        }
    }
}

/// Makes an enumeration that is chosen by its word usable as a field.
macro_rules! chosen_by_word {
    ($($kind:ty),+) => {$(
        impl Field for $kind {
            fn value(&self) -> Value {
                Value::Word(self.as_str())
            }

            fn of(value: Value) -> Option<Self> {
                match value {
                    Value::Word(word) => Self::parse(word),
                    Value::Off | Value::Number(_) | Value::Several(_) => None,
                }
            }
        }
    )+};
}

chosen_by_word!(HedgeKind, PriceScale, LagRule, FitTerms);

impl Field for Vec<HedgeKind> {
    fn value(&self) -> Value {
        Value::Several(self.iter().fold(0, |bits, kind| bits | (1 << *kind as u32)))
    }

    fn of(value: Value) -> Option<Self> {
        let Value::Several(bits) = value else { return None };
        Some(HedgeKind::ALL.into_iter().filter(|kind| bits & (1 << *kind as u32) != 0).collect())
    }
}
