//! Data that outlasts an engine.

use crate::UnixMillis;
use crate::connection::Venues;
use crate::scan::scanner::Scanner;
use crate::transfer::{ImportCommand, Imports, News};

/// Data that an engine leaves behind for the next one in the same tab.
#[derive(Debug)]
pub struct Carried<F> {
    /// Imported recordings.
    pub imports: Imports,
    /// The venues' demands to wait, and the weight spent.
    pub venues: Venues,
    /// The scan in progress.
    pub scanner: Scanner,
    /// The newest file from the page, and its number.
    pub file: Option<(u64, F)>,
    /// The time up to which another tab's engine has reported bars.
    pub reported_to: Option<UnixMillis>,
}

impl<F> Default for Carried<F> {
    fn default() -> Self {
        Self {
            imports: Imports::default(),
            venues: Venues::default(),
            scanner: Scanner::default(),
            file: None,
            reported_to: None,
        }
    }
}

impl<F> Carried<F> {
    /// Drops the import in progress, since there is no longer an engine that could read its file. Returns the
    /// news for the page if the file had been opened and not yet imported.
    pub(super) fn leave_file(&mut self) -> Option<News> {
        let (import, _) = self.file.take()?;
        let mut left = Vec::new();
        self.imports.command(ImportCommand::Cancel { import }, &mut left);
        let reason = "another tab with this pair leads now; nothing was imported".to_owned();
        (!left.is_empty()).then_some(News::Failed { import, reason })
    }
}
