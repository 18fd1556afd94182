//! The statistics crate, timed: each function returns a sum of its results, so that no work is optimised away.

use spreadscope_engine::analytics::SampleRow;
use spreadscope_engine::analytics::evidence::{EvidenceOptions, EvidenceSample, Job};
use spreadscope_engine::bars::Traded;
use spreadscope_engine::scan::{Carried, Scan, Series, Spec};
use spreadscope_engine::{Settings, Symbol, Trade, UnixMillis};
use spreadscope_stats::random::Congruential;
use spreadscope_stats::{
    AdfSpec, EngleGrangerSpec, Estimator as _, Observation, RollingCorrelation, RollingOls, RollingZScore,
    adf, engle_granger, engle_granger_both,
};
use wasm_bindgen::prelude::*;

/// Runs Dickey-Fuller with AIC `calls` times on a seeded walk of `bars`.
///
/// # Errors
/// The walk cannot be tested.
#[wasm_bindgen]
pub fn dickey_fuller(bars: usize, calls: usize) -> Result<f64, JsError> {
    let y = walk(1, bars, 0.0);
    let mut sum = 0.0;
    for _ in 0..calls {
        sum += adf(&y, &AdfSpec::default())?.statistic;
    }
    Ok(sum)
}

/// Runs Engle-Granger one way with AIC `calls` times on two seeded walks of `bars`.
///
/// # Errors
/// The walks cannot be tested.
#[wasm_bindgen]
pub fn cointegration(bars: usize, calls: usize) -> Result<f64, JsError> {
    let (y, x) = (walk(1, bars, 100.0), walk(2, bars, 100.0));
    let mut sum = 0.0;
    for _ in 0..calls {
        sum += engle_granger(&y, &x, &EngleGrangerSpec::default())?.statistic;
    }
    Ok(sum)
}

/// Computes the whole evidence except resampling `calls` times on two seeded walks of `bars`: the worker's cost
/// of the page's panel.
#[wasm_bindgen]
pub fn evidence(bars: usize, calls: usize) -> f64 {
    let settings = Settings::default();
    let (y, x) = (walk(1, bars, 100.0), walk(2, bars, 100.0));
    let rows = y.into_iter().zip(x).zip(0..).map(|((y, x), second)| SampleRow {
        open_time: UnixMillis(1_000 * second),
        y,
        x,
        carried: false,
    });
    let sample = EvidenceSample::new(rows, settings.interval, &settings);
    let mut sum = 0.0;
    for _ in 0..calls {
        let mut job = Job::new(EvidenceOptions::default(), sample.clone(), None, &settings);
        let evidence = loop {
            if let Some(evidence) = job.work() {
                break evidence;
            }
        };
        sum += evidence.main.findings.iter().filter(|finding| finding.found().is_some()).count() as f64;
    }
    sum
}

/// Runs Engle-Granger both ways with AIC on each pair of `symbols` seeded walks of `bars`.
///
/// # Errors
/// A pair cannot be tested.
#[wasm_bindgen]
pub fn scan(symbols: u32, bars: usize) -> Result<f64, JsError> {
    let walks: Vec<Vec<f64>> = (1..=symbols).map(|seed| walk(seed.into(), bars, 100.0)).collect();
    let mut sum = 0.0;
    for (at, y) in walks.iter().enumerate() {
        for x in &walks[at + 1..] {
            sum += engle_granger_both(y, x, &EngleGrangerSpec::default())?.best().statistic;
        }
    }
    Ok(sum)
}

/// Runs the scanner on the same walks as [`scan`]: all bars, the first two thirds, the last third, and every
/// other number of a pair except intervals by resampling.
///
/// # Errors
/// A pair cannot be tested.
#[wasm_bindgen]
pub fn scanner(symbols: u32, bars: usize) -> Result<f64, JsError> {
    let mut markets = std::collections::BTreeMap::new();
    for seed in 1..=symbols {
        let closes = walk(seed.into(), bars, 100.0);
        let traded: Vec<(UnixMillis, Traded)> = (0..).zip(closes).map(minute).collect();
        let bars = traded.iter().map(|(open_time, bar)| (*open_time, bar));
        let carried = Carried { known: |_, _| true, most_bars: 10 };
        markets.insert(Symbol::new(&format!("COIN{seed}"))?, Series::new(60_000, bars, &carried));
    }
    let mut scan = Scan::new(markets, Spec::default());
    scan.work(usize::MAX);
    let report = scan.report();
    match report.untested.first() {
        None => Ok(report.pairs.iter().map(|pair| pair.test.statistic + pair.q_bh).sum()),
        Some(untested) => Err(JsError::new(&untested.reason)),
    }
}

fn minute((minute, price): (i64, f64)) -> (UnixMillis, Traded) {
    let time = UnixMillis(minute * 60_000);
    let trade = Trade {
        trade_id: minute.unsigned_abs(),
        trade_time: time,
        event_time: time,
        price,
        size: 1.0,
        buyer_is_maker: false,
    };
    (time, Traded::from(&trade))
}

/// Bars of a pair, the same as in `rolling.py`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Day {
    observations: Vec<Observation>,
}

#[wasm_bindgen]
impl Day {
    /// Makes `bars` bars.
    #[wasm_bindgen(constructor)]
    pub fn new(bars: usize) -> Self {
        let (x, spread) = (walk(1, bars, 2_600.0), walk(2, bars, 0.0));
        let observations =
            x.into_iter().zip(spread).map(|(x, spread)| Observation { y: 20.0 * x + spread, x });
        Self { observations: observations.collect() }
    }

    /// Computes rolling regression, z-score of its residual, and correlation over `window` bars.
    ///
    /// # Errors
    /// The window is too short.
    pub fn rolling(&self, window: usize) -> Result<f64, JsError> {
        let mut hedge = RollingOls::new(window)?;
        let mut score = RollingZScore::new(window)?;
        let mut correlation = RollingCorrelation::new(window)?;
        let mut sum = 0.0;
        for &observation in &self.observations {
            if let Some(fit) = hedge.update(observation).value() {
                let spread = observation.y - fit.intercept - fit.slope * observation.x;
                sum += score.update(spread).value().map_or(0.0, |score| score.z);
            }
            sum += correlation.update(observation).value().copied().unwrap_or(0.0);
        }
        Ok(sum)
    }
}

pub(crate) fn walk(seed: u64, bars: usize, from: f64) -> Vec<f64> {
    Congruential::new(seed).path(1.0, from).take(bars).collect()
}
