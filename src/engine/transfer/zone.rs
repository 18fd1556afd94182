//! The clock that a file's times were read from, where they do not say so themselves.

use super::refusal::quoted;
use super::times::Moment;
use super::timestamp::UnixMicros;
use core::cell::RefCell;
use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const SEC: i64 = 1_000_000;
/// No zone is further from UTC.
const FURTHEST_MINUTES: i32 = 18 * 60;

/// Markets of a file whose times are followed.
const MOST_MARKETS: usize = 2_000;

/// A zone as the user names it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Zone {
    /// UTC.
    #[default]
    Utc,
    /// So many minutes ahead of UTC, all year.
    Ahead(i32),
    /// A zone with daylight saving: `Europe/Berlin`.
    Named(String),
}

impl Zone {
    /// Reads `UTC`, `+05:30` or a name; an empty text is UTC.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        let bare = text.strip_prefix("UTC").or(text.strip_prefix("GMT")).unwrap_or(text).trim();
        let (sign, digits) = match bare.strip_prefix(['-', '\u{2212}']) {
            Some(digits) => (-1, digits),
            None => (1, bare.strip_prefix('+').unwrap_or("")),
        };
        let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "0"));
        match (hours.parse::<i32>(), minutes.parse::<i32>()) {
            _ if bare.is_empty() => Self::Utc,
            (Ok(hours @ 0..=18), Ok(minutes @ 0..60)) => Self::Ahead(sign * (hours * 60 + minutes)),
            _ => Self::Named(text.to_owned()),
        }
    }

    /// The zone that the name of a column has in brackets: `Time (UTC+8)`, `Date [Europe/Berlin]`, `Time (EST)`.
    pub(super) fn in_brackets(column: &str) -> Option<Self> {
        let (_, inside) = column.rsplit_once(['(', '['])?;
        let said = inside.trim_end().strip_suffix([')', ']'])?.trim();
        Self::named(said).filter(|zone| Clock::of(zone).is_ok())
    }

    /// The zone that a text about a file names: `UTC+8`, `EST`, `Europe/Berlin`, or a place that is unknown.
    pub(super) fn named(said: &str) -> Option<Self> {
        let said = said.trim();
        // clocks are put forward where these names are said all year
        let place = |name: &str| Some(Self::Named(name.to_owned()));
        match said {
            "UTC" | "GMT" | "Z" => Some(Self::Utc),
            "ET" | "EST" | "EDT" | "Eastern" => place("America/New_York"),
            "CT" | "CST" | "CDT" | "Central" => place("America/Chicago"),
            "PT" | "PST" | "PDT" => place("America/Los_Angeles"),
            "CET" | "CEST" | "MEZ" => place("Europe/Berlin"),
            "JST" => place("Asia/Tokyo"),
            "KST" => place("Asia/Seoul"),
            "HKT" => place("Asia/Hong_Kong"),
            "SGT" => place("Asia/Singapore"),
            "MSK" => place("Europe/Moscow"),
            "EET" | "EEST" => place("Europe/Athens"),
            "BST" | "WET" | "WEST" => place("Europe/London"),
            _ => match Self::parse(said) {
                Self::Ahead(minutes) if said.contains(['+', '-', '\u{2212}']) => Some(Self::Ahead(minutes)),
                zone @ Self::Named(_) if is_place(said) => Some(zone),
                _ => None,
            },
        }
    }

    /// The zone as it is written.
    pub fn words(&self) -> String {
        match self {
            Self::Utc => "UTC".to_owned(),
            Self::Ahead(minutes) => {
                let sign = if *minutes < 0 { '-' } else { '+' };
                format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
            }
            Self::Named(name) => name.clone(),
        }
    }
}

/// Whether a text is written as the name of a place is that has a zone: `America/New_York`.
fn is_place(text: &str) -> bool {
    let mut parts = text.split('/');
    let is_word = |part: &str| {
        part.len() > 1
            && part.starts_with(|letter: char| letter.is_ascii_uppercase())
            && part.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-+".contains(letter))
    };
    text.contains('/') && parts.clone().count() <= 3 && parts.all(is_word)
}

