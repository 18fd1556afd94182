//! What the engine and a worker that tries cells say to each other.

use crate::UnixMillis;
use crate::alert::Rule;
use crate::backtest::rules::Parameters;
use crate::backtest::surface::Cell;
use crate::bars::{Bar, Bars, DecimalSum, Origin, Traded};
use crate::settings::SettingsError;
use core::ops::Range;
use serde::{Deserialize, Serialize};

/// What a worker is told.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ToSweeper {
    /// The cells of these axes are to be tried around `base`.
    Job {
        /// The rules, and the settings of the rows.
        base: Box<Parameters>,
        /// The alert rule that says when to enter, in place of |z|.
        enter_by: Option<Rule>,
        /// As [`Grid::parse`](crate::backtest::Grid::parse) reads them.
        axes: String,
    },
    /// Bars to try them on.
    Bars(PackedBars),
    /// Try a share of the cells.
    Cells {
        /// The first, in the order of their tapes.
        from: usize,
        /// Behind the last.
        to: usize,
    },
}

/// What a worker says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ToPool {
    /// It listens.
    Ready,
    /// It is under way and has tried so many cells of its share.
    Tried(usize),
    /// The cells of its share that have traded, with their places.
    Found(Vec<(usize, Cell)>),
    /// There are no such rows.
    Refused(SettingsError),
}

/// Bars of a leg, one after the other, with no more than a tape reads of them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PackedBars {
    leg: usize,
    first: UnixMillis,
    bars: Vec<PackedBar>,
}

/// How a bar came to be, and if it traded, open, close, and units of the base volume.
type PackedBar = (Origin, Option<(f64, f64, u128)>);

impl PackedBars {
    /// Those at `places` of a leg's bars, as far as there are any.
    pub(super) fn of(leg: usize, bars: &Bars, places: Range<usize>) -> Self {
        let step = bars.interval().millis();
        let first = bars.first().unwrap_or_default();
        let time = |place: usize| first + i64::try_from(place).unwrap_or(i64::MAX).saturating_mul(step);
        let pack = |place: usize| {
            let Bar { origin, traded } = bars.get(time(place));
            (origin, traded.map(|traded| (traded.open, traded.close, traded.volume.units())))
        };
        let end = places.end.min(bars.len());
        Self { leg, first: time(places.start), bars: (places.start..end).map(pack).collect() }
    }

    /// Whether there was none.
    pub(super) fn is_empty(&self) -> bool {
        self.bars.is_empty()
    }

    /// Adds them to the bars of their leg. What was not packed is made up: no tape reads it.
    pub(super) fn unpack(self, legs: &mut [Bars; 2]) {
        let Some(bars) = legs.get_mut(self.leg) else { return };
        let mut time = self.first;
        for (origin, packed) in self.bars {
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
            time = time + bars.interval().millis();
        }
    }
}
