//! Every knob of the engine: its default, range and unit, checked before it takes effect.

mod models;
mod source;
pub mod test_options;

pub use models::{HedgeKind, PriceScale};
pub use source::{DEMO_HOST, Source};

use crate::base::symbol::Leg;
use crate::{Interval, Pair, Symbol};
use serde::{Deserialize, Serialize};
use test_options::{FitTerms, LagRule};

/// The range of a whole-number setting, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knob<T> {
    /// The field's name in [`Settings`], and in messages.
    pub field: &'static str,
    /// Smallest value.
    pub min: T,
    /// Largest value.
    pub max: T,
    /// Value at first.
    pub default: T,
    /// What one of it is.
    pub unit: &'static str,
}

/// Bars in the hedge regression.
pub const HEDGE_WINDOW_BARS: Knob<usize> =
    Knob { field: "hedge_window_bars", min: 20, max: 20_000, default: 300, unit: "bars" };
/// Bars in the mean and deviation behind the z-score, and in each leg's price statistics.
pub const Z_WINDOW_BARS: Knob<usize> =
    Knob { field: "z_window_bars", min: 10, max: 20_000, default: 300, unit: "bars" };
/// Bars of returns in the rolling correlation.
pub const CORRELATION_WINDOW_BARS: Knob<usize> =
    Knob { field: "correlation_window_bars", min: 10, max: 20_000, default: 300, unit: "bars" };
/// Bars in the ADF, Engle-Granger and half-life sample.
pub const TEST_LOOKBACK_BARS: Knob<usize> =
    Knob { field: "test_lookback_bars", min: 60, max: 3_600, default: 900, unit: "bars" };
/// Bars after which a leg without a trade is too old to take part in statistics.
pub const MAX_CARRIED_BARS: Knob<usize> =
    Knob { field: "max_carried_bars", min: 0, max: 600, default: 10, unit: "bars" };
/// The |z| that raises an alert.
pub const Z_THRESHOLD: Knob<f64> =
    Knob { field: "z_threshold", min: 0.5, max: 10.0, default: 2.0, unit: "standard deviations" };
/// How far |z| must fall below the threshold before the alert can fire again.
pub const Z_HYSTERESIS: Knob<f64> =
    Knob { field: "z_hysteresis", min: 0.0, max: 5.0, default: 0.5, unit: "standard deviations" };
/// Least time between two alerts of the same direction.
pub const ALERT_COOLDOWN_SECS: Knob<usize> =
    Knob { field: "alert_cooldown_secs", min: 0, max: 86_400, default: 60, unit: "seconds" };
/// Days that bars of 1 s are stored; longer bars are stored twelve times as long.
pub const KEEP_DAYS: Knob<usize> = Knob { field: "keep_days", min: 1, max: 365, default: 30, unit: "days" };
/// Hours that single trades are stored; 0 stores none.
pub const KEEP_TICKS_HOURS: Knob<usize> =
    Knob { field: "keep_ticks_hours", min: 0, max: 168, default: 0, unit: "hours" };

/// What the user has chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The market data's origin.
    pub source: Source,
    /// The two legs.
    pub pair: Pair,
    /// Length of a bar.
    pub interval: Interval,
    /// The model behind the spread.
    pub hedge_model: HedgeKind,
    /// What it sees.
    pub price_scale: PriceScale,
    /// Models whose ratio is shown beside it.
    pub overlays: Vec<HedgeKind>,
    /// See [`HEDGE_WINDOW_BARS`].
    pub hedge_window_bars: usize,
    /// See [`Z_WINDOW_BARS`].
    pub z_window_bars: usize,
    /// See [`CORRELATION_WINDOW_BARS`].
    pub correlation_window_bars: usize,
    /// See [`TEST_LOOKBACK_BARS`].
    pub test_lookback_bars: usize,
    /// How many lags the tests take.
    pub test_lags: LagRule,
    /// The terms of the fit whose residual they look at.
    pub test_terms: FitTerms,
    /// See [`MAX_CARRIED_BARS`].
    pub max_carried_bars: usize,
    /// See [`Z_THRESHOLD`].
    pub z_threshold: f64,
    /// See [`Z_HYSTERESIS`].
    pub z_hysteresis: f64,
    /// See [`ALERT_COOLDOWN_SECS`].
    pub alert_cooldown_secs: usize,
    /// See [`KEEP_DAYS`].
    pub keep_days: usize,
    /// See [`KEEP_TICKS_HOURS`].
    pub keep_ticks_hours: usize,
}

