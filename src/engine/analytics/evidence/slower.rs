//! The sample on bars of the next longer interval, folded from the engine's own.

use super::{EvidenceSample, Group};
use crate::analytics::SampleRow;
use crate::analytics::align::{AlignedRow, Carry};
use crate::bars::Bars;
use crate::settings::Settings;
use crate::{Interval, UnixMillis};

/// The next longer interval, if there is one.
pub fn next_slower(interval: Interval) -> Option<Interval> {
    Interval::ALL.into_iter().find(|other| *other > interval)
}

/// The last whole bars of the next longer interval before `end`, as many as the tests look back, if the bars
/// reach that far; `None` if there is no longer interval.
pub fn slower_sample(legs: [&Bars; 2], end: UnixMillis, settings: &Settings) -> Option<EvidenceSample> {
    let interval = next_slower(settings.interval)?;
    let first = legs.iter().filter_map(|bars| bars.first()).max()?;
    let step = interval.millis();
    let lookback = i64::try_from(Group::longest_lookback_bars(settings)).unwrap_or(i64::MAX / step);
    let end = interval.floor(end);
    // the bar in which a leg's data starts is not whole
    let mut open_time = interval.floor(first + (step - 1)).max(end - lookback * step);
    let mut carry = [Carry::default(); 2];
    let mut rows = Vec::new();
    while open_time < end {
        let [y, x] = [0, 1].map(|leg| carry[leg].next(legs[leg].fold(open_time, interval)));
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
        let sample = slower_sample([&y, &x], UnixMillis(330_000), &Settings::default()).unwrap();
        // minutes 1 to 4 are whole: the first half of minute 0 and the second half of minute 5 are missing
        assert_eq!(sample.interval, Interval::OneMinute);
        assert_eq!(sample.times.iter().map(|time| time.0 / 60_000).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!((sample.y[0], sample.x[3]), (119.0, 598.0));
        let day = Settings { interval: Interval::OneDay, ..Settings::default() };
        assert_eq!(slower_sample([&y, &x], UnixMillis(330_000), &day), None);
    }
}
