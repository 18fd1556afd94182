//! What is wrong with a rule, in the form's words and the page's numbers.

use super::{quantity, words};
use crate::view::numbers::format;
use spreadscope_engine::alert::{RuleError, RuleFault};

/// Returns an engine's error about a rule as a sentence without its full stop.
pub fn sentence(RuleError { rule, field, fault }: &RuleError) -> String {
    let bare = field.rsplit_once("].").map_or(field.as_str(), |(_, name)| name);
    let label = words::field(bare);
    match fault {
        RuleFault::Unknown => format!("There is no rule {rule}"),
        RuleFault::Twice => format!("Two rules have the number {rule}"),
        RuleFault::Many { most, was } => {
            let what = if bare == "conditions" { "conditions" } else { "rules" };
            format!("There can be at most {most} {what}, and these are {was}")
        }
        RuleFault::Name { most, was } => {
            format!("{label} must be 1 to {most} characters on one line, was “{was}”")
        }
        RuleFault::Range { of, low, high, was } => {
            let of = of.map_or_else(String::new, |of| format!(" of {}", quantity::of_any_pair(of)));
            let [low, high, was] = [low, high, was].map(|value| format::exact(*value));
            format!("{label}{of} must be {low} to {high}, was {was}")
        }
        RuleFault::NotAbove { low, was } => {
            let [low, was] = [low, was].map(|value| format::exact(*value));
            format!("{label} must be above the lower end, which is {low}, but was {was}")
        }
        RuleFault::NoRoom { quantity, was } => {
            let (low, high) = quantity.range();
            let [low, high, was] = [low, high, *was].map(format::exact);
            let name = quantity::of_any_pair(*quantity);
            format!("{label} must leave {name}, which is {low} to {high}, room to come back, was {was}")
        }
        RuleFault::NotBars { quantity, was } => {
            let name = quantity::of_any_pair(*quantity);
            format!("{label} of a rule on {name} must be a time, was {} bars", format::count(u64::from(*was)))
        }
        RuleFault::NotCondition { quantity } => {
            let name = quantity::of_any_pair(*quantity);
            format!("{name} can have a rule of its own but cannot be a condition")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spreadscope_engine::Settings;
    use spreadscope_engine::alert::{Condition, Dwell, Level, Quantity, Rule, RuleId, Test, Way, validate};

    fn said(rule: Rule) -> Vec<String> {
        validate(&[Rule { id: RuleId(7), ..rule }]).unwrap_err().iter().map(sentence).collect()
    }

    #[test]
    fn a_refusal_has_the_forms_labels_and_the_pages_numbers() {
        let rule = Rule::of_settings(&Settings::default());
        let outside = |low, high| Test::Outside { low, high, way: Way::Either };
        let p = Condition { quantity: Quantity::EngleGrangerP, level: Level::Below(1.5) };
        let bad =
            Rule { test: outside(-200.0, 2.0), conditions: vec![p], cooldown_secs: 90_000, ..rule.clone() };
        assert_eq!(
            said(bad),
            [
                "Lower end of z must be −100 to 100, was −200",
                "Cooldown must be 0 to 86,400, was 90,000",
                "Value of EG p-value must be 0 to 1, was 1.5",
            ]
        );
        assert_eq!(
            said(Rule { test: Test::Inside { low: 3.0, high: 2.0 }, ..rule.clone() }),
            ["Upper end must be above the lower end, which is 3, but was 2"]
        );
        let stuck = Rule {
            quantity: Quantity::EngleGrangerP,
            test: Test::Above(0.1),
            hysteresis: 0.2,
            ..rule.clone()
        };
        assert_eq!(
            said(stuck),
            ["Hysteresis must leave EG p-value, which is 0 to 1, room to come back, was 0.2"]
        );
        let silence = Rule {
            quantity: Quantity::FeedSilenceSecs,
            test: Test::Above(10.0),
            dwell: Dwell::Bars(2),
            ..rule
        };
        assert_eq!(said(silence), ["Holding time of a rule on Feed silence must be a time, was 2 bars"]);
    }

    #[test]
    fn no_raw_name_of_a_field_or_a_quantity_is_shown() {
        let rule = Rule::of_settings(&Settings::default());
        for &quantity in Quantity::ALL {
            let test = Test::Outside { low: f64::NEG_INFINITY, high: f64::INFINITY, way: Way::Either };
            for sentence in said(Rule { quantity, test, name: String::new(), ..rule.clone() }) {
                assert!(!sentence.contains(['_', '{']) && !sentence.contains(" -"), "{sentence}");
            }
        }
    }
}
