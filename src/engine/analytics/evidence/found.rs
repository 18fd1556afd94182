//! Results of the tests, and what they say about the pair.

use super::EvidenceKind;
use crate::UnixMillis;
use crate::analytics::cointegration::CriticalValues;
use serde::{Deserialize, Serialize};

/// The significance level.
pub(in crate::analytics) const LEVEL: f64 = 0.05;

/// Lookbacks without a bar in common from which on their share says something: fewer are one sample, seen often.
const LOOKBACKS_APART: usize = 3;
/// Share of past lookbacks above which the pair held together most of the time.
const MOSTLY: f64 = 0.5;

/// A p-value, or the bound where its table ends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum PValue {
    /// A number.
    Exactly(f64),
    /// This or less.
    AtMost(f64),
    /// This or more.
    AtLeast(f64),
    /// Between two levels of a table of few critical values.
    Between {
        /// The smaller level, which p is above.
        low: f64,
        /// The larger level, which p is at most.
        high: f64,
    },
}

impl PValue {
    /// The number, the bound, or the middle between two levels, which is on the right side of each of them.
    pub const fn number(self) -> f64 {
        match self {
            Self::Exactly(p) | Self::AtMost(p) | Self::AtLeast(p) => p,
            Self::Between { low, high } => f64::midpoint(low, high),
        }
    }

    /// p of a right-tailed `statistic` by its `critical` values alone.
    pub(super) fn by_critical_values(statistic: f64, critical: &CriticalValues) -> Self {
        let CriticalValues { one_percent, five_percent, ten_percent } = *critical;
        if statistic >= one_percent {
            Self::AtMost(0.01)
        } else if statistic > five_percent {
            Self::Between { low: 0.01, high: 0.05 }
        } else if statistic > ten_percent {
            Self::Between { low: 0.05, high: 0.1 }
        } else {
            Self::AtLeast(0.1)
        }
    }
}

impl From<spreadscope_stats::TabulatedP> for PValue {
    fn from(p: spreadscope_stats::TabulatedP) -> Self {
        use spreadscope_stats::TabulatedP;
        match p {
            TabulatedP::Interpolated(p) => Self::Exactly(p),
            TabulatedP::AtMost(p) => Self::AtMost(p),
            TabulatedP::AtLeast(p) => Self::AtLeast(p),
        }
    }
}

/// A statistic and how to judge it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TestFound {
    /// The statistic.
    pub statistic: f64,
    /// p-value of the null hypothesis.
    pub p_value: PValue,
    /// Critical values of the statistic.
    pub critical: CriticalValues,
    /// Lags of its regression, or of its long-run variance.
    pub lags: f64,
}

/// One step of Johansen's sequence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RankStep {
    /// The statistic; large values reject.
    pub statistic: f64,
    /// Critical values; a statistic above them rejects.
    pub critical: CriticalValues,
}

/// Johansen's sequence for two legs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RankFound {
    /// The null of no cointegrating relation.
    pub none: RankStep,
    /// The null of one cointegrating relation.
    pub one: RankStep,
    /// Cointegration rank at 5 %, 0 to 2; 2 means that each leg is stationary by itself.
    pub rank: usize,
}

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Lower end.
    pub low: f64,
    /// Upper end; `None` if unbounded.
    pub high: Option<f64>,
}

/// A number with its standard error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// Its standard error.
    pub std_error: f64,
}

impl Estimate {
    /// The ends of the 95 % interval around it.
    pub fn ends(self) -> (f64, f64) {
        let reach = 1.959_963_984_540_054 * self.std_error;
        (self.value - reach, self.value + reach)
    }
}

/// Whether a speed of reversion can be told apart from that of a random walk.
///
/// The estimate of a walk is nearly always above 0, and far from normally distributed: the Dickey-Fuller value
/// decides, for a residual that was fitted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reversion {
    /// t of b in `Δs(t) = a + b·s(t-1)`.
    pub t_statistic: f64,
    /// MacKinnon's 5 % value for the residual of a fit of one leg on the other; reversion is shown below it.
    pub five_percent: f64,
}

impl Reversion {
    /// Whether reversion is shown at 5 %.
    pub fn is_shown(self) -> bool {
        self.t_statistic < self.five_percent
    }
}

/// A half-life and its uncertainty, in bars.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HalfLifeFound {
    /// Bars after which half of a deviation is gone.
    pub bars: f64,
    /// Whether there is reversion at all.
    pub reversion: Reversion,
    /// Interval by the delta method.
    pub interval: Bounds,
    /// Interval by resampling, if requested.
    pub resampled: Option<Bounds>,
}

