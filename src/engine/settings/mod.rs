//! The user's settings: one row each, with default, range and unit, checked before it takes effect.

mod models;
mod source;
mod table;
pub mod test_options;
mod venue;

pub use models::{HedgeKind, ModelRow, PriceScale};
pub use source::Source;
pub(crate) use table::Field;
pub use table::{Kind, ON_OFF, Setting, SettingsError, Value};
pub use venue::{DEMO_HOST, Patience, Venue};

use crate::{Interval, Pair, Symbol};
use serde::{Deserialize, Serialize};
use test_options::{FitTerms, LagRule};

/// Longest window of any kind, bars.
const LONGEST_WINDOW_BARS: usize = 20_000;

/// A setting's subject, which is also its group in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The model behind the spread.
    Model,
    /// How many bars are used.
    Windows,
    /// The tests of stationarity and cointegration.
    Tests,
    /// Alerts only; changes no computation.
    Alerts,
    /// Storage on this machine only; changes no computation and is left out of links and files.
    Storage,
}

/// A row of the table of settings.
pub type DeskSetting = Setting<Settings, About>;

/// A whole number from `min` to `max`, both included.
const fn whole(min: usize, max: usize) -> Kind {
    Kind::Number { min: min as f64, max: max as f64, whole: true, can_be_off: false }
}

/// As [`whole`], or none.
const fn whole_or_none(min: usize, max: usize) -> Kind {
    Kind::Number { min: min as f64, max: max as f64, whole: true, can_be_off: true }
}

const fn number(min: f64, max: f64) -> Kind {
    Kind::Number { min, max, whole: false, can_be_off: false }
}

macro_rules! settings {
    ($($(#[$doc:meta])+ $name:ident: $type:ty = $default:expr, $about:ident, $link:literal, $unit:literal, $kind:expr;)+) => {
        /// Everything that the user has chosen.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub struct Settings {
            /// Where the market data comes from.
            pub source: Source,
            /// The two legs.
            pub pair: Pair,
            /// Length of a bar.
            pub interval: Interval,
            $($(#[$doc])+ pub $name: $type,)+
        }

        impl Default for Settings {
            fn default() -> Self {
                let symbol = |name| Symbol::new(name).expect("Invariant: a built-in symbol is well formed");
                Self {
                    source: Source::Binance,
                    pair: Pair { y: symbol("BTCUSDT"), x: symbol("ETHUSDT") },
                    interval: Interval::OneSecond,
                    $($name: $default,)+
                }
            }
        }

        impl Settings {
            /// Every setting but source, pair and interval, in the order of forms and files.
            pub const ALL: &'static [DeskSetting] = &[$(Setting {
                name: stringify!($name),
                link: $link,
                group: About::$about,
                unit: $unit,
                kind: $kind,
                read: |settings| settings.$name.value(),
                write: |settings, value| {
                    if let Some(field) = Field::of(value) {
                        settings.$name = field;
                    }
                },
            }),+];
        }
    };
}

settings! {
    /// The model behind the spread.
    hedge_model: HedgeKind = HedgeKind::Ols, Model, "model", "", Kind::Words(&HedgeKind::WORDS);
    /// The prices that the model is fitted to.
    price_scale: PriceScale = PriceScale::Levels, Model, "scale", "", Kind::Words(&PriceScale::WORDS);
    /// Models whose ratios are shown beside the chosen one's.
    overlays: Vec<HedgeKind> = vec![HedgeKind::Tls, HedgeKind::Kalman],
        Model, "beside", "", Kind::Several(&HedgeKind::WORDS);
    /// Bars in the hedge regression.
    hedge_window_bars: usize = 300, Windows, "hedge_window_bars", "bars", whole(20, LONGEST_WINDOW_BARS);
    /// Bars in the mean and deviation behind the z-score, and in each leg's price statistics.
    z_window_bars: usize = 300, Windows, "z_window_bars", "bars", whole(10, LONGEST_WINDOW_BARS);
    /// Bars of returns in the rolling correlation.
    correlation_window_bars: usize = 300, Windows, "correlation_window_bars", "bars", whole(10, LONGEST_WINDOW_BARS);
    /// Bars in the ADF, Engle-Granger and half-life sample.
    test_lookback_bars: usize = 900, Tests, "test_lookback_bars", "bars", whole(60, 3_600);
    /// How the number of lags in the tests is chosen.
    test_lags: LagRule = LagRule::Aic, Tests, "lags", "", Kind::Words(&LagRule::WORDS);
    /// The terms of the fit whose residual is tested.
    test_terms: FitTerms = FitTerms::Constant, Tests, "terms", "", Kind::Words(&FitTerms::WORDS);
    /// Bars in the evidence on cointegration; `None` takes the tests' lookback.
    together_bars: Option<usize> = None, Tests, "together_bars", "bars", whole_or_none(60, 3_600);
    /// Bars in the evidence on stationarity; `None` takes the tests' lookback.
    stationary_bars: Option<usize> = None, Tests, "stationary_bars", "bars", whole_or_none(60, 3_600);
    /// Bars in the evidence on mean reversion; `None` takes the tests' lookback.
    reversion_bars: Option<usize> = None, Tests, "reversion_bars", "bars", whole_or_none(60, 3_600);
    /// Bars in the evidence on a structural break; `None` takes the tests' lookback.
    break_bars: Option<usize> = None, Tests, "break_bars", "bars", whole_or_none(60, 3_600);
    /// Bars for which a leg's last price is carried; a leg without a trade for longer takes no part in
    /// statistics.
    max_carried_bars: usize = 10, Windows, "max_carried_bars", "bars", whole(0, 600);
    /// The |z| that raises an alert.
    z_threshold: f64 = 2.0, Alerts, "z_threshold", "standard deviations", number(0.5, 10.0);
    /// How far |z| must fall below the threshold before the alert can fire again.
    z_hysteresis: f64 = 0.5, Alerts, "z_hysteresis", "standard deviations", number(0.0, 5.0);
    /// Shortest time between two alerts in the same direction.
    alert_cooldown_secs: usize = 60, Alerts, "alert_cooldown_secs", "seconds", whole(0, 86_400);
    /// Days for which 1 s bars are stored; longer bars are stored twelve times as long.
    keep_days: usize = 30, Storage, "keep_days", "days", whole(1, 365);
    /// Hours for which single trades are stored; 0 stores none.
    keep_ticks_hours: usize = 0, Storage, "keep_ticks_hours", "hours", whole(0, 168);
}

