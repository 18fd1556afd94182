//! Preset rules: what pairs traders watch, with numbers that make sense out of the box.

use super::{Condition, Dwell, Level, Quantity, Repeat, Rule, RuleId, Severity, Test, Way};

/// A preset rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// z is stretched and the pair is cointegrated.
    Signal,
    /// The same, with a half-life of minutes.
    QuickSignal,
    /// z returns to its mean: the exit.
    BackToMean,
    /// z is so far out that the relation may have broken: the stop.
    Blowout,
    /// The legs no longer move together.
    CorrelationLost,
    /// The pair is no longer cointegrated.
    CointegrationLost,
    /// Nothing comes from the exchange.
    FeedSilent,
    /// A pair survives the newest scan that did not survive the previous one.
    PairEnters,
    /// A pair no longer survives the scan.
    PairLeaves,
}

impl Preset {
    /// Every preset, in menu order.
    pub const ALL: [Self; 9] = [
        Self::Signal,
        Self::QuickSignal,
        Self::BackToMean,
        Self::Blowout,
        Self::CorrelationLost,
        Self::CointegrationLost,
        Self::FeedSilent,
        Self::PairEnters,
        Self::PairLeaves,
    ];

    /// The rule's name.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Signal => "Stretched and cointegrated",
            Self::QuickSignal => "Stretched and quick to revert",
            Self::BackToMean => "Back to the mean",
            Self::Blowout => "Blowout",
            Self::CorrelationLost => "Correlation lost",
            Self::CointegrationLost => "Cointegration lost",
            Self::FeedSilent => "Feed silent",
            Self::PairEnters => "A pair enters the scan",
            Self::PairLeaves => "A pair leaves the scan",
        }
    }

    /// The rule, with number `id`; z counts as stretched at `z_threshold` and as blown out at twice that.
    pub fn rule(self, id: RuleId, z_threshold: f64) -> Rule {
        let cointegrated = Condition { quantity: Quantity::EngleGrangerP, level: Level::Below(0.05) };
        let quick = Condition { quantity: Quantity::HalfLifeSecs, level: Level::Below(300.0) };
        let stretched = |by: f64| Test::Outside { low: -by, high: by, way: Way::Either };
        let rule = Rule {
            id,
            name: self.title().to_owned(),
            enabled: true,
            severity: Severity::Warning,
            quantity: Quantity::Z,
            test: stretched(z_threshold),
            conditions: Vec::new(),
            hysteresis: 0.5,
            dwell: Dwell::Bars(0),
            cooldown_secs: 60,
            repeat: Repeat::Always,
            snoozed_until: None,
        };
        match self {
            Self::Signal => Rule { conditions: vec![cointegrated], ..rule },
            Self::QuickSignal => {
                Rule { conditions: vec![cointegrated, quick], severity: Severity::Critical, ..rule }
            }
            Self::BackToMean => Rule {
                test: Test::Crosses { value: 0.0, way: Way::Either },
                severity: Severity::Info,
                ..rule
            },
            Self::Blowout => {
                Rule { test: stretched(2.0 * z_threshold), severity: Severity::Critical, ..rule }
            }
            Self::CorrelationLost => Rule {
                quantity: Quantity::Correlation,
                test: Test::Below(0.5),
                hysteresis: 0.1,
                dwell: Dwell::Bars(5),
                ..rule
            },
            Self::CointegrationLost => Rule {
                quantity: Quantity::EngleGrangerP,
                test: Test::Crosses { value: 0.1, way: Way::Up },
                hysteresis: 0.05,
                dwell: Dwell::Bars(5),
                ..rule
            },
            Self::FeedSilent => Rule {
                quantity: Quantity::FeedSilenceSecs,
                test: Test::Above(10.0),
                severity: Severity::Critical,
                ..rule
            },
            Self::PairEnters => Rule { quantity: Quantity::ScanEntered, test: Test::Above(1.0), ..rule },
            Self::PairLeaves => Rule { quantity: Quantity::ScanLeft, test: Test::Above(1.0), ..rule },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::validate;

    #[test]
    fn every_preset_is_a_valid_rule_of_its_own_name() {
        let rules: Vec<Rule> =
            (1..).zip(Preset::ALL).map(|(id, preset)| preset.rule(RuleId(id), 2.0)).collect();
        assert_eq!(validate(&rules), Ok(()));
        let mut names: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Preset::ALL.len());
    }
}
