//! The decision of the rules at the close of a bar.

use super::account::Reason;
use super::position::PositionSide;
use super::rules::{Rules, Side};
use super::run::{Decision, Run};
use super::tape::Tape;
use super::tested::TestResults;
use crate::analytics::sizing;
use serde::{Deserialize, Serialize};

/// Why nothing was entered although |z| had reached the entry threshold; counts of bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Refusals {
    /// The rules do not trade this side.
    pub side: usize,
    /// |z| was at or beyond the stop.
    pub beyond_stop: usize,
    /// |z| had not been below the entry threshold since the last stop.
    pub not_rearmed: usize,
    /// The cooldown after the last exit was not over.
    pub cooldown: usize,
    /// The drawdown stop had ended trading.
    pub halted: usize,
    /// There was no hedge ratio above 0.
    pub ratio: usize,
    /// The p-value was too high.
    pub p_value: usize,
    /// The half-life was too long.
    pub half_life: usize,
    /// The correlation was too low.
    pub correlation: usize,
    /// Too little volume.
    pub volume: usize,
    /// A number that a filter needs was undefined.
    pub filter_undefined: usize,
    /// A leg did not trade for as long as the order waited.
    pub untraded: usize,
}

impl Run {
    /// The decision after the close of bar `at`.
    pub(super) fn decide(&mut self, tape: &Tape, tests: &mut TestResults, at: usize) -> Option<Decision> {
        let below_peak = self.peak.max(self.equity()) - self.equity();
        let limit = self.rules.drawdown_stop.map(|fraction| fraction * self.drawdown_base());
        let ruined = self.rules.compounding && self.equity() <= 0.0;
        if tape.decides(at) && (ruined || limit.is_some_and(|limit| below_peak >= limit)) {
            self.halted = true;
        }
        let waits = matches!(
            self.pending.map(|pending| pending.what),
            Some(Decision::Enter { .. } | Decision::Leave(_))
        );
        if waits {
            return None;
        }
        if self.position.is_some() {
            let leaves = self.reason_to_leave(tape, at).map(Decision::Leave);
            return leaves.or_else(|| self.rehedge(tape, at));
        }
        self.enter(tape, tests, at)
    }

    /// The money of which a drawdown is a fraction.
    fn drawdown_base(&self) -> f64 {
        if self.rules.compounding { self.peak } else { self.rules.notional }
    }

    fn reason_to_leave(&self, tape: &Tape, at: usize) -> Option<Reason> {
        let position = self.position.as_ref()?;
        let Rules { max_loss, stop_z, time_stop_bars, exit_z, .. } = self.rules;
        if tape.decides(at) {
            let closes = [tape.close(0, at)?, tape.close(1, at)?];
            let net = || position.account.net(closes) - self.exit_costs(tape, at);
            if self.halted || max_loss.is_some_and(|most| net() <= -most) {
                return Some(Reason::Loss);
            }
        }
        let outward = tape.z(at).map(|z| position.outward(z));
        if outward.zip(stop_z).is_some_and(|(outward, stop)| outward >= stop) {
            return Some(Reason::Stop);
        }
        let held = tape.known_between(position.entered_at, at);
        if time_stop_bars > 0 && held >= time_stop_bars && tape.is_known(at) {
            return Some(Reason::Time);
        }
        outward.filter(|outward| *outward <= exit_z).map(|_| Reason::Exit)
    }

    fn rehedge(&mut self, tape: &Tape, at: usize) -> Option<Decision> {
        let Rules { rehedge_bars, sizing, .. } = self.rules;
        let position = self.position.as_mut()?;
        let due = rehedge_bars > 0 && tape.known_between(position.sized_at, at) >= rehedge_bars;
        if !due || !tape.decides(at) {
            return None;
        }
        let ratio = tape.ratio(at).filter(|ratio| *ratio > 0.0)?;
        position.sized_at = at;
        let [y, x] = position.account.quantity;
        let closes = [tape.close(0, at)?, tape.close(1, at)?];
        let units = sizing::rehedged_x(sizing, tape.settings.price_scale, y.abs(), ratio, closes);
        let quantity_x = units.copysign(x);
        (quantity_x != x).then_some(Decision::Rehedge { quantity_x })
    }

    fn enter(&mut self, tape: &Tape, tests: &mut TestResults, at: usize) -> Option<Decision> {
        let z = tape.z(at)?;
        let Rules { entry_z, stop_z, side, cooldown_bars, sizing, notional, .. } = self.rules;
        let refusals = &mut self.ledger.refusals;
        if z.abs() < entry_z {
            self.waits_for_return = false;
        }
        if !tape.fired(at).unwrap_or(z.abs() >= entry_z) {
            return None;
        }
        let held = if z < 0.0 { PositionSide::Long } else { PositionSide::Short };
        let wanted = match side {
            Side::Both => true,
            Side::Long => held == PositionSide::Long,
            Side::Short => held == PositionSide::Short,
        };
        let too_soon = self.left_at.is_some_and(|left| tape.known_between(left, at) < cooldown_bars);
        let ratio = tape.ratio(at).filter(|ratio| *ratio > 0.0);
        let refused = if !wanted {
            Some(&mut refusals.side)
        } else if stop_z.is_some_and(|stop| z.abs() >= stop) {
            Some(&mut refusals.beyond_stop)
        } else if self.waits_for_return {
            Some(&mut refusals.not_rearmed)
        } else if too_soon {
            Some(&mut refusals.cooldown)
        } else if self.halted {
            Some(&mut refusals.halted)
        } else if ratio.is_none() {
            Some(&mut refusals.ratio)
        } else {
            filtered(&self.rules, tape, tests, at, refusals)
        };
        if let Some(count) = refused {
            *count += 1;
            return None;
        }
        let closes = [tape.close(0, at)?, tape.close(1, at)?];
        let money = if self.rules.compounding { notional + self.closed_net } else { notional };
        let [y, x] = sizing::units(sizing, tape.settings.price_scale, money, ratio?, closes);
        let quantity = match held {
            PositionSide::Long => [y, -x],
            PositionSide::Short => [-y, x],
        };
        Some(Decision::Enter { quantity, z })
    }
}

/// The counter of the first filter that fails at the close of bar `at`.
fn filtered<'a>(
    rules: &Rules,
    tape: &Tape,
    tests: &mut TestResults,
    at: usize,
    refusals: &'a mut Refusals,
) -> Option<&'a mut usize> {
    let Refusals { p_value, half_life, correlation, volume, filter_undefined, .. } = refusals;
    let tested = if rules.max_p_value.is_some() || rules.max_half_life_bars.is_some() {
        tests.by(tape, at)
    } else {
        None
    };
    let p = tested.as_ref().and_then(|tested| tested.p_value.ready());
    let bars = tested.as_ref().and_then(|tested| tested.half_life_bars.ready());
    let at_most =
        |limit: Option<f64>, value: Option<f64>| limit.map(|limit| value.map(|value| value <= limit));
    let at_least =
        |limit: Option<f64>, value: Option<f64>| limit.map(|limit| value.map(|value| value >= limit));
    let filters = [
        (at_most(rules.max_p_value, p), p_value),
        (at_most(rules.max_half_life_bars, bars), half_life),
        (at_least(rules.min_correlation, tape.correlation(at)), correlation),
        (at_least(rules.min_volume, tape.volume(at)), volume),
    ];
    for (holds, count) in filters {
        match holds {
            None | Some(Some(true)) => {}
            Some(Some(false)) => return Some(count),
            Some(None) => return Some(filter_undefined),
        }
    }
    None
}
