//! The list of charts.

use super::chart::Chart;
use super::entry::Ink;
use super::{correlation, epps, hedge, histogram, past, price, spread, volume, zscore};
use spreadscope_engine::Settings;
use spreadscope_engine::settings::PriceScale;

/// Declares the charts, one row each, in the page's order.
macro_rules! charts {
    ($($(#[$doc:meta])* $kind:ident = $chart:expr;)*) => {
        /// The charts of the desk.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ChartKind {
            $($(#[$doc])* $kind,)*
        }

        impl ChartKind {
            /// All charts, in the page's order.
            pub const ALL: [Self; [$(stringify!($kind)),*].len()] = [$(Self::$kind),*];

            /// Returns the chart's row.
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
    /// The Engle-Granger p-value over time.
    PValue = past::P_VALUE;
    /// The half-life over time.
    HalfLife = past::HALF_LIFE;
    /// Johansen's trace over time.
    JohansenTrace = past::TRACE;
    /// The correlation of returns.
    Correlation = correlation::CHART;
    /// Both legs' quote volume.
    Volume = volume::CHART;
    /// The distribution of z.
    Histogram = histogram::CHART;
    /// The correlation by sampling interval.
    Epps = epps::CHART;
}

impl ChartKind {
    /// Returns whether it is shown before the user has arranged the charts.
    pub const fn is_shown_at_first(self) -> bool {
        self.chart().is_shown_at_first
    }

    /// Returns whether time runs from left to right.
    pub const fn is_over_time(self) -> bool {
        self.chart().is_over_time
    }

    /// Returns whether the line `ink` can be hidden: one of several.
    pub fn can_hide(self, ink: Ink) -> bool {
        (self.chart().can_hide)(ink)
    }

    /// Returns the name in the page's structure.
    pub const fn slug(self) -> &'static str {
        self.chart().slug
    }

    /// Returns the title.
    pub const fn title(self) -> &'static str {
        self.chart().title
    }

    /// Returns how to read it, short enough to fit beside the values.
    pub const fn how_to_read(self, scale: PriceScale) -> &'static str {
        self.chart().how_to_read.of(scale)
    }

    /// Returns the same in whole sentences.
    pub const fn explanation(self, scale: PriceScale) -> &'static str {
        self.chart().explanation.of(scale)
    }
}

/// Returns the title of a chart's picture: what it shows, of which pair, bars and model, from when to when.
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
