//! The state of a rule: where its edges stand, how long they have held, and when they last fired.

use super::rule::Edge;
use super::{Dwell, Rule};
use crate::UnixMillis;

/// A rule's edges, each with its own state; takes one value per bar.
///
/// An edge fires when the value is in its zone and the conditions hold for as long as the dwell requires. It is
/// then disarmed until the value has left the zone by the rule's hysteresis. Firing again within the cooldown
/// raises no alert, but disarms the edge as well.
#[derive(Debug, Clone, Default)]
pub(super) struct Trigger {
    /// Indexed like the edges of [`Rule::edges`].
    sides: [Side; 2],
}

#[derive(Debug, Clone, Default)]
pub(super) struct Side {
    pub(super) arm: Arm,
    pub(super) hold: Option<Hold>,
    /// When it last fired.
    pub(super) fired: Option<UnixMillis>,
}

/// Whether an edge can fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Arm {
    /// Nothing has been seen yet: enough for a level, but not for a crossing.
    #[default]
    New,
    /// It can fire.
    Armed,
    /// It has fired, and the value has not calmed down since.
    Disarmed,
}

/// How long the zone and the conditions have held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hold {
    pub(super) since: UnixMillis,
    pub(super) bars: u32,
}

impl Trigger {
    /// Takes the value at `time`, `None` if unknown, and whether the rule's conditions hold.
    pub(super) fn observe(
        &mut self,
        rule: &Rule,
        time: UnixMillis,
        value: Option<f64>,
        conditions_hold: bool,
    ) -> Option<Edge> {
        let Some(value) = value else {
            // an unknown value cannot be said to have lasted
            self.sides.iter_mut().for_each(|side| side.hold = None);
            return None;
        };
        let mut fired = None;
        for (edge, side) in rule.edges().zip(&mut self.sides) {
            if side.observe(rule, edge, time, value, conditions_hold) {
                fired = Some(edge);
            }
        }
        fired
    }

    /// Arms the edges that `value` has not passed and disarms the others: the rule's test has changed.
    pub(super) fn arm_again(&mut self, rule: &Rule, value: f64) {
        for (edge, side) in rule.edges().zip(&mut self.sides) {
            side.hold = None;
            side.arm = if edge.zone.holds(value) { Arm::Disarmed } else { Arm::Armed };
        }
    }

    /// Each edge with its state.
    pub(super) fn sides(&self, rule: &Rule) -> impl Iterator<Item = (Edge, &Side)> {
        rule.edges().zip(&self.sides)
    }
}

impl Side {
    fn observe(
        &mut self,
        rule: &Rule,
        edge: Edge,
        time: UnixMillis,
        value: f64,
        conditions_hold: bool,
    ) -> bool {
        if !edge.zone.holds(value) {
            self.hold = None;
            if self.arm == Arm::New || edge.zone.is_calm(value, rule.hysteresis) {
                self.arm = Arm::Armed;
            }
            return false;
        }
        let ready = match self.arm {
            Arm::Armed => true,
            Arm::New => !edge.crossed,
            Arm::Disarmed => false,
        };
        if !ready {
            return false;
        }
        if !conditions_hold {
            self.hold = None;
            // a crossing is judged only at the moment when it happens
            if edge.crossed {
                self.arm = Arm::Disarmed;
            }
            return false;
        }
        let hold = self.hold.get_or_insert(Hold { since: time, bars: 0 });
        hold.bars = hold.bars.saturating_add(1);
        if !hold.lasted(rule.dwell, time) {
            return false;
        }
        self.hold = None;
        self.arm = Arm::Disarmed;
        if self.cooldown_left_millis(rule, time) > 0 {
            return false;
        }
        self.fired = Some(time);
        true
    }

    /// Milliseconds from `time` until this edge may fire again; 0 if it may.
    pub(super) fn cooldown_left_millis(&self, rule: &Rule, time: UnixMillis) -> i64 {
        let cooldown_millis = i64::from(rule.cooldown_secs) * 1_000;
        self.fired.map_or(0, |fired| (cooldown_millis - time.since(fired)).max(0))
    }
}

