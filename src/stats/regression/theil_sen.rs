//! The Theil-Sen line: the median of the slopes between all pairs of points.

use crate::Undefined;
use crate::random::Random;
use crate::rolling::order::{median, select};

/// Two-sided 5 % point of the normal distribution.
pub(crate) const NORMAL_95: f64 = 1.959_963_984_540_054;
/// Most slopes kept in memory at once.
const DIRECT: u64 = 1 << 21;

/// An interval that covers the true value with a stated probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// `y = intercept + slope x` by medians.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TheilSenFit {
    /// Median of the slopes between pairs of points, in units of y per unit of x.
    pub slope: f64,
    /// `median(y) - slope median(x)`, in units of y.
    pub intercept: f64,
    /// 95 % interval of the slope, valid for any distribution of the errors.
    pub slope_interval: Interval,
    /// Number of observations.
    pub count: usize,
}

/// Fits `y` on `x` by the median of the slopes `(y_j - y_i) / (x_j - x_i)` over all pairs with different x.
///
/// `y`, `x`: of the same length, finite, at least 3. Up to 29 % of the points may be arbitrary. Exact, ties
/// included. Time is proportional to n² (about 3 ns per pair). Memory is bounded: beyond 2^21 pairs, only
/// slopes near the ranks sought are kept, and a fixed sample says where those lie.
///
/// # Errors
/// [`Undefined::TooShort`] below 3 observations, [`Undefined::NonFinite`], [`Undefined::Collinear`] if x does
/// not vary.
///
/// # Panics
/// If `y` and `x` differ in length.
///
/// # Source
/// Theil (1950); Sen (1968), equation 2.6, for the interval with ties. Checked against scipy `theilslopes` in
/// `tests/oracle`.
///
/// ```
/// let fit = spreadscope_stats::theil_sen(&[1.0, 3.0, 5.0, 900.0, 9.0], &[0.0, 1.0, 2.0, 3.0, 4.0])?;
/// assert_eq!((fit.slope, fit.intercept), (2.0, 1.0));
/// # Ok::<(), spreadscope_stats::Undefined>(())
/// ```
pub fn theil_sen(y: &[f64], x: &[f64]) -> Result<TheilSenFit, Undefined> {
    theil_sen_with(y, x, &mut Vec::new())
}

/// As [`theil_sen`], with a buffer that is reused from one fit to the next.
pub(crate) fn theil_sen_with(y: &[f64], x: &[f64], slopes: &mut Vec<f64>) -> Result<TheilSenFit, Undefined> {
    assert_eq!(y.len(), x.len(), "y and x must be of the same length");
    let count = y.len();
    if count < 3 {
        return Err(Undefined::TooShort { needed: 3, got: count });
    }
    if !y.iter().chain(x).all(|value| value.is_finite()) {
        return Err(Undefined::NonFinite);
    }
    let points = Points::sorted(y, x);
    let ties_x = ties(&points.x);
    let pairs = pairs_of(count as u64) - ties_x.pairs;
    if pairs == 0 {
        return Err(Undefined::Collinear);
    }
    let mut sorted_y = y.to_vec();
    sorted_y.sort_unstable_by(f64::total_cmp);
    let range = |sorted: &[f64]| sorted[count - 1] - sorted[0];
    if !range(&points.x).is_finite() || !range(&sorted_y).is_finite() {
        return Err(Undefined::NonFinite);
    }
    let ties_y = ties(&sorted_y);
    let variance = (kendall(count as u64) - ties_x.variance - ties_y.variance) / 18.0;
    let ranks = interval_ranks(pairs, variance.max(0.0).sqrt());

    let wanted = [(pairs - 1) / 2, pairs / 2, ranks.0, ranks.1];
    let [lower, upper, low, high] = points.slopes_at(wanted, pairs, slopes);
    let slope = lower + (upper - lower) / 2.0;
    let mut scratch = points.x;
    let intercept = median(&mut sorted_y) - slope * median(&mut scratch);
    if slope.is_finite() && intercept.is_finite() && low.is_finite() && high.is_finite() {
        Ok(TheilSenFit { slope, intercept, slope_interval: Interval { low, high }, count })
    } else {
        Err(Undefined::NonFinite)
    }
}

