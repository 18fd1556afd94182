//! A file being imported, as the page knows it.

pub mod dialect;
pub mod mappings;
pub mod plan;
pub mod words;

use spreadscope_engine::Symbol;
use spreadscope_engine::transfer::news::Report;
use spreadscope_engine::transfer::plan::Plan;
use spreadscope_engine::transfer::recorded::Summary;
use spreadscope_engine::transfer::{News, Preview};

/// The stage of an import.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Stage {
    /// There is no file.
    #[default]
    None,
    /// It is being examined.
    Looking,
    /// Its first rows are shown, and the user decides.
    Shown(Box<Preview>),
    /// It is being read.
    Reading {
        /// Bytes read so far.
        done: u64,
        /// Bytes in all.
        bytes: u64,
        /// Rows imported.
        rows: u64,
        /// Rows refused.
        refused: u64,
    },
    /// It has been imported.
    Done(Box<Report>),
    /// It could not be imported, for the reason given.
    Failed(String),
    /// The import was cancelled.
    Cancelled,
}

/// The file being imported and the recordings that are held.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Imports {
    /// The number of the newest file.
    pub import: u64,
    /// Its stage.
    pub stage: Stage,
    /// The recordings.
    pub held: Vec<Summary>,
    /// How the newest file was recognised, before the user changed anything.
    pub found: Option<Box<Plan>>,
    /// The markets of the files that were imported last, in their order.
    pub taken: Vec<Symbol>,
    /// The parameters in the newest file, if this page exported it: names and values.
    pub parameters: Vec<(String, String)>,
}

impl Imports {
    /// Begins the import of a new file; returns its number.
    pub fn open(&mut self) -> u64 {
        self.import += 1;
        self.stage = Stage::Looking;
        self.found = None;
        self.import
    }

    /// Stores how the file was recognised. Returns whether it is shown for the first time.
    pub fn find(&mut self, plan: &Plan) -> bool {
        let is_first = self.found.is_none();
        self.found.get_or_insert_with(|| Box::new(plan.clone()));
        is_first
    }

    /// Begins reading the file.
    pub fn start(&mut self) {
        self.stage = Stage::Reading { done: 0, bytes: 1, rows: 0, refused: 0 };
    }

    /// Applies the engine's news; news of an older file is ignored.
    pub fn apply(&mut self, news: News) {
        let (import, stage) = match news {
            News::Recordings(held) => {
                self.held = held;
                return;
            }
            News::Preview { import, preview } => {
                if !preview.parameters.is_empty() {
                    self.parameters.clone_from(&preview.parameters);
                }
                (import, Stage::Shown(preview))
            }
            News::Progress { import, done, bytes, rows, refused } => {
                let reading = matches!(self.stage, Stage::Reading { .. });
                let stage = Stage::Reading { done, bytes, rows, refused };
                (import, if reading { stage } else { Stage::Looking })
            }
            News::Done(report) => {
                let new: Vec<Symbol> = report.legs.iter().map(|leg| leg.summary.symbol.clone()).collect();
                // a file with one market makes a pair with the one before it
                if new.len() > 1 || self.taken.len() > 1 {
                    self.taken.clear();
                }
                self.taken.retain(|symbol| !new.contains(symbol));
                self.taken.extend(new);
                (report.import, Stage::Done(report))
            }
            News::Failed { import, reason } => (import, Stage::Failed(reason)),
            News::Cancelled { import } => (import, Stage::Cancelled),
        };
        if import == self.import {
            self.stage = stage;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_of_an_older_file_is_ignored() {
        let mut imports = Imports::default();
        let first = imports.open();
        let second = imports.open();
        imports.apply(News::Cancelled { import: first });
        assert_eq!(imports.stage, Stage::Looking);
        imports.apply(News::Progress { import: second, done: 1, bytes: 2, rows: 0, refused: 0 });
        assert_eq!(imports.stage, Stage::Looking);
        imports.apply(News::Failed { import: second, reason: "no".into() });
        assert_eq!(imports.stage, Stage::Failed("no".into()));
    }
}
