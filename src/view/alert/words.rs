//! Rules, alerts, and why a rule has not fired, in words.

use super::quantity::{limit, name as quantity, value as measured};
use crate::view::numbers::calendar;
use crate::view::numbers::format;
use spreadscope_engine::alert::{
    Alert, Condition, Direction, Dwell, Level, Occasion, Quantity, Rearm, Reason, Repeat, Rule, RuleState,
    Severity, Test, Way,
};
use spreadscope_engine::{Pair, UnixMillis};

/// Returns a word for a severity.
pub const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "Info",
        Severity::Warning => "Warning",
        Severity::Critical => "Critical",
    }
}

/// Returns a word for a direction.
pub const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Above => "above",
        Direction::Below => "below",
        Direction::Inside => "inside",
    }
}

/// Returns a symbol for a direction.
pub const fn arrow(direction: Direction) -> &'static str {
    match direction {
        Direction::Above => "▲",
        Direction::Below => "▼",
        Direction::Inside => "◆",
    }
}

/// Returns what a rule does, as a sentence without its full stop.
pub fn rule(rule: &Rule, pair: &Pair) -> String {
    let shown = |value| limit(rule.quantity, value, pair);
    let test = match rule.test {
        Test::Crosses { value, way: Way::Either } => format!("crosses {} either way", shown(value)),
        Test::Crosses { value, way: Way::Up } => format!("rises through {}", shown(value)),
        Test::Crosses { value, way: Way::Down } => format!("falls through {}", shown(value)),
        Test::Above(value) => format!("≥ {}", shown(value)),
        Test::Below(value) => format!("≤ {}", shown(value)),
        Test::Inside { low, high } => format!("from {} to {}", shown(low), shown(high)),
        Test::Outside { low, high, way: Way::Either } => format!("≤ {} or ≥ {}", shown(low), shown(high)),
        Test::Outside { high, way: Way::Up, .. } => format!("≥ {}", shown(high)),
        Test::Outside { low, way: Way::Down, .. } => format!("≤ {}", shown(low)),
    };
    let mut text = format!("{} {test}", quantity(rule.quantity, pair));
    for (place, condition) in rule.conditions.iter().enumerate() {
        text.push_str(if place == 0 { ", while " } else { " and " });
        text.push_str(&self::condition(condition, pair));
    }
    let dwell = match rule.dwell {
        Dwell::Millis(0) | Dwell::Bars(0 | 1) => String::new(),
        Dwell::Millis(millis) => format!(", for {}", format::duration(f64::from(millis) / 1_000.0)),
        Dwell::Bars(bars) => format!(", {bars} bars in a row"),
    };
    text.push_str(&dwell);
    if rule.repeat == Repeat::Once {
        text.push_str(", once");
    }
    text
}

fn condition(condition: &Condition, pair: &Pair) -> String {
    format!("{} {}", quantity(condition.quantity, pair), level(condition, pair))
}

fn level(condition: &Condition, pair: &Pair) -> String {
    let shown = |value| limit(condition.quantity, value, pair);
    match condition.level {
        Level::Above(value) => format!("≥ {}", shown(value)),
        Level::Below(value) => format!("≤ {}", shown(value)),
        Level::Inside { low, high } => format!("from {} to {}", shown(low), shown(high)),
        Level::Outside { low, high } => format!("≤ {} or ≥ {}", shown(low), shown(high)),
    }
}