/// The points in the order of x.
struct Points {
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Points {
    fn sorted(y: &[f64], x: &[f64]) -> Self {
        let mut order: Vec<usize> = (0..x.len()).collect();
        order.sort_by(|&i, &j| x[i].total_cmp(&x[j]));
        Self { x: order.iter().map(|&i| x[i]).collect(), y: order.iter().map(|&i| y[i]).collect() }
    }

    /// Calls `take` with the slope between every two points of different x.
    fn for_each_slope(&self, mut take: impl FnMut(f64)) {
        for (at, (&x, &y)) in self.x.iter().zip(&self.y).enumerate() {
            for (&other_x, &other_y) in self.x[at + 1..].iter().zip(&self.y[at + 1..]) {
                let dx = other_x - x;
                if dx > 0.0 {
                    take((other_y - y) / dx);
                }
            }
        }
    }

    /// The slopes of these ranks among all `pairs`.
    fn slopes_at(&self, ranks: [u64; 4], pairs: u64, slopes: &mut Vec<f64>) -> [f64; 4] {
        if pairs <= DIRECT {
            slopes.clear();
            self.for_each_slope(|slope| slopes.push(slope));
            return ranks.map(|rank| select(slopes, place(rank)));
        }
        let sample = self.sample(pairs);
        let mut width = 4.0;
        loop {
            if let Some(found) = self.slopes_between(ranks, pairs, &sample, width) {
                return found;
            }
            width *= 4.0;
        }
    }

    /// A fixed sample of the slopes, sorted, of size about `pairs^(2/3)`.
    fn sample(&self, pairs: u64) -> Vec<f64> {
        let size = whole((pairs as f64).powf(2.0 / 3.0));
        let mut random = Random::new(1);
        let mut sample = Vec::with_capacity(size);
        while sample.len() < size {
            let [i, j] = [(); 2].map(|()| random.place(self.x.len()));
            let dx = self.x[j] - self.x[i];
            if dx > 0.0 {
                sample.push((self.y[j] - self.y[i]) / dx);
            }
        }
        sample.sort_unstable_by(f64::total_cmp);
        sample
    }

    /// The slopes of these ranks, in one pass that keeps only nearby ones; `None` if the sample was misleading.
    fn slopes_between(&self, ranks: [u64; 4], pairs: u64, sample: &[f64], width: f64) -> Option<[f64; 4]> {
        let [lower, upper, low, high] = ranks;
        let mut brackets = [(lower, upper), (low, low), (high, high)]
            .map(|(from, to)| Bracket::new(from, to, pairs, sample, width));
        self.for_each_slope(|slope| brackets.iter_mut().for_each(|bracket| bracket.take(slope)));
        let [middle, bottom, top] = &mut brackets;
        Some([middle.at(lower)?, middle.at(upper)?, bottom.at(low)?, top.at(high)?])
    }
}

/// The slopes between two bounds, and the numbers of slopes below and on the bounds.
struct Bracket {
    low: f64,
    high: f64,
    below: u64,
    on_low: u64,
    on_high: u64,
    inside: Vec<f64>,
}

impl Bracket {
    /// Bounds that contain the ranks `from ..= to` up to `width` standard errors of the sample.
    fn new(from: u64, to: u64, pairs: u64, sample: &[f64], width: f64) -> Self {
        let size = sample.len() as f64;
        let margin = |share: f64| width * ((size * share * (1.0 - share)).sqrt() + 1.0);
        let share = |rank: u64| rank as f64 / pairs as f64;
        let first = share(from) * size - margin(share(from));
        let last = share(to) * size + margin(share(to));
        let low = if first < 0.0 { f64::NEG_INFINITY } else { sample[whole(first).min(sample.len() - 1)] };
        let high = if last >= size { f64::INFINITY } else { sample[whole(last).min(sample.len() - 1)] };
        Self { low, high, below: 0, on_low: 0, on_high: 0, inside: Vec::new() }
    }

    fn take(&mut self, slope: f64) {
        if slope < self.low {
            self.below += 1;
        } else if slope == self.low {
            self.on_low += 1;
        } else if slope < self.high {
            self.inside.push(slope);
        } else if slope == self.high {
            self.on_high += 1;
        }
    }

