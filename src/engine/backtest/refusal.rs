//! Bars without an entry although |z| had reached the entry threshold: why, how many, and which.

use core::ops::Range;
use serde::{Deserialize, Serialize};

/// Why nothing was entered although |z| had reached the entry threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The rules do not trade this side.
    Side,
    /// |z| was at or beyond the stop.
    BeyondStop,
    /// |z| had not been below the entry threshold since the last stop.
    NotRearmed,
    /// The cooldown after the last exit was not over.
    Cooldown,
    /// The capital was lost.
    Ruined,
    /// The drawdown stop had ended trading.
    Halted,
    /// There was no hedge ratio above 0.
    Ratio,
    /// The p-value was too high.
    PValue,
    /// The half-life was too long.
    HalfLife,
    /// The correlation was too low.
    Correlation,
    /// Too little volume.
    Volume,
    /// A number that a filter needs was undefined.
    FilterUndefined,
    /// A leg did not trade for as long as the order waited.
    Untraded,
}

impl Refusal {
    /// All of them, in their order.
    pub const ALL: [Self; 13] = [
        Self::Side,
        Self::BeyondStop,
        Self::NotRearmed,
        Self::Cooldown,
        Self::Ruined,
        Self::Halted,
        Self::Ratio,
        Self::PValue,
        Self::HalfLife,
        Self::Correlation,
        Self::Volume,
        Self::FilterUndefined,
        Self::Untraded,
    ];
}

/// Numbers of refused bars by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Refusals([usize; Refusal::ALL.len()]);

impl Refusals {
    /// The bars refused for this reason.
    pub const fn bars(&self, refusal: Refusal) -> usize {
        self.0[refusal as usize]
    }

    /// Each reason and its bars.
    pub fn iter(&self) -> impl Iterator<Item = (Refusal, usize)> {
        Refusal::ALL.into_iter().zip(self.0)
    }

    pub(super) const fn count(&mut self, refusal: Refusal) {
        self.0[refusal as usize] += 1;
    }
}

/// The refused bars themselves, as stretches of consecutive ones with the same reason: after the drawdown stop of a
/// year of minutes, a bar in three is refused.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RefusedBars(Vec<(Range<usize>, Refusal)>);

impl RefusedBars {
    /// The reason for refusing the bar at index `at`; `None` if it was not refused.
    pub fn reason(&self, at: usize) -> Option<Refusal> {
        let next = self.0.partition_point(|(bars, _)| bars.end <= at);
        self.0.get(next).filter(|(bars, _)| bars.contains(&at)).map(|(_, refusal)| *refusal)
    }

    /// Each bar and its reason, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Refusal)> {
        self.0.iter().flat_map(|(bars, refusal)| bars.clone().map(|at| (at, *refusal)))
    }

    /// Adds the bar at index `at`, which is later than all others.
    pub(super) fn add(&mut self, at: usize, refusal: Refusal) {
        match self.0.last_mut().filter(|(bars, known)| bars.end == at && *known == refusal) {
            Some((bars, _)) => bars.end = at + 1,
            None => self.0.push((at..at + 1, refusal)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_a_count_of_its_own() {
        let mut refusals = Refusals::default();
        for (times, refusal) in (1..).zip(Refusal::ALL) {
            for _ in 0..times {
                refusals.count(refusal);
            }
        }
        let all: Vec<(Refusal, usize)> = Refusal::ALL.into_iter().zip(1..).collect();
        assert_eq!(refusals.iter().collect::<Vec<_>>(), all);
        assert!(all.into_iter().all(|(refusal, bars)| refusals.bars(refusal) == bars));
    }

    #[test]
    fn stretches_give_back_each_bar_with_its_reason() {
        let refused = [
            (3, Refusal::Side),
            (4, Refusal::Side),
            (5, Refusal::Halted),
            (9, Refusal::Halted),
            (10, Refusal::Halted),
        ];
        let mut bars = RefusedBars::default();
        for (at, refusal) in refused {
            bars.add(at, refusal);
        }
        assert_eq!((bars.0.len(), bars.iter().collect::<Vec<_>>()), (3, refused.to_vec()));
        let reason = |at| refused.iter().find(|(bar, _)| *bar == at).map(|(_, refusal)| *refusal);
        assert!((0..20).all(|at| bars.reason(at) == reason(at)));
    }
}
