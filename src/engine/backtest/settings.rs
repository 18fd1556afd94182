//! The table of backtest settings: name, range and unit, and how each is read and written.

use super::rules::{FillAt, Parameters, Side, SlippageBy};
use crate::Interval;
use crate::analytics::sizing::Sizing;
use crate::settings::test_options::{FitTerms, LagRule};
use crate::settings::{self, HedgeKind, ON_OFF, PriceScale, SettingsError, range_of};

pub use crate::settings::{Kind, Value};

/// The group of a setting in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// When to enter and exit.
    Rules,
    /// How much to trade.
    Sizing,
    /// Trading costs.
    Costs,
    /// Filters and stops.
    Limits,
    /// How the rows are computed.
    Analytics,
}

/// A setting of a backtest.
pub type Setting = settings::Setting<Parameters, Group>;

const MOST_BARS: f64 = 1e6;
const MOST_MONEY: f64 = 1e12;

const fn number(min: f64, max: f64) -> Kind {
    Kind::Number { min, max, whole: false, can_be_off: false }
}

const fn optional(min: f64, max: f64) -> Kind {
    Kind::Number { min, max, whole: false, can_be_off: true }
}

const fn bars(min: f64, max: f64, can_be_off: bool) -> Kind {
    Kind::Number { min, max, whole: true, can_be_off }
}

const fn analytics_bars(name: &str) -> Kind {
    let (min, max, _) = range_of(name);
    bars(min, max, false)
}

fn option(value: Option<f64>) -> Value {
    value.map_or(Value::Off, Value::Number)
}

fn to_option(value: Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(number),
        Value::Off | Value::Word(_) | Value::Several(_) => None,
    }
}

fn count(bars: usize) -> Value {
    Value::Number(bars as f64)
}

fn to_count(value: Value) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked: whole, 0 to a million"
    )]
    let bars = to_option(value).unwrap_or(0.0) as usize;
    bars
}

fn word(value: Value) -> &'static str {
    match value {
        Value::Word(word) => word,
        Value::Off | Value::Number(_) | Value::Several(_) => "",
    }
}

macro_rules! table {
    ($($name:literal, $group:ident, $unit:literal, $kind:expr, $read:expr, $write:expr;)+) => {
        /// Every setting, in form order.
        pub const SETTINGS: &[Setting] = &[$(Setting {
            name: $name,
            link: $name,
            group: Group::$group,
            unit: $unit,
            kind: $kind,
            read: $read,
            write: $write,
        }),+];
    };
}