    fn at(&mut self, rank: u64) -> Option<f64> {
        let rank = rank.checked_sub(self.below)?;
        let Some(rank) = rank.checked_sub(self.on_low) else { return Some(self.low) };
        let Some(rank) = rank.checked_sub(self.inside.len() as u64) else {
            return Some(select(&mut self.inside, place(rank)));
        };
        (rank < self.on_high).then_some(self.high)
    }
}

fn place(rank: u64) -> usize {
    usize::try_from(rank).expect("Invariant: a rank is below the length of what is in memory")
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "positions in memory: not negative, and far below 2^53"
)]
fn whole(position: f64) -> usize {
    position as usize
}

fn pairs_of(count: u64) -> u64 {
    count * (count - 1) / 2
}

/// Eighteen times the variance of Kendall's sum for `count` values, or for as many ties.
fn kendall(count: u64) -> f64 {
    let k = count as f64;
    k * (k - 1.0) * (2.0 * k + 5.0)
}

/// The reductions by tied values.
struct Ties {
    pairs: u64,
    variance: f64,
}

fn ties(sorted: &[f64]) -> Ties {
    let runs = sorted.chunk_by(|a, b| a == b).map(|run| run.len() as u64);
    runs.fold(Ties { pairs: 0, variance: 0.0 }, |ties, run| Ties {
        pairs: ties.pairs + pairs_of(run),
        variance: ties.variance + kendall(run),
    })
}

/// Ranks of the ends of the 95 % interval.
fn interval_ranks(pairs: u64, std_dev: f64) -> (u64, u64) {
    let all = pairs as f64;
    let low = (((all - NORMAL_95 * std_dev) / 2.0).round_ties_even() - 1.0).max(0.0);
    let high = f64::midpoint(all, NORMAL_95 * std_dev).round_ties_even().min(all - 1.0);
    (whole(low) as u64, whole(high) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    fn sample(length: usize, tick: f64) -> (Vec<f64>, Vec<f64>) {
        let walk = contract::walk(2 * length);
        let on_ticks = |value: f64| (value / tick).round() * tick;
        let x: Vec<f64> = walk[..length].iter().map(|&x| on_ticks(x)).collect();
        (x.iter().zip(&walk[length..]).map(|(x, e)| on_ticks(2.0 * x + e)).collect(), x)
    }

    #[test]
    fn the_pass_with_bounds_gives_the_same_numbers_as_all_slopes() {
        for tick in [1e-6, 0.5] {
            let (y, x) = sample(2_300, tick);
            let points = Points::sorted(&y, &x);
            let mut slopes = Vec::new();
            points.for_each_slope(|slope| slopes.push(slope));
            let pairs = slopes.len() as u64;
            assert!(pairs > DIRECT || tick > 0.1, "{pairs}");
            let ranks = [(pairs - 1) / 2, pairs / 2, pairs / 3, pairs - 1];
            let sample = points.sample(pairs);
            let near = points.slopes_between(ranks, pairs, &sample, 4.0).unwrap();
            assert_eq!(near, ranks.map(|rank| select(&mut slopes, place(rank))));
        }
    }

    #[test]
    fn a_quarter_of_the_points_may_be_anything() {
        let (mut y, x) = sample(100, 1e-9);
        let clean = theil_sen(&y, &x).unwrap();
        (0..25).for_each(|at| y[4 * at] = 1e12);
        let wild = theil_sen(&y, &x).unwrap();
        let Interval { low, high } = wild.slope_interval;
        assert!(low < clean.slope && clean.slope < high, "{clean:?} {wild:?}");
    }

    #[test]
    fn what_has_no_line_says_why() {
        let x = [1.0, 2.0, 3.0];
        assert_eq!(theil_sen(&x, &[3.0; 3]), Err(Undefined::Collinear));
        assert_eq!(theil_sen(&x, &[0.0, -0.0, 0.0]), Err(Undefined::Collinear));
        assert_eq!(theil_sen(&[f64::NAN; 3], &x), Err(Undefined::NonFinite));
        assert_eq!(theil_sen(&[f64::MAX, 0.0, f64::MIN], &x), Err(Undefined::NonFinite));
        assert_eq!(theil_sen(&[], &[]), Err(Undefined::TooShort { needed: 3, got: 0 }));
        let flat = theil_sen(&[5.0; 3], &x).unwrap();
        assert_eq!((flat.slope, flat.intercept), (0.0, 5.0));
    }
}