/// One setting that cannot take effect, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct SettingsError {
    /// The field of [`Settings`].
    pub field: String,
    /// The whole sentence: field, range and the value given.
    pub message: String,
}

impl Default for Settings {
    fn default() -> Self {
        let symbol = |name| Symbol::new(name).expect("Invariant: a built-in symbol is well formed");
        Self {
            source: Source::Binance,
            pair: Pair { y: symbol("BTCUSDT"), x: symbol("ETHUSDT") },
            interval: Interval::OneSecond,
            hedge_model: HedgeKind::Ols,
            price_scale: PriceScale::Levels,
            test_lags: LagRule::default(),
            test_terms: FitTerms::default(),
            overlays: vec![HedgeKind::Tls, HedgeKind::Kalman],
            hedge_window_bars: HEDGE_WINDOW_BARS.default,
            z_window_bars: Z_WINDOW_BARS.default,
            correlation_window_bars: CORRELATION_WINDOW_BARS.default,
            test_lookback_bars: TEST_LOOKBACK_BARS.default,
            max_carried_bars: MAX_CARRIED_BARS.default,
            z_threshold: Z_THRESHOLD.default,
            z_hysteresis: Z_HYSTERESIS.default,
            alert_cooldown_secs: ALERT_COOLDOWN_SECS.default,
            keep_days: KEEP_DAYS.default,
            keep_ticks_hours: KEEP_TICKS_HOURS.default,
        }
    }
}

impl Settings {
    /// Whether both make the same of the same bars: they differ at most in what is warned of and in what is stored.
    pub fn computes_like(&self, other: &Self) -> bool {
        let Self { z_threshold, z_hysteresis, alert_cooldown_secs, keep_days, keep_ticks_hours, .. } = *other;
        let alike = Self {
            z_threshold,
            z_hysteresis,
            alert_cooldown_secs,
            keep_days,
            keep_ticks_hours,
            ..self.clone()
        };
        alike == *other
    }

    /// These, with as much of the past kept on this machine as `other` has it.
    #[must_use]
    pub fn keeping_as(self, other: &Self) -> Self {
        Self { keep_days: other.keep_days, keep_ticks_hours: other.keep_ticks_hours, ..self }
    }

