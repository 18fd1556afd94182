//! What is to be replayed, and what the desk must load for it first.

use super::{AtEnd, Place, ReplayCommand, Session};
use crate::UnixMillis;
use crate::engine::Held;

/// Longest wait for the history that the desk starts with; then a replay makes do with the bars there are, or
/// is refused.
const LATE_MILLIS: i64 = 15_000;
/// Longest wait for the next older bars, and for stored trades, since they were requested.
const OLDER_MILLIS: i64 = 6_000;
/// Longest wait for all older bars.
const OLDER_MOST_MILLIS: i64 = 120_000;

/// A requested replay, until the desk holds its span.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted {
    command: ReplayCommand,
    since: UnixMillis,
    /// The span, fixed at the first look at the desk's bars, though bars keep coming and old ones are dropped.
    place: Option<Place>,
    /// What happens at the end of the span, decided together with it.
    at_end: Option<AtEnd>,
    older: Option<Older>,
    /// When stored trades were requested.
    recalled: Option<UnixMillis>,
}

/// The wait for older bars.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Older {
    /// The oldest bar when more were requested last.
    than: UnixMillis,
    since: UnixMillis,
    begun: UnixMillis,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Look again later.
    Wait,
    /// Load older bars.
    LoadOlder,
    /// Read the stored trades of this span.
    Recall(Place),
    /// Put this span on a tape, and before it all bars from `first` on.
    Tape {
        /// The span.
        place: Place,
        /// Open time of the oldest bar.
        first: UnixMillis,
        /// What happens where playback comes to its end.
        at_end: AtEnd,
        /// Whether stored trades are no longer waited for.
        is_late: bool,
    },
    /// There is no such replay; the reason is a clause.
    Refuse(String),
}

impl Wanted {
    /// A replay requested at local time `now`.
    pub fn new(command: ReplayCommand, now: UnixMillis) -> Self {
        Self { command, since: now, place: None, at_end: None, older: None, recalled: None }
    }

    /// The replay of `place` requested again at local time `now`: the present has moved on since, and its end is
    /// still what it was.
    pub fn again(place: Place, at_end: AtEnd, now: UnixMillis) -> Self {
        Self { at_end: Some(at_end), ..Self::new(ReplayCommand::Open(place), now) }
    }

    /// Whether the history that the desk starts with is no longer waited for.
    pub fn is_late(&self, now: UnixMillis) -> bool {
        now.since(self.since) >= LATE_MILLIS
    }

    /// The next step at local time `now`, when the desk holds bars as `held` says.
    pub fn next(&mut self, now: UnixMillis, held: Option<Held>) -> Next {
        let Some(Held { first, end, reaches_to, warm_up_millis, has_older, loads_older }) = held else {
            return if self.is_late(now) { Next::Refuse(Self::nothing()) } else { Next::Wait };
        };
        let place = *self.place.get_or_insert(place_of(self.command, first, end));
        if has_older && place.to <= reaches_to {
            return Next::Refuse(Session::out_of_reach(reaches_to));
        }
        let at_end = *self.at_end.get_or_insert(AtEnd::of(place.to, end, has_older));
        if let Some(asked) = self.recalled {
            return Next::Tape { place, first, at_end, is_late: now.since(asked) >= OLDER_MILLIS };
        }
        // a span of all bars begins with the first of them
        let before = if is_whole(self.command) { 0 } else { warm_up_millis };
        let needed =
            place.begins.map_or(i64::MAX, |begins| begins.0).min(place.from.0.saturating_sub(before));
        if has_older && needed < first.0 {
            match self.older {
                Some(Older { than, since, begun }) if first >= than => {
                    // the desk is full if its first bars have moved on
                    if first == than
                        && loads_older
                        && now.since(since) < OLDER_MILLIS
                        && now.since(begun) < OLDER_MOST_MILLIS
                    {
                        return Next::Wait;
                    }
                }
                Some(Older { begun, .. }) if now.since(begun) >= OLDER_MOST_MILLIS => {}
                older => {
                    let begun = older.map_or(now, |older| older.begun);
                    self.older = Some(Older { than: first, since: now, begun });
                    return Next::LoadOlder;
                }
            }
        }
        if place.to <= first || place.from >= end {
            return Next::Refuse(Session::not_held(first, end));
        }
        self.recalled = Some(now);
        Next::Recall(place)
    }

