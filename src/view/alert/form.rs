//! A rule as the user types it.

use super::operator::Operator;
use super::{fault, words};
use spreadscope_engine::alert::{
    Condition, Dwell, Level, Quantity, Repeat, Rule, RuleError, RuleId, Severity, Test, Way, validate,
};
use spreadscope_engine::base::typed::{TypedError, typed};

/// A quantity, an operator and its limits, as typed.
#[derive(Debug, Clone, PartialEq)]
pub struct EdgeDraft {
    /// The quantity compared.
    pub quantity: Quantity,
    /// How it is compared.
    pub operator: Operator,
    /// The limit, or the lower end of a band.
    pub low: String,
    /// The upper end of a band.
    pub high: String,
}

/// A rule as typed.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleDraft {
    /// See [`Rule::id`].
    pub id: RuleId,
    /// See [`Rule::name`].
    pub name: String,
    /// See [`Rule::severity`].
    pub severity: Severity,
    /// See [`Rule::quantity`] and [`Rule::test`].
    pub edge: EdgeDraft,
    /// The direction, if the operator has one.
    pub way: Way,
    /// See [`Rule::conditions`].
    pub conditions: Vec<EdgeDraft>,
    /// See [`Rule::hysteresis`].
    pub hysteresis: String,
    /// See [`Rule::dwell`].
    pub dwell: String,
    /// Whether the dwell is counted in bars rather than seconds.
    pub dwell_in_bars: bool,
    /// See [`Rule::cooldown_secs`].
    pub cooldown_secs: String,
    /// See [`Rule::repeat`].
    pub repeat: Repeat,
    enabled: bool,
    snoozed_until: Option<spreadscope_engine::UnixMillis>,
}

/// An error in a field of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field, as [`RuleError::field`] has it.
    pub field: String,
    /// The sentence below it.
    pub message: String,
}

impl EdgeDraft {
    /// Returns a condition to start from.
    pub fn condition() -> Self {
        Self {
            quantity: Quantity::EngleGrangerP,
            operator: Operator::Below,
            low: "0.05".to_owned(),
            high: String::new(),
        }
    }

    fn new(quantity: Quantity, operator: Operator, low: f64, high: Option<f64>) -> Self {
        let high = high.map_or_else(String::new, |high| high.to_string());
        Self { quantity, operator, low: low.to_string(), high }
    }

    /// Returns the limit or both ends; text that is not a number is reported in `errors` under `prefix`.
    fn ends(&self, prefix: &str, errors: &mut Vec<FieldError>) -> (f64, f64) {
        let is_band = self.operator.is_band();
        let first = if is_band { "low" } else { "value" };
        let low = number(&format!("{prefix}{first}"), &self.low, errors);
        let high = if is_band { number(&format!("{prefix}high"), &self.high, errors) } else { low };
        (low, high)
    }
}

impl RuleDraft {
    /// Returns the form filled with `rule`.
    pub fn of(rule: &Rule) -> Self {
        let Rule { quantity, .. } = *rule;
        let (operator, low, high, way) = match rule.test {
            Test::Crosses { value, way } => (Operator::Crosses, value, None, way),
            Test::Above(value) => (Operator::Above, value, None, Way::Either),
            Test::Below(value) => (Operator::Below, value, None, Way::Either),
            Test::Inside { low, high } => (Operator::Inside, low, Some(high), Way::Either),
            Test::Outside { low, high, way } => (Operator::Outside, low, Some(high), way),
        };
        let conditions = rule.conditions.iter().map(|Condition { quantity, level }| {
            let (operator, low, high) = match *level {
                Level::Above(value) => (Operator::Above, value, None),
                Level::Below(value) => (Operator::Below, value, None),
                Level::Inside { low, high } => (Operator::Inside, low, Some(high)),
                Level::Outside { low, high } => (Operator::Outside, low, Some(high)),
            };
            EdgeDraft::new(*quantity, operator, low, high)
        });
        let (dwell, dwell_in_bars) = match rule.dwell {
            Dwell::Millis(millis) => ((f64::from(millis) / 1_000.0).to_string(), false),
            Dwell::Bars(bars) => (bars.to_string(), true),
        };
        Self {
            id: rule.id,
            name: rule.name.clone(),
            severity: rule.severity,
            edge: EdgeDraft::new(quantity, operator, low, high),
            way,
            conditions: conditions.collect(),
            hysteresis: rule.hysteresis.to_string(),
            dwell,
            dwell_in_bars,
            cooldown_secs: rule.cooldown_secs.to_string(),
            repeat: rule.repeat,
            enabled: rule.enabled,
            snoozed_until: rule.snoozed_until,
        }
    }

