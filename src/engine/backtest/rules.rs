//! What a backtest trades by: when it enters and leaves, at which price, how much, and what that costs.

use crate::Settings;
use crate::analytics::sizing::Sizing;
use crate::base::words;
use serde::{Deserialize, Serialize};

/// Which spreads may be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Side {
    /// Long and short ones.
    #[default]
    Both,
    /// Bought ones alone: y bought, x sold, where z is low.
    Long,
    /// Sold ones alone: y sold, x bought, where z is high.
    Short,
}

/// At which price an order that was decided at a close is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FillAt {
    /// The first price of the next bar.
    #[default]
    NextOpen,
    /// The last price of the next bar.
    NextClose,
    /// The close that decided: optimistic, to compare with other tools.
    SameClose,
}

words!(Side, Both = "both", Long = "long", Short = "short");
words!(FillAt, NextOpen = "next_open", NextClose = "next_close", SameClose = "same_close");

/// The rules of a backtest. A stop or filter that is `None`, and a count of bars that is 0, is off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// Enters at this |z|, against its sign.
    pub entry_z: f64,
    /// Exits when z has come back to this on the side of the entry.
    pub exit_z: f64,
    /// Leaves when z, on the side of the entry, has gone on to this.
    pub stop_z: Option<f64>,
    /// Leaves so many known bars after the entry.
    pub time_stop_bars: usize,
    /// Leaves when a round trip, closed at once, would have lost so much money.
    pub max_loss: Option<f64>,
    /// Leaves, for good, when equity is so far below its highest, as a fraction of capital.
    pub drawdown_stop: Option<f64>,
    /// Known bars after an exit in which nothing is entered.
    pub cooldown_bars: usize,
    /// Bars that an order waits for a trade of both legs.
    pub wait_bars: usize,
    /// Trades leg x to the newest hedge ratio each so many known bars.
    pub rehedge_bars: usize,
    /// Sizes by the current equity instead of the notional.
    pub compounding: bool,
    /// Which spreads may be held.
    pub side: Side,
    /// At which price orders are filled.
    pub fill: FillAt,
    /// How much is traded.
    pub sizing: Sizing,
    /// Money of a position, in quote currency; also the capital.
    pub notional: f64,
    /// Fee on the money of each fill.
    pub fee_bps: f64,
    /// How much worse than the price each fill is.
    pub slippage_bps: f64,
    /// Cost of holding each leg, a day, on its money.
    pub funding_bps_per_day: f64,
    /// Cost of holding the leg that is sold, a day, on its money.
    pub borrow_bps_per_day: f64,
    /// Enters at this Engle-Granger p-value at most.
    pub max_p_value: Option<f64>,
    /// Enters at this half-life at most.
    pub max_half_life_bars: Option<f64>,
    /// Enters at this correlation of returns at least.
    pub min_correlation: Option<f64>,
    /// Enters when each leg has traded this much money a bar, on average over the z window.
    pub min_volume: Option<f64>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            entry_z: 2.0,
            exit_z: 0.0,
            stop_z: None,
            time_stop_bars: 0,
            max_loss: None,
            drawdown_stop: None,
            cooldown_bars: 0,
            wait_bars: 5,
            rehedge_bars: 0,
            compounding: false,
            side: Side::default(),
            fill: FillAt::default(),
            sizing: Sizing::default(),
            notional: 10_000.0,
            fee_bps: 10.0,
            slippage_bps: 1.0,
            funding_bps_per_day: 0.0,
            borrow_bps_per_day: 0.0,
            max_p_value: None,
            max_half_life_bars: None,
            min_correlation: None,
            min_volume: None,
        }
    }
}

/// Bars that a run is traded by at a time where an entry may ask for a test, which takes as long as thousands of bars.
const BARS_WITH_TESTS: usize = 256;

impl Rules {
    /// Bars that take a few milliseconds at most, where `most` do without tests.
    pub(super) fn bars_a_step(&self, most: usize) -> usize {
        let tests = self.max_p_value.is_some() || self.max_half_life_bars.is_some();
        if tests { BARS_WITH_TESTS } else { most }
    }

    /// Whether money of an open position decides anything, or is spent bar by bar: then no bar may be skipped.
    pub(super) fn watch_each_bar(&self) -> bool {
        let Self { max_loss, drawdown_stop, funding_bps_per_day, borrow_bps_per_day, .. } = *self;
        max_loss.is_some()
            || drawdown_stop.is_some()
            || self.time_stop_bars > 0
            || self.rehedge_bars > 0
            || self.compounding
            || funding_bps_per_day > 0.0
            || borrow_bps_per_day > 0.0
    }
}

/// Everything that a backtest depends on, beside the bars.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Parameters {
    /// Those of the desk, by which the rows are computed.
    pub desk: Settings,
    /// Those of the backtest.
    pub rules: Rules,
}
