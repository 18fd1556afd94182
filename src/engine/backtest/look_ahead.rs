//! The proof that a run does not look ahead: what it does on a shorter tape is what it does on a longer one.

use super::account::{Order, Reason};
use super::rules::{FillAt, Parameters};
use super::run::{Ledger, Run};
use super::tape::{Legs, Tape, TapeMaker};
use super::tested::TestResults;
use serde::{Deserialize, Serialize};
use spreadscope_stats::HedgeError;

/// What a comparison with a shorter tape has found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Truncation {
    /// Bars of the shorter tape.
    pub bars: usize,
    /// Orders filled on it, without those of its end.
    pub orders: usize,
    /// The first order that is another on the whole tape; `None` when all are the same.
    pub differs: Option<Box<Order>>,
}

/// Runs `parameters` on the first `bars` bars alone, the rows computed anew, and compares with the run on all.
///
/// # Errors
/// When rows cannot be computed; checked settings have some.
pub fn truncation(
    legs: Legs<'_>,
    parameters: &Parameters,
    whole: &Ledger,
    bars: usize,
) -> Result<Truncation, HedgeError> {
    let mut maker = TapeMaker::new(legs, &parameters.desk)?;
    maker.work(legs, bars);
    let tape = maker.finish();
    Ok(compare(&tape, parameters, whole))
}

fn compare(tape: &Tape, parameters: &Parameters, whole: &Ledger) -> Truncation {
    let mut run = Run::new(&parameters.rules, 0..tape.len(), true);
    let mut tests = TestResults::default();
    while run.work(tape, &mut tests, usize::MAX) {}
    let ledger = run.finish();
    // a decision on the last bar is dropped: filled at the same close it would have been one of this tape
    let dropped = usize::from(parameters.rules.fill == FillAt::SameClose);
    let end = tape.open_time(tape.len().saturating_sub(dropped));
    let kept = |ledger: &Ledger| -> Vec<Order> {
        let by_then = |order: &&Order| order.time < end && order.reason != Reason::EndOfData;
        ledger.orders.iter().filter(by_then).copied().collect()
    };
    let (shorter, longer) = (kept(&ledger), kept(whole));
    let same = shorter.iter().zip(&longer).take_while(|(a, b)| a == b).count();
    let differs = shorter.get(same).or_else(|| longer.get(same)).copied().map(Box::new);
    Truncation { bars: tape.len(), orders: shorter.len(), differs }
}