/// A zone's clock.
#[derive(Debug, Clone)]
pub struct Clock {
    rule: Rule,
    /// Of each market the time before, and whether times fall: in an hour that comes twice this tells which one is meant.
    before: RefCell<BTreeMap<String, (UnixMicros, bool)>>,
}

#[derive(Debug, Clone)]
enum Rule {
    Fixed(i64),
    Named(TimeZone),
}

impl Clock {
    /// The clock of a zone.
    ///
    /// # Errors
    /// When there is no zone of that name.
    pub fn of(zone: &Zone) -> Result<Self, String> {
        let rule = match zone {
            Zone::Utc => Rule::Fixed(0),
            Zone::Ahead(minutes) if minutes.abs() <= FURTHEST_MINUTES => {
                Rule::Fixed(i64::from(*minutes) * 60)
            }
            Zone::Ahead(minutes) => {
                return Err(format!("The zone must be within 18 hours of UTC, was {minutes} minutes."));
            }
            Zone::Named(name) => {
                let known = TimeZoneDatabase::bundled().get(name).ok();
                Rule::Named(known.ok_or_else(|| {
                    format!(
                        "The zone must be UTC, a distance such as +05:30, or a name such as Europe/Berlin, was {}.",
                        quoted(name)
                    )
                })?)
            }
        };
        Ok(Self { rule, before: RefCell::default() })
    }

    /// UTC's clock.
    pub const fn utc() -> Self {
        Self { rule: Rule::Fixed(0), before: RefCell::new(BTreeMap::new()) }
    }

    /// Gives a moment its place: one that names no zone is of this clock. `market`: whose row it is of, in a file whose
    /// rows name it.
    pub fn settle(&self, moment: Moment, market: &str) -> Moment {
        match (&self.rule, moment.is_floating) {
            (Rule::Fixed(ahead), true) => Moment { micros: moment.local - ahead * SEC, ..moment },
            (Rule::Named(zone), true) => {
                let micros = self.of_local(zone, moment.local, market).unwrap_or(moment.micros);
                self.take_note(micros, market);
                Moment { micros, ..moment }
            }
            // a number since 1970 has no clock of its own; a text with an offset does
            (rule, false) if moment.is_number => {
                Moment { local: moment.micros + rule.ahead(moment.micros) * SEC, ..moment }
            }
            _ => moment,
        }
    }

    fn take_note(&self, micros: UnixMicros, market: &str) {
        let mut before = self.before.borrow_mut();
        let has_room = before.len() < MOST_MARKETS;
        match before.get_mut(market) {
            Some((held, falls)) => {
                *falls = if micros == *held { *falls } else { micros < *held };
                *held = micros;
            }
            None if has_room => drop(before.insert(market.to_owned(), (micros, false))),
            None => {}
        }
    }

    fn of_local(&self, zone: &TimeZone, local: UnixMicros, market: &str) -> Option<UnixMicros> {
        let seconds = local.div_euclid(SEC);
        let midnight = date(1970, 1, 1).at(0, 0, 0, 0);
        let shown = midnight.checked_add(jiff::SignedDuration::from_secs(seconds)).ok()?;
        let of = |offset: Offset| local - i64::from(offset.seconds()) * SEC;
        let (first, second) = match zone.to_ambiguous_timestamp(shown).offset() {
            AmbiguousOffset::Unambiguous { offset } => return Some(of(offset)),
            // an hour that is left out is read as if the clock had not been moved
            AmbiguousOffset::Gap { before, .. } => return Some(of(before)),
            AmbiguousOffset::Fold { before, after } => (of(before), of(after)),
        };
        // of an hour that comes twice the second one follows the first, or leads it where the newest row is first
        Some(match self.before.borrow().get(market).copied() {
            Some((before, false)) if before >= first => second,
            Some((before, true)) if before > second => second,
            _ => first,
        })
    }
}

