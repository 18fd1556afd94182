//! The engine as a wasm module of its own, timed in a browser's worker.
//!
//! It is compiled with the same profile as the page's worker, so that the figures apply there; the page itself
//! contains no timing code.

pub mod backtest;
pub mod statistics;

use spreadscope_engine::messages::input::{Input, Output, SocketEvent};
use spreadscope_engine::{Command, Engine, Event, UnixMillis};
use spreadscope_stats::random::Congruential;
use spreadscope_stats::{Estimator as _, Observation, RollingOls, RollingZScore};
use wasm_bindgen::prelude::*;

/// An engine with default settings, fed by hand.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Bench {
    engine: Engine,
    generation: u64,
    now: i64,
    rows: usize,
}

#[wasm_bindgen]
impl Bench {
    /// Makes an engine that has been started at local time `now`.
    #[wasm_bindgen(constructor)]
    pub fn new(now: f64) -> Self {
        let mut bench = Self { engine: Engine::new(1), generation: 0, now: whole(now), rows: 0 };
        bench.input(Input::Command(Command::Configure(Box::default())));
        bench
    }

    /// Feeds a frame at local time `now`, after the wakeups that are due by then.
    pub fn frame(&mut self, now: f64, text: String) {
        let now = whole(now);
        while let Some(wakeup) = self.engine.next_wakeup().filter(|wakeup| wakeup.0 < now) {
            self.now = self.now.max(wakeup.0);
            self.input(Input::Wakeup);
        }
        self.now = self.now.max(now);
        self.input(Input::Socket { generation: self.generation, event: SocketEvent::Frame(text) });
    }

    /// Returns the number of rows reported so far.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Returns the number of 1 s bars in memory, of both legs.
    pub fn bars(&self) -> usize {
        self.engine.markets().map_or(0, |market| market.legs.iter().map(|leg| leg.seconds().len()).sum())
    }

    fn input(&mut self, input: Input) {
        self.engine.handle(UnixMillis(self.now), input);
        while let Some(output) = self.engine.poll() {
            match output {
                Output::OpenSocket { generation, .. } => self.generation = generation,
                Output::Emit(Event::Fact {
                    fact: spreadscope_engine::messages::event::Fact::Rows { rows, .. },
                    ..
                }) => {
                    self.rows += rows.len();
                }
                Output::CloseSocket { .. }
                | Output::Fetch { .. }
                | Output::Store(_)
                | Output::ReadSlice(_)
                | Output::Sweep(_)
                | Output::Emit(_) => {}
            }
        }
    }
}

/// Feeds `count` seeded observations to a rolling regression and z-score of `window` bars; returns the sum of
/// the z-scores, so that none of the work can be optimised away.
///
/// # Errors
/// The window is too short.
#[wasm_bindgen]
pub fn rolling(window: usize, count: usize) -> Result<f64, JsError> {
    let mut hedge = RollingOls::new(window)?;
    let mut score = RollingZScore::new(window)?;
    let (mut random, mut x, mut sum) = (Congruential::new(12_345), 2_600.0, 0.0);
    for _ in 0..count {
        let step = random.centred();
        x += step;
        let y = 20.0 * x + 30.0 * step;
        if let Some(fit) = hedge.update(Observation { y, x }).value() {
            let spread = y - fit.intercept - fit.slope * x;
            sum += score.update(spread).value().map_or(0.0, |score| score.z);
        }
    }
    Ok(sum)
}

fn whole(millis: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
    let whole = millis as i64;
    whole
}
