//! When a z-score deserves a word: on the crossing, once, and not again before it has calmed down.

use crate::event::Direction;
use crate::{Settings, UnixMillis};

/// An edge-triggered threshold with hysteresis and cooldown, on closed bars.
///
/// It fires when z, on a full window, comes from inside to `z >= threshold` or `z <= -threshold`; it is armed
/// again for that direction once z has come back by `z_hysteresis`; within the cooldown of the last alert of
/// that direction a crossing is swallowed.
#[derive(Debug, Clone)]
pub struct ZTrigger {
    threshold: f64,
    hysteresis: f64,
    cooldown_millis: i64,
    above: Side,
    below: Side,
}

#[derive(Debug, Clone, Default)]
struct Side {
    crossed: bool,
    fired: Option<UnixMillis>,
}

impl ZTrigger {
    /// A trigger that has seen nothing.
    pub fn new(settings: &Settings) -> Self {
        Self {
            threshold: settings.z_threshold,
            hysteresis: settings.z_hysteresis,
            cooldown_millis: i64::try_from(settings.alert_cooldown_secs).unwrap_or(i64::MAX / 1_000) * 1_000,
            above: Side::default(),
            below: Side::default(),
        }
    }

    /// The threshold, positive.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// Takes the z of the bar that closed at `time`.
    pub fn observe(&mut self, time: UnixMillis, z: f64) -> Option<Direction> {
        let (threshold, calm) = (self.threshold, self.threshold - self.hysteresis);
        let above = self.above.observe(time, z, threshold, calm, self.cooldown_millis);
        let below = self.below.observe(time, -z, threshold, calm, self.cooldown_millis);
        match (above, below) {
            (true, _) => Some(Direction::Above),
            (_, true) => Some(Direction::Below),
            _ => None,
        }
    }
}

impl Side {
    fn observe(&mut self, time: UnixMillis, z: f64, threshold: f64, calm: f64, cooldown_millis: i64) -> bool {
        if z < calm {
            self.crossed = false;
            return false;
        }
        if self.crossed || z < threshold {
            return false;
        }
        self.crossed = true;
        let cooling = self.fired.is_some_and(|fired| time.since(fired) < cooldown_millis);
        if !cooling {
            self.fired = Some(time);
        }
        !cooling
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn trigger(cooldown_secs: usize) -> ZTrigger {
        ZTrigger::new(&Settings { alert_cooldown_secs: cooldown_secs, ..Settings::default() })
    }

    fn fired(trigger: &mut ZTrigger, path: &[f64]) -> Vec<(usize, Direction)> {
        let at = |second: usize| UnixMillis(1_700_000_000_000 + 1_000 * i64::try_from(second).unwrap());
        path.iter()
            .enumerate()
            .filter_map(|(second, &z)| trigger.observe(at(second), z).map(|way| (second, way)))
            .collect()
    }

    #[test]
    fn it_fires_on_the_crossing_and_not_while_z_stays_or_trembles() {
        let path = [0.0, 1.9, 2.0, 3.0, 2.1, 1.9, 2.2, 1.6, 2.5, 1.4, 2.1];
        assert_eq!(fired(&mut trigger(0), &path), [(2, Direction::Above), (10, Direction::Above)]);
    }

    #[test]
    fn each_direction_is_armed_by_itself() {
        let path = [2.5, -2.5, 2.5];
        let expected = [(0, Direction::Above), (1, Direction::Below), (2, Direction::Above)];
        assert_eq!(fired(&mut trigger(0), &path), expected);
    }

    #[test]
    fn a_crossing_within_the_cooldown_is_swallowed() {
        let path = [2.5, 0.0, 2.5, 0.0, 0.0, 2.5];
        assert_eq!(fired(&mut trigger(5), &path), [(0, Direction::Above), (5, Direction::Above)]);
    }

    proptest! {
        #[test]
        fn it_never_fires_twice_without_calm_between(path in proptest::collection::vec(-4.0_f64..4.0, 1..300)) {
            let times = fired(&mut trigger(0), &path);
            for pair in times.windows(2).filter(|pair| pair[0].1 == pair[1].1) {
                let sign = if pair[0].1 == Direction::Above { 1.0 } else { -1.0 };
                prop_assert!(path[pair[0].0..pair[1].0].iter().any(|z| z * sign < 1.5));
            }
        }
    }
}