/// Returns why `rule` has not fired.
pub fn reason(rule: &Rule, state: &RuleState, pair: &Pair) -> String {
    let name = quantity(rule.quantity, pair);
    let now = state.value.map_or_else(
        || format!("{name} is not known"),
        |value| format!("{name} is {}", measured(rule.quantity, value, pair)),
    );
    match &state.reason {
        Reason::Disabled => match state.last_told {
            Some(time) if rule.repeat == Repeat::Once => {
                format!("Off: set to fire once, fired at {} UTC", full(time))
            }
            _ => "Off".to_owned(),
        },
        Reason::Snoozed { left_secs } => {
            format!("Snoozed for another {}", format::duration(*left_secs as f64))
        }
        Reason::NoBars => "No bar has closed yet".to_owned(),
        Reason::FeedStale { silent_secs } => {
            format!("The feed is stale: silent for {}", format::duration(*silent_secs as f64))
        }
        Reason::Warming { quantity: which, seen, needed } => {
            format!("{} is warming up: {seen} of {needed}", quantity(*which, pair))
        }
        Reason::Undefined { quantity: which, reason } => {
            format!("{} is undefined: {reason}", quantity(*which, pair))
        }
        Reason::Waiting => format!("Waiting: {now}"),
        Reason::NotSeenOutside => {
            format!("Waiting: {now}, beyond the line from the start; it can only cross from the other side")
        }
        Reason::NotArmed { back } => {
            let shown = |value| limit(rule.quantity, round(value), pair);
            let back = match *back {
                Rearm::Below(limit) => format!("below {}", shown(limit)),
                Rearm::Above(limit) => format!("above {}", shown(limit)),
                Rearm::Outside { low, high } => format!("below {} or above {}", shown(low), shown(high)),
            };
            format!("Not re-armed: {now}, must first come back {back}")
        }
        Reason::Condition { place, value } => match rule.conditions.get(*place) {
            Some(condition) => format!(
                "Held back: {} is {}, must be {}",
                quantity(condition.quantity, pair),
                measured(condition.quantity, *value, pair),
                level(condition, pair)
            ),
            // the state may belong to an earlier version of the rule
            None => "Held back by a condition".to_owned(),
        },
        Reason::Dwelling { held, dwell: Dwell::Millis(millis) } => {
            format!("Held for {held} s of {} s", f64::from(*millis) / 1_000.0)
        }
        Reason::Dwelling { held, dwell: Dwell::Bars(bars) } => format!("Held for {held} of {bars} bars"),
        Reason::CoolingDown { left_secs } => {
            format!("In cooldown, {} left: {now}", format::duration(*left_secs as f64))
        }
        Reason::Fired => format!("Just fired: {now}"),
    }
}

/// Removes the rounding error of an addition from a limit: 0.1 + 0.2 reads 0.3.
fn round(value: f64) -> f64 {
    format!("{value:.9}").parse().unwrap_or(value)
}

/// Returns the rule, pair and bars, which precede [`alert`]; an alert of a scan names its pairs itself.
pub fn whose(alert: &Alert) -> String {
    if alert.quantity.is_of_scans() {
        return alert.name.clone();
    }
    format!("{}, {}/{} {}", alert.name, alert.pair.y, alert.pair.x, alert.interval.as_str())
}

/// Returns what happened, as a sentence without its full stop; for a test, what the rule needs. `now_millis`: a
/// moment of another day has its date.
pub fn alert(alert: &Alert, now_millis: i64) -> String {
    sentence(alert, &calendar::dated(alert.time.0, now_millis))
}

/// Returns the same with the date in any case, for what may be read on another day.
pub fn dated_alert(alert: &Alert) -> String {
    sentence(alert, &full(alert.time))
}

/// A moment with its date.
fn full(time: UnixMillis) -> String {
    format!("{} {}", calendar::date(time.0), calendar::clock(time.0))
}

fn sentence(alert: &Alert, clock: &str) -> String {
    let Alert { quantity: which, direction, value, threshold, pair, .. } = alert;
    let name = quantity(*which, pair);
    let shown = value.map_or_else(|| "(not known)".to_owned(), |value| measured(*which, value, pair));
    let limit = limit(*which, *threshold, pair);
    if alert.occasion == Occasion::Test {
        let (wants, holds): (_, fn(&f64, &f64) -> bool) = match direction {
            Direction::Above => ("≥", f64::ge),
            Direction::Below => ("≤", f64::le),
            Direction::Inside => ("inside its band at", |_, _| false),
        };
        let so = if value.is_some_and(|value| holds(&value, threshold)) { ", which holds" } else { "" };
        return format!("Test of “{}”: {name} is {shown}; the rule needs {wants} {limit}{so}", alert.name);
    }
    match which {
        Quantity::ScanEntered => {
            return format!("Pairs that entered with the scan of {clock} UTC: {shown}");
        }
        Quantity::ScanLeft => return format!("Pairs that left with the scan of {clock} UTC: {shown}"),
        _ => {}
    }
    let what = match direction {
        Direction::Above => format!("{name} {shown} rose to or through {limit}"),
        Direction::Below => format!("{name} {shown} fell to or through {limit}"),
        Direction::Inside => format!("{name} {shown} came into its band at {limit}"),
    };
    if *which == Quantity::FeedSilenceSecs {
        return format!("{what} at {clock} UTC");
    }
    format!("{what} in the {} bar that closed at {clock} UTC", alert.interval.as_str())
}

