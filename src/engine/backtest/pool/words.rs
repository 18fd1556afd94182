//! The messages between the engine and a worker that computes cells.

use crate::UnixMillis;
use crate::alert::Rule;
use crate::backtest::rules::Parameters;
use crate::backtest::surface::Cell;
use crate::bars::{Bar, Bars, DecimalSum, Origin, Traded};
use crate::settings::SettingsError;
use core::ops::Range;
use serde::{Deserialize, Serialize};

/// A message to a worker.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ToSweeper {
    /// Prepare to compute the cells of these axes around `base`.
    Job {
        /// The rules, and the settings of the rows.
        base: Box<Parameters>,
        /// The alert rule that triggers entries, in place of |z|.
        enter_by: Option<Rule>,
        /// In the format of [`Grid::parse`](crate::backtest::Grid::parse).
        axes: String,
    },
    /// Bars for the job.
    Bars(PackedBars),
    /// Compute a share of the cells.
    Cells {
        /// Index of the first cell, in the order of their tapes.
        from: usize,
        /// Index after the last.
        to: usize,
    },
}

/// A message from a worker.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ToPool {
    /// It is listening.
    Ready,
    /// It is busy and has computed this many cells of its share.
    Tried(usize),
    /// The cells of its share that have traded, with their indices.
    Found(Vec<(usize, Cell)>),
    /// The rows cannot be computed.
    Refused(SettingsError),
}

/// Consecutive bars of a leg, reduced to what a tape reads.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PackedBars {
    leg: usize,
    first: UnixMillis,
    bars: Vec<PackedBar>,
}

/// Origin of a bar; if it traded, open, close, and base volume in units; half-spread of its last book.
type PackedBar = (Origin, Option<(f64, f64, u128)>, Option<f64>);

impl PackedBars {
    /// The bars of a leg at `places`, as far as there are any.
    pub(super) fn of(leg: usize, bars: &Bars, places: Range<usize>) -> Self {
        let step = bars.interval().millis();
        let first = bars.first().unwrap_or_default();
        let time = |place: usize| first + i64::try_from(place).unwrap_or(i64::MAX).saturating_mul(step);
        let pack = |place: usize| {
            let Bar { origin, traded } = bars.get(time(place));
            let traded = traded.map(|traded| (traded.open, traded.close, traded.volume.units()));
            (origin, traded, bars.half_spreads().get(time(place)))
        };
        let end = places.end.min(bars.len());
        Self { leg, first: time(places.start), bars: (places.start..end).map(pack).collect() }
    }

    /// Whether there were none.
    pub(super) fn is_empty(&self) -> bool {
        self.bars.is_empty()
    }

    /// Adds them to the bars of their leg. Fields that were not packed are made up; no tape reads them.
    pub(super) fn unpack(self, legs: &mut [Bars; 2]) {
        let Some(bars) = legs.get_mut(self.leg) else { return };
        let mut time = self.first;
        for (origin, packed, half_spread) in self.bars {
            let traded = packed.map(|(open, close, volume)| Traded {
                open,
                high: open.max(close),
                low: open.min(close),
                close,
                volume: DecimalSum::from_units(volume),
                quote_volume: DecimalSum::ZERO,
                taker_base: DecimalSum::ZERO,
                taker_quote: DecimalSum::ZERO,
                trades: 1,
                first_trade_id: None,
                last_trade_id: None,
            });
            bars.put(time, Bar { origin, traded });
            if let Some(bps) = half_spread {
                bars.put_half_spread(time, bps);
            }
            time = time + bars.interval().millis();
        }
    }
}
