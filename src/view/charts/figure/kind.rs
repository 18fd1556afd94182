//! The list of charts.

use super::chart::Chart;
use super::entry::Ink;
use super::{correlation, epps, hedge, histogram, past, price, spread, volume, zscore};
use spreadscope_engine::Settings;
use spreadscope_engine::settings::PriceScale;

/// Declares the charts, one row each, as they stand on the page.
macro_rules! charts {
    ($($(#[$doc:meta])* $kind:ident = $chart:expr;)*) => {
        /// The charts of the desk.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ChartKind {
            $($(#[$doc])* $kind,)*
        }

        impl ChartKind {
            /// All of them, as they stand on the page.
            pub const ALL: [Self; [$(stringify!($kind)),*].len()] = [$(Self::$kind),*];

            /// What there is to it.
            pub(super) const fn chart(self) -> &'static Chart {
                match self { $(Self::$kind => const { &$chart },)* }
            }
        }
    };
}

charts! {
    /// Both legs' prices.
    Price = price::CHART;
    /// The z-score with its thresholds and alerts.
    ZScore = zscore::CHART;
    /// The spread with its mean and band.
    Spread = spread::CHART;
    /// The hedge ratio with its standard error.
    Hedge = hedge::CHART;
    /// The Engle-Granger p-value as it was.
    PValue = past::P_VALUE;
    /// The half-life as it was.
    HalfLife = past::HALF_LIFE;
    /// Johansen's trace as it was.
    JohansenTrace = past::TRACE;
    /// The correlation of returns.
    Correlation = correlation::CHART;
    /// Both legs' quote volume.
    Volume = volume::CHART;
    /// How often z was where.
    Histogram = histogram::CHART;
    /// The correlation by sampling interval.
    Epps = epps::CHART;
}

impl ChartKind {
    /// Whether it is on the desk before the user has arranged the charts.
    pub const fn is_shown_at_first(self) -> bool {
        self.chart().is_shown_at_first
    }

    /// Whether time runs from left to right.
    pub const fn is_over_time(self) -> bool {
        self.chart().is_over_time
    }

    /// Whether this line can be taken off: one of several.
    pub fn can_hide(self, ink: Ink) -> bool {
        (self.chart().can_hide)(ink)
    }

    /// The name in the page's structure.
    pub const fn slug(self) -> &'static str {
        self.chart().slug
    }

    /// The title for the eye.
    pub const fn title(self) -> &'static str {
        self.chart().title
    }

    /// How to read it, in the few words that fit beside the values.
    pub const fn how_to_read(self, scale: PriceScale) -> &'static str {
        self.chart().how_to_read.of(scale)
    }

    /// The same in whole sentences.
    pub const fn explanation(self, scale: PriceScale) -> &'static str {
        self.chart().explanation.of(scale)
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
