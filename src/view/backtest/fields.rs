//! The words of each setting: its label, what it does, and the range of its slider.

use spreadscope_engine::backtest::Parameters;
use spreadscope_engine::backtest::settings::{Group, Kind, Setting};
use spreadscope_engine::settings::HedgeKind;

/// The groups in the order of the form, with their titles.
pub const GROUPS: [(Group, &str); 5] = [
    (Group::Rules, "Rules"),
    (Group::Sizing, "Sizing"),
    (Group::Costs, "Costs"),
    (Group::Limits, "Limits"),
    (Group::Analytics, "Analytics"),
];

/// The words and the slider of a setting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// Its label.
    pub label: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// Start, end and step of the slider; `None` if a number field is enough.
    pub slider: Option<(f64, f64, f64)>,
}

/// Returns the words and the slider of the setting `name`.
pub fn field(name: &str) -> Field {
    let (label, about, slider) = match name {
        "entry_z" => (
            "Entry |z|",
            "Enters against the spread when it is this far from its mean.",
            Some((0.5, 5.0, 0.05)),
        ),
        "exit_z" => (
            "Exit z",
            "Exits when z has come back to this on the side of the entry. 0 is the mean, below 0 beyond it.",
            Some((-2.0, 2.0, 0.05)),
        ),
        "stop_z" => {
            ("Stop |z|", "Exits when |z| has grown to this instead. None: no stop.", Some((0.0, 10.0, 0.1)))
        }
        "time_stop_bars" => (
            "Time stop",
            "Exits this many bars after the bar that filled the entry, whatever z is. None: never.",
            None,
        ),
        "cooldown_bars" => {
            ("Cooldown", "Bars after the one that filled an exit in which no entry is decided.", None)
        }
        "wait_bars" => (
            "Order waits at most",
            "Bars that an order waits for a leg to trade; after that an entry is cancelled and an exit takes the last price.",
            None,
        ),
        "side" => ("Sides", "Long: y bought and x sold, when z is low. Short: the other way.", None),
        "fill" => (
            "Filled at",
            "A decision at a close is filled at the next bar's open. The same close is optimistic: to compare with other tools.",
            None,
        ),
        "sizing" => (
            "Sizing",
            "How much of x against y: by the hedge ratio, equal money, or both legs together.",
            None,
        ),
        "notional" => ("Notional", "Money of a position, and the capital that returns are of.", None),
        "rehedge_bars" => {
            ("Hedge again", "Adjusts leg x to the newest hedge ratio every so many bars. None: never.", None)
        }
        "compounding" => ("Compounding", "Sizes by the current equity instead of the notional.", None),
        "fee_bps" => {
            ("Fee a side", "On the money of each fill; four fills make a round trip.", Some((0.0, 20.0, 0.1)))
        }
        "slippage_by" => (
            "Slippage by",
            "Recorded half-spread: half the distance of bid and ask in the last book before the fill, if a recording has bookTicker frames. Otherwise, and for live bars, which have no book, the bps below.",
            None,
        ),
        "slippage_bps" => {
            ("Slippage a side", "How much worse than the price each fill is.", Some((0.0, 10.0, 0.1)))
        }
        "funding_bps_per_day" => ("Funding", "Cost of holding each leg, on its money. 0 for spot.", None),
        "borrow_bps_per_day" => ("Borrow", "Cost of holding the leg that is sold, on its money.", None),
        "max_loss" => (
            "Largest loss",
            "Exits when closing the round trip at once would lose this much. None: no limit.",
            None,
        ),
        "drawdown_stop" => (
            "Drawdown stop",
            "Stops for good when equity is this far below its peak, as a fraction of capital. None: never.",
            None,
        ),
        "max_p_value" => (
            "Engle-Granger p at most",
            "Enters only where the test of that bar is at or below this. None: no filter.",
            None,
        ),
        "max_half_life_bars" => (
            "Half-life at most",
            "Enters only where the half-life of that bar is at most this. None: no filter.",
            None,
        ),
        "min_correlation" => (
            "Correlation at least",
            "Enters only where the returns' correlation is at least this. None: no filter.",
            None,
        ),
        "min_volume" => (
            "Volume at least",
            "Enters only where each leg has traded this much money a bar, over the z window. None: no filter.",
            None,
        ),
        "hedge_model" => ("Hedge model", "The line whose residual is the spread.", None),
        "price_scale" => ("Price scale", "Prices, or their logarithms.", None),
        "hedge_window_bars" => ("Hedge window", "Bars that the hedge ratio is fitted to.", None),
        "z_window_bars" => ("z window", "Bars over which z takes its mean and deviation.", None),
        "correlation_window_bars" => ("Correlation window", "Bars over which returns are correlated.", None),
        "test_lookback_bars" => ("Test sample", "Bars that the tests look at.", None),
        "test_lags" => ("Lags by", "How the tests choose their lags.", None),
        "test_terms" => ("Test terms", "Terms of the tests' fit besides the slope.", None),
        "max_carried_bars" => {
            ("Carried bars", "Bars for which the last price stands in where a leg did not trade.", None)
        }
        _ => ("", "", None),
    };
    Field { label, about, slider }
}

