//! Why a rule has not fired: the first obstacle, as a type. The page puts it into words.

use super::rule::Zone;
use super::trigger::{Arm, Trigger};
use super::{Between, Dwell, Inputs, Quantity, Rule, RuleId};
use crate::UnixMillis;
use crate::analytics::Metric;
use crate::connection::STALE_MILLIS;
use serde::{Deserialize, Serialize};

/// The state of a rule at this moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleState {
    /// The rule.
    pub rule: RuleId,
    /// The number that it watches, at the newest bar; `None` if unknown.
    pub value: Option<f64>,
    /// What it is waiting for.
    pub reason: Reason,
    /// Time of its last alert in this session.
    pub last_told: Option<UnixMillis>,
}

/// Why a rule has not fired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reason {
    /// It is switched off.
    Disabled,
    /// It is snoozed.
    Snoozed {
        /// Seconds left.
        left_secs: i64,
    },
    /// There is no closed bar yet.
    NoBars,
    /// The feed is silent: no bar with trades can close.
    FeedStale {
        /// Seconds without a frame.
        silent_secs: i64,
    },
    /// A number has too few observations.
    Warming {
        /// The number.
        quantity: Quantity,
        /// Observations so far.
        seen: usize,
        /// Observations needed.
        needed: usize,
    },
    /// A number does not exist at the newest bar.
    Undefined {
        /// The number.
        quantity: Quantity,
        /// Why, in words.
        reason: String,
    },
    /// The rule's test does not hold.
    Waiting,
    /// The value has been beyond the line since it was first seen; a crossing must start on the other side.
    NotSeenOutside,
    /// It has fired or its alert was suppressed, and the value has not come back far enough since.
    NotArmed {
        /// Where the value must go.
        back: Rearm,
    },
    /// A condition does not hold.
    Condition {
        /// Its index among the rule's conditions, from 0.
        place: usize,
        /// The current value of its number.
        value: f64,
    },
    /// Everything holds, but not for long enough yet.
    Dwelling {
        /// How long it has held, in the dwell's unit; whole seconds for a time.
        held: i64,
        /// How long it must hold.
        dwell: Dwell,
    },
    /// It waits for a crossing, which the cooldown would suppress.
    CoolingDown {
        /// Seconds left of the cooldown.
        left_secs: i64,
    },
    /// It has fired at the newest bar.
    Fired,
}

/// Where a value must go to arm its rule again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Rearm {
    /// Below this.
    Below(f64),
    /// Above this.
    Above(f64),
    /// Below `low` or above `high`.
    Outside {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
}

/// The moment at which a rule is evaluated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment<'a> {
    /// Local time.
    pub(super) now: UnixMillis,
    /// The newest closed bar.
    pub(super) inputs: Option<&'a Inputs<'a>>,
    /// The state between bars.
    pub(super) between: &'a Between,
}

impl Moment<'_> {
    /// The number for a rule on `quantity`.
    pub(super) fn reading(&self, quantity: Quantity) -> Result<Metric, Reason> {
        if quantity.is_between_bars() {
            return Ok(self.between.reading(quantity));
        }
        let inputs = self.inputs.ok_or(Reason::NoBars)?;
        Ok(inputs.reading(quantity))
    }

    /// The time on the clock of a trigger on `quantity`.
    fn time(&self, quantity: Quantity) -> UnixMillis {
        match self.inputs {
            Some(inputs) if !quantity.is_between_bars() => inputs.time(),
            _ => self.now,
        }
    }

    fn value(&self, quantity: Quantity) -> Result<f64, Reason> {
        match self.reading(quantity)? {
            Metric::Ready(value) => Ok(value),
            Metric::Warming { seen, needed } | Metric::Provisional { seen, needed, .. } => {
                Err(Reason::Warming { quantity, seen, needed })
            }
            Metric::Undefined(reason) => Err(Reason::Undefined { quantity, reason }),
        }
    }
}

/// The first obstacle that keeps `rule` from firing at `moment`.
pub(super) fn explain(
    rule: &Rule,
    trigger: &Trigger,
    last_told: Option<UnixMillis>,
    moment: &Moment<'_>,
) -> Reason {
    if !rule.enabled {
        return Reason::Disabled;
    }
    if let Some(until) = rule.snoozed_until.filter(|&until| moment.now < until) {
        return Reason::Snoozed { left_secs: secs_up(until.since(moment.now)) };
    }
    let silent_millis = moment.between.silent_millis;
    if !rule.quantity.is_between_bars() && silent_millis >= STALE_MILLIS {
        return Reason::FeedStale { silent_secs: silent_millis / 1_000 };
    }
    let value = match moment.value(rule.quantity) {
        Ok(value) => value,
        Err(reason) => return reason,
    };
    let time = moment.time(rule.quantity);
    if let Some((_, side)) = trigger.sides(rule).find(|(edge, _)| edge.zone.holds(value))
        && side.arm != Arm::Disarmed
    {
        return held_back(rule, trigger, value, moment);
    }
    let disarmed = trigger
        .sides(rule)
        .find(|(edge, side)| side.arm == Arm::Disarmed && !edge.zone.is_calm(value, rule.hysteresis));
    if let Some((edge, side)) = disarmed {
        let fired_now = side.fired == last_told && side.fired.is_some_and(|fired| fired >= time);
        return if fired_now {
            Reason::Fired
        } else {
            Reason::NotArmed { back: back(edge.zone, rule.hysteresis) }
        };
    }
    let left = trigger.sides(rule).map(|(_, side)| side.cooldown_left_millis(rule, time)).max().unwrap_or(0);
    if left > 0 { Reason::CoolingDown { left_secs: secs_up(left) } } else { Reason::Waiting }
}

/// The obstacle while the value is in the zone of an edge that is not disarmed.
fn held_back(rule: &Rule, trigger: &Trigger, value: f64, moment: &Moment<'_>) -> Reason {
    let Some((edge, side)) = trigger.sides(rule).find(|(edge, _)| edge.zone.holds(value)) else {
        return Reason::Waiting;
    };
    if side.arm == Arm::New && edge.crossed {
        return Reason::NotSeenOutside;
    }
    for (place, condition) in rule.conditions.iter().enumerate() {
        match moment.value(condition.quantity) {
            Err(reason) => return reason,
            Ok(value) if !condition.level.holds(value) => return Reason::Condition { place, value },
            Ok(_) => {}
        }
    }
    let Some(hold) = side.hold else { return Reason::Waiting };
    let held = match rule.dwell {
        Dwell::Millis(_) => moment.time(rule.quantity).since(hold.since) / 1_000,
        Dwell::Bars(_) => i64::from(hold.bars),
    };
    Reason::Dwelling { held, dwell: rule.dwell }
}

fn back(zone: Zone, hysteresis: f64) -> Rearm {
    match zone {
        Zone::AtLeast(limit) => Rearm::Below(limit - hysteresis),
        Zone::AtMost(limit) => Rearm::Above(limit + hysteresis),
        Zone::Within { low, high } => Rearm::Outside { low: low - hysteresis, high: high + hysteresis },
    }
}

fn secs_up(millis: i64) -> i64 {
    (millis + 999) / 1_000
}
