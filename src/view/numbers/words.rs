//! The explanation beside each number: what it is, how to read it, how it is computed.

use spreadscope_engine::settings::PriceScale;

/// A number that is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// The z-score.
    Z,
    /// The spread.
    Spread,
    /// The hedge ratio.
    Hedge,
    /// The correlation of returns.
    Correlation,
    /// The half-life.
    HalfLife,
    /// The Engle-Granger p-value.
    EngleGranger,
    /// The plain ADF p-value.
    Adf,
    /// The statistics of one leg.
    Legs,
    /// The verdict line.
    Verdict,
    /// The alerts.
    Alerts,
    /// The feed's state.
    Feed,
}

/// An explanation in three parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// What it is, in plain words.
    pub what: &'static str,
    /// How to read it.
    pub reading: &'static str,
    /// How it is computed.
    pub formula: &'static str,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 11] = [
        Self::Z,
        Self::Spread,
        Self::Hedge,
        Self::Correlation,
        Self::HalfLife,
        Self::EngleGranger,
        Self::Adf,
        Self::Legs,
        Self::Verdict,
        Self::Alerts,
        Self::Feed,
    ];

    /// Returns the topic as an element's id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Z => "about-z",
            Self::Spread => "about-spread",
            Self::Hedge => "about-hedge",
            Self::Correlation => "about-correlation",
            Self::HalfLife => "about-half-life",
            Self::EngleGranger => "about-engle-granger",
            Self::Adf => "about-adf",
            Self::Legs => "about-legs",
            Self::Verdict => "about-verdict",
            Self::Alerts => "about-alerts",
            Self::Feed => "about-feed",
        }
    }

    /// Returns the number's name.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Z => "z-score",
            Self::Spread => "Spread",
            Self::Hedge => "Hedge ratio",
            Self::Correlation => "Correlation",
            Self::HalfLife => "Half-life",
            Self::EngleGranger => "Engle-Granger p-value",
            Self::Adf => "ADF test",
            Self::Legs => "The two legs",
            Self::Verdict => "The verdict",
            Self::Alerts => "Alerts",
            Self::Feed => "Feed",
        }
    }

    /// Returns the topic's explanation, for prices or for their logarithms.
    pub const fn explanation(self, scale: PriceScale) -> Explanation {
        match self {
            Self::Spread if matches!(scale, PriceScale::Logs) => Explanation {
                what: "What is left of the logarithm of the first coin's price after taking away what the second coin explains.",
                reading: "Above 0 the first coin costs more than the second suggests, below 0 less. \
                          It is a log return: 0.001 is about a tenth of a percent.",
                formula: "spread = ln y − intercept − elasticity × ln x, with the chosen model's line of the same bar; \
                          a model that follows each bar, as Kalman does, with its line of the bar before",
            },
            Self::Hedge if matches!(scale, PriceScale::Logs) => Explanation {
                what: "The elasticity: by how many percent the first coin's price moves when the second's moves by one percent. \
                       To be neutral, hold this much money in the second against one unit of money in the first.",
                reading: "It is a ratio of money, not of coins. One that drifts means the relation between the two is changing. \
                          ± is the standard error that ordinary least squares gives; prices that trend make it too small.",
                formula: "slope of the line ln y = intercept + elasticity × ln x that the chosen model fits to the hedge \
                          window; ordinary least squares unless the settings say otherwise",
            },
            Self::Z => Explanation {
                what: "How unusual the spread is right now, compared with its own recent past.",
                reading: "0 is average. Beyond +2 the first coin is expensive relative to the second, beyond −2 it is cheap. \
                          About one bar in twenty would be out there by chance alone.",
                formula: "z = (spread − mean of the spread) / standard deviation of the spread, both over the z window",
            },
            Self::Spread => Explanation {
                what: "What is left of the first coin's price after taking away what the second coin explains.",
                reading: "Above 0 the first coin costs more than the second suggests, below 0 less. \
                          It is in the first coin's quote currency.",
                formula: "spread = y − intercept − hedge ratio × x, with the chosen model's line of the same bar; \
                          a model that follows each bar, as Kalman does, with its line of the bar before",
            },
            Self::Hedge => Explanation {
                what: "How far the first coin's price moves when the second's moves by one unit. \
                       To be neutral, hold this many of the second against one of the first.",
                reading: "A ratio that drifts means the relation between the two is changing. \
                          ± is the standard error that ordinary least squares gives; prices that trend make it too small.",
                formula: "slope of the line y = intercept + ratio × x that the chosen model fits to the hedge window; \
                          ordinary least squares unless the settings say otherwise",
            },
            Self::Correlation => Explanation {
                what: "Whether the two coins move in the same direction from bar to bar.",
                reading: "1 is always together, 0 unrelated, −1 opposite. \
                          High correlation alone does not mean that the spread reverts: that is what the Engle-Granger test is for.",
                formula: "Pearson correlation of the one-bar log returns over the correlation window",
            },
            Self::HalfLife => Explanation {
                what: "How long it takes, on average, until half of a deviation has disappeared.",
                reading: "Short is good for a trader who waits for the return. \
                          “none” means that no return can be measured; the reason stands below.",
                formula: "ln 2 / −ln(1 + b), b from Δs(t) = a + b·s(t−1) on the tested residual; only if b is below 0 and significant",
            },
            Self::EngleGranger => Explanation {
                what: "How likely a spread this well-behaved would be if the two coins were unrelated.",
                reading: "Below 0.05 the pair counts as cointegrated: the prices are tied together. \
                          Above that, a wide spread is no reason to expect a return. It tests one fixed line through the sample; z is about the rolling one.",
                formula: "Dickey-Fuller statistic of the residual of one fit over the test sample, with terms and lags as set; MacKinnon's p-value for two series",
            },
            Self::Adf => Explanation {
                what: "The augmented Dickey-Fuller test asks whether a series returns to its mean (stationary) or wanders (unit root).",
                reading: "p < 0.05 reads as stationary. On a fitted spread it is too optimistic: it calls 12 to 15 % of unrelated pairs \
                          stationary. Judge by Engle-Granger.",
                formula: "t of b in Δs(t) = a + b·s(t−1) + Σ c(i)·Δs(t−i), with a term d·t after a fit with a trend, lags as set; MacKinnon's p-value for one observed series",
            },
            Self::Legs => Explanation {
                what: "Each coin by itself: its last price, its return over the last bar, and its mean, variance, volatility and volume in coins over the z window.",
                reading: "Return and volatility are in basis points (bp): 1 bp is a hundredth of a percent. \
                          Trades per second cover the last ten seconds.",
                formula: "return = ln(close / previous close); volatility = standard deviation of those returns, per bar; variance of the close, divisor n − 1",
            },
            Self::Verdict => Explanation {
                what: "What the numbers say together, in one sentence. It is arithmetic, not advice.",
                reading: "A signal needs all of it: a live feed, |z| at or beyond the threshold on a full window, an Engle-Granger p below 0.05 on a full sample, a half-life of a bar or more, a bar no older than that, and one line behind z and the tests.",
                formula: "live and |z| ≥ threshold and p < 0.05 and 1 bar ≤ half-life ≥ age of the bar and ratio > its error and |rolling − tested ratio| ≤ 2 × their errors",
            },
            Self::Alerts => Explanation {
                what: "A line each time a rule fires. The first rule is z beyond the threshold of the settings; you write the others.",
                reading: "A rule fires once, when its number passes the limit, and not again before the number has come back by the hysteresis \
                          and the cooldown has passed. Each rule says why it has not fired.",
                formula: "fires at value ≥ limit; re-armed at value < limit − hysteresis; mirrored for below",
            },
            Self::Feed => Explanation {
                what: "The connection to the exchange and its data.",
                reading: "Age is the time since the last trade of a coin. Skew is how far the exchange's clock is ahead of yours. \
                          Missing counts trades whose number was skipped and that never arrived.",
                formula: "trades are numbered by the exchange: a repeated number is a duplicate, a skipped one is missing",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_explanation_is_short_whole_sentences_and_has_its_own_id() {
        let mut ids: Vec<&str> = Topic::ALL.iter().map(|topic| topic.id()).collect();
        for (topic, scale) in
            Topic::ALL.into_iter().flat_map(|topic| PriceScale::ALL.map(|scale| (topic, scale)))
        {
            let (title, Explanation { what, reading, formula }) = (topic.title(), topic.explanation(scale));
            assert!(!title.is_empty() && !formula.is_empty());
            assert!(what.ends_with('.') && reading.ends_with('.'), "{title}");
            assert!(what.len() + reading.len() < 420, "{title} takes {}", what.len() + reading.len());
            assert!(!what.contains("  ") && !reading.contains("  "), "{title}");
        }
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Topic::ALL.len());
    }
}