    /// The reason against a replay if there are no bars, as a clause.
    pub fn nothing() -> String {
        "the desk has no bars of both markets yet".to_owned()
    }
}

/// Whether the replay is of all bars that the desk has loaded.
fn is_whole(command: ReplayCommand) -> bool {
    !matches!(command, ReplayCommand::Open(_))
        && !matches!(command, ReplayCommand::OpenLast { millis } if millis < i64::MAX)
}

/// The requested place when bars from `first` to `end` are held.
fn place_of(command: ReplayCommand, first: UnixMillis, end: UnixMillis) -> Place {
    match command {
        ReplayCommand::Open(place) => place,
        ReplayCommand::OpenLast { millis } if millis < i64::MAX => {
            let from = UnixMillis(end.0.saturating_sub(millis));
            Place { from, to: end, at: from, begins: None }
        }
        _ => Place { from: first, to: end, at: first, begins: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;
    const T0: UnixMillis = UnixMillis(1_700_000_000_000);

    fn secs(secs: i64) -> UnixMillis {
        T0 + secs * 1_000
    }

    /// A desk with bars from `first` to `end` that needs none before a span.
    fn held(first: UnixMillis, end: UnixMillis) -> Held {
        Held { first, end, reaches_to: end - DAY, warm_up_millis: 0, has_older: true, loads_older: true }
    }

    fn day() -> Wanted {
        Wanted::new(ReplayCommand::OpenLast { millis: DAY }, secs(0))
    }

    /// A desk that keeps a day of seconds drops its first with every new one.
    #[test]
    fn the_last_day_opens_although_its_first_second_leaves_as_a_new_one_comes() {
        for held_secs in [86_399, 86_400, 86_411] {
            let mut wanted = day();
            let mut steps = Vec::new();
            for second in 0..30 {
                let held = held(secs(second - held_secs), secs(second));
                let step = wanted.next(secs(second), Some(held));
                let is_tape = matches!(step, Next::Tape { .. });
                steps.push(step);
                if is_tape {
                    break;
                }
            }
            let place = Place { from: secs(-86_400), to: secs(0), at: secs(-86_400), begins: None };
            assert!(steps.contains(&Next::Recall(place)), "{held_secs}: {steps:?}");
            let taped = matches!(
                steps.last(),
                Some(Next::Tape { place: taped, at_end: AtEnd::GoLive, .. }) if *taped == place
            );
            assert!(taped && steps.len() <= 3, "{held_secs}: {steps:?}");
        }
    }

    #[test]
    fn older_bars_are_waited_for_while_they_come_and_not_for_ever() {
        let mut wanted = day();
        let hours = |hours: i64| Some(held(secs(-hours * 3_600), secs(0)));
        assert_eq!(wanted.next(secs(0), hours(1)), Next::LoadOlder);
        assert_eq!(wanted.next(secs(5), hours(1)), Next::Wait);
        assert_eq!(wanted.next(secs(5), hours(2)), Next::LoadOlder);
        assert_eq!(wanted.next(secs(10), hours(2)), Next::Wait);
        assert!(matches!(wanted.next(secs(11), hours(2)), Next::Recall(_)));
        // a desk that gets a little more each time
        let mut wanted = day();
        let until = (0..1_000).map(secs).zip(3_600_i64..).find(|(now, bars)| {
            !matches!(wanted.next(*now, Some(held(secs(-bars), secs(0)))), Next::Wait | Next::LoadOlder)
        });
        assert_eq!(until.map(|(now, _)| now), Some(secs(120)));
        // nothing older can be had of a recording
        let recorded = Held { has_older: false, ..held(secs(-3_600), secs(0)) };
        assert!(matches!(day().next(secs(0), Some(recorded)), Next::Recall(_)));
    }

    /// A desk that has just begun holds an hour: the last hour would begin without z, and without its alerts.
    #[test]
    fn a_span_begins_with_statistics_if_the_bars_before_it_can_be_had() {
        let held_of = |bars: i64, loads_older: bool| {
            Some(Held { warm_up_millis: 900_000, loads_older, ..held(secs(-bars), secs(0)) })
        };
        let last = |millis: i64| Wanted::new(ReplayCommand::OpenLast { millis }, secs(0));
        let place = |from: i64| Place { from: secs(from), to: secs(0), at: secs(from), begins: None };
        let mut wanted = last(3_600_000);
        assert_eq!(wanted.next(secs(0), held_of(3_602, true)), Next::LoadOlder);
        assert_eq!(wanted.next(secs(1), held_of(3_602, true)), Next::Wait);
        assert_eq!(wanted.next(secs(2), held_of(5_000, true)), Next::Recall(place(-3_600)));
        let Next::Tape { first, .. } = wanted.next(secs(3), held_of(5_000, true)) else {
            panic!("{wanted:?}")
        };
        assert_eq!(first, secs(-5_000));
        // those that cannot be had are not waited for
        let mut wanted = last(3_600_000);
        assert_eq!(wanted.next(secs(0), held_of(3_602, true)), Next::LoadOlder);
        assert_eq!(wanted.next(secs(1), held_of(3_602, false)), Next::Recall(place(-3_600)));
        // and before all that is loaded there is nothing
        assert_eq!(last(i64::MAX).next(secs(0), held_of(3_602, true)), Next::Recall(place(-3_602)));
    }

    #[test]
    fn what_no_desk_holds_at_this_interval_is_refused_before_anything_is_loaded() {
        let place = |to: i64| Place { from: secs(to - 60), to: secs(to), at: secs(to), begins: None };
        let next = |to: i64| {
            let mut wanted = Wanted::new(ReplayCommand::Open(place(to)), secs(0));
            wanted.next(secs(0), Some(held(secs(-3_600), secs(0))))
        };
        assert_eq!(next(-86_399), Next::LoadOlder);
        let Next::Refuse(reason) = next(-86_400) else { panic!("it loads") };
        assert_eq!(
            reason,
            "there is no data for that span; bars of this length reach back to 2023-11-13 22:13:20 UTC, longer ones further"
        );
    }

    #[test]
    fn a_span_that_ended_at_the_present_still_does_when_it_is_opened_again() {
        let place = Place { from: secs(-9), to: secs(0), at: secs(-3), begins: None };
        let end_of = |mut wanted: Wanted| {
            let looks = [(); 2].map(|()| wanted.next(secs(60), Some(held(secs(-9), secs(60)))));
            match looks {
                [Next::Recall(_), Next::Tape { at_end, .. }] => Some(at_end),
                _ => None,
            }
        };
        for at_end in [AtEnd::Stop, AtEnd::GoLive] {
            assert_eq!(end_of(Wanted::again(place, at_end, secs(60))), Some(at_end));
        }
        // that of a link ends in the past by now
        assert_eq!(end_of(Wanted::new(ReplayCommand::Open(place), secs(60))), Some(AtEnd::Stop));
    }

    #[test]
    fn a_desk_without_bars_is_waited_for_and_a_span_that_it_has_not_is_refused() {
        let mut wanted = day();
        assert_eq!(wanted.next(secs(14), None), Next::Wait);
        assert_eq!(wanted.next(secs(15), None), Next::Refuse(Wanted::nothing()));
        let place = Place { from: secs(10), to: secs(20), at: secs(10), begins: None };
        let later =
            Wanted::new(ReplayCommand::Open(place), secs(0)).next(secs(0), Some(held(secs(-9), secs(5))));
        assert!(
            matches!(later, Next::Refuse(reason) if reason.starts_with("there is no data for that span"))
        );
    }
}
