//! The rules of a backtest: when to enter and exit, at which price, how much, and at what cost.

use crate::Settings;
use crate::analytics::sizing::Sizing;
use crate::base::grouped::counted;
use crate::base::words;
use serde::{Deserialize, Serialize};

/// Which sides are traded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Side {
    /// Long and short.
    #[default]
    Both,
    /// Long only: buys y and sells x when z is low.
    Long,
    /// Short only: sells y and buys x when z is high.
    Short,
}

/// The price at which an order decided at a close is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FillAt {
    /// The first price of the next bar.
    #[default]
    NextOpen,
    /// The last price of the next bar.
    NextClose,
    /// The close that decided: optimistic, for comparison with other tools.
    SameClose,
}

/// Where the slippage of a fill comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum SlippageBy {
    /// The setting in bps.
    #[default]
    Bps,
    /// The half-spread of the last recorded book before the fill, at most a minute old; the setting in bps if there is
    /// none.
    HalfSpread,
}

words!(Side, Both = "both", Long = "long", Short = "short");
words!(FillAt, NextOpen = "next_open", NextClose = "next_close", SameClose = "same_close");
words!(SlippageBy, Bps = "bps", HalfSpread = "recorded_half_spread");

/// The rules of a backtest. A stop or filter is off if `None`, a number of bars if 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// Enters when |z| reaches this, against the sign of z.
    pub entry_z: f64,
    /// Exits when z, in the direction of the entry, has come back to this.
    pub exit_z: f64,
    /// Exits when z, in the direction of the entry, has gone on to this.
    pub stop_z: Option<f64>,
    /// Exits this many known bars after the bar of the entry's fill.
    pub time_stop_bars: usize,
    /// Exits when closing the round trip at once would realise this loss, quote currency.
    pub max_loss: Option<f64>,
    /// Exits, and stops trading, when equity is this far below its highest, as a fraction of capital.
    pub drawdown_stop: Option<f64>,
    /// Known bars after an exit without a new entry.
    pub cooldown_bars: usize,
    /// Bars for which an order waits until both legs trade.
    pub wait_bars: usize,
    /// Adjusts leg x to the newest hedge ratio every this many known bars.
    pub rehedge_bars: usize,
    /// Whether to size by current equity instead of the notional.
    pub compounding: bool,
    /// Which sides are traded.
    pub side: Side,
    /// The price of fills.
    pub fill: FillAt,
    /// How positions are sized.
    pub sizing: Sizing,
    /// Money of a position, in quote currency; also the capital.
    pub notional: f64,
    /// Fee on the money of each fill.
    pub fee_bps: f64,
    /// Where the slippage of each fill comes from.
    pub slippage_by: SlippageBy,
    /// Slippage of each fill that has no recorded book.
    pub slippage_bps: f64,
    /// Daily cost of holding each leg, on its money.
    pub funding_bps_per_day: f64,
    /// Daily cost of borrowing the leg that is sold, on its money.
    pub borrow_bps_per_day: f64,
    /// Highest Engle-Granger p-value for an entry.
    pub max_p_value: Option<f64>,
    /// Longest half-life for an entry.
    pub max_half_life_bars: Option<f64>,
    /// Lowest correlation of returns for an entry.
    pub min_correlation: Option<f64>,
    /// Lowest volume of each leg per bar for an entry, on average over the z window, quote currency.
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
            slippage_by: SlippageBy::default(),
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

impl Rules {
    /// Whether decisions or sizes depend on the equity, and so on the costs so far.
    pub(super) fn reads_equity(&self) -> bool {
        self.max_loss.is_some() || self.drawdown_stop.is_some() || self.compounding
    }

    /// Whether an open position's money decides anything or changes bar by bar, so that no bar may be skipped.
    pub(super) fn watch_each_bar(&self) -> bool {
        let Self { funding_bps_per_day, borrow_bps_per_day, .. } = *self;
        self.reads_equity()
            || self.time_stop_bars > 0
            || self.rehedge_bars > 0
            || funding_bps_per_day > 0.0
            || borrow_bps_per_day > 0.0
    }
}

/// Everything that a backtest depends on besides the bars.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Parameters {
    /// The engine's settings, which determine the rows.
    pub settings: Settings,
    /// The rules of the backtest.
    pub rules: Rules,
}

impl Parameters {
    /// That the bars of the legs have no time in common, as a clause.
    pub fn no_time_in_common(&self) -> String {
        let Settings { pair, interval, .. } = &self.settings;
        format!("the bars of {} and {} have no time in common at {}", pair.y, pair.x, interval.as_str())
    }

    /// Why z is undefined on all of `bars` bars, as a clause.
    pub fn no_z(&self, bars: usize) -> String {
        let Settings { hedge_window_bars, z_window_bars, .. } = self.settings;
        // the last bar of the hedge window is the first of the z window
        if bars + 1 >= hedge_window_bars + z_window_bars {
            return format!(
                "z was defined on none of {} bars: the hedge window of {} bars and the z window of {} were never full of \
                 trades in both legs, or a leg did not vary",
                counted(bars as u64),
                counted(hedge_window_bars as u64),
                counted(z_window_bars as u64)
            );
        }
        // the last bar of the hedge window is the first of the z window
        let there = if bars == 1 {
            "there is 1 bar".to_owned()
        } else {
            format!("there are {} bars", counted(bars as u64))
        };
        let [needed, hedge, z] = [hedge_window_bars + z_window_bars - 1, hedge_window_bars, z_window_bars]
            .map(|bars| counted(bars as u64));
        format!(
            "{there}, and z needs {needed} in which both legs traded: {hedge} for the hedge ratio, and {z} of \
             the spread"
        )
    }
}