table! {
    "entry_z", Rules, "standard deviations", number(0.01, 100.0),
        |p| Value::Number(p.rules.entry_z), |p, v| set(&mut p.rules.entry_z, v);
    "exit_z", Rules, "standard deviations", number(-100.0, 100.0),
        |p| Value::Number(p.rules.exit_z), |p, v| set(&mut p.rules.exit_z, v);
    "stop_z", Rules, "standard deviations", optional(0.01, 100.0),
        |p| option(p.rules.stop_z), |p, v| p.rules.stop_z = to_option(v);
    "time_stop_bars", Rules, "bars", bars(1.0, MOST_BARS, true),
        |p| count(p.rules.time_stop_bars), |p, v| p.rules.time_stop_bars = to_count(v);
    "max_loss", Limits, "quote currency", optional(0.0, MOST_MONEY),
        |p| option(p.rules.max_loss), |p, v| p.rules.max_loss = to_option(v);
    "drawdown_stop", Limits, "of capital", optional(0.0, 1.0),
        |p| option(p.rules.drawdown_stop), |p, v| p.rules.drawdown_stop = to_option(v);
    "cooldown_bars", Rules, "bars", bars(1.0, MOST_BARS, true),
        |p| count(p.rules.cooldown_bars), |p, v| p.rules.cooldown_bars = to_count(v);
    "wait_bars", Rules, "bars", bars(0.0, 10_000.0, true),
        |p| count(p.rules.wait_bars), |p, v| p.rules.wait_bars = to_count(v);
    "rehedge_bars", Sizing, "bars", bars(1.0, MOST_BARS, true),
        |p| count(p.rules.rehedge_bars), |p, v| p.rules.rehedge_bars = to_count(v);
    "compounding", Sizing, "", Kind::Words(ON_OFF),
        |p| Value::Word(ON_OFF[usize::from(p.rules.compounding)]), |p, v| p.rules.compounding = word(v) == "on";
    "side", Rules, "", Kind::Words(&Side::WORDS),
        |p| Value::Word(p.rules.side.as_str()), |p, v| choose(&mut p.rules.side, &Side::ALL, &Side::WORDS, v);
    "fill", Rules, "", Kind::Words(&FillAt::WORDS),
        |p| Value::Word(p.rules.fill.as_str()), |p, v| choose(&mut p.rules.fill, &FillAt::ALL, &FillAt::WORDS, v);
    "sizing", Sizing, "", Kind::Words(&Sizing::WORDS),
        |p| Value::Word(p.rules.sizing.as_str()),
        |p, v| choose(&mut p.rules.sizing, &Sizing::ALL, &Sizing::WORDS, v);
    "notional", Sizing, "quote currency", number(1e-6, MOST_MONEY),
        |p| Value::Number(p.rules.notional), |p, v| set(&mut p.rules.notional, v);
    "fee_bps", Costs, "bps", number(0.0, 1_000.0),
        |p| Value::Number(p.rules.fee_bps), |p, v| set(&mut p.rules.fee_bps, v);
    "slippage_by", Costs, "", Kind::Words(&SlippageBy::WORDS),
        |p| Value::Word(p.rules.slippage_by.as_str()),
        |p, v| choose(&mut p.rules.slippage_by, &SlippageBy::ALL, &SlippageBy::WORDS, v);
    "slippage_bps", Costs, "bps", number(0.0, 1_000.0),
        |p| Value::Number(p.rules.slippage_bps), |p, v| set(&mut p.rules.slippage_bps, v);
    "funding_bps_per_day", Costs, "bps a day", number(0.0, 10_000.0),
        |p| Value::Number(p.rules.funding_bps_per_day), |p, v| set(&mut p.rules.funding_bps_per_day, v);
    "borrow_bps_per_day", Costs, "bps a day", number(0.0, 10_000.0),
        |p| Value::Number(p.rules.borrow_bps_per_day), |p, v| set(&mut p.rules.borrow_bps_per_day, v);
    "max_p_value", Limits, "", optional(0.0, 1.0),
        |p| option(p.rules.max_p_value), |p, v| p.rules.max_p_value = to_option(v);
    "max_half_life_bars", Limits, "bars", optional(0.0, MOST_BARS),
        |p| option(p.rules.max_half_life_bars), |p, v| p.rules.max_half_life_bars = to_option(v);
    "min_correlation", Limits, "", optional(-1.0, 1.0),
        |p| option(p.rules.min_correlation), |p, v| p.rules.min_correlation = to_option(v);
    "min_volume", Limits, "quote currency a bar", optional(0.0, MOST_MONEY),
        |p| option(p.rules.min_volume), |p, v| p.rules.min_volume = to_option(v);
    "interval", Analytics, "", Kind::Words(&Interval::WORDS),
        |p| Value::Word(p.settings.interval.as_str()),
        |p, v| choose(&mut p.settings.interval, &Interval::ALL, &Interval::WORDS, v);
    "hedge_model", Analytics, "", Kind::Words(&HedgeKind::WORDS),
        |p| Value::Word(p.settings.hedge_model.as_str()),
        |p, v| choose(&mut p.settings.hedge_model, &HedgeKind::ALL, &HedgeKind::WORDS, v);
    "price_scale", Analytics, "", Kind::Words(&PriceScale::WORDS),
        |p| Value::Word(p.settings.price_scale.as_str()),
        |p, v| choose(&mut p.settings.price_scale, &PriceScale::ALL, &PriceScale::WORDS, v);
    "hedge_window_bars", Analytics, "bars", analytics_bars("hedge_window_bars"),
        |p| count(p.settings.hedge_window_bars), |p, v| p.settings.hedge_window_bars = to_count(v);
    "z_window_bars", Analytics, "bars", analytics_bars("z_window_bars"),
        |p| count(p.settings.z_window_bars), |p, v| p.settings.z_window_bars = to_count(v);
    "correlation_window_bars", Analytics, "bars", analytics_bars("correlation_window_bars"),
        |p| count(p.settings.correlation_window_bars), |p, v| p.settings.correlation_window_bars = to_count(v);
    "test_lookback_bars", Analytics, "bars", analytics_bars("test_lookback_bars"),
        |p| count(p.settings.test_lookback_bars), |p, v| p.settings.test_lookback_bars = to_count(v);
    "test_lags", Analytics, "", Kind::Words(&LagRule::WORDS),
        |p| Value::Word(p.settings.test_lags.as_str()), |p, v| choose(&mut p.settings.test_lags, &LagRule::ALL, &LagRule::WORDS, v);
    "test_terms", Analytics, "", Kind::Words(&FitTerms::WORDS),
        |p| Value::Word(p.settings.test_terms.as_str()),
        |p, v| choose(&mut p.settings.test_terms, &FitTerms::ALL, &FitTerms::WORDS, v);
    "max_carried_bars", Analytics, "bars", analytics_bars("max_carried_bars"),
        |p| count(p.settings.max_carried_bars), |p, v| p.settings.max_carried_bars = to_count(v);
}

fn set(field: &mut f64, value: Value) {
    if let Value::Number(number) = value {
        *field = number;
    }
}

