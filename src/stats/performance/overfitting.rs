//! How often the best of many trials on one half of the time is below the median on the other half.

use super::checked;
use crate::Undefined;
use crate::sums::mean;

/// Fewest trials for the probability to be defined.
const FEWEST_TRIALS: usize = 2;

/// The result of combinatorially symmetric cross-validation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overfitting {
    /// Share of the splits in which the best trial in sample is at or below the median out of sample.
    pub probability: f64,
    /// Number of ways to split the blocks into two halves.
    pub splits: usize,
    /// Mean relative rank out of sample of the best trial in sample: 0 for the worst, 1 for the best.
    pub mean_rank: f64,
}

/// Count, sum and sum of squares of one trial's returns in one block, relative to the trial's mean.
#[derive(Debug, Clone, Copy, Default)]
struct Block {
    sum: f64,
    squares: f64,
}

/// Probability of backtest overfitting of `trials`: the returns of each, all of the same length.
///
/// The time is cut into `blocks` blocks of equal length, an even number; the remainder at the end is dropped.
/// For each choice of half of the blocks, the trial with the best Sharpe ratio there (the first of equals) is
/// ranked by its Sharpe ratio in the other half: ω = rank / (N + 1), with the mean rank for ties. The
/// probability is the share of choices with ln(ω / (1 - ω)) at most 0. A trial whose returns do not vary in a
/// half has a ratio of 0 there.
///
/// # Errors
/// [`Undefined::TooShort`] below two trials or two returns per block, or if a trial is shorter than the first;
/// [`Undefined::NonFinite`].
///
/// # Source
/// Bailey, Borwein, López de Prado, Zhu (2017). Checked against ffn `calc_prob_backtest_overfitting` in
/// `tests/oracle`.
///
/// ```
/// use spreadscope_stats::performance::overfitting_probability;
/// // the same one of the two trials is always the better
/// let good: Vec<f64> = (0..40).map(|at| 0.01 + 0.001 * f64::from(at % 3)).collect();
/// let bad: Vec<f64> = good.iter().map(|r| -r).collect();
/// assert_eq!(overfitting_probability(&[bad, good], 4)?.probability, 0.0);
/// # Ok::<(), spreadscope_stats::Undefined>(())
/// ```
pub fn overfitting_probability(trials: &[Vec<f64>], blocks: usize) -> Result<Overfitting, Undefined> {
    let mut count = OverfittingCount::new(trials, blocks)?;
    while count.work(usize::MAX) {}
    Ok(count.finish())
}

/// [`overfitting_probability`] a few splits at a time: thousands of trials take hundreds of millions of sums.
#[derive(Debug, Clone)]
pub struct OverfittingCount {
    /// Indexed by block, then by trial.
    sums: Vec<Vec<Block>>,
    means: Vec<f64>,
    /// Number of returns in a half.
    count: f64,
    /// The next choice of blocks, one bit per block.
    next: u32,
    low: usize,
    splits: usize,
    ranks: f64,
}

impl OverfittingCount {
    /// A count without splits so far.
    ///
    /// # Errors
    /// As [`overfitting_probability`].
    pub fn new(trials: &[Vec<f64>], blocks: usize) -> Result<Self, Undefined> {
        if trials.len() < FEWEST_TRIALS {
            return Err(Undefined::TooShort { needed: FEWEST_TRIALS, got: trials.len() });
        }
        let blocks = blocks.clamp(2, 16) / 2 * 2;
        let length = trials[0].len() / blocks;
        let mut sums = vec![vec![Block::default(); trials.len()]; blocks];
        let mut means = Vec::with_capacity(trials.len());
        for (trial, returns) in trials.iter().enumerate() {
            let returns = checked(returns, (2 * blocks).max(trials[0].len()))?;
            let mean = mean(&returns[..length * blocks]);
            means.push(mean);
            for (block, part) in returns.chunks_exact(length).take(blocks).enumerate() {
                sums[block][trial] = part.iter().fold(Block::default(), |block, value| {
                    let from = value - mean;
                    Block { sum: block.sum + from, squares: block.squares + from * from }
                });
            }
        }
        let count = (length * blocks / 2) as f64;
        Ok(Self { sums, means, count, next: 0, low: 0, splits: 0, ranks: 0.0 })
    }

