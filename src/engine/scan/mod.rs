//! Many markets in, every pair of them tested, and what the p-values mean when so many have been looked at.
//!
//! The one decision: which pairs are tested, and which leg explains which, is settled before a price is looked at.
//! The leg that comes first in the alphabet is y. The smaller p-value of both directions would be two tests for the
//! price of one: at 5 % it calls 9 of 100 unrelated pairs cointegrated, and no correction of the p-values knows of it.
//! All p-values of pairs that can be tested are corrected together; a filter comes after, and changes no q.
//!
//! The p-values are those of the desk: Engle-Granger by the same functions, on the bars that both markets have, taken
//! as evenly spaced. Each pair is tested three times: on all its bars, on the first two thirds ("selection"), and on
//! the last third ("confirmed"), of which the choice knew nothing.
//!
//! Beside it stands the [`watchlist`]: a few pairs that the user has chosen, kept up to date.

mod common;
pub mod filter;
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
pub use pair_test::{FEWEST_BARS, FEWEST_BARS_OF_PART, Known, PairTest, Spec, Untested};
pub use report::{Report, Scanned};
pub use series::{Carried, Series};
pub use watched::{Ended, Watched, Watching};