/// The result of a test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Found {
    /// A test with a p-value.
    Test(TestFound),
    /// Johansen's sequence.
    Rank(RankFound),
    /// A half-life.
    HalfLife(HalfLifeFound),
    /// `ds = θ (μ - s) dt + σ dW`, with one bar as the unit of time.
    OrnsteinUhlenbeck {
        /// Speed of reversion, per bar.
        theta: Estimate,
        /// Level that the spread reverts to, in units of the spread.
        mu: Estimate,
        /// Volatility, in units of the spread per square root of a bar.
        sigma: Estimate,
        /// Whether there is reversion at all.
        reversion: Reversion,
    },
    /// The variance ratio.
    VarianceRatio {
        /// 1 for a random walk.
        ratio: f64,
        /// Standard normal under the random walk.
        statistic: f64,
        /// Two-sided p-value.
        p_value: f64,
        /// The longer step, bars.
        bars: usize,
    },
    /// The Hurst exponent.
    Hurst {
        /// 0.5 for a random walk.
        exponent: f64,
        /// Longest step in bars.
        longest_bars: usize,
        /// Between these lie the exponents of 95 % of unrelated pairs on as many bars.
        walk: Bounds,
    },
    /// Crossings of the mean.
    MeanCrossings {
        /// Number in the sample.
        crossings: usize,
        /// Per 100 bars.
        per_100_bars: f64,
        /// Per 100 bars, as the autocorrelation implies.
        expected_per_100_bars: f64,
        /// Per 100 bars: at most 5 % of spreads with a constant mean have fewer.
        few_per_100_bars: f64,
    },
    /// The most likely break.
    Break {
        /// The test.
        test: TestFound,
        /// Open time of the first bar after the break.
        at: UnixMillis,
    },
    /// The share of past lookbacks that were cointegrated.
    PastShare {
        /// Cointegrated at 5 %.
        cointegrated: usize,
        /// Tested.
        tested: usize,
        /// Lookbacks among them that share no bar.
        apart: usize,
    },
}

/// What a test says about the pair, at 5 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stance {
    /// It supports a mean-reverting spread.
    For,
    /// It cannot tell the spread from a random walk.
    Undecided,
    /// It contradicts a mean-reverting spread.
    Against,
}

impl Found {
    /// Whether there is enough of it for a verdict.
    pub(super) fn is_enough(&self) -> bool {
        !matches!(*self, Self::PastShare { apart, .. } if apart < LOOKBACKS_APART)
    }

    /// What the result of a test of `kind` says about the pair, on a full sample.
    pub(super) fn stance(&self, kind: EvidenceKind) -> Stance {
        let either = |speaks: bool, otherwise: Stance| if speaks { Stance::For } else { otherwise };
        match *self {
            Self::Test(test) if kind == EvidenceKind::Kpss => {
                // the null is stationarity, so a rejection speaks against the pair
                if test.p_value.number() < LEVEL { Stance::Against } else { Stance::For }
            }
            Self::Test(test) | Self::Break { test, .. } => {
                either(test.p_value.number() < LEVEL, Stance::Undecided)
            }
            // rank 2 is no relation between the legs: each of them is stationary by itself
            Self::Rank(found) => either(found.rank == 1, Stance::Undecided),
            Self::HalfLife(HalfLifeFound { reversion, .. }) | Self::OrnsteinUhlenbeck { reversion, .. } => {
                either(reversion.is_shown(), Stance::Undecided)
            }
            Self::VarianceRatio { ratio, p_value, .. } if p_value < LEVEL => {
                if ratio < 1.0 {
                    Stance::For
                } else {
                    Stance::Against
                }
            }
            Self::VarianceRatio { .. } => Stance::Undecided,
            Self::Hurst { exponent, walk, .. } if walk.high.is_some_and(|high| exponent > high) => {
                Stance::Against
            }
            Self::Hurst { exponent, walk, .. } => either(exponent < walk.low, Stance::Undecided),
            Self::MeanCrossings { per_100_bars, few_per_100_bars, .. } => {
                if per_100_bars < few_per_100_bars {
                    Stance::Against
                } else {
                    Stance::Undecided
                }
            }
            Self::PastShare { cointegrated, tested, .. } => {
                either(cointegrated as f64 > MOSTLY * tested as f64, Stance::Undecided)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_critical_values_give_an_interval_and_the_word_goes_by_5_percent() {
        let critical = CriticalValues { one_percent: 0.533, five_percent: 0.314, ten_percent: 0.231 };
        let of = |statistic| {
            let p_value = PValue::by_critical_values(statistic, &critical);
            let found = Found::Test(TestFound { statistic, p_value, critical, lags: 1.0 });
            (p_value, found.stance(EvidenceKind::Kpss))
        };
        assert_eq!(of(0.2), (PValue::AtLeast(0.1), Stance::For));
        assert_eq!(of(0.3), (PValue::Between { low: 0.05, high: 0.1 }, Stance::For));
        // by the values of a series that was not fitted, 0.463 at 5 %, it would not object
        assert_eq!(of(0.4), (PValue::Between { low: 0.01, high: 0.05 }, Stance::Against));
        assert_eq!(of(0.6), (PValue::AtMost(0.01), Stance::Against));
    }
}
