//! How far to trust a Sharpe ratio, given how many were tried.

use super::metrics::{Figure, LOST, why};
use super::periods::{Period, enough};
use core::num::NonZeroUsize;
use serde::{Deserialize, Serialize};
use spreadscope_stats::Confidence;
use spreadscope_stats::performance::{
    BlockBootstrapSpec, Overfitting, OverfittingCount, deflated_sharpe, probabilistic_sharpe, sharpe,
    sharpe_interval,
};

/// Series in the bootstrap.
const RESAMPLES: NonZeroUsize = NonZeroUsize::new(1_000).expect("it is not 0");
/// Fixed, so that the interval is reproducible.
const SEED: u64 = 1;
/// Numbers of blocks into which the time is cut: with enough returns, and with few.
const BLOCKS: [usize; 2] = [16, 10];
/// With fewer trials, the probability of overfitting means nothing.
const FEWEST_TRIALS: usize = 10;

/// How far to trust a Sharpe ratio. Ratios are annualised, from returns over whole hours or days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trust {
    /// Lower end of a 95 % interval by the stationary bootstrap.
    pub sharpe_low: Figure,
    /// Upper end of that interval.
    pub sharpe_high: Figure,
    /// Mean length of the bootstrap's blocks, in periods.
    pub block_length: Figure,
    /// Number of bootstrap series.
    pub resamples: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
    /// Probability that the true Sharpe ratio is above 0.
    pub probabilistic_sharpe: Figure,
    /// Probability that it is above the expected best of all trials by luck.
    pub deflated_sharpe: Figure,
    /// Number of trials: sets of valid rules, whether they have traded or not.
    pub trials: usize,
    /// Probability that the best trial on one half of the time is below the median on the other half.
    pub overfitting: Figure,
    /// Number of splits behind that probability.
    pub splits: usize,
}

/// The returns to be judged.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    pub(super) returns: Vec<f64>,
    /// Whether the capital was lost.
    pub(super) lost: bool,
}

impl Chosen {
    /// The returns, or why they have no ratio.
    pub(super) fn judged(&self) -> Result<&[f64], &'static str> {
        if self.lost { Err(LOST) } else { Ok(&self.returns) }
    }
}

/// What it was chosen among.
#[derive(Debug, Default)]
pub(super) struct Trials {
    /// Returns of the trials that have traded.
    pub(super) returns: Vec<Vec<f64>>,
    /// All trials, those that have not traded included.
    pub(super) tried: usize,
}

const ALONE: &str = "it judges the best of many runs, and this is one: a surface has many";

/// Counts how often the best of `trials`, which has `returns`, is below the median; or why that is not
/// possible.
pub(super) fn overfitting_count(
    returns: Result<&[f64], &str>,
    trials: &[Vec<f64>],
    period: Period,
) -> Result<OverfittingCount, String> {
    let returns = enough(returns?, period)?;
    if trials.is_empty() {
        return Err(ALONE.to_owned());
    }
    if trials.len() < FEWEST_TRIALS {
        return Err(format!("{} trials were traded and {FEWEST_TRIALS} are needed", trials.len()));
    }
    let blocks = BLOCKS[usize::from(returns.len() < 4 * BLOCKS[0])];
    why(OverfittingCount::new(trials, blocks), period)
}

impl Trust {
    /// No answer yet, since not all trials have been made.
    pub(super) fn not_yet() -> Self {
        let none = || Figure(Err("not all values have been tried".to_owned()));
        Self {
            sharpe_low: none(),
            sharpe_high: none(),
            block_length: none(),
            resamples: RESAMPLES.get(),
            seed: SEED,
            probabilistic_sharpe: none(),
            deflated_sharpe: none(),
            trials: 0,
            overfitting: none(),
            splits: 0,
        }
    }
}

/// The trust in `returns`, chosen among `trials`, with the overfitting counted; a single run has no
/// overfitting.
pub(super) fn trust(
    returns: Result<&[f64], &str>,
    trials: &Trials,
    overfitting: Result<Overfitting, String>,
    period: Period,
    per_year: f64,
) -> Trust {
    let figure = |value: Result<f64, String>| value.map_or_else(|reason| Figure(Err(reason)), Figure::from);
    let enough = returns.map_err(str::to_owned).and_then(|returns| enough(returns, period));
    let spec = BlockBootstrapSpec { resamples: RESAMPLES, seed: SEED, confidence: Confidence::PERCENT_95 };
    let interval = enough.clone().and_then(|returns| why(sharpe_interval(returns, &spec), period));
    let end = |end: fn(&spreadscope_stats::performance::SharpeInterval) -> f64, scale: f64| {
        figure(interval.as_ref().map(|interval| end(interval) * scale).map_err(Clone::clone))
    };
    let ratios: Vec<f64> = trials.returns.iter().filter_map(|trial| sharpe(trial).ok()).collect();
    let deflated = match &enough {
        Ok(_) if trials.tried == 0 => Err(ALONE.to_owned()),
        Ok(returns) => why(deflated_sharpe(returns, &ratios, trials.tried), period),
        Err(reason) => Err(reason.clone()),
    };
    Trust {
        sharpe_low: end(|interval| interval.low, per_year.sqrt()),
        sharpe_high: end(|interval| interval.high, per_year.sqrt()),
        block_length: end(|interval| interval.block_length, 1.0),
        resamples: RESAMPLES.get(),
        seed: SEED,
        probabilistic_sharpe: figure(
            enough.and_then(|returns| why(probabilistic_sharpe(returns, 0.0), period)),
        ),
        deflated_sharpe: figure(deflated),
        trials: trials.tried,
        splits: overfitting.as_ref().map_or(0, |found| found.splits),
        overfitting: figure(overfitting.map(|found| found.probability)),
    }
}
