//! The table of hedge models, and the price scales to choose from.
//!
//! Forms, links, files, charts and the engine read these rows. A new model is one row here, its estimator in
//! `spreadscope_stats` and the colour of its line.

use super::{LONGEST_WINDOW_BARS, Settings};
use crate::base::words;
use serde::{Deserialize, Serialize};
use spreadscope_stats::{HedgeMethod, KalmanNoise, Robust};

/// One row of the table of hedge models.
#[derive(Debug)]
pub struct ModelRow {
    /// The name on the page.
    pub label: &'static str,
    /// The short name, for where several are listed.
    pub short: &'static str,
    /// What it is good for, one sentence.
    pub hint: &'static str,
    /// The name of its ratio in tables.
    pub ratio_name: &'static str,
    /// Longest window that the model accepts, bars.
    pub longest_window: usize,
    /// Whether a bar's own price may take part in computing its spread. A model that moves with each bar would
    /// explain that bar away, so its spread uses the ratio known before the bar.
    pub explains_its_bar: bool,
    /// Its estimator over a window, bars.
    method: fn(usize) -> HedgeMethod,
}

/// Makes the enumeration of hedge models and their table; one row per model.
macro_rules! hedge_models {
    ($($(#[$about:meta])* $kind:ident = $word:literal { $($field:tt)+ })+) => {
        /// A way to estimate the hedge ratio; also its index in
        /// [`Row::overlays`](crate::analytics::Row::overlays).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
        pub enum HedgeKind {
            $($(#[$about])* $kind),+
        }

        words!(HedgeKind, $($kind = $word),+);

        impl HedgeKind {
            /// Its row in the table.
            pub const fn row(self) -> &'static ModelRow {
                match self {
                    $(Self::$kind => const { &ModelRow { $($field)+ } }),+
                }
            }
        }
    };
}

hedge_models! {
    /// Rolling least squares.
    #[default]
    Ols = "ols" {
        label: "Rolling OLS",
        short: "OLS",
        hint: "Plain least squares over the window.",
        ratio_name: "hedge_ratio_ols",
        longest_window: LONGEST_WINDOW_BARS,
        explains_its_bar: true,
        method: |window| HedgeMethod::Ols { window },
    }
    /// Total least squares.
    Tls = "tls" {
        label: "Total least squares",
        short: "TLS",
        hint: "Treats both legs alike.",
        ratio_name: "hedge_ratio_tls",
        longest_window: LONGEST_WINDOW_BARS,
        explains_its_bar: true,
        method: |window| HedgeMethod::Tls { window },
    }
    /// Least squares with exponentially fading weights.
    Exponential = "ewma" {
        label: "EWMA",
        short: "EWMA",
        hint: "Follows a moving ratio: older bars count less and less.",
        ratio_name: "hedge_ratio_ewma",
        longest_window: LONGEST_WINDOW_BARS,
        explains_its_bar: false,
        // weights that halve in h are worth 2h / ln 2 observations of equal weight
        method: |window| HedgeMethod::Exponential { half_life: window as f64 * core::f64::consts::LN_2 / 2.0 },
    }
    /// A Kalman filter.
    Kalman = "kalman" {
        label: "Kalman",
        short: "Kalman",
        hint: "Follows a moving ratio with a Kalman filter.",
        ratio_name: "hedge_ratio_kalman",
        longest_window: LONGEST_WINDOW_BARS,
        explains_its_bar: false,
        method: |window| HedgeMethod::Kalman { warm_up: window, noise: KalmanNoise::Memory },
    }
    /// Huber's regression.
    Huber = "huber" {
        label: "Huber",
        short: "Huber",
        hint: "Resists outliers; close to OLS where there are none.",
        ratio_name: "hedge_ratio_huber",
        longest_window: LONGEST_WINDOW_BARS,
        explains_its_bar: true,
        // a refit looks at the whole window, so it is not done at every bar
        method: |window| HedgeMethod::Huber(Robust { window, refit_every: (window / 60).max(1) }),
    }
    /// The Theil-Sen line.
    TheilSen = "theil-sen" {
        label: "Theil-Sen",
        short: "Theil-Sen",
        hint: "Resists even many outliers: the median of all slopes.",
        ratio_name: "hedge_ratio_theil_sen",
        longest_window: HedgeMethod::LONGEST_THEIL_SEN,
        explains_its_bar: true,
        method: |window| HedgeMethod::TheilSen(Robust { window, refit_every: (window / 30).max(1) }),
    }
}

impl HedgeKind {
    /// Rows over `window` bars that take a few milliseconds; `most` for a model with constant time per row.
    fn rows_a_step(self, window: usize, most: usize) -> usize {
        match self {
            // each of 30 refits per window visits every pair of bars: 45 ns per row for each bar of the window
            Self::TheilSen => {
                let window = window.clamp(1, self.row().longest_window);
                (100_000 / window).clamp(1, most.max(1))
            }
            // 60 refits per window, each some tens of passes over it: 5 us per row
            Self::Huber => most.min(1_000),
            _ => most,
        }
    }

    /// Its estimator over `window` bars, or over its longest window if that is shorter.
    pub fn method(self, window: usize) -> HedgeMethod {
        let row = self.row();
        (row.method)(window.min(row.longest_window))
    }
}

impl Settings {
    /// Rows for a step of a few milliseconds; `most` if each takes constant time.
    pub(crate) fn rows_a_step(&self, most: usize) -> usize {
        let models = self.overlays.iter().copied().chain([self.hedge_model]);
        models.map(|model| model.rows_a_step(self.hedge_window_bars, most)).min().unwrap_or(most)
    }
}

/// The price scale on which the hedge ratio is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum PriceScale {
    /// Prices as they are: the ratio is units of x per unit of y.
    #[default]
    Levels,
    /// Natural logarithms: the ratio is an elasticity, the spread relative.
    Logs,
}

words!(PriceScale, Levels = "levels", Logs = "logs");

impl PriceScale {
    /// Converts a price to this scale.
    pub fn of(self, price: f64) -> f64 {
        match self {
            Self::Levels => price,
            Self::Logs => price.ln(),
        }
    }

    /// Smallest magnitude to assume when judging rounding error on this scale: the rounding error of a
    /// logarithm is that of its price in relative terms, however small the logarithm is.
    pub const fn least_size(self) -> f64 {
        match self {
            Self::Levels => 0.0,
            Self::Logs => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_model_that_looks_at_all_pairs_are_few_at_a_time() {
        let rows = |hedge_model, overlays: &[HedgeKind], hedge_window_bars| {
            Settings { hedge_model, overlays: overlays.to_vec(), hedge_window_bars, ..Settings::default() }
                .rows_a_step(2_000)
        };
        assert_eq!(rows(HedgeKind::Ols, &[HedgeKind::Tls], 20_000), 2_000);
        assert_eq!(rows(HedgeKind::Ols, &[HedgeKind::Huber], 20_000), 1_000);
        assert_eq!(rows(HedgeKind::TheilSen, &[], 2_000), 50);
        assert_eq!(rows(HedgeKind::Ols, &[HedgeKind::TheilSen], 20_000), 50, "its window is no longer");
        assert_eq!(rows(HedgeKind::TheilSen, &[], 20), 2_000);
    }
}