    /// Evaluates at most `most` more splits; returns whether there are more.
    pub fn work(&mut self, most: usize) -> bool {
        let (blocks, end) = (self.sums.len(), 1_u32 << self.sums.len());
        let until = self.splits.saturating_add(most);
        while self.next < end && self.splits < until {
            let chosen = self.next;
            self.next += 1;
            if chosen.count_ones() as usize == blocks / 2 {
                self.split(chosen);
            }
        }
        self.next < end
    }

    fn split(&mut self, chosen: u32) {
        let (train, test) = (self.ratios(chosen, true), self.ratios(chosen, false));
        let best = (1..train.len()).fold(0, |best, at| if train[at] > train[best] { at } else { best });
        let below = test.iter().filter(|ratio| **ratio < test[best]).count();
        let equal = test.iter().filter(|ratio| **ratio == test[best]).count();
        let rank = below as f64 + f64::midpoint(equal as f64, 1.0);
        let omega = rank / (self.means.len() + 1) as f64;
        self.low += usize::from(omega <= 0.5);
        self.ranks += omega;
        self.splits += 1;
    }

    /// The ratio of each trial in the chosen blocks (`inside`) or in the others.
    fn ratios(&self, chosen: u32, inside: bool) -> Vec<f64> {
        let mut halves = vec![Block::default(); self.means.len()];
        for (block, sums) in self.sums.iter().enumerate() {
            if (chosen >> block & 1 == 1) == inside {
                for (half, block) in halves.iter_mut().zip(sums) {
                    half.sum += block.sum;
                    half.squares += block.squares;
                }
            }
        }
        halves.into_iter().zip(&self.means).map(|(half, mean)| half.sharpe(self.count, *mean)).collect()
    }

    /// The result over the splits so far.
    pub fn finish(&self) -> Overfitting {
        let share = |number: f64| number / self.splits.max(1) as f64;
        let (probability, mean_rank) = (share(self.low as f64), share(self.ranks));
        Overfitting { probability, splits: self.splits, mean_rank }
    }
}

impl Block {
    fn sharpe(self, count: f64, mean: f64) -> f64 {
        let Self { sum, squares } = self;
        let variance = (squares - sum * sum / count) / (count - 1.0);
        let floor = 16.0 * f64::EPSILON * (squares / count + mean * mean);
        if variance > floor { (mean + sum / count) / variance.sqrt() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rank_is_taken_over_one_more_than_the_trials() {
        // trap "PBO omega = rank/N": with two trials, rank 1 is ln(1/2) = -0.69 rather than 0, and rank 2 is
        // finite
        let logit = |rank: f64| {
            let omega: f64 = rank / 3.0;
            (omega / (1.0 - omega)).ln()
        };
        assert!((logit(1.0) + 0.693).abs() < 1e-3 && logit(2.0).is_finite());
        let turning: Vec<f64> =
            (0..8).map(|at| if at < 4 { 0.02 } else { -0.02 } + 0.001 * f64::from(at % 3)).collect();
        let steady: Vec<f64> = (0..8).map(|at| 0.000_5 * f64::from(at % 2)).collect();
        let found = overfitting_probability(&[turning, steady], 2).unwrap();
        // the better trial in one half is the worse one in the other
        assert_eq!((found.splits, found.probability, found.mean_rank), (2, 1.0, 1.0 / 3.0));
    }

    #[test]
    fn a_count_in_parts_finds_the_same() {
        let trials: Vec<Vec<f64>> = (0..7_u32)
            .map(|trial| {
                (0..48_u32).map(|at| f64::from((at * at + 31 * trial) % 17) / 100.0 - 0.07).collect()
            })
            .collect();
        let mut count = OverfittingCount::new(&trials, 8).unwrap();
        let mut calls = 0;
        while count.work(9) {
            calls += 1;
        }
        assert!(calls >= 7, "70 ways, nine at a time, were {calls} calls");
        assert_eq!(Ok(count.finish()), overfitting_probability(&trials, 8));
    }

    #[test]
    fn too_few_trials_or_returns_are_said() {
        assert_eq!(
            overfitting_probability(&[vec![0.0; 40]], 4),
            Err(Undefined::TooShort { needed: 2, got: 1 })
        );
        assert_eq!(
            overfitting_probability(&[vec![0.0; 7], vec![0.1; 7]], 4),
            Err(Undefined::TooShort { needed: 8, got: 7 })
        );
    }
}
