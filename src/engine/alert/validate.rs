//! Whether rules can be used: every field against its range, with the field and the value in the fault.

use super::rule::{Edge, Zone};
use super::{Condition, Dwell, Level, Quantity, Rule, RuleError, RuleFault, RuleId, Test};

/// Most rules.
pub const RULES_AT_MOST: usize = 50;
/// Most conditions of a rule.
pub const CONDITIONS_AT_MOST: usize = 5;
/// Most characters of a name.
pub const NAME_CHARS_AT_MOST: usize = 60;
/// Longest cooldown: a day, in seconds.
pub const COOLDOWN_SECS_AT_MOST: u32 = 86_400;
/// Longest dwell: a day, in milliseconds.
pub const DWELL_MILLIS_AT_MOST: u32 = 86_400_000;
/// Longest dwell in bars.
pub const DWELL_BARS_AT_MOST: u32 = 10_000;

/// Checks `rules` together.
///
/// # Errors
/// One [`RuleError`] per field out of range; never empty.
pub fn validate(rules: &[Rule]) -> Result<(), Vec<RuleError>> {
    let mut errors = Vec::new();
    if rules.len() > RULES_AT_MOST {
        let fault = RuleFault::Many { most: RULES_AT_MOST, was: rules.len() };
        return Err(vec![RuleError { rule: rules[RULES_AT_MOST].id, field: "rules".to_owned(), fault }]);
    }
    for (place, rule) in rules.iter().enumerate() {
        let mut found = Found { rule: rule.id, errors: &mut errors };
        if rules[..place].iter().any(|earlier| earlier.id == rule.id) {
            found.add("id", RuleFault::Twice);
        }
        found.rule(rule);
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

struct Found<'a> {
    rule: RuleId,
    errors: &'a mut Vec<RuleError>,
}

impl Found<'_> {
    fn add(&mut self, field: &str, fault: RuleFault) {
        self.errors.push(RuleError { rule: self.rule, field: field.to_owned(), fault });
    }

    fn rule(&mut self, rule: &Rule) {
        let Rule { name, quantity, conditions, hysteresis, dwell, cooldown_secs, .. } = rule;
        let chars = name.chars().count();
        if name.trim().is_empty() || chars > NAME_CHARS_AT_MOST || name.chars().any(char::is_control) {
            let was = name.chars().take(NAME_CHARS_AT_MOST).collect();
            self.add("name", RuleFault::Name { most: NAME_CHARS_AT_MOST, was });
        }
        let before = self.errors.len();
        self.ends("", *quantity, rule.test.ends());
        let (low, high) = quantity.range();
        self.range("hysteresis", None, (0.0, high - low), *hysteresis);
        if self.errors.len() == before {
            self.room_to_calm_down(rule);
        }
        match *dwell {
            Dwell::Millis(millis) => {
                let secs = |millis: u32| f64::from(millis) / 1_000.0;
                self.range("dwell", None, (0.0, secs(DWELL_MILLIS_AT_MOST)), secs(millis));
            }
            Dwell::Bars(bars) if bars > 0 && quantity.is_between_bars() => {
                self.add("dwell", RuleFault::NotBars { quantity: *quantity, was: bars });
            }
            Dwell::Bars(bars) => {
                self.range("dwell", None, (0.0, f64::from(DWELL_BARS_AT_MOST)), f64::from(bars));
            }
        }
        let cooldown_secs = f64::from(*cooldown_secs);
        self.range("cooldown_secs", None, (0.0, f64::from(COOLDOWN_SECS_AT_MOST)), cooldown_secs);
        if conditions.len() > CONDITIONS_AT_MOST {
            self.add("conditions", RuleFault::Many { most: CONDITIONS_AT_MOST, was: conditions.len() });
        }
        for (place, Condition { quantity, level }) in conditions.iter().enumerate() {
            let prefix = format!("conditions[{place}].");
            if quantity.is_between_bars() {
                self.add(&format!("{prefix}quantity"), RuleFault::NotCondition { quantity: *quantity });
            }
            self.ends(&prefix, *quantity, level.ends());
        }
    }

    /// Checks a number against its range. Returns whether it is within.
    fn range(&mut self, field: &str, of: Option<Quantity>, (low, high): (f64, f64), was: f64) -> bool {
        // NaN is in no range
        let holds = was >= low && was <= high;
        if !holds {
            self.add(field, RuleFault::Range { of, low, high, was });
        }
        holds
    }

    /// Checks a limit, or the two ends of a band.
    fn ends(&mut self, prefix: &str, quantity: Quantity, ends: (f64, Option<f64>)) {
        let (first, second) = ends;
        let names = if second.is_some() { ["low", "high"] } else { ["value", ""] };
        let mut all_hold = true;
        for (name, value) in names.into_iter().zip(core::iter::once(first).chain(second)) {
            all_hold &= self.range(&format!("{prefix}{name}"), Some(quantity), quantity.range(), value);
        }
        if let (true, Some(high)) = (all_hold, second)
            && first >= high
        {
            self.add(&format!("{prefix}high"), RuleFault::NotAbove { low: first, was: high });
        }
    }

    /// Checks that the quantity can leave the edge again: otherwise the rule would fire once and never again.
    fn room_to_calm_down(&mut self, rule: &Rule) {
        let (min, max) = rule.quantity.range();
        for Edge { zone, .. } in rule.edges() {
            let room = match zone {
                Zone::AtLeast(limit) => limit - rule.hysteresis > min,
                Zone::AtMost(limit) => limit + rule.hysteresis < max,
                Zone::Within { low, high } => low - rule.hysteresis > min || high + rule.hysteresis < max,
            };
            if !room {
                let fault = RuleFault::NoRoom { quantity: rule.quantity, was: rule.hysteresis };
                return self.add("hysteresis", fault);
            }
        }
    }
}