impl Rule {
    /// Seconds ahead of UTC.
    fn ahead(&self, micros: UnixMicros) -> i64 {
        match self {
            Self::Fixed(ahead) => *ahead,
            Self::Named(zone) => {
                Timestamp::from_microsecond(micros).map_or(0, |at| zone.to_offset(at).seconds().into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::timestamp;

    fn berlin() -> Clock {
        Clock::of(&Zone::Named("Europe/Berlin".to_owned())).unwrap()
    }

    /// What `clock` makes of times that name no zone, one after the other.
    fn read(clock: &Clock, texts: &[&str]) -> Vec<String> {
        let read = texts.iter().map(|text| {
            let local = timestamp::parse(text).unwrap();
            timestamp::format(clock.settle(Moment::floating(local), "").micros / 1_000)[..16].to_owned()
        });
        read.collect()
    }

    #[test]
    fn a_named_zone_has_daylight_saving() {
        let seen = read(&berlin(), &["2024-01-15 12:00", "2024-07-15 12:00"]);
        assert_eq!(seen, ["2024-01-15T11:00", "2024-07-15T10:00"]);
        let seen = read(&Clock::of(&Zone::Ahead(-330)).unwrap(), &["2024-01-15 12:00"]);
        assert_eq!(seen, ["2024-01-15T17:30"]);
        let refused = Clock::of(&Zone::Named("Europe/Atlantis".to_owned())).unwrap_err();
        assert!(refused.ends_with("was \"Europe/Atlantis\"."), "{refused}");
    }

    #[test]
    fn an_hour_that_comes_twice_is_read_in_the_order_of_the_rows() {
        let shown =
            ["01:00", "02:00", "02:30", "02:00", "02:30", "03:00"].map(|clock| format!("2024-10-27 {clock}"));
        let mut shown: Vec<&str> = shown.iter().map(String::as_str).collect();
        let mut expected = ["23:00", "00:00", "00:30", "01:00", "01:30", "02:00"]
            .map(|clock| format!("2024-10-{}T{clock}", if clock == "23:00" { 26 } else { 27 }));
        assert_eq!(read(&berlin(), &shown), expected);
        shown.reverse();
        expected.reverse();
        shown.insert(0, "2024-10-27 05:00");
        assert_eq!(read(&berlin(), &shown)[1..], expected);
    }

    #[test]
    fn an_hour_that_is_left_out_is_read_as_if_the_clock_had_not_been_moved() {
        assert_eq!(read(&berlin(), &["2024-03-31 02:30"]), ["2024-03-31T01:30"]);
    }

    #[test]
    fn a_zone_in_brackets_behind_a_name_is_taken() {
        let said = |name: &str| Zone::in_brackets(name).map(|zone| zone.words());
        for (name, zone) in [
            ("Time (EST)", "America/New_York"),
            ("Time (UTC+8)", "+08:00"),
            ("Date [Europe/Berlin]", "Europe/Berlin"),
            ("Date (GMT)", "UTC"),
        ] {
            assert_eq!(said(name).as_deref(), Some(zone), "{name}");
        }
        for name in ["Time", "Time (ms)", "Close (USD)", "Date (dd/mm/yyyy)", "Time (5)"] {
            assert_eq!(said(name), None, "{name}");
        }
    }

    #[test]
    fn zones_are_read_as_they_are_written() {
        for (text, zone) in [
            ("", Zone::Utc),
            ("utc", Zone::Named("utc".into())),
            ("UTC+2", Zone::Ahead(120)),
            ("-03:30", Zone::Ahead(-210)),
        ] {
            assert_eq!(Zone::parse(text), zone, "{text}");
        }
        assert_eq!(Zone::parse("UTC"), Zone::Utc);
        assert_eq!(Zone::Ahead(-210).words(), "-03:30");
        assert_eq!(Zone::parse(&Zone::Ahead(345).words()), Zone::Ahead(345));
    }
}