    /// Reads the form.
    ///
    /// # Errors
    /// One [`FieldError`] per refused field; never empty.
    pub fn read(&self) -> Result<Rule, Vec<FieldError>> {
        let mut errors = Vec::new();
        let (low, high) = self.edge.ends("", &mut errors);
        let test = match self.edge.operator {
            Operator::Crosses => Test::Crosses { value: low, way: self.way },
            Operator::Above => Test::Above(low),
            Operator::Below => Test::Below(low),
            Operator::Inside => Test::Inside { low, high },
            Operator::Outside => Test::Outside { low, high, way: self.way },
        };
        let mut conditions = Vec::new();
        for (place, draft) in self.conditions.iter().enumerate() {
            let (low, high) = draft.ends(&format!("conditions[{place}]."), &mut errors);
            let level = match draft.operator {
                Operator::Above | Operator::Crosses => Level::Above(low),
                Operator::Below => Level::Below(low),
                Operator::Inside => Level::Inside { low, high },
                Operator::Outside => Level::Outside { low, high },
            };
            conditions.push(Condition { quantity: draft.quantity, level });
        }
        let hysteresis = number("hysteresis", &self.hysteresis, &mut errors);
        let dwell = if self.dwell_in_bars {
            Dwell::Bars(whole("dwell", &self.dwell, &mut errors))
        } else {
            Dwell::Millis(millis("dwell", &self.dwell, &mut errors))
        };
        let rule = Rule {
            id: self.id,
            name: self.name.trim().to_owned(),
            enabled: self.enabled,
            severity: self.severity,
            quantity: self.edge.quantity,
            test,
            conditions,
            hysteresis,
            dwell,
            cooldown_secs: whole("cooldown_secs", &self.cooldown_secs, &mut errors),
            repeat: self.repeat,
            snoozed_until: self.snoozed_until,
        };
        if let Err(ranges) = validate(core::slice::from_ref(&rule)) {
            let known = |field: &str| errors.iter().any(|earlier: &FieldError| earlier.field == field);
            let fresh: Vec<FieldError> =
                ranges.iter().filter(|error| !known(&error.field)).map(in_words).collect();
            errors.extend(fresh);
        }
        if errors.is_empty() { Ok(rule) } else { Err(errors) }
    }
}

fn in_words(error: &RuleError) -> FieldError {
    FieldError { field: error.field.clone(), message: fault::sentence(error) }
}

fn refusal(field: &str, what: &str, text: &str) -> FieldError {
    let shown: String = text.chars().take(40).collect();
    FieldError {
        field: field.to_owned(),
        message: format!("{} must be {what}, was “{shown}”", words::field(field)),
    }
}

/// Returns a finite number; otherwise NaN, which no range contains, and an error in `errors`.
fn number(field: &str, text: &str, errors: &mut Vec<FieldError>) -> f64 {
    typed_as("a number", field, text, errors).unwrap_or(f64::NAN)
}

