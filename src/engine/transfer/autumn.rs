//! An hour that comes twice, where clocks are put back: it tells of which zone the times of a file are.

use super::times::{HOUR_MILLIS as HOUR, Moment};
use super::zone::Zone;
use jiff::civil::date;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

/// Zones by the hour that they repeat and its date; of those that repeat the same the one whose files are usual.
const ZONES: [&str; 7] = [
    "America/New_York",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Athens",
    "Australia/Sydney",
    "America/Sao_Paulo",
    "America/Santiago",
];

/// The hours that come twice in the rows of a file so far.
#[derive(Debug)]
pub(super) struct Repeats {
    step_millis: i64,
    before: Option<i64>,
    /// Beginnings of such hours in a file whose oldest row is first, and in one whose newest is.
    rising: Hours,
    falling: Hours,
}

/// Times that go back, or on where the newest row is first.
#[derive(Debug, Default)]
struct Hours {
    /// By an hour less a bar: when the hour begins.
    repeated: Vec<i64>,
    /// Otherwise.
    others: u64,
}

/// Hours that are looked at.
const MOST: usize = 64;

impl Hours {
    fn take(&mut self, back: i64, begin: i64) {
        if back == HOUR && self.repeated.len() < MOST {
            self.repeated.push(begin);
        } else if back > 0 {
            self.others += 1;
        }
    }

    /// The zone that repeats all of these hours, and the first of them.
    fn zone(&self) -> Option<(&'static str, i64)> {
        let first = *self.repeated.first().filter(|_| self.others == 0)?;
        let repeats = |name: &&&str| {
            let zone = TimeZoneDatabase::bundled().get(name).ok();
            zone.is_some_and(|zone| self.repeated.iter().all(|begin| is_repeated(&zone, *begin)))
        };
        ZONES.iter().find(repeats).map(|name| (*name, first))
    }
}

impl Repeats {
    /// None so far, of bars of `step_millis`; `None` for bars that are longer than an hour.
    pub(super) fn new(step_millis: i64) -> Option<Self> {
        let is_within = (1..=HOUR).contains(&step_millis) && HOUR % step_millis == 0;
        is_within.then(|| Self {
            step_millis,
            before: None,
            rising: Hours::default(),
            falling: Hours::default(),
        })
    }

    /// Takes what the file's clock shows in the next row, milliseconds.
    pub(super) fn take(&mut self, local: i64) {
        if let Some(before) = self.before.replace(local) {
            self.rising.take(before + self.step_millis - local, local);
            self.falling.take(local + self.step_millis - before, before);
        }
    }

    /// The zone that repeats these hours, and the beginning of the first of them.
    pub(super) fn zone(&self) -> Option<(&'static str, i64)> {
        self.rising.zone().or_else(|| self.falling.zone())
    }
}

/// The zone of the times of rows, if one of their hours tells it.
pub(super) fn zone(moments: &[Moment], step_millis: i64) -> Option<Zone> {
    found(moments, step_millis).map(|(name, _)| Zone::Named(name.to_owned()))
}

fn found(moments: &[Moment], step_millis: i64) -> Option<(&'static str, i64)> {
    let mut repeats = Repeats::new(step_millis)?;
    if !are_floating(moments) {
        return None;
    }
    for moment in moments {
        repeats.take(moment.local.div_euclid(1_000));
    }
    repeats.zone()
}

/// Whether the times name no zone themselves.
pub(super) fn are_floating(moments: &[Moment]) -> bool {
    !moments.is_empty() && moments.iter().all(|moment| moment.is_floating)
}

/// What should be known of a zone that an hour has told.
pub(super) fn sentence(name: &str, begin: i64) -> String {
    let hour = super::timestamp::format(begin)[..16].replace('T', " ");
    format!(
        "The hour from {hour} comes twice, as it does where clocks are put back: times are read as those of {name}. \
         If they are of another zone, set it."
    )
}

/// What should be known of the zone of rows whose times were read as those of `name`.
pub(super) fn note(moments: &[Moment], step_millis: i64, name: &str) -> Option<String> {
    let (found, begin) = found(moments, step_millis)?;
    (found == name).then(|| sentence(name, begin))
}

/// Whether a zone shows the hour from `begin` twice.
fn is_repeated(zone: &TimeZone, begin: i64) -> bool {
    let is_twice = |millis: i64| {
        let shown = date(1970, 1, 1).at(0, 0, 0, 0).checked_add(jiff::SignedDuration::from_millis(millis));
        shown.is_ok_and(|shown| {
            matches!(zone.to_ambiguous_timestamp(shown).offset(), AmbiguousOffset::Fold { .. })
        })
    };
    is_twice(begin) && is_twice(begin + HOUR - 1) && !is_twice(begin - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::timestamp;

    fn told(step_millis: i64, texts: &[String]) -> Option<&'static str> {
        let local = |text: &String| Moment::floating(timestamp::parse(text).unwrap());
        let moments: Vec<Moment> = texts.iter().map(local).collect();
        found(&moments, step_millis).map(|(name, _)| name)
    }

    fn hours(day: &str, hours: &[i64]) -> Vec<String> {
        hours.iter().map(|hour| format!("{day} {hour:02}:00")).collect()
    }

    #[test]
    fn the_hour_that_comes_twice_tells_the_zone_in_either_order() {
        for (day, shown, name) in [
            ("2023-11-05", &[0, 1, 1, 2, 3][..], Some("America/New_York")),
            ("2023-10-29", &[0, 1, 1, 2, 3], Some("Europe/London")),
            ("2023-10-29", &[1, 2, 2, 3], Some("Europe/Berlin")),
            ("2023-10-29", &[1, 2, 3, 3, 4], Some("Europe/Athens")),
            ("2023-04-02", &[1, 2, 2, 3], Some("Australia/Sydney")),
            ("2023-11-06", &[0, 1, 1, 2], None),
            ("2023-11-05", &[0, 2, 2, 3], None),
            // rows that come twice anyway
            ("2023-11-05", &[0, 0, 1, 1, 2, 2], None),
        ] {
            let mut texts = hours(day, shown);
            assert_eq!(told(HOUR, &texts), name, "{texts:?}");
            texts.reverse();
            assert_eq!(told(HOUR, &texts), name, "{texts:?}");
        }
    }

    #[test]
    fn shorter_bars_go_through_the_hour_twice() {
        let minutes = |hour: i64| (0..60).map(move |minute| format!("2023-11-05 {hour:02}:{minute:02}"));
        let texts: Vec<String> = minutes(0).chain(minutes(1)).chain(minutes(1)).chain(minutes(2)).collect();
        assert_eq!(told(60_000, &texts), Some("America/New_York"));
        let once: Vec<String> = minutes(0).chain(minutes(1)).chain(minutes(2)).collect();
        assert_eq!((told(60_000, &once), told(2 * HOUR, &texts)), (None, None));
    }
}
