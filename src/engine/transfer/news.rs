//! The page's commands about imports, and their news.

use super::plan::Plan;
use super::recorded::Summary;
use super::refusal::Refusals;
use super::sniff::Preview;
use crate::Symbol;
use serde::{Deserialize, Serialize};

/// A command of the page about imports. One file is on its way in at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ImportCommand {
    /// Look at a file. One that was on its way in before is left, and nothing of it is taken.
    Open {
        /// A number that the page gives it.
        import: u64,
        /// Its name.
        name: String,
        /// Its size.
        bytes: u64,
    },
    /// Show its first rows in another way.
    Show {
        /// The file.
        import: u64,
        /// The way.
        plan: Plan,
    },
    /// Read it to its end and take it.
    Start {
        /// The file.
        import: u64,
        /// How.
        plan: Plan,
    },
    /// Leave it: nothing of it is taken.
    Cancel {
        /// The file.
        import: u64,
    },
    /// Drop the recording of a market.
    Forget {
        /// The market.
        symbol: Symbol,
    },
}

/// News of an import for the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum News {
    /// What the file looks like.
    Preview {
        /// The file.
        import: u64,
        /// Its first rows, and how they are read.
        preview: Box<Preview>,
    },
    /// How far it has come.
    Progress {
        /// The file.
        import: u64,
        /// Bytes read.
        done: u64,
        /// Bytes in all.
        bytes: u64,
        /// Rows taken.
        rows: u64,
        /// Rows refused.
        refused: u64,
    },
    /// It has been taken.
    Done(Box<Report>),
    /// It has not been taken, and nothing of it has.
    Failed {
        /// The file.
        import: u64,
        /// Why.
        reason: String,
    },
    /// It was cancelled by the page.
    Cancelled {
        /// The file.
        import: u64,
    },
    /// All recordings that are held.
    Recordings(Vec<Summary>),
}

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The file.
    pub import: u64,
    /// Its name.
    pub name: String,
    /// Rows taken.
    pub rows: u64,
    /// Rows refused.
    pub refusals: Refusals,
    /// Lines of another kind.
    pub others: u64,
    /// Rows whose bar has come twice.
    pub repeated: u64,
    /// Rows without a price: nothing is known of their bars.
    pub unpriced: u64,
    /// What else should be known, in sentences.
    pub notes: Vec<String>,
    /// What it gave of each market.
    pub legs: Vec<LegReport>,
}

/// What a file gave of one market.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegReport {
    /// Its bars.
    pub summary: Summary,
    /// Trade ids that are not in the file.
    pub missing_ids: u64,
    /// Length of the file's own bars where they were made longer to save room, milliseconds.
    pub lengthened_from: Option<i64>,
}
