//! The backtest, timed beside the rolling pass over the same bars.

use crate::statistics::walk;
use spreadscope_engine::backtest::{Grid, Legs, Parameters, Rules, Run, Tape, TestResults, cell, tape};
use spreadscope_engine::bars::{Bar, Bars, Origin, Traded};
use spreadscope_engine::{Interval, Settings, Trade, UnixMillis};
use spreadscope_stats::{Estimator as _, Observation, RollingOls, RollingZScore};
use wasm_bindgen::prelude::*;

const START: UnixMillis = UnixMillis(1_700_006_400_000);

/// Bars of a pair, and the tape that is made from them once.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Backtest {
    parameters: Parameters,
    closes: Vec<Observation>,
    tape: Tape,
}

#[wasm_bindgen]
impl Backtest {
    /// Makes `bars` 1 s bars, with windows of `window` bars.
    ///
    /// # Errors
    /// The window is too short.
    #[wasm_bindgen(constructor)]
    pub fn new(bars: usize, window: usize) -> Result<Self, JsError> {
        let (x, spread) = (walk(1, bars, 2_600.0), walk(2, bars, 0.0));
        let closes: Vec<Observation> =
            x.into_iter().zip(spread).map(|(x, spread)| Observation { y: 20.0 * x + spread, x }).collect();
        let y = leg(closes.iter().map(|close| close.y));
        let x = leg(closes.iter().map(|close| close.x));
        let settings = Settings { hedge_window_bars: window, z_window_bars: window, ..Settings::default() };
        let legs = Legs { bars: [&y, &x], closes_alone: [false; 2] };
        let tape = tape(legs, &settings)?;
        // costs would use the capital up, and trading would end long before the bars do
        let rules = Rules { fee_bps: 0.0, slippage_bps: 0.0, ..Rules::default() };
        Ok(Self { parameters: Parameters { settings, rules }, closes, tape })
    }

    /// Runs the rolling regression and the z-score of its residual over the same bars.
    ///
    /// # Errors
    /// The window is too short.
    pub fn pass(&self) -> Result<f64, JsError> {
        let mut hedge = RollingOls::new(self.parameters.settings.hedge_window_bars)?;
        let mut score = RollingZScore::new(self.parameters.settings.z_window_bars)?;
        let mut sum = 0.0;
        for &observation in &self.closes {
            if let Some(fit) = hedge.update(observation).value() {
                let spread = observation.y - fit.intercept - fit.slope * observation.x;
                sum += score.update(spread).value().map_or(0.0, |score| score.z);
            }
        }
        Ok(sum)
    }

    /// Runs once, with the account kept bar by bar; returns the net.
    pub fn run(&self) -> f64 {
        let mut run = Run::new(&self.parameters.rules, 0..self.tape.len(), true);
        let mut tests = TestResults::default();
        while run.work(&self.tape, &mut tests, usize::MAX) {}
        run.finish().trades.iter().map(|trade| trade.net).sum()
    }

    /// Tries 2,500 cells of entry against exit; returns the number of their round trips.
    ///
    /// # Errors
    /// An axis is invalid.
    pub fn surface(&self) -> Result<usize, JsError> {
        let grid = Grid::parse("entry_z,exit_z")?;
        let mut tests = TestResults::default();
        let cells = (0..grid.len()).filter_map(|place| grid.parameters(&self.parameters, place));
        Ok(cells.map(|of| cell(&self.tape, &mut tests, &of.rules, 0..self.tape.len()).trades).sum())
    }
}

fn leg(closes: impl Iterator<Item = f64>) -> Bars {
    let mut bars = Bars::new(Interval::OneSecond);
    for (at, price) in (0_i64..).zip(closes) {
        let time = START + at * Interval::OneSecond.millis();
        let trade = Trade {
            trade_id: 1,
            trade_time: time,
            event_time: time,
            price,
            size: 1.0,
            buyer_is_maker: false,
        };
        bars.put(time, Bar { origin: Origin::History, traded: Some(Traded::from(&trade)) });
    }
    bars
}
