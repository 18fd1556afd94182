//! What a test can find, and how it stands on the pair.

use super::EvidenceKind;
use crate::UnixMillis;
use crate::analytics::cointegration::CriticalValues;
use serde::{Deserialize, Serialize};

/// The level at which a test speaks.
pub(in crate::analytics) const LEVEL: f64 = 0.05;

/// A Hurst exponent at least this far below 0.5 is told apart from a walk's: two of its standard deviations at 1,000
/// bars.
const HURST_MARGIN: f64 = 0.07;
/// Crossings at less than this share of the expected rate: a sign that the mean has moved.
const FEW_CROSSINGS: f64 = 0.5;
/// Share of past lookbacks above which the pair held together most of the time.
const MOSTLY: f64 = 0.5;

/// A p-value, or the bound at which its table ends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum PValue {
    /// A number.
    Exactly(f64),
    /// This or less.
    AtMost(f64),
    /// This or more.
    AtLeast(f64),
}

impl PValue {
    /// The number, or the bound.
    pub const fn number(self) -> f64 {
        match self {
            Self::Exactly(p) | Self::AtMost(p) | Self::AtLeast(p) => p,
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

/// A statistic and its judgement.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TestFound {
    /// The statistic.
    pub statistic: f64,
    /// p-value of its null.
    pub p_value: PValue,
    /// Its critical values.
    pub critical: CriticalValues,
    /// Lags of its regression, or of its long-run variance.
    pub lags: f64,
}

/// A statistic of Johansen's sequence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RankStep {
    /// Large where the null is wrong.
    pub statistic: f64,
    /// Above them the null is rejected.
    pub critical: CriticalValues,
}

/// Johansen's sequence for two legs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RankFound {
    /// Null of no stationary combination.
    pub none: RankStep,
    /// Null of one.
    pub one: RankStep,
    /// Stationary combinations at 5 %, 0 to 2; 2 says that each leg is stationary by itself.
    pub rank: usize,
}

/// An interval of 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Lower end.
    pub low: f64,
    /// Upper end; `None` where there is none.
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
    /// The ends of the interval of 95 % about it.
    pub fn ends(self) -> (f64, f64) {
        let reach = 1.959_963_984_540_054 * self.std_error;
        (self.value - reach, self.value + reach)
    }
}

/// A half-life and how sure it is, in bars.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HalfLifeFound {
    /// Half of a deviation is gone after this many bars.
    pub bars: f64,
    /// By the delta method.
    pub interval: Bounds,
    /// By resampling, where that was asked for.
    pub resampled: Option<Bounds>,
}

/// What a test found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Found {
    /// A test with a p-value.
    Test(TestFound),
    /// Johansen's sequence.
    Rank(RankFound),
    /// A half-life.
    HalfLife(HalfLifeFound),
    /// `ds = θ (μ - s) dt + σ dW`, a bar as the unit of time.
    OrnsteinUhlenbeck {
        /// Speed of reversion, per bar.
        theta: Estimate,
        /// Level that the spread reverts to, in its units.
        mu: Estimate,
        /// Volatility, per square root of a bar, in units of the spread.
        sigma: Estimate,
    },
    /// The variance ratio.
    VarianceRatio {
        /// 1 for a random walk.
        ratio: f64,
        /// Standard normal for a random walk.
        statistic: f64,
        /// Two-sided.
        p_value: f64,
        /// Bars of the long step.
        bars: usize,
    },
    /// The Hurst exponent.
    Hurst {
        /// 0.5 for a random walk.
        exponent: f64,
        /// Longest step in bars.
        longest_bars: usize,
    },
    /// Crossings of the mean.
    MeanCrossings {
        /// How many in the sample.
        crossings: usize,
        /// Per 100 bars.
        per_100_bars: f64,
        /// Per 100 bars, as the autocorrelation lets expect.
        expected_per_100_bars: f64,
    },
    /// The most likely break.
    Break {
        /// The test.
        test: TestFound,
        /// Open time of the first bar after the break.
        at: UnixMillis,
    },
    /// Past lookbacks.
    PastShare {
        /// Cointegrated at 5 %.
        cointegrated: usize,
        /// Tested.
        tested: usize,
    },
}

/// How a test stands on the pair, at 5 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stance {
    /// It speaks for a spread that comes back.
    For,
    /// It cannot tell the spread from one that wanders.
    Undecided,
    /// It speaks against.
    Against,
}

impl Found {
    /// How the result stands on the pair as one of `kind`.
    pub fn stance(&self, kind: EvidenceKind) -> Stance {
        let either = |speaks: bool, otherwise: Stance| if speaks { Stance::For } else { otherwise };
        match *self {
            Self::Test(test) if kind == EvidenceKind::Kpss => {
                // the null is stationarity, so that a rejection objects
                if test.p_value.number() < LEVEL { Stance::Against } else { Stance::For }
            }
            Self::Test(test) | Self::Break { test, .. } => {
                either(test.p_value.number() < LEVEL, Stance::Undecided)
            }
            Self::Rank(found) => {
                let rejected = found.none.statistic > found.none.critical.five_percent;
                either(rejected, Stance::Undecided)
            }
            Self::HalfLife(_) => Stance::For,
            Self::OrnsteinUhlenbeck { theta, .. } => either(theta.ends().0 > 0.0, Stance::Undecided),
            Self::VarianceRatio { ratio, p_value, .. } if p_value < LEVEL => {
                if ratio < 1.0 {
                    Stance::For
                } else {
                    Stance::Against
                }
            }
            Self::VarianceRatio { .. } => Stance::Undecided,
            Self::Hurst { exponent, .. } if exponent > 0.5 + HURST_MARGIN => Stance::Against,
            Self::Hurst { exponent, .. } => either(exponent < 0.5 - HURST_MARGIN, Stance::Undecided),
            Self::MeanCrossings { per_100_bars, expected_per_100_bars, .. } => {
                if per_100_bars < FEW_CROSSINGS * expected_per_100_bars {
                    Stance::Against
                } else {
                    Stance::Undecided
                }
            }
            Self::PastShare { cointegrated, tested } => {
                either(cointegrated as f64 > MOSTLY * tested as f64, Stance::Undecided)
            }
        }
    }
}
