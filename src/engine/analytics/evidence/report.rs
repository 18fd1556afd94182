//! What to compute as evidence, and the results: a finding for each test.

use super::found::{Found, Stance};
use super::kind::EvidenceKind;
use super::put_in::PutIn;
use crate::analytics::past_trace::PastTrace;
use crate::base::words;
use crate::settings::test_options::{FitTerms, LagRule};
use crate::{Interval, UnixMillis};
use serde::{Deserialize, Serialize};

/// What to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EvidenceOptions {
    /// The second sample to compare with.
    pub beside: Beside,
    /// Whether to compute the half-life's interval by resampling too, which costs as much as everything else.
    pub bootstrap: bool,
    /// Whether to compute Johansen's trace of the past from here on.
    pub traces: bool,
}

/// A second sample for the same tests, to compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Beside {
    /// Nothing.
    #[default]
    Nothing,
    /// x on y instead of y on x.
    OtherDirection,
    /// Bars of the next longer interval: on short bars, bid-ask bounce fakes reversion.
    SlowerInterval,
}

words!(Beside, Nothing = "nothing", OtherDirection = "other-direction", SlowerInterval = "slower-interval");

/// Which leg is regressed on the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FitDirection {
    /// y on x.
    #[default]
    YOnX,
    /// x on y.
    XOnY,
}

impl FitDirection {
    /// The direction in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::YOnX => "y on x",
            Self::XOnY => "x on y",
        }
    }
}

/// The evidence as requested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was to be computed.
    pub options: EvidenceOptions,
    /// On the engine's own bars.
    pub main: Examined,
    /// On the second sample, if one was requested and has bars.
    pub beside: Option<Examined>,
    /// Johansen's trace at past bars, oldest first; empty until requested.
    pub traces: Vec<PastTrace>,
}

/// All tests on one sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Examined {
    /// Which leg was regressed on the other.
    pub direction: FitDirection,
    /// Length of the sample's bars.
    pub interval: Interval,
    /// How the number of lags was chosen.
    pub lag_rule: LagRule,
    /// The terms of the fits.
    pub fit_terms: FitTerms,
    /// Open time of the last bar in the sample.
    pub open_time: UnixMillis,
    /// Bars in the sample; a group may use only the last of them.
    pub bars: usize,
    /// Share of the sample's bars in which at least one leg had no trade, 0 to 1.
    pub carried_share: f64,
    /// Why there are fewer bars than the tests look back, as a clause, where more could be expected.
    pub short_because: Option<String>,
    /// Every test, in the order of [`EvidenceKind::ALL`].
    pub findings: Vec<Finding>,
}

/// The result of one test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The test.
    pub kind: EvidenceKind,
    /// Bars that it used.
    pub bars: usize,
    /// Bars in a full sample of its group.
    pub full_bars: usize,
    /// The values that go into its formula, in the order in which they are named.
    pub put_in: Vec<(PutIn, f64)>,
    /// Its result.
    pub answer: Answer,
}

/// The result of a test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// Too few bars.
    Warming {
        /// Bars so far.
        seen: usize,
        /// Bars needed.
        needed: usize,
    },
    /// Computed.
    Found(Found),
    /// Not computable on this sample, in words.
    Undefined(String),
}

impl Examined {
    /// The result of the test of `kind`, if it could be computed.
    pub fn found(&self, kind: EvidenceKind) -> Option<&Found> {
        self.finding(kind).and_then(Finding::found)
    }

    /// What the test of `kind` says about the pair; as [`Finding::stance`].
    pub fn stance(&self, kind: EvidenceKind) -> Option<Stance> {
        self.finding(kind).and_then(Finding::stance)
    }

    /// The finding of the test of `kind`.
    pub fn finding(&self, kind: EvidenceKind) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.kind == kind)
    }
}

impl Finding {
    /// The result, if there is one.
    pub fn found(&self) -> Option<&Found> {
        match &self.answer {
            Answer::Found(found) => Some(found),
            Answer::Warming { .. } | Answer::Undefined(_) => None,
        }
    }

    /// Bars used and bars in a full sample, if the sample is only part of that: a short sample finds relations
    /// that do not exist, so its number says nothing about the pair.
    pub fn part(&self) -> Option<(usize, usize)> {
        // each lookback of the past was full by itself
        let is_of_one_sample = self.kind != EvidenceKind::PastShare;
        (is_of_one_sample && self.bars < self.full_bars).then_some((self.bars, self.full_bars))
    }

    /// What the result says about the pair; `None` if there is none, only one of part of a sample, or one of
    /// lookbacks that are nearly the same.
    pub fn stance(&self) -> Option<Stance> {
        let found = self.found().filter(|found| self.part().is_none() && found.is_enough());
        found.map(|found| found.stance(self.kind))
    }
}