/// Returns the label of a choice.
pub fn word(word: &str) -> &str {
    match word {
        "both" => "Long and short",
        "long" => "Long only",
        "short" => "Short only",
        "next_open" => "Next open",
        "next_close" => "Next close",
        "same_close" => "Same close (optimistic)",
        "hedge_ratio" => "By the hedge ratio",
        "dollar_neutral" => "Dollar neutral",
        "gross" => "Gross exposure",
        "bps" => "A number of bps",
        "recorded_half_spread" => "Recorded half-spread",
        "off" => "Off",
        "on" => "On",
        "levels" => "Prices",
        "logs" => "Logarithms",
        "aic" => "AIC",
        "bic" => "BIC",
        "t-stat" => "t statistic",
        "constant" => "Constant",
        "linear" => "Constant and trend",
        other => HedgeKind::parse(other).map_or(other, |model| model.row().short),
    }
}

/// Returns an engine's message with the form's labels in place of its names.
pub fn in_words(message: &str) -> String {
    let message = message.replace("take fill ", "choose ").replace("fill next_open", "next_open");
    let is_of_name = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    let mut words = String::new();
    let mut rest = message.as_str();
    while !rest.is_empty() {
        let end = rest.find(|sign| !is_of_name(sign)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        // "side" and "fill" are names at the start of a message, and words elsewhere
        let is_name = name.contains('_') || words.is_empty();
        match Setting::named(name).filter(|_| is_name) {
            Some(setting) => words.push_str(field(setting.name).label),
            None if name.contains('_') && word(name) != name => {
                words.extend(["“", word(name), "”"]);
            }
            None => words.push_str(name),
        }
        let next = after.find(is_of_name).unwrap_or(after.len());
        words.push_str(&after[..next]);
        rest = &after[next..];
    }
    words
}

/// Returns the value of `setting` as its field shows it: what is off is `none`, also where rules hold a 0 for it.
pub fn text(setting: &Setting, parameters: &Parameters) -> String {
    let text = setting.text(parameters);
    let is_off = text == "0" && matches!(setting.kind, Kind::Number { can_be_off: true, .. });
    if is_off { "none".to_owned() } else { text }
}

/// Returns the unit, short enough to follow a label.
pub fn unit(setting: &Setting) -> &'static str {
    match setting.unit {
        "standard deviations" => "s.d.",
        "quote currency" => "quote",
        "quote currency a bar" => "quote a bar",
        other => other,
    }
}

/// Returns the permitted range in words.
pub fn range(setting: &Setting) -> String {
    match setting.kind {
        Kind::Words(_) | Kind::Several(_) => String::new(),
        Kind::Number { .. } => setting.range(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_off_is_none_in_every_field() {
        let parameters = Parameters::default();
        let text = |name: &str| Setting::named(name).map(|setting| text(setting, &parameters));
        for name in ["stop_z", "time_stop_bars", "cooldown_bars", "rehedge_bars", "max_p_value"] {
            assert_eq!(text(name).as_deref(), Some("none"), "{name}");
        }
        assert_eq!(text("exit_z").as_deref(), Some("0"));
    }
    use crate::view::backtest::choice::can_be_changed;
    use spreadscope_engine::backtest::settings::SETTINGS;

    #[test]
    fn a_refusal_speaks_of_the_forms_fields() {
        for (message, words) in [
            ("exit_z must be below entry_z 2, was 3", "Exit z must be below Entry |z| 2, was 3"),
            ("stop_z must be above entry_z 2, was 1.5", "Stop |z| must be above Entry |z| 2, was 1.5"),
            (
                "fill next_open needs the open of each bar, and the bars of PEP are closes alone: take fill next_close",
                "“Next open” needs the open of each bar, and the bars of PEP are closes alone: choose “Next close”",
            ),
            (
                "notional must be 1 to 2 quote currency, was “ö”",
                "Notional must be 1 to 2 quote currency, was “ö”",
            ),
            ("side must be one of both|long", "Sides must be one of both|long"),
            ("on this side of 0", "on this side of 0"),
        ] {
            assert_eq!(in_words(message), words);
        }
    }

    #[test]
    fn every_setting_has_its_words_and_a_slider_runs_within_its_range() {
        for setting in SETTINGS.iter().filter(|setting| can_be_changed(setting)) {
            let field = field(setting.name);
            assert!(!field.label.is_empty() && field.about.ends_with('.'), "{}", setting.name);
            assert!(GROUPS.iter().any(|(group, _)| *group == setting.group));
            match (setting.kind, field.slider) {
                (Kind::Number { .. }, Some((from, to, step))) => {
                    for end in [from, to, from + step] {
                        assert!(setting.parse(&end.to_string()).is_ok(), "{} {end}", setting.name);
                    }
                }
                (Kind::Words(words) | Kind::Several(words), slider) => {
                    assert!(slider.is_none());
                    assert!(words.iter().all(|known| !word(known).is_empty()));
                }
                (Kind::Number { .. }, None) => {}
            }
        }
    }
}
