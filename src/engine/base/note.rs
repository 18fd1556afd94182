//! What happened to the feed, one line each: the connection's life, gaps and their repair.

use crate::UnixMillis;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Lines kept; the oldest goes first.
const KEPT: usize = 500;

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoteKind {
    /// Data comes from a new connection.
    Connected,
    /// A wanted connection has ended.
    Lost,
    /// A second connection has taken over from one that still worked.
    Replaced,
    /// Trades are missing.
    Gap,
    /// Missing trades have been filled in.
    Repaired,
    /// The exchange itself did not trade.
    Outage,
    /// REST refuses or fails.
    Refused,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedNote {
    /// The exchange's time where it is known, local time otherwise.
    pub time: UnixMillis,
    /// What it is about.
    pub kind: NoteKind,
    /// The text.
    pub words: String,
}

/// A line whose time the engine fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// What it is about.
    pub kind: NoteKind,
    /// The text.
    pub words: String,
}

impl News {
    /// A line of news.
    pub fn new(kind: NoteKind, words: impl Into<String>) -> Self {
        Self { kind, words: words.into() }
    }
}

/// The last lines, and how many of them have not been reported yet.
#[derive(Debug, Clone, Default)]
pub struct NoteLog {
    notes: VecDeque<FeedNote>,
    untold: usize,
}

impl NoteLog {
    /// Adds lines at `time`.
    pub fn extend(&mut self, time: UnixMillis, news: impl IntoIterator<Item = News>) {
        for News { kind, words } in news {
            if self.notes.len() == KEPT {
                self.notes.pop_front();
            }
            self.notes.push_back(FeedNote { time, kind, words });
            self.untold = (self.untold + 1).min(KEPT);
        }
    }

    /// Takes the lines that have not been reported yet, oldest first.
    pub fn take_news(&mut self) -> Vec<FeedNote> {
        let told = self.notes.len() - core::mem::take(&mut self.untold);
        self.notes.range(told..).cloned().collect()
    }

    /// Returns all lines kept, and counts them as reported.
    pub fn take_all(&mut self) -> Vec<FeedNote> {
        self.untold = 0;
        self.notes.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_once_and_the_oldest_are_forgotten() {
        let mut log = NoteLog::default();
        let line = |number: usize| News::new(NoteKind::Gap, number.to_string());
        log.extend(UnixMillis(1), [line(0), line(1)]);
        assert_eq!(log.take_news().len(), 2);
        assert_eq!(log.take_news(), []);
        log.extend(UnixMillis(2), (2..KEPT + 5).map(line));
        let untold = log.take_news();
        assert_eq!((untold.len(), untold[0].words.as_str()), (KEPT, "5"));
        assert_eq!(log.take_all().len(), KEPT);
        log.extend(UnixMillis(3), [line(9)]);
        assert_eq!(log.take_news().len(), 1);
    }
}
