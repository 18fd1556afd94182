//! A rule as the user writes it: what to watch, where the edge is, and what keeps the alert quiet.

use super::{Direction, Quantity};
use crate::{Settings, UnixMillis};
use serde::{Deserialize, Serialize};

/// A rule's id; 0 is the rule that follows the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RuleId(pub u32);

impl RuleId {
    /// The rule whose threshold, hysteresis and cooldown are those of [`Settings`].
    pub const SETTINGS: Self = Self(0);
}

impl core::fmt::Display for RuleId {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A rule. [`validate`](super::validate) checks its fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Unique.
    pub id: RuleId,
    /// The user's name for it.
    pub name: String,
    /// Whether it raises alerts.
    pub enabled: bool,
    /// How important its alerts are.
    pub severity: Severity,
    /// The number to watch.
    pub quantity: Quantity,
    /// Where the edge is.
    pub test: Test,
    /// Further conditions, all of which must hold.
    pub conditions: Vec<Condition>,
    /// How far the quantity must come back from the edge before the rule can fire again, in its unit.
    pub hysteresis: f64,
    /// How long the test and the conditions must hold before it fires.
    pub dwell: Dwell,
    /// Shortest time between two alerts in the same direction, seconds; a crossing within it raises no alert.
    pub cooldown_secs: u32,
    /// Whether it stays on after its first alert.
    pub repeat: Repeat,
    /// Local time until which its alerts are silenced.
    pub snoozed_until: Option<UnixMillis>,
}

/// How important an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Worth a look.
    Warning,
    /// Look now.
    Critical,
}

/// Whether a rule stays on after its first alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Repeat {
    /// It stays on.
    Always,
    /// It is switched off after its first alert.
    Once,
}

/// How long the test must hold before the rule fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dwell {
    /// Milliseconds since the first bar (or wakeup) at which it held; 0 fires at once.
    Millis(u32),
    /// Consecutive closed bars at which it held; 0 and 1 fire at once.
    Bars(u32),
}

/// Which directions count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// Both, each armed separately.
    Either,
    /// Only upwards.
    Up,
    /// Only downwards.
    Down,
}

/// Where the edge is. Limits belong to the zone: a quantity equal to its limit has passed it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Test {
    /// The quantity crosses `value`: it must have been seen on the other side, and the conditions must hold at
    /// the crossing.
    Crosses {
        /// The line.
        value: f64,
        /// The direction.
        way: Way,
    },
    /// At or above; fires too if that holds from the start.
    Above(f64),
    /// At or below; fires too if that holds from the start.
    Below(f64),
    /// From `low` to `high`; fires too if that holds from the start.
    Inside {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// At or beyond a limit; fires too if that holds from the start.
    Outside {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
        /// The limits that count.
        way: Way,
    },
}

/// A further condition of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// The number to check.
    pub quantity: Quantity,
    /// The range in which it must be.
    pub level: Level,
}

/// A range of a number, limits included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Level {
    /// At or above.
    Above(f64),
    /// At or below.
    Below(f64),
    /// From `low` to `high`.
    Inside {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// At or below `low`, or at or above `high`.
    Outside {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
}

impl Level {
    /// Whether `value` is in the range.
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::Above(limit) => value >= limit,
            Self::Below(limit) => value <= limit,
            Self::Inside { low, high } => value >= low && value <= high,
            Self::Outside { low, high } => value <= low || value >= high,
        }
    }
}

impl Rule {
    /// The numbers of its test and of its conditions.
    fn quantities(&self) -> impl Iterator<Item = Quantity> {
        self.conditions.iter().map(|condition| condition.quantity).chain([self.quantity])
    }

    /// Whether it is enabled and watches a number of the evidence or has a condition on one.
    pub fn watches_evidence(&self) -> bool {
        self.enabled && self.quantities().any(Quantity::is_evidence)
    }

    /// Whether it means the same for any pair: neither it nor a condition depends on the size of a pair's
    /// prices, volumes and ratio, or on numbers that only the selected pair has.
    pub fn means_the_same_for_any_pair(&self) -> bool {
        self.quantities().all(|quantity| {
            use Quantity::{Correlation, EngleGrangerP, HalfLifeSecs, Z};
            matches!(quantity, Z | Correlation | EngleGrangerP | HalfLifeSecs)
        })
    }

    /// The default rule: z at or beyond ± the threshold, with the settings' hysteresis and cooldown.
    pub fn of_settings(settings: &Settings) -> Self {
        let mut rule = Self {
            id: RuleId::SETTINGS,
            name: "z beyond the threshold".to_owned(),
            enabled: true,
            severity: Severity::Warning,
            quantity: Quantity::Z,
            test: Test::Above(0.0),
            conditions: Vec::new(),
            hysteresis: 0.0,
            dwell: Dwell::Bars(0),
            cooldown_secs: 0,
            repeat: Repeat::Always,
            snoozed_until: None,
        };
        rule.follow(settings);
        rule
    }