fn whole(field: &str, text: &str, errors: &mut Vec<FieldError>) -> u32 {
    let is_whole = |number: &f64| number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(number);
    let Some(number) = typed_as("a whole number", field, text, errors) else { return 0 };
    if !is_whole(&number) {
        errors.push(refusal(field, "a whole number", text.trim()));
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number in range")]
    let number = number as u32;
    number
}

/// Returns the number typed; otherwise an error in `errors`.
fn typed_as(what: &str, field: &str, text: &str, errors: &mut Vec<FieldError>) -> Option<f64> {
    let error = match typed(text) {
        Ok(number) => return Some(number),
        Err(TypedError::NotANumber) => refusal(field, what, text.trim()),
        Err(error @ TypedError::TwoReadings { .. }) => {
            let message = format!("{} “{}” {error}", words::field(field), text.trim());
            FieldError { field: field.to_owned(), message }
        }
    };
    errors.push(error);
    None
}

fn millis(field: &str, text: &str, errors: &mut Vec<FieldError>) -> u32 {
    let before = errors.len();
    let millis = (number(field, text, errors) * 1_000.0).round();
    if errors.len() > before {
        return 0;
    }
    if !(0.0..=f64::from(u32::MAX)).contains(&millis) {
        errors.push(refusal(field, "0 to 86,400 s", text));
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number in range")]
    let millis = millis as u32;
    millis
}

/// Returns the number of the next rule.
pub fn next_id(rules: &[Rule]) -> RuleId {
    RuleId(rules.iter().map(|rule| rule.id.0).max().map_or(1, |id| id.saturating_add(1)))
}

/// Returns `rules` as stored between visits.
pub fn store(rules: &[Rule]) -> String {
    serde_json::to_string(rules).expect("Invariant: rules are plain data with text keys")
}

/// Reads what [`store`] wrote, rule by rule; the second part names what was ignored.
pub fn restore(text: Option<&str>) -> (Vec<Rule>, Vec<String>) {
    let Some(text) = text else { return (Vec::new(), Vec::new()) };
    let Ok(kept) = serde_json::from_str::<Vec<serde_json::Value>>(text) else {
        return (Vec::new(), vec!["The stored alert rules could not be read and were ignored.".to_owned()]);
    };
    let mut rules: Vec<Rule> = Vec::new();
    let mut ignored = Vec::new();
    for (place, value) in kept.into_iter().enumerate() {
        let mut tried = rules.clone();
        let taken =
            serde_json::from_value::<Rule>(value).map_err(|error| error.to_string()).and_then(|rule| {
                tried.push(rule);
                validate(&tried).map_err(|errors| fault::sentence(&errors[0]))
            });
        match taken {
            Ok(()) => rules = tried,
            Err(reason) => ignored.push(format!("Stored alert rule {} was ignored: {reason}.", place + 1)),
        }
    }
    (rules, ignored)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use spreadscope_engine::Settings;
    use spreadscope_engine::alert::presets::Preset;

    fn rules() -> Vec<Rule> {
        let mut rules = vec![Rule::of_settings(&Settings::default())];
        rules.extend((1..).zip(Preset::ALL).map(|(id, preset)| preset.rule(RuleId(id), 2.0)));
        rules
    }

    #[test]
    fn an_untouched_form_changes_nothing() {
        for rule in rules() {
            assert_eq!(RuleDraft::of(&rule).read(), Ok(rule));
        }
        let timed = Rule { dwell: Dwell::Millis(2_500), ..Preset::Signal.rule(RuleId(1), 2.0) };
        assert_eq!(RuleDraft::of(&timed).read(), Ok(timed));
    }

    #[test]
    fn every_bad_field_gets_its_own_sentence() {
        let mut draft = RuleDraft::of(&Preset::Signal.rule(RuleId(1), 2.0));
        draft.name = " ".to_owned();
        draft.edge.low = "two".to_owned();
        draft.edge.high = "1e400".to_owned();
        draft.conditions[0].low = "5 %".to_owned();
        draft.hysteresis = "-1".to_owned();
        draft.dwell_in_bars = false;
        draft.dwell = "-3".to_owned();
        draft.cooldown_secs = "1.5".to_owned();
        let errors = draft.read().unwrap_err();
        let told: Vec<(&str, &str)> =
            errors.iter().map(|error| (error.field.as_str(), error.message.as_str())).collect();
        assert_eq!(
            told,
            [
                ("low", "Lower end must be a number, was “two”"),
                ("high", "Upper end must be a number, was “1e400”"),
                ("conditions[0].value", "Value must be a number, was “5 %”"),
                ("dwell", "Holding time must be 0 to 86,400 s, was “-3”"),
                ("cooldown_secs", "Cooldown must be a whole number, was “1.5”"),
                ("name", "Name must be 1 to 60 characters on one line, was “”"),
                ("hysteresis", "Hysteresis must be 0 to 200, was −1"),
            ]
        );
    }

    #[test]
    fn a_comma_and_a_true_minus_are_understood() {
        let mut draft = RuleDraft::of(&Preset::Signal.rule(RuleId(1), 2.0));
        draft.edge.low = "\u{2212}2,5".to_owned();
        let rule = draft.read().unwrap();
        assert_eq!(rule.test, Test::Outside { low: -2.5, high: 2.0, way: Way::Either });
        draft.cooldown_secs = "1,000".to_owned();
        assert_eq!(
            draft.read().unwrap_err()[0].message,
            "Cooldown “1,000” can be read as 1000 and as 1: type 1000 or 1"
        );
    }

    #[test]
    fn what_is_stored_comes_back_and_what_is_bad_is_named() {
        assert_eq!(restore(Some(&store(&rules()))), (rules(), Vec::new()));
        let mut kept: Vec<serde_json::Value> = serde_json::from_str(&store(&rules())).unwrap();
        kept[1]["hysteresis"] = serde_json::Value::from(-1);
        kept[2]["severity"] = serde_json::Value::from("Loud");
        let (left, ignored) = restore(Some(&serde_json::Value::from(kept).to_string()));
        assert_eq!(left.len(), rules().len() - 2);
        assert_eq!(ignored.len(), 2);
        assert!(ignored[0].contains("rule 2") && ignored[0].contains("Hysteresis must be 0 to 200, was −1"));
        assert!(ignored[1].contains("Loud"), "{ignored:?}");
        assert_eq!(restore(Some("[1")).1.len(), 1);
    }

    #[test]
    fn ids_are_not_given_twice() {
        let held = [3, 9, 4].map(|id| Preset::Signal.rule(RuleId(id), 2.0));
        assert_eq!(next_id(&held), RuleId(10));
        assert_eq!(next_id(&[]), RuleId(1));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_form_panic_and_what_it_gives_is_valid(low in ".*", high in ".*", dwell in ".*", name in ".*") {
            let mut draft = RuleDraft::of(&Preset::Signal.rule(RuleId(1), 2.0));
            draft.edge.low = low;
            draft.edge.high = high;
            draft.dwell = dwell;
            draft.name = name;
            match draft.read() {
                Ok(rule) => prop_assert_eq!(validate(&[rule]), Ok(())),
                Err(errors) => prop_assert!(!errors.is_empty()),
            }
        }
    }
}