    /// Checks every field against its range.
    ///
    /// # Errors
    /// One [`SettingsError`] per field that is out of its range; never empty.
    pub fn validate(&self) -> Result<(), Vec<SettingsError>> {
        let mut errors: Vec<SettingsError> = [
            check(HEDGE_WINDOW_BARS, self.hedge_window_bars),
            check(Z_WINDOW_BARS, self.z_window_bars),
            check(CORRELATION_WINDOW_BARS, self.correlation_window_bars),
            check(TEST_LOOKBACK_BARS, self.test_lookback_bars),
            check(MAX_CARRIED_BARS, self.max_carried_bars),
            check(Z_THRESHOLD, self.z_threshold),
            check(Z_HYSTERESIS, self.z_hysteresis),
            check(ALERT_COOLDOWN_SECS, self.alert_cooldown_secs),
            check(KEEP_DAYS, self.keep_days),
            check(KEEP_TICKS_HOURS, self.keep_ticks_hours),
        ]
        .into_iter()
        .flatten()
        .collect();
        if self.z_hysteresis >= self.z_threshold {
            errors.push(SettingsError {
                field: Z_HYSTERESIS.field.to_owned(),
                message: format!(
                    "z_hysteresis must be below z_threshold {}, was {}",
                    self.z_threshold, self.z_hysteresis
                ),
            });
        }
        let longest = self.hedge_model.longest_window();
        if self.hedge_window_bars > longest
            && errors.iter().all(|error| error.field != HEDGE_WINDOW_BARS.field)
        {
            errors.push(SettingsError {
                field: HEDGE_WINDOW_BARS.field.to_owned(),
                message: format!(
                    "hedge_window_bars must be at most {longest} bars for {}, was {}",
                    self.hedge_model.label(),
                    self.hedge_window_bars
                ),
            });
        }
        if !self.source.intervals().contains(&self.interval) {
            errors.push(SettingsError {
                field: "interval".to_owned(),
                message: format!(
                    "interval must be {} of this source, was {}",
                    self.source
                        .intervals()
                        .iter()
                        .map(|interval| interval.as_str())
                        .collect::<Vec<_>>()
                        .join(", "),
                    self.interval.as_str()
                ),
            });
        }
        let odd = Leg::BOTH.map(|leg| self.pair.symbol(leg)).into_iter().find(|symbol| !symbol.is_plain());
        if let Some(odd) = odd.filter(|_| self.source != Source::Recording) {
            errors.push(SettingsError {
                field: "pair".to_owned(),
                message: format!(
                    "live markets have names of 2 to 24 of A-Z and 0-9; {odd} can be shown from a file alone"
                ),
            });
        }
        if self.pair.y == self.pair.x {
            errors.push(SettingsError {
                field: "pair".to_owned(),
                message: format!("the two legs must differ, both were {}", self.pair.y),
            });
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

fn check<T: PartialOrd + core::fmt::Display + Copy>(knob: Knob<T>, value: T) -> Option<SettingsError> {
    let Knob { field, min, max, unit, .. } = knob;
    // written so that NaN, which is in no range, fails
    let holds = value >= min && value <= max;
    (!holds).then(|| SettingsError {
        field: field.to_owned(),
        message: format!("{field} must be {min} to {max} {unit}, was {value}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_valid() {
        assert_eq!(Settings::default().validate(), Ok(()));
    }

    #[test]
    fn every_bad_field_is_named_with_its_range_and_value() {
        let settings = Settings {
            hedge_window_bars: 1,
            z_threshold: f64::NAN,
            z_hysteresis: 0.1,
            ..Settings::default()
        };
        let errors = settings.validate().unwrap_err();
        let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "hedge_window_bars must be 20 to 20000 bars, was 1",
                "z_threshold must be 0.5 to 10 standard deviations, was NaN",
            ]
        );
    }

    #[test]
    fn hysteresis_must_leave_room_to_re_arm_and_legs_must_differ() {
        let mut settings = Settings { z_threshold: 1.0, z_hysteresis: 1.0, ..Settings::default() };
        settings.pair.x = settings.pair.y.clone();
        let fields: Vec<String> = settings.validate().unwrap_err().into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["z_hysteresis", "pair"]);
    }

    #[test]
    fn a_window_too_long_for_its_model_is_refused_with_the_models_name() {
        let settings =
            Settings { hedge_model: HedgeKind::TheilSen, hedge_window_bars: 2_001, ..Settings::default() };
        let errors = settings.validate().unwrap_err();
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].message, "hedge_window_bars must be at most 2000 bars for Theil-Sen, was 2001");
        assert_eq!(Settings { hedge_model: HedgeKind::Ols, ..settings }.validate(), Ok(()));
    }

    #[test]
    fn hours_and_days_are_of_markets_with_a_past() {
        let settings = Settings { interval: Interval::OneDay, source: Source::Demo, ..Settings::default() };
        let messages = settings.validate().unwrap_err();
        assert_eq!(messages[0].message, "interval must be 1s, 1m, 5m of this source, was 1d");
        for source in [Source::Binance, Source::BinanceUs, Source::Recording] {
            assert_eq!(Settings { source, ..settings.clone() }.validate(), Ok(()));
        }
    }

    #[test]
    fn only_a_loopback_address_is_taken_as_a_stand_in() {
        assert!(Source::parse("loopback:http://127.0.0.1:9443").is_ok());
        for text in ["loopback:http://example.org:80", "loopback:http://127.0.0.1:99999", "wss://evil", ""] {
            assert!(Source::parse(text).is_err(), "{text}");
        }
    }
}