fn choose<T: Copy>(field: &mut T, all: &[T], words: &[&str], value: Value) {
    let place = words.iter().position(|known| *known == word(value));
    if let Some(&chosen) = place.and_then(|place| all.get(place)) {
        *field = chosen;
    }
}

impl Setting {
    /// The setting with this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.name == name)
    }
}

impl Parameters {
    /// Sets a setting by name.
    ///
    /// # Errors
    /// A sentence to show: there is no such setting, or its allowed values and the text given.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), SettingsError> {
        let Some(setting) = Setting::named(name) else {
            let known: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
            return Err(SettingsError {
                field: name.to_owned(),
                message: format!("there is no setting {name:?}; there are {}", known.join(", ")),
            });
        };
        // a cost that is none is 0
        let is_free = setting.group == Group::Costs && matches!(setting.kind, Kind::Number { .. });
        setting.set(self, if is_free && text.trim().eq_ignore_ascii_case("none") { "0" } else { text })
    }

    /// Checks the rules that involve several settings.
    ///
    /// # Errors
    /// One [`SettingsError`] per rule broken; never empty.
    pub fn validate(&self) -> Result<(), Vec<SettingsError>> {
        let mut errors = self.settings.validate().err().unwrap_or_default();
        let rules = &self.rules;
        let mut refuse = |field: &str, message: String| {
            errors.push(SettingsError { field: field.to_owned(), message });
        };
        if rules.exit_z >= rules.entry_z {
            let message = format!("exit_z must be below entry_z {}, was {}", rules.entry_z, rules.exit_z);
            refuse("exit_z", message);
        }
        if let Some(stop) = rules.stop_z.filter(|stop| *stop <= rules.entry_z) {
            refuse("stop_z", format!("stop_z must be above entry_z {}, was {stop}", rules.entry_z));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused(name: &str, text: &str) -> String {
        Parameters::default().set(name, text).unwrap_err().message
    }

    #[test]
    fn every_setting_reads_back_what_it_shows_and_is_named_once() {
        for (place, setting) in SETTINGS.iter().enumerate() {
            assert!(SETTINGS[..place].iter().all(|other| other.name != setting.name), "{}", setting.name);
            let text = setting.text(&Parameters::default());
            let mut parameters = Parameters::default();
            parameters.set(setting.name, &text).unwrap();
            assert_eq!(parameters, Parameters::default(), "{}", setting.name);
            if let Kind::Words(words) = setting.kind {
                for word in words {
                    parameters.set(setting.name, word).unwrap();
                    assert_eq!((setting.read)(&parameters), Value::Word(word), "{}", setting.name);
                }
            }
        }
    }

    #[test]
    fn a_bad_value_is_refused_with_the_setting_its_range_and_the_value() {
        assert_eq!(refused("entry_z", "0"), "entry_z must be 0.01 to 100 standard deviations, was 0");
        assert_eq!(refused("entry_z", "NaN"), "entry_z must be 0.01 to 100 standard deviations, was NaN");
        assert_eq!(
            refused("time_stop_bars", "1.5"),
            "time_stop_bars must be a whole number, 1 to 1000000 bars, or 0 for none, was 1.5"
        );
        assert_eq!(
            refused("fill", "now"),
            "fill must be one of next_open|next_close|same_close, was \"now\""
        );
        assert!(
            refused("entry", "2").starts_with("there is no setting \"entry\"; there are entry_z, exit_z")
        );
    }

    #[test]
    fn a_cost_that_is_none_is_0() {
        let mut parameters = Parameters::default();
        let costs = ["fee_bps", "slippage_bps", "funding_bps_per_day", "borrow_bps_per_day"];
        for name in costs {
            parameters.set(name, " None ").unwrap();
            assert_eq!((Setting::named(name).unwrap().read)(&parameters), Value::Number(0.0), "{name}");
        }
        assert!(refused("slippage_by", "none").starts_with("slippage_by must be one of"));
        assert!(refused("notional", "none").starts_with("notional must be"));
    }

    #[test]
    fn thresholds_are_in_order_or_refused() {
        let mut parameters = Parameters::default();
        parameters.set("exit_z", "2").unwrap();
        parameters.set("stop_z", "1.5").unwrap();
        let messages: Vec<String> =
            parameters.validate().unwrap_err().into_iter().map(|error| error.message).collect();
        assert_eq!(
            messages,
            ["exit_z must be below entry_z 2, was 2", "stop_z must be above entry_z 2, was 1.5"]
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_a_setting_panic(place in 0..SETTINGS.len(), text in ".{0,12}") {
            let mut parameters = Parameters::default();
            if parameters.set(SETTINGS[place].name, &text).is_err() {
                prop_assert_eq!(parameters, Parameters::default());
            }
        }
    }
}
