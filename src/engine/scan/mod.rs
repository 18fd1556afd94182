//! Scans: tests every pair of many markets, and corrects the p-values for the number of tests.
//!
//! The one decision: the pairs to test, and which leg depends on which, are fixed before any price is looked
//! at. The leg that comes first in the alphabet is y. Taking the smaller p-value of both directions would be
//! two tests counted as one: at 5 % it calls 9 of 100 unrelated pairs cointegrated, and the correction would
//! not know. All p-values of testable pairs are corrected together; filters come later and change no q.
//!
//! The p-values come from the same Engle-Granger functions as the engine's own tests, on the bars that both
//! markets have, treated as evenly spaced. Each pair is tested three times: on all its bars, on the first two
//! thirds ("selection"), and on the last third ("confirmed"), which took no part in the selection.
//!
//! The [`watchlist`] belongs here too: a few pairs that the user has chosen, kept up to date.

mod common;
pub mod filter;
mod holes;
mod job;
#[cfg(test)]
mod oracle;
mod pair_test;
mod report;
pub mod scanner;
mod series;
pub mod survival;
pub mod universe;
mod watched;
pub mod watchlist;
#[cfg(test)]
mod worlds;

pub use job::{Progress, Scan};
pub use pair_test::{FEWEST_BARS, FEWEST_BARS_OF_PART, Known, LEG_SEPARATOR, PairTest, Spec, Untested};
pub use report::{Report, Scanned};
pub use series::{Carried, Series};
pub use watched::{Ended, Watched, Watching};
