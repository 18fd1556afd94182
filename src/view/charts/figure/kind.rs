//! The charts: their names, and how each is to be read.

use spreadscope_engine::Settings;
use spreadscope_engine::settings::PriceScale;

/// The charts of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChartKind {
    /// Both legs' prices.
    Price,
    /// The spread with its mean and band.
    Spread,
    /// The z-score with its thresholds and alerts.
    ZScore,
    /// The hedge ratio with its standard error.
    Hedge,
    /// The correlation of returns.
    Correlation,
    /// Both legs' quote volume.
    Volume,
    /// The Engle-Granger p-value as it was.
    PValue,
    /// The half-life as it was.
    HalfLife,
    /// Johansen's trace as it was.
    JohansenTrace,
    /// How often z was where.
    Histogram,
    /// The correlation by sampling interval.
    Epps,
}

impl ChartKind {
    /// All of them, as they stand on the page.
    pub const ALL: [Self; 11] = [
        Self::Price,
        Self::ZScore,
        Self::Spread,
        Self::Hedge,
        Self::PValue,
        Self::HalfLife,
        Self::JohansenTrace,
        Self::Correlation,
        Self::Volume,
        Self::Histogram,
        Self::Epps,
    ];

    /// Whether it is on the desk before the user has arranged the charts: what costs a part of its own, or is of use
    /// beside another chart alone, is not.
    pub const fn is_shown_at_first(self) -> bool {
        !matches!(self, Self::HalfLife | Self::JohansenTrace)
    }

    /// Whether time runs from left to right.
    pub const fn is_over_time(self) -> bool {
        !matches!(self, Self::Histogram | Self::Epps)
    }

    /// The name in the page's structure.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Spread => "spread",
            Self::ZScore => "zscore",
            Self::Hedge => "hedge",
            Self::Correlation => "correlation",
            Self::Volume => "volume",
            Self::PValue => "pvalue",
            Self::HalfLife => "halflife",
            Self::JohansenTrace => "johansen",
            Self::Histogram => "histogram",
            Self::Epps => "epps",
        }
    }

    /// The title for the eye.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Price => "Prices",
            Self::Spread => "Spread",
            Self::ZScore => "Z-score",
            Self::Hedge => "Hedge ratio",
            Self::Correlation => "Correlation",
            Self::Volume => "Volume",
            Self::PValue => "EG p-value",
            Self::HalfLife => "Half-life",
            Self::JohansenTrace => "Johansen trace",
            Self::Histogram => "Distribution of z",
            Self::Epps => "Correlation by interval",
        }
    }

    /// How to read it, in the few words that fit beside the values.
    pub const fn how_to_read(self, scale: PriceScale) -> &'static str {
        match self {
            Self::Price => "Change since the left edge",
            Self::Hedge if matches!(scale, PriceScale::Logs) => "% of y per % of x, ± 2 s.e.",
            Self::Spread => "Bands: 1 s.d., threshold",
            Self::ZScore => "Beyond a dashed line: unusually far",
            Self::Hedge => "Units of x per y, ± 2 s.e.",
            Self::Correlation => "1: in step, 0: unrelated",
            Self::Volume => "Quote volume: y up, x down",
            Self::PValue => "Below 0.05: cointegrated",
            Self::HalfLife => "In bars; a gap: no reversion",
            Self::JohansenTrace => "Above the line: cointegrated",
            Self::Histogram => "Dashed: a normal distribution",
            Self::Epps => "Fewer trades, lower at short intervals",
        }
    }

    /// The same in whole sentences.
    pub const fn explanation(self, scale: PriceScale) -> &'static str {
        match self {
            Self::Price => {
                "Both legs' change in percent since the left edge, on one scale: look for the two parting ways."
            }
            Self::Spread if matches!(scale, PriceScale::Logs) => {
                "What is left of the logarithm of y after the hedge, a log return. The bands are one deviation and \
                 the alert threshold about the mean."
            }
            Self::Hedge if matches!(scale, PriceScale::Logs) => {
                "The elasticity: how many percent y moves when x moves by one, and so the money in x that offsets \
                 one unit of money in y. The band is two standard errors each way."
            }
            Self::Spread => {
                "What is left of y after the hedge. The bands are one deviation and the alert threshold about \
                 the mean."
            }
            Self::ZScore => "Beyond a dashed line the spread is unusually far from its mean.",
            Self::Hedge => {
                "Units of x that offset one of y. The band is two standard errors each way. OLS is ordinary least \
                 squares over the hedge window, TLS total least squares."
            }
            Self::Correlation => "How much the returns move together: 1 in step, 0 not at all.",
            Self::Volume => "Quote volume, the dependent leg upwards and the explaining leg downwards.",
            Self::PValue => {
                "The Engle-Granger p-value of the tests on the bars before each point. Below 0.05 the pair was cointegrated."
            }
            Self::HalfLife => {
                "Bars after which half of a deviation is gone, measured on the bars before each point. A gap: no \
                 reversion could be measured."
            }
            Self::JohansenTrace => {
                "Johansen's trace statistic of no cointegration on the bars before each point. Above the dashed line, \
                 the critical value at 5 %, the pair was cointegrated."
            }
            Self::Histogram => {
                "How often the z-score in view was in each range. A normal distribution would follow the dashed line; \
                 more beyond the thresholds means that extremes are more frequent than it says."
            }
            Self::Epps => {
                "The correlation of returns over longer and longer sampling intervals. Prices that are updated at \
                 different moments look unrelated over short ones: the Epps effect."
            }
        }
    }
}

/// What stands above a picture of a chart: what it shows, of which pair, bars and model, and from when to when.
pub fn picture_title(kind: ChartKind, settings: &Settings, from: &str, to: &str) -> String {
    let Settings { pair, interval, hedge_model, .. } = settings;
    format!(
        "{}: {} / {}, {} bars, {}\n{from} to {to}",
        kind.title(),
        pair.y,
        pair.x,
        interval.as_str(),
        hedge_model.row().label
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_says_of_what_and_of_when_it_is() {
        let settings = Settings::default();
        let title =
            picture_title(ChartKind::ZScore, &settings, "2026-11-28 13:00:00 UTC", "2026-11-28 14:00:00 UTC");
        assert_eq!(
            title,
            "Z-score: BTCUSDT / ETHUSDT, 1s bars, Rolling OLS\n2026-11-28 13:00:00 UTC to 2026-11-28 14:00:00 UTC"
        );
    }
}
