//! The user's choices for the tests: the terms of the fit, and the number of lags in the residual's regression.

use crate::base::words;
use serde::{Deserialize, Serialize};
use spreadscope_stats::{EngleGrangerSpec, LagChoice, Trend};

/// How the number of lagged changes is chosen, at most Schwert's rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum LagRule {
    /// The lowest Akaike information criterion.
    #[default]
    Aic,
    /// The lowest Bayesian information criterion: fewer lags on long samples.
    Bic,
    /// Counting down from the maximum, the first number of lags whose last lag has |t| of at least 1.645.
    TStat,
}

/// The deterministic terms in the fit of y on x.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FitTerms {
    /// A constant.
    #[default]
    Constant,
    /// A constant and a linear trend: the spread may drift at a steady pace.
    Linear,
}

words!(LagRule, Aic = "aic", Bic = "bic", TStat = "t-stat");

impl LagRule {
    /// The name on the page.
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
    /// The name on the page.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Constant => "Constant",
            Self::Linear => "Constant and trend",
        }
    }
}

/// The Engle-Granger test with these choices.
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
