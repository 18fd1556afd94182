//! The decision of the rules at the close of a bar.

use super::account::Reason;
use super::position::PositionSide;
use super::refusal::Refusal;
use super::rules::{Rules, Side};
use super::run::{Decision, Run};
use super::tape::Tape;
use super::tested::{TestResults, Tested};
use crate::analytics::Metric;
use crate::analytics::sizing;
use serde::{Deserialize, Serialize};

/// A filter that let nothing through for lack of a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndefinedFilter {
    /// The setting.
    pub filter: String,
    /// Bars in which it refused an entry for that.
    pub bars: usize,
    /// Why there was no number in the last of them, as a clause.
    pub reason: String,
}

impl Run {
    /// The decision after the close of bar `at`.
    pub(super) fn decide(&mut self, tape: &Tape, tests: &mut TestResults, at: usize) -> Option<Decision> {
        let below_peak = self.peak.max(self.equity()) - self.equity();
        let limit = self.rules.drawdown_stop.map(|fraction| fraction * self.rules.notional);
        if tape.decides(at) && limit.is_some_and(|limit| below_peak >= limit) {
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

    fn reason_to_leave(&self, tape: &Tape, at: usize) -> Option<Reason> {
        let position = self.position.as_ref()?;
        let Rules { max_loss, stop_z, time_stop_bars, exit_z, .. } = self.rules;
        if tape.decides(at) {
            let closes = [tape.close(0, at)?, tape.close(1, at)?];
            let net = || position.account.net(closes) - self.exit_costs(tape, at);
            let ends = self.halted || self.ledger.ruined_at.is_some();
            if ends || max_loss.is_some_and(|most| net() <= -most) {
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
        let refusal = if !wanted {
            Some(Refusal::Side)
        } else if stop_z.is_some_and(|stop| z.abs() >= stop) {
            Some(Refusal::BeyondStop)
        } else if self.waits_for_return {
            Some(Refusal::NotRearmed)
        } else if too_soon {
            Some(Refusal::Cooldown)
        } else if self.ledger.ruined_at.is_some() {
            Some(Refusal::Ruined)
        } else if self.halted {
            Some(Refusal::Halted)
        } else if ratio.is_none() {
            Some(Refusal::Ratio)
        } else {
            self.filtered(tape, tests, at)
        };
        if let Some(refusal) = refusal {
            self.refuse(at, refusal);
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

    /// Counts a refusal and, if the account is kept bar by bar, notes its bar.
    pub(super) fn refuse(&mut self, at: usize, refusal: Refusal) {
        self.ledger.refusals.count(refusal);
        if self.detailed {
            self.ledger.refused.add(at - self.bars.start, refusal);
        }
    }

    /// The first filter that fails at the close of bar `at`.
    fn filtered(&mut self, tape: &Tape, tests: &mut TestResults, at: usize) -> Option<Refusal> {
        let (filter, holds, refusal) = first_not_to_hold(&self.rules, tape, tests, at)?;
        let Err(reason) = holds else { return Some(refusal) };
        let undefined = &mut self.ledger.undefined_filters;
        match undefined.iter_mut().find(|known| known.filter == filter) {
            Some(known) => (known.bars, known.reason) = (known.bars + 1, reason),
            None => undefined.push(UndefinedFilter { filter: filter.to_owned(), bars: 1, reason }),
        }
        Some(Refusal::FilterUndefined)
    }
}

/// The first filter that does not hold at the close of bar `at`: its setting, whether it holds or why that cannot be
/// said, and the refusal.
fn first_not_to_hold(
    rules: &Rules,
    tape: &Tape,
    tests: &mut TestResults,
    at: usize,
) -> Option<(&'static str, Result<bool, String>, Refusal)> {
    let tested = if rules.max_p_value.is_some() || rules.max_half_life_bars.is_some() {
        tests.by(tape, at)
    } else {
        None
    };
    let by_test = |part: fn(&Tested) -> &Metric| match tested.map(part) {
        Some(Metric::Ready(value)) => Ok(*value),
        Some(Metric::Warming { seen, needed } | Metric::Provisional { seen, needed, .. }) => {
            Err(format!("the tests had {seen} of {needed} bars"))
        }
        Some(Metric::Undefined(reason)) => Err(reason.clone()),
        None => Err("there was no test result that is new enough".to_owned()),
    };
    let full = |value: Option<f64>| value.ok_or_else(|| "its window was not full".to_owned());
    let all = [
        (
            "max_p_value",
            rules.max_p_value.map(|most| by_test(|t| &t.p_value).map(|p| p <= most)),
            Refusal::PValue,
        ),
        (
            "max_half_life_bars",
            rules.max_half_life_bars.map(|most| by_test(|t| &t.half_life_bars).map(|bars| bars <= most)),
            Refusal::HalfLife,
        ),
        (
            "min_correlation",
            rules.min_correlation.map(|least| full(tape.correlation(at)).map(|value| value >= least)),
            Refusal::Correlation,
        ),
        (
            "min_volume",
            rules.min_volume.map(|least| full(tape.volume(at)).map(|value| value >= least)),
            Refusal::Volume,
        ),
    ];
    all.into_iter().find_map(|(filter, holds, refusal)| {
        holds.filter(|holds| *holds != Ok(true)).map(|holds| (filter, holds, refusal))
    })
}