/// Returns the form's label of a rule's field named in an error.
pub fn field(name: &str) -> &str {
    let (_, name) = name.rsplit_once("].").unwrap_or(("", name));
    match name {
        "name" => "Name",
        "value" => "Value",
        "low" => "Lower end",
        "high" => "Upper end",
        "hysteresis" => "Hysteresis",
        "dwell" => "Holding time",
        "cooldown_secs" => "Cooldown",
        "conditions" => "Conditions",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::alert::tests as sample;
    use spreadscope_engine::Settings;
    use spreadscope_engine::alert::RuleId;
    use spreadscope_engine::alert::presets::Preset;

    fn state(reason: Reason) -> RuleState {
        RuleState { rule: RuleId(1), value: Some(2.3), reason, last_told: None }
    }

    #[test]
    fn a_rule_reads_as_a_sentence() {
        let pair = Settings::default().pair;
        let sentences = Preset::ALL.map(|preset| rule(&preset.rule(RuleId(1), 2.0), &pair));
        assert_eq!(
            sentences,
            [
                "z ≤ −2 or ≥ 2, while EG p-value ≤ 0.05",
                "z ≤ −2 or ≥ 2, while EG p-value ≤ 0.05 and Half-life ≤ 300 s",
                "z crosses 0 either way",
                "z ≤ −4 or ≥ 4",
                "Correlation ≤ 0.5, 5 bars in a row",
                "EG p-value rises through 0.1, 5 bars in a row",
                "Feed silence ≥ 10 s",
                "Pairs that enter the scan ≥ 1",
                "Pairs that leave the scan ≥ 1",
            ]
        );
    }

    #[test]
    fn why_it_has_not_fired_names_the_number_and_the_limit() {
        let pair = Settings::default().pair;
        let signal = Preset::Signal.rule(RuleId(1), 2.0);
        let said = |reason| super::reason(&signal, &state(reason), &pair);
        assert_eq!(said(Reason::Waiting), "Waiting: z is +2.30");
        assert_eq!(
            said(Reason::Condition { place: 0, value: 0.31 }),
            "Held back: EG p-value is 0.310, must be ≤ 0.05"
        );
        assert_eq!(
            said(Reason::NotArmed { back: Rearm::Below(1.6 - 0.1) }),
            "Not re-armed: z is +2.30, must first come back below 1.5"
        );
        assert_eq!(said(Reason::Dwelling { held: 3, dwell: Dwell::Millis(10_000) }), "Held for 3 s of 10 s");
        assert_eq!(said(Reason::CoolingDown { left_secs: 12 }), "In cooldown, 12 s left: z is +2.30");
        assert_eq!(
            said(Reason::Warming { quantity: Quantity::Z, seen: 120, needed: 300 }),
            "z is warming up: 120 of 300"
        );
        assert_eq!(said(Reason::Snoozed { left_secs: 300 }), "Snoozed for another 5 min");
    }

    #[test]
    fn a_rule_that_has_fired_its_once_says_when() {
        let pair = Settings::default().pair;
        let once = Rule { repeat: Repeat::Once, ..Preset::Signal.rule(RuleId(1), 2.0) };
        let told = RuleState { last_told: Some(UnixMillis(1_700_000_000_000)), ..state(Reason::Disabled) };
        assert_eq!(reason(&once, &told, &pair), "Off: set to fire once, fired at 2023-11-14 22:13:20 UTC");
        assert_eq!(reason(&once, &state(Reason::Disabled), &pair), "Off");
    }

    #[test]
    fn an_alert_says_what_happened_and_a_test_what_would_have_been_true() {
        let fired = sample::alert(0, -2.31);
        let now = fired.time.0 + 60_000;
        assert_eq!(
            alert(&fired, now),
            "z −2.31 fell to or through −2 in the 1s bar that closed at 22:13:21 UTC"
        );
        let dated = "z −2.31 fell to or through −2 in the 1s bar that closed at 2023-11-14 22:13:21 UTC";
        assert_eq!([alert(&fired, now + 86_400_000), dated_alert(&fired)], [dated, dated]);
        let test = |value| alert(&Alert { occasion: Occasion::Test, value, ..fired.clone() }, now);
        assert_eq!(test(Some(-0.32)), "Test of “z beyond the threshold”: z is −0.32; the rule needs ≤ −2");
        assert!(test(Some(-2.5)).ends_with("the rule needs ≤ −2, which holds"), "{}", test(Some(-2.5)));
        assert!(test(None).contains("z is (not known)"), "{}", test(None));
    }
}