impl Test {
    fn ends(self) -> (f64, Option<f64>) {
        match self {
            Self::Crosses { value, .. } | Self::Above(value) | Self::Below(value) => (value, None),
            Self::Inside { low, high } | Self::Outside { low, high, .. } => (low, Some(high)),
        }
    }
}

impl Level {
    fn ends(self) -> (f64, Option<f64>) {
        match self {
            Self::Above(value) | Self::Below(value) => (value, None),
            Self::Inside { low, high } | Self::Outside { low, high } => (low, Some(high)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;
    use crate::alert::Way;
    use proptest::prelude::*;

    fn rule() -> Rule {
        Rule { id: RuleId(7), ..Rule::of_settings(&Settings::default()) }
    }

    fn fields(rule: Rule) -> Vec<String> {
        validate(&[rule]).err().unwrap_or_default().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn a_good_rule_is_good() {
        assert_eq!(validate(&[rule(), Rule { id: RuleId(8), ..rule() }]), Ok(()));
    }

    #[test]
    fn every_bad_field_is_named_with_its_value() {
        let bad = Rule {
            name: "a\nb".to_owned(),
            test: Test::Outside { low: f64::NAN, high: 1e9, way: Way::Up },
            hysteresis: -1.0,
            dwell: Dwell::Millis(u32::MAX),
            cooldown_secs: 86_401,
            conditions: vec![Condition { quantity: Quantity::EngleGrangerP, level: Level::Below(1.5) }],
            ..rule()
        };
        let errors = validate(&[bad]).unwrap_err();
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "rule 7: name must be 1 to 60 characters on one line, was \"a\\nb\"",
                "rule 7: low of z must be -100 to 100, was NaN",
                "rule 7: high of z must be -100 to 100, was 1000000000",
                "rule 7: hysteresis must be 0 to 200, was -1",
                "rule 7: dwell must be 0 to 86400, was 4294967.295",
                "rule 7: cooldown_secs must be 0 to 86400, was 86401",
                "rule 7: conditions[0].value of engle_granger_p must be 0 to 1, was 1.5",
            ]
        );
    }

    #[test]
    fn a_rule_must_be_able_to_re_arm() {
        let dead =
            Rule { quantity: Quantity::EngleGrangerP, test: Test::Above(0.1), hysteresis: 0.2, ..rule() };
        assert_eq!(fields(dead), ["hysteresis"]);
        let dead = Rule { test: Test::Inside { low: -100.0, high: 100.0 }, ..rule() };
        assert_eq!(fields(dead), ["hysteresis"]);
    }

    #[test]
    fn a_band_has_its_ends_in_order_and_silence_stands_alone() {
        assert_eq!(fields(Rule { test: Test::Inside { low: 2.0, high: 2.0 }, ..rule() }), ["high"]);
        let silence = Condition { quantity: Quantity::FeedSilenceSecs, level: Level::Above(5.0) };
        assert_eq!(fields(Rule { conditions: vec![silence], ..rule() }), ["conditions[0].quantity"]);
        let silence = Rule {
            quantity: Quantity::FeedSilenceSecs,
            test: Test::Above(10.0),
            dwell: Dwell::Bars(2),
            ..rule()
        };
        assert_eq!(fields(silence), ["dwell"]);
    }

    #[test]
    fn two_rules_of_one_id_and_too_many_of_anything_are_refused() {
        assert_eq!(validate(&[rule(), rule()]).unwrap_err()[0].field, "id");
        let many: Vec<Rule> = (0..51).map(|id| Rule { id: RuleId(id), ..rule() }).collect();
        assert_eq!(validate(&many).unwrap_err()[0].fault, RuleFault::Many { most: 50, was: 51 });
        let condition = Condition { quantity: Quantity::Z, level: Level::Above(0.0) };
        assert_eq!(fields(Rule { conditions: vec![condition; 6], ..rule() }), ["conditions"]);
    }

    proptest! {
        #[test]
        fn a_hostile_number_is_refused_or_finite_and_in_range(value: f64, low: f64, high: f64, hysteresis: f64) {
            for test in [Test::Above(value), Test::Outside { low, high, way: Way::Either }] {
                let rule = Rule { test, hysteresis, ..rule() };
                if validate(core::slice::from_ref(&rule)).is_ok() {
                    let (first, second) = rule.test.ends();
                    prop_assert!(first.abs() <= 100.0 && second.is_none_or(|second| second > first));
                    prop_assert!(hysteresis.is_finite() && hysteresis >= 0.0);
                }
            }
        }
    }
}
