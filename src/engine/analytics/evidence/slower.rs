//! The sample on bars of the next longer interval: those fetched, and newer ones folded from the engine's own.

use super::{EvidenceSample, Group};
use crate::analytics::SampleRow;
use crate::analytics::align::{AlignedRow, Carry};
use crate::bars::{Bar, Bars};
use crate::settings::Settings;
use crate::{Interval, UnixMillis};

/// The next longer interval, if there is one.
pub fn next_slower(interval: Interval) -> Option<Interval> {
    Interval::ALL.into_iter().find(|other| *other > interval)
}

/// The last whole bars of the next longer interval before `end`, as many as the tests look back, if the bars
/// reach that far; `None` if there is no longer interval. They are those of `fetched` where it has them, and
/// folded from `legs` elsewhere.
pub fn slower_sample(
    legs: [&Bars; 2],
    fetched: [Option<&Bars>; 2],
    end: UnixMillis,
    settings: &Settings,
) -> Option<EvidenceSample> {
    let interval = next_slower(settings.interval)?;
    let step = interval.millis();
    // the bar in which a leg's data starts is not whole
    let folded_from = |bars: &Bars| bars.first().map(|first| interval.floor(first + (step - 1)));
    let first = |leg: usize| {
        let fetched = fetched[leg].and_then(Bars::first);
        fetched.into_iter().chain(folded_from(legs[leg])).min()
    };
    let bar = |leg: usize, open_time| {
        let bar = fetched[leg].map(|bars| bars.get(open_time)).filter(Bar::known);
        bar.unwrap_or_else(|| legs[leg].fold(open_time, interval))
    };
    let first = first(0)?.max(first(1)?);
    let lookback = i64::try_from(Group::longest_lookback_bars(settings)).unwrap_or(i64::MAX / step);
    let end = interval.floor(end);
    let mut open_time = first.max(end - lookback * step);
    let mut carry = [Carry::default(); 2];
    let mut rows = Vec::new();
    while open_time < end {
        let [y, x] = [0, 1].map(|leg| carry[leg].next(bar(leg, open_time)));
        let row = AlignedRow { open_time, y, x };
        if let Some((y, x)) = row.closes(settings.max_carried_bars) {
            rows.push(SampleRow { open_time, y, x, carried: row.carried() });
        }
        open_time = open_time + step;
    }
    Some(EvidenceSample::new(rows.into_iter(), interval, settings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Trade;
    use crate::bars::Origin;

    #[test]
    fn minutes_are_folded_from_the_seconds_that_are_there_whole() {
        let bars = |factor: f64| {
            let mut bars = Bars::new(Interval::OneSecond);
            for second in 30..330 {
                let time = UnixMillis(second * 1_000);
                bars.add(&Trade {
                    trade_id: second.cast_unsigned(),
                    trade_time: time,
                    event_time: time,
                    price: factor * second as f64,
                    size: 1.0,
                    buyer_is_maker: false,
                });
            }
            bars.mark(UnixMillis(30_000), UnixMillis(330_000), Origin::Live);
            bars
        };
        let (y, x) = (bars(1.0), bars(2.0));
        let sample = slower_sample([&y, &x], [None; 2], UnixMillis(330_000), &Settings::default()).unwrap();
        // minutes 1 to 4 are whole: the first half of minute 0 and the second half of minute 5 are missing
        assert_eq!(sample.interval, Interval::OneMinute);
        assert_eq!(sample.times.iter().map(|time| time.0 / 60_000).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!((sample.y[0], sample.x[3]), (119.0, 598.0));
        // a fetched minute comes first, older ones join, and one leg alone makes no row
        let fetched = |minutes: core::ops::Range<i64>| {
            let mut bars = Bars::new(Interval::OneMinute);
            for minute in minutes {
                let source = &y;
                bars.put(UnixMillis(minute * 60_000), source.fold(UnixMillis(60_000), Interval::OneMinute));
            }
            bars
        };
        let older = [fetched(-5..2), fetched(-3..3)];
        let older = older.each_ref().map(Some);
        let sample = slower_sample([&y, &x], older, UnixMillis(330_000), &Settings::default()).unwrap();
        let minutes: Vec<i64> = sample.times.iter().map(|time| time.0 / 60_000).collect();
        assert_eq!(minutes, [-3, -2, -1, 0, 1, 2, 3, 4]);
        assert_eq!((sample.y[0], sample.x[5], sample.x[7]), (119.0, 119.0, 598.0));
        let day = Settings { interval: Interval::OneDay, ..Settings::default() };
        assert_eq!(slower_sample([&y, &x], [None; 2], UnixMillis(330_000), &day), None);
    }
}