impl Hold {
    fn lasted(self, dwell: Dwell, time: UnixMillis) -> bool {
        match dwell {
            Dwell::Millis(millis) => time.since(self.since) >= i64::from(millis),
            Dwell::Bars(bars) => self.bars >= bars,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;
    use crate::alert::{Direction, Quantity, Test, Way};
    use proptest::prelude::*;

    fn settings_rule(cooldown_secs: usize) -> Rule {
        Rule::of_settings(&Settings { alert_cooldown_secs: cooldown_secs, ..Settings::default() })
    }

    fn rule(test: Test) -> Rule {
        Rule { test, ..settings_rule(0) }
    }

    /// The seconds at which `rule` fires on `path`; a value that is not finite is unknown.
    fn fired(rule: &Rule, path: &[f64]) -> Vec<(usize, Direction)> {
        fired_where(rule, &path.iter().map(|&value| (value, true)).collect::<Vec<_>>())
    }

    fn fired_where(rule: &Rule, path: &[(f64, bool)]) -> Vec<(usize, Direction)> {
        let at = |second: usize| UnixMillis(1_700_000_000_000 + 1_000 * i64::try_from(second).unwrap());
        let mut trigger = Trigger::default();
        path.iter()
            .enumerate()
            .filter_map(|(second, &(value, holds))| {
                let value = Some(value).filter(|value| value.is_finite());
                trigger.observe(rule, at(second), value, holds).map(|edge| (second, edge.direction))
            })
            .collect()
    }

    #[test]
    fn it_fires_on_the_crossing_and_not_while_z_stays_or_trembles() {
        let path = [0.0, 1.9, 2.0, 3.0, 2.1, 1.9, 2.2, 1.6, 2.5, 1.4, 2.1];
        assert_eq!(fired(&settings_rule(0), &path), [(2, Direction::Above), (10, Direction::Above)]);
    }

    #[test]
    fn each_direction_is_armed_by_itself() {
        let path = [2.5, -2.5, 2.5];
        let expected = [(0, Direction::Above), (1, Direction::Below), (2, Direction::Above)];
        assert_eq!(fired(&settings_rule(0), &path), expected);
    }

    #[test]
    fn a_crossing_within_the_cooldown_is_swallowed() {
        let path = [2.5, 0.0, 2.5, 0.0, 0.0, 2.5];
        assert_eq!(fired(&settings_rule(5), &path), [(0, Direction::Above), (5, Direction::Above)]);
    }

    #[test]
    fn a_level_fires_when_it_is_so_at_first_and_a_crossing_does_not() {
        let path = [3.0, 3.0, 1.9, 2.1, 0.0, 3.0];
        assert_eq!(
            fired(&rule(Test::Above(2.0)), &path),
            [(0, Direction::Above), (5, Direction::Above)],
            "1.9 is not calm"
        );
        let crosses = rule(Test::Crosses { value: 2.0, way: Way::Either });
        let expected =
            [(2, Direction::Below), (3, Direction::Above), (4, Direction::Below), (5, Direction::Above)];
        assert_eq!(fired(&Rule { hysteresis: 0.0, ..crosses }, &path), expected);
        let up = rule(Test::Crosses { value: 2.0, way: Way::Up });
        assert_eq!(fired(&up, &path), [(3, Direction::Above), (5, Direction::Above)]);
    }

    #[test]
    fn the_way_leaves_one_end_of_a_band_out() {
        let band = |way| rule(Test::Outside { low: -2.0, high: 2.0, way });
        let path = [0.0, 2.5, 0.0, -2.5];
        assert_eq!(fired(&band(Way::Up), &path), [(1, Direction::Above)]);
        assert_eq!(fired(&band(Way::Down), &path), [(3, Direction::Below)]);
    }

    #[test]
    fn a_band_is_entered_from_either_end_and_left_by_the_hysteresis() {
        let path = [3.0, 0.9, 1.2, 0.5, 1.6, 0.0, -1.6, -1.0];
        let inside = rule(Test::Inside { low: -1.0, high: 1.0 });
        let expected = [(1, Direction::Inside), (5, Direction::Inside), (7, Direction::Inside)];
        assert_eq!(fired(&inside, &path), expected);
    }

    #[test]
    fn a_dwell_in_bars_wants_them_in_a_row() {
        let rule = Rule { dwell: Dwell::Bars(3), ..rule(Test::Above(2.0)) };
        let path = [2.5, 2.5, 1.9, 2.5, 2.5, f64::NAN, 2.5, 2.5, 2.5, 2.5];
        assert_eq!(fired(&rule, &path), [(8, Direction::Above)]);
    }

    #[test]
    fn a_dwell_in_time_counts_from_the_first_bar() {
        let rule = Rule { dwell: Dwell::Millis(2_500), ..rule(Test::Above(2.0)) };
        assert_eq!(fired(&rule, &[2.5, 2.5, 2.5, 2.5, 2.5]), [(3, Direction::Above)]);
    }

    #[test]
    fn a_level_waits_for_its_conditions_and_a_crossing_is_judged_when_it_happens() {
        let path = [(0.0, false), (2.5, false), (2.5, true), (2.5, false), (2.5, true)];
        assert_eq!(fired_where(&rule(Test::Above(2.0)), &path), [(2, Direction::Above)]);
        let crosses = rule(Test::Crosses { value: 2.0, way: Way::Up });
        assert!(fired_where(&crosses, &path).is_empty());
        let again = [path.as_slice(), &[(0.0, false), (2.5, true)]].concat();
        assert_eq!(fired_where(&crosses, &again), [(6, Direction::Above)]);
    }

    #[test]
    fn conditions_that_fail_begin_the_dwell_anew() {
        let rule = Rule { dwell: Dwell::Bars(2), ..rule(Test::Above(2.0)) };
        let path = [(2.5, true), (2.5, false), (2.5, true), (2.5, true)];
        assert_eq!(fired_where(&rule, &path), [(3, Direction::Above)]);
    }

    fn any_test() -> impl Strategy<Value = Test> {
        let way = || prop_oneof![Just(Way::Either), Just(Way::Up), Just(Way::Down)];
        let number = || -3.0_f64..3.0;
        prop_oneof![
            number().prop_map(Test::Above),
            number().prop_map(Test::Below),
            (number(), way()).prop_map(|(value, way)| Test::Crosses { value, way }),
            (number(), 0.1_f64..2.0).prop_map(|(low, width)| Test::Inside { low, high: low + width }),
            (number(), 0.1_f64..2.0, way()).prop_map(|(low, width, way)| Test::Outside {
                low,
                high: low + width,
                way
            }),
        ]
    }

    proptest! {
        #[test]
        fn it_never_fires_twice_without_calm_between(
            test in any_test(),
            hysteresis in 0.0_f64..1.0,
            dwell in prop_oneof![(0_u32..4).prop_map(Dwell::Bars), (0_u32..3_000).prop_map(Dwell::Millis)],
            path in proptest::collection::vec((-4.0_f64..4.0, proptest::bool::weighted(0.8)), 1..300),
        ) {
            let rule = Rule { quantity: Quantity::Z, hysteresis, dwell, ..rule(test) };
            let times = fired_where(&rule, &path);
            for edge in rule.edges() {
                let own: Vec<usize> =
                    times.iter().filter(|(_, way)| *way == edge.direction).map(|(second, _)| *second).collect();
                for &second in &own {
                    prop_assert!(edge.zone.holds(path[second].0) && path[second].1);
                }
                for pair in own.windows(2) {
                    let between = &path[pair[0]..pair[1]];
                    prop_assert!(between.iter().any(|(value, _)| edge.zone.is_calm(*value, hysteresis)));
                }
            }
        }

        #[test]
        fn two_alerts_of_a_direction_are_a_cooldown_apart(
            test in any_test(),
            cooldown_secs in 0_u32..20,
            path in proptest::collection::vec(-4.0_f64..4.0, 1..300),
        ) {
            let rule = Rule { cooldown_secs, ..rule(test) };
            let times = fired(&rule, &path);
            for direction in [Direction::Above, Direction::Below, Direction::Inside] {
                let own: Vec<usize> =
                    times.iter().filter(|(_, way)| *way == direction).map(|(second, _)| *second).collect();
                prop_assert!(own.windows(2).all(|pair| pair[1] - pair[0] >= cooldown_secs as usize));
            }
        }
    }
}
