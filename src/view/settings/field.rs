//! The labels and help of the settings. The form shows every number of the engine's table in its group, so a
//! setting needs its row there and its words here.

use spreadscope_engine::Settings;
use spreadscope_engine::settings::{About, DeskSetting, Kind};

/// Name, label and help of every number.
const WORDS: [(&str, &str, &str); 14] = [
    (
        "hedge_window_bars",
        "Hedge window",
        "Bars that the hedge ratio is fitted to: more are steadier, fewer adapt sooner",
    ),
    ("z_window_bars", "z window", "Bars over which z takes its mean and deviation"),
    ("correlation_window_bars", "Correlation window", "Bars whose returns are correlated"),
    ("test_lookback_bars", "Test lookback", "Bars that the cointegration tests look at"),
    (
        "together_bars",
        "Evidence: together",
        "Bars that the evidence on cointegration looks at; none: the test lookback",
    ),
    (
        "stationary_bars",
        "Evidence: stationary",
        "Bars that the tests of stationarity look at; none: the test lookback",
    ),
    (
        "reversion_bars",
        "Evidence: reversion",
        "Bars that half-life, OU and Hurst look at; none: the test lookback",
    ),
    ("break_bars", "Evidence: break", "Bars searched for a break; none: the test lookback"),
    (
        "max_carried_bars",
        "Carry last price for at most",
        "A leg without a trade keeps its last price for this many bars; after that there is no spread",
    ),
    ("z_threshold", "z threshold", "How far z must be from 0 to count as unusual and raise the alert"),
    ("z_hysteresis", "Hysteresis", "How far z must come back inside before the alert may fire again"),
    ("alert_cooldown_secs", "Cooldown", "The alert does not fire again within this time"),
    ("keep_days", "Keep bars", "How long bars stay on this machine"),
    ("keep_ticks_hours", "Keep trades", "How long single trades stay on this machine; 0 keeps none"),
];

/// Returns every numeric setting, in the form's order; a number's place is its index in
/// [`Draft::numbers`](crate::view::settings::form::Draft::numbers).
pub fn numbers() -> impl Iterator<Item = &'static DeskSetting> {
    Settings::ALL.iter().filter(|setting| matches!(setting.kind, Kind::Number { .. }))
}

/// Returns the numbers of `group`, with their places.
pub fn numbers_about(group: About) -> impl Iterator<Item = (usize, &'static DeskSetting)> {
    numbers().enumerate().filter(move |(_, setting)| setting.group == group)
}

/// Returns the label and the help of a setting.
pub fn words(setting: &DeskSetting) -> (&'static str, &'static str) {
    let known = WORDS.iter().find(|(name, ..)| *name == setting.name);
    known.map_or((setting.name, ""), |&(_, label, help)| (label, help))
}

/// Returns range, unit and default, for the line below the field.
pub fn hint(setting: &DeskSetting) -> String {
    format!("{}, default {}", setting.range(), setting.text(&Settings::default()))
}

/// Returns whether the field takes fractions.
pub const fn is_fractional(setting: &DeskSetting) -> bool {
    matches!(setting.kind, Kind::Number { whole: false, .. })
}

/// Returns an engine's message with the form's labels in place of its names.
pub fn in_words(message: &str) -> String {
    WORDS.iter().fold(message.to_owned(), |message, (name, label, _)| message.replace(name, label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_words_and_every_word_a_number() {
        let named: Vec<&str> = numbers().map(|setting| setting.name).collect();
        assert_eq!(named, WORDS.map(|(name, ..)| name));
        let first = numbers().next().unwrap();
        assert_eq!(hint(first), "20 to 20000 bars, default 300");
    }
}
