//! One market's closes for a scan.

use crate::UnixMillis;
use crate::bars::Traded;

/// A market's closes, oldest first, and the volumes of their bars.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    step_millis: i64,
    pub(super) open_times: Vec<i64>,
    pub(super) closes: Vec<f64>,
    /// Natural logarithms of the closes, computed once here rather than for each pair.
    pub(super) logs: Vec<f64>,
    /// Quote volume per bar; 0 if unknown.
    pub(super) volumes: Vec<f64>,
}

/// How far a close is carried over bars without trades.
#[derive(Debug, Clone, Copy)]
pub struct Carried<F> {
    /// Whether everything is known between two times, so that a missing bar there had no trades.
    pub known: F,
    /// Most bars carried, as in the engine.
    pub most_bars: usize,
}

impl Series {
    /// The series of `bars` that are `step_millis` long, oldest first.
    pub fn new<'a>(
        step_millis: i64,
        bars: impl IntoIterator<Item = (UnixMillis, &'a Traded)>,
        carried: &Carried<impl Fn(i64, i64) -> bool>,
    ) -> Self {
        let mut series = Self {
            step_millis,
            open_times: Vec::new(),
            closes: Vec::new(),
            logs: Vec::new(),
            volumes: Vec::new(),
        };
        for (open_time, bar) in bars {
            series.carry(open_time.0, carried);
            let quote = bar.quote_volume.value();
            let volume = if quote > 0.0 { quote } else { bar.volume.value() * bar.close };
            series.push(open_time.0, bar.close, volume);
        }
        series
    }

    /// Fills the empty bars before `open_time` with the last close, as far as it may be carried.
    fn carry(&mut self, open_time: i64, carried: &Carried<impl Fn(i64, i64) -> bool>) {
        let (Some(&last), Some(&close)) = (self.open_times.last(), self.closes.last()) else { return };
        let mut empty = last + self.step_millis;
        for _ in 0..carried.most_bars {
            if empty >= open_time || !(carried.known)(empty, empty + self.step_millis) {
                break;
            }
            self.push(empty, close, 0.0);
            empty += self.step_millis;
        }
    }

    fn push(&mut self, open_time: i64, close: f64, volume: f64) {
        debug_assert!(self.open_times.last().is_none_or(|last| *last < open_time), "Invariant: oldest first");
        self.open_times.push(open_time);
        self.closes.push(close);
        self.logs.push(close.ln());
        self.volumes.push(volume);
    }

    /// The newest `bars` bars.
    pub(super) fn newest(mut self, bars: usize) -> Self {
        let older = self.len().saturating_sub(bars);
        self.open_times.drain(..older);
        for values in [&mut self.closes, &mut self.logs, &mut self.volumes] {
            values.drain(..older);
        }
        self
    }

    /// Length of a bar, milliseconds.
    pub fn step_millis(&self) -> i64 {
        self.step_millis
    }

    /// Number of bars.
    pub fn len(&self) -> usize {
        self.closes.len()
    }

    /// Whether there are no bars.
    pub fn is_empty(&self) -> bool {
        self.closes.is_empty()
    }

    /// Open times of the first and the last bar.
    pub fn span(&self) -> Option<(UnixMillis, UnixMillis)> {
        Some((UnixMillis(*self.open_times.first()?), UnixMillis(*self.open_times.last()?)))
    }

    /// The close of all bars, if it is the same in all.
    pub fn constant(&self) -> Option<f64> {
        constant(&self.closes)
    }
}

/// The value of all `values`, if it is the same.
pub(super) fn constant(values: &[f64]) -> Option<f64> {
    let first = *values.first()?;
    values.iter().all(|value| *value == first).then_some(first)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::Trade;

    /// A series of these closes of 1 m bars; none is carried.
    pub(crate) fn series(closes: impl IntoIterator<Item = (i64, f64)>) -> Series {
        series_of(60_000, closes.into_iter().map(|(minute, close)| (minute * 60_000, close)))
    }

    /// A series of these closes at these times; none is carried.
    pub(crate) fn series_of(step_millis: i64, closes: impl IntoIterator<Item = (i64, f64)>) -> Series {
        let bars: Vec<(UnixMillis, Traded)> =
            closes.into_iter().map(|(time, close)| (UnixMillis(time), traded(close))).collect();
        let carried = Carried { known: |_, _| false, most_bars: 10 };
        Series::new(step_millis, bars.iter().map(|(time, bar)| (*time, bar)), &carried)
    }

    fn traded(price: f64) -> Traded {
        let time = UnixMillis(0);
        Traded::from(&Trade {
            trade_id: 1,
            trade_time: time,
            event_time: time,
            price,
            size: 2.0,
            buyer_is_maker: false,
        })
    }

    #[test]
    fn a_close_is_carried_over_empty_bars_and_not_over_unknown_ones() {
        let bars = [(0, traded(7.0)), (4_000, traded(8.0)), (6_000, traded(9.0))]
            .map(|(time, bar)| (UnixMillis(time), bar));
        let carried = Carried { known: |from, _| from < 5_000, most_bars: 2 };
        let series = Series::new(1_000, bars.iter().map(|(time, bar)| (*time, bar)), &carried);
        assert_eq!(series.open_times, [0, 1_000, 2_000, 4_000, 6_000]);
        assert_eq!(series.closes, [7.0, 7.0, 7.0, 8.0, 9.0]);
        assert_eq!(series.volumes, [14.0, 0.0, 0.0, 16.0, 18.0]);
    }
}
