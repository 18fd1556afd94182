//! The check that a run does not look ahead: on a shorter tape it does the same as on a longer one.

use super::account::{Order, Reason};
use super::rules::{FillAt, Parameters};
use super::run::{Ledger, Run};
use super::shelf;
use super::tape::{Legs, Tape, TapeMaker};
use super::tested::TestResults;
use crate::alert::Rule;
use crate::settings::SettingsError;
use serde::{Deserialize, Serialize};

/// The result of a comparison with a shorter tape.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Truncation {
    /// Bars of the shorter tape.
    pub bars: usize,
    /// Orders filled on it, except those at its end.
    pub orders: usize,
    /// The first order that differs on the whole tape; `None` if all are the same.
    pub differs: Option<Box<Order>>,
}

/// A comparison with a shorter tape, a few bars at a time.
#[derive(Debug)]
pub struct Comparison {
    bars: usize,
    under_way: UnderWay,
}

#[derive(Debug)]
enum UnderWay {
    Making(Box<TapeMaker>),
    Running { tape: Box<Tape>, run: Box<Run>, tests: TestResults },
    Over,
}

impl Comparison {
    /// Runs `parameters` on the first `bars` bars only, with newly computed rows. The run to compare with was
    /// entered by an alert rule or by |z|.
    ///
    /// # Errors
    /// If rows cannot be computed; with validated settings they can.
    pub fn new(
        legs: Legs<'_>,
        parameters: &Parameters,
        enter_by: Option<&Rule>,
        bars: usize,
    ) -> Result<Self, SettingsError> {
        let maker = shelf::maker(legs, &parameters.settings, enter_by)?;
        Ok(Self { bars, under_way: UnderWay::Making(Box::new(maker)) })
    }

    /// Makes at most `most` rows or trades at most as many bars. At the end it returns how `whole`, the run on
    /// all bars, compares.
    pub fn work(
        &mut self,
        legs: Legs<'_>,
        parameters: &Parameters,
        whole: &Ledger,
        [rows, bars]: [usize; 2],
    ) -> Option<Truncation> {
        match core::mem::replace(&mut self.under_way, UnderWay::Over) {
            UnderWay::Making(mut maker) => {
                let left = self.bars.saturating_sub(maker.progress().0);
                self.under_way = if maker.work(legs, rows.min(left)) && maker.progress().0 < self.bars {
                    UnderWay::Making(maker)
                } else {
                    let tape = Box::new(maker.finish());
                    let run = Box::new(Run::new(&parameters.rules, 0..tape.len(), true));
                    UnderWay::Running { tape, run, tests: TestResults::default() }
                };
                None
            }
            UnderWay::Running { tape, mut run, mut tests } => {
                if run.work(&tape, &mut tests, bars) {
                    self.under_way = UnderWay::Running { tape, run, tests };
                    return None;
                }
                Some(compare(&tape, parameters, &run.finish(), whole))
            }
            UnderWay::Over => None,
        }
    }
}

/// Runs `parameters`, entered by |z|, on the first `bars` bars only, with newly computed rows, and compares
/// with the run on all bars.
///
/// # Errors
/// As [`Comparison::new`].
pub fn truncation(
    legs: Legs<'_>,
    parameters: &Parameters,
    whole: &Ledger,
    bars: usize,
) -> Result<Truncation, SettingsError> {
    let mut comparison = Comparison::new(legs, parameters, None, bars)?;
    loop {
        if let Some(found) = comparison.work(legs, parameters, whole, [usize::MAX; 2]) {
            return Ok(found);
        }
    }
}

fn compare(tape: &Tape, parameters: &Parameters, ledger: &Ledger, whole: &Ledger) -> Truncation {
    // a run drops the decision on its last bar; filled at the same close, it would be among the longer run's
    // orders
    let dropped = usize::from(parameters.rules.fill == FillAt::SameClose);
    let end = tape.open_time(tape.len().saturating_sub(dropped));
    let kept = |ledger: &Ledger| -> Vec<Order> {
        let by_then = |order: &&Order| order.time < end && order.reason != Reason::EndOfData;
        ledger.orders.iter().filter(by_then).copied().collect()
    };
    let (shorter, longer) = (kept(ledger), kept(whole));
    let same = shorter.iter().zip(&longer).take_while(|(a, b)| a == b).count();
    let differs = shorter.get(same).or_else(|| longer.get(same)).copied().map(Box::new);
    Truncation { bars: tape.len(), orders: shorter.len(), differs }
}
