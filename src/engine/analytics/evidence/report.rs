//! What is asked of the evidence, and what it answers: a finding for each test.

use super::found::{Found, Stance};
use super::kind::EvidenceKind;
use crate::analytics::past_trace::PastTrace;
use crate::base::words;
use crate::settings::test_options::{FitTerms, LagRule};
use crate::{Interval, UnixMillis};
use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EvidenceAsk {
    /// What stands beside it.
    pub beside: Beside,
    /// Whether the interval of the half-life is found by resampling too, which costs as much as all else.
    pub bootstrap: bool,
    /// Whether Johansen's trace of the past is wanted from here on.
    pub traces: bool,
}

/// The same tests on something else, to be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Beside {
    /// Nothing.
    #[default]
    Nothing,
    /// x on y in place of y on x.
    OtherDirection,
    /// Bars of the next slower interval: the bounce between bid and ask fakes reversion on short bars.
    SlowerInterval,
}

words!(Beside, Nothing = "nothing", OtherDirection = "other-direction", SlowerInterval = "slower-interval");

/// Which leg is explained by the other.
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

/// The evidence as it was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was asked for.
    pub ask: EvidenceAsk,
    /// On the desk's own bars.
    pub main: Examined,
    /// What stands beside it, if something was asked for and has bars.
    pub beside: Option<Examined>,
    /// Johansen's trace as it was, oldest first; empty until it has been asked for.
    pub traces: Vec<PastTrace>,
}

/// All tests on one sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Examined {
    /// Which leg was explained by the other.
    pub direction: FitDirection,
    /// Length of the sample's bars.
    pub interval: Interval,
    /// How the numbers of lags were chosen.
    pub lag_rule: LagRule,
    /// The terms of the fits.
    pub fit_terms: FitTerms,
    /// Open time of the last bar in the sample.
    pub open_time: UnixMillis,
    /// Bars in the sample, of which a group may look at the last alone.
    pub bars: usize,
    /// Share of the sample's bars in which at least one leg had no trade, 0 to 1.
    pub carried_share: f64,
    /// Every test, in the order of [`EvidenceKind::ALL`].
    pub findings: Vec<Finding>,
}

/// What one test found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Which test.
    pub kind: EvidenceKind,
    /// Bars that it looked at.
    pub bars: usize,
    /// Its answer.
    pub answer: Answer,
}

/// The answer of a test.
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
    /// What the test of `kind` found, if it could be computed.
    pub fn found(&self, kind: EvidenceKind) -> Option<&Found> {
        self.findings.iter().find(|finding| finding.kind == kind).and_then(Finding::found)
    }

    /// How the test of `kind` stands on the pair; `None` where it could not be computed.
    pub fn stance(&self, kind: EvidenceKind) -> Option<Stance> {
        self.found(kind).map(|found| found.stance(kind))
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
}
