//! What outlasts an engine.

use crate::UnixMillis;
use crate::connection::Venues;
use crate::scan::scanner::Scanner;
use crate::transfer::{Ask, Imports, News};

/// What an engine leaves behind for the next one of the same tab.
#[derive(Debug)]
pub struct Carried<F> {
    /// What files have brought in.
    pub imports: Imports,
    /// What the venues have demanded.
    pub venues: Venues,
    /// The scan that is under way.
    pub scanner: Scanner,
    /// The newest file that the page has handed over, and its number.
    pub file: Option<(u64, F)>,
    /// Up to where the engine of another tab has told of bars.
    pub told_to: Option<UnixMillis>,
}

impl<F> Default for Carried<F> {
    fn default() -> Self {
        Self {
            imports: Imports::default(),
            venues: Venues::default(),
            scanner: Scanner::default(),
            file: None,
            told_to: None,
        }
    }
}

impl<F> Carried<F> {
    /// Leaves the file that is on its way in: there is no engine any more that could read it. Returns what the page is
    /// to be told of that, if the file had been opened and not been taken.
    pub(super) fn leave_file(&mut self) -> Option<News> {
        let (import, _) = self.file.take()?;
        let mut left = Vec::new();
        self.imports.ask(Ask::Cancel { import }, &mut left);
        let reason = "another tab of this pair leads now; nothing of the file was taken".to_owned();
        (!left.is_empty()).then_some(News::Failed { import, reason })
    }
}