    /// Takes over the settings' numbers.
    pub(super) fn follow(&mut self, settings: &Settings) {
        let Settings { z_threshold, z_hysteresis, alert_cooldown_secs, .. } = *settings;
        self.quantity = Quantity::Z;
        self.test = Test::Outside { low: -z_threshold, high: z_threshold, way: Way::Either };
        self.conditions.clear();
        self.hysteresis = z_hysteresis;
        self.dwell = Dwell::Bars(0);
        self.cooldown_secs = u32::try_from(alert_cooldown_secs).unwrap_or(u32::MAX);
    }

    /// Whether both have the same trigger, whatever else differs.
    pub(super) fn triggers_like(&self, other: &Self) -> bool {
        let Self { quantity, test, conditions, hysteresis, dwell, cooldown_secs, .. } = self;
        *quantity == other.quantity
            && *test == other.test
            && *conditions == other.conditions
            && *hysteresis == other.hysteresis
            && *dwell == other.dwell
            && *cooldown_secs == other.cooldown_secs
    }

    /// The edges that can fire, each armed separately.
    pub(super) fn edges(&self) -> impl Iterator<Item = Edge> {
        let pair = match self.test {
            Test::Above(limit) => [Some(Edge::at_least(limit)), None],
            Test::Below(limit) => [Some(Edge::at_most(limit)), None],
            Test::Inside { low, high } => [Some(Edge::within(low, high)), None],
            Test::Outside { low, high, way } => [
                (way != Way::Down).then(|| Edge::at_least(high)),
                (way != Way::Up).then(|| Edge::at_most(low)),
            ],
            Test::Crosses { value, way } => [
                (way != Way::Down).then(|| Edge { crossed: true, ..Edge::at_least(value) }),
                (way != Way::Up).then(|| Edge { crossed: true, ..Edge::at_most(value) }),
            ],
        };
        pair.into_iter().flatten()
    }
}

/// Puts the rule that follows the settings first, with their numbers; the user's other choices for it stay.
pub fn follow(rules: &mut Vec<Rule>, settings: &Settings) {
    match rules.iter_mut().find(|rule| rule.id == RuleId::SETTINGS) {
        Some(rule) => rule.follow(settings),
        None => rules.insert(0, Rule::of_settings(settings)),
    }
}

/// One way into a zone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    pub(super) direction: Direction,
    pub(super) zone: Zone,
    /// Whether the quantity must have been seen outside first.
    pub(super) crossed: bool,
}

/// The zone in which a quantity fires.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Zone {
    AtLeast(f64),
    AtMost(f64),
    Within { low: f64, high: f64 },
}

impl Edge {
    const fn at_least(limit: f64) -> Self {
        Self { direction: Direction::Above, zone: Zone::AtLeast(limit), crossed: false }
    }

    const fn at_most(limit: f64) -> Self {
        Self { direction: Direction::Below, zone: Zone::AtMost(limit), crossed: false }
    }

    const fn within(low: f64, high: f64) -> Self {
        Self { direction: Direction::Inside, zone: Zone::Within { low, high }, crossed: false }
    }
}

impl Zone {
    pub(super) fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(limit) => value >= limit,
            Self::AtMost(limit) => value <= limit,
            Self::Within { low, high } => value >= low && value <= high,
        }
    }

    /// Whether `value` is outside by more than `hysteresis`.
    pub(super) fn is_calm(self, value: f64, hysteresis: f64) -> bool {
        match self {
            Self::AtLeast(limit) => value < limit - hysteresis,
            Self::AtMost(limit) => value > limit + hysteresis,
            Self::Within { low, high } => value < low - hysteresis || value > high + hysteresis,
        }
    }

    /// The limit that `value` has passed; for a band, the nearer end.
    pub(super) fn limit(self, value: f64) -> f64 {
        match self {
            Self::AtLeast(limit) | Self::AtMost(limit) => limit,
            Self::Within { low, high } => {
                if (value - low).abs() <= (high - value).abs() {
                    low
                } else {
                    high
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_of_the_settings_comes_first_and_keeps_what_the_user_chose_for_it() {
        let settings = Settings { z_threshold: 3.0, ..Settings::default() };
        let mut rules = Vec::new();
        follow(&mut rules, &settings);
        assert_eq!(rules, [Rule::of_settings(&settings)]);
        rules[0].enabled = false;
        rules[0].test = Test::Above(1.0);
        follow(&mut rules, &settings);
        assert_eq!(rules, [Rule { enabled: false, ..Rule::of_settings(&settings) }]);
    }

    #[test]
    fn ends_belong_to_a_level() {
        let band = [Level::Inside { low: -1.0, high: 2.0 }, Level::Outside { low: -1.0, high: 2.0 }];
        for value in [-1.0, 2.0] {
            assert!(band.iter().all(|level| level.holds(value)), "{value}");
        }
        assert!(band[0].holds(0.0) && !band[1].holds(0.0));
        assert!(
            Level::Above(1.0).holds(1.0) && Level::Below(1.0).holds(1.0) && !Level::Below(1.0).holds(1.1)
        );
    }
}