/// The range of the number `name`, both ends included, and its unit.
///
/// # Panics
/// If no numeric setting has this name. Meant for constants, where the panic is a compiler error.
pub const fn range_of(name: &str) -> (f64, f64, &'static str) {
    let mut place = 0;
    while place < Settings::ALL.len() {
        let setting = &Settings::ALL[place];
        if is_same(setting.name, name)
            && let Kind::Number { min, max, .. } = setting.kind
        {
            return (min, max, setting.unit);
        }
        place += 1;
    }
    panic!("Invariant: only a number of the settings has a range")
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut place = 0;
    while place < one.len() && place < other.len() && one[place] == other[place] {
        place += 1;
    }
    place == one.len() && place == other.len()
}

impl DeskSetting {
    /// The setting with this name, as spelled in files or in links.
    pub fn named(name: &str) -> Option<&'static Self> {
        Settings::ALL.iter().find(|setting| setting.name == name || setting.link == name)
    }
}

impl Settings {
    /// Whether both compute the same from the same bars: they differ at most in alerts and storage.
    pub fn computes_like(&self, other: &Self) -> bool {
        let computes = |setting: &&DeskSetting| !matches!(setting.group, About::Alerts | About::Storage);
        self.source == other.source
            && self.pair == other.pair
            && self.interval == other.interval
            && Self::ALL.iter().filter(computes).all(|setting| (setting.read)(self) == (setting.read)(other))
    }

    /// These settings, with the storage settings of `other`.
    #[must_use]
    pub fn keeping_as(mut self, other: &Self) -> Self {
        for setting in Self::ALL.iter().filter(|setting| setting.group == About::Storage) {
            (setting.write)(&mut self, (setting.read)(other));
        }
        self
    }

    /// Checks each setting against its range, then the rules that involve several settings.
    ///
    /// # Errors
    /// One [`SettingsError`] per setting that cannot take effect; never empty.
    pub fn validate(&self) -> Result<(), Vec<SettingsError>> {
        let mut errors: Vec<SettingsError> =
            Self::ALL.iter().filter_map(|setting| setting.check(self).err()).collect();
        if self.z_hysteresis >= self.z_threshold {
            errors.push(SettingsError {
                field: "z_hysteresis".to_owned(),
                message: format!(
                    "z_hysteresis must be below z_threshold {}, was {}",
                    self.z_threshold, self.z_hysteresis
                ),
            });
        }
        let longest = self.hedge_model.row().longest_window;
        if self.hedge_window_bars > longest && errors.iter().all(|error| error.field != "hedge_window_bars") {
            errors.push(SettingsError {
                field: "hedge_window_bars".to_owned(),
                message: format!(
                    "hedge_window_bars must be at most {longest} bars for {}, was {}",
                    self.hedge_model.row().label,
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
        if self.pair.y == self.pair.x {
            errors.push(SettingsError {
                field: "pair".to_owned(),
                message: format!("the two legs must differ, both were {}", self.pair.y),
            });
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
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
