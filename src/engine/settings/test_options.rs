//! What the user may choose of the tests: which terms the fit has, and how many lags the residual's regression.

use crate::base::words;
use serde::{Deserialize, Serialize};
use spreadscope_stats::{EngleGrangerSpec, LagChoice, Trend};

/// How the number of lagged changes is chosen, up to Schwert's rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum LagRule {
    /// The smallest Akaike criterion.
    #[default]
    Aic,
    /// The smallest Bayesian criterion: fewer lags on long samples.
    Bic,
    /// From the most downwards, the first whose last lag has |t| of at least 1.645.
    TStat,
}

/// The terms of the fit of y on x beside x itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FitTerms {
    /// A constant.
    #[default]
    Constant,
    /// A constant and a linear trend: the spread may drift at an even pace.
    Linear,
}

words!(LagRule, Aic = "aic", Bic = "bic", TStat = "t-stat");

impl LagRule {
    /// The name for the eye.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Aic => "AIC",
            Self::Bic => "BIC",
            Self::TStat => "t-statistic",
        }
    }
}

words!(FitTerms, Constant = "constant", Linear = "linear");

impl FitTerms {
    /// The name for the eye.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Constant => "Constant",
            Self::Linear => "Constant and trend",
        }
    }
}

/// The tests that these ask for.
pub(crate) const fn spec(lags: LagRule, terms: FitTerms) -> EngleGrangerSpec {
    EngleGrangerSpec {
        trend: match terms {
            FitTerms::Constant => Trend::Constant,
            FitTerms::Linear => Trend::Linear,
        },
        lags: match lags {
            LagRule::Aic => LagChoice::Aic { max: None },
            LagRule::Bic => LagChoice::Bic { max: None },
            LagRule::TStat => LagChoice::TStat { max: None },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_and_the_defaults_are_those_of_the_statistic() {
        assert_eq!(LagRule::ALL.map(|rule| LagRule::parse(rule.as_str())), LagRule::ALL.map(Some));
        assert_eq!(FitTerms::ALL.map(|terms| FitTerms::parse(terms.as_str())), FitTerms::ALL.map(Some));
        assert_eq!(spec(LagRule::default(), FitTerms::default()), EngleGrangerSpec::default());
    }
}
