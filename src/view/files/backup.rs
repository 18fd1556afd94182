//! Backups: words and file names.

use crate::view::numbers::calendar;
use crate::view::numbers::format;
use spreadscope_engine::archive::BackupNews;

/// What is being done with a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// One is being made.
    Making,
    /// One is being restored.
    Restoring,
}

/// The words for a backup that was under way when another tab took over.
pub const LEAD_LOST: &str =
    "Another tab of this pair has taken over before this was completed. Close that tab and try again.";

impl Doing {
    /// Returns the words while it is under way.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Making => "Writing the backup…",
            Self::Restoring => "Reading the backup…",
        }
    }

    /// Returns the words for `news`; `None` for a part of the file.
    pub fn outcome(self, news: &BackupNews) -> Option<String> {
        Some(match (self, news) {
            (_, BackupNews::Part(_)) => return None,
            (_, BackupNews::Made(records)) => format!(
                "The backup is in your downloads: {} records of history, alerts, rules and settings.",
                format::count(*records)
            ),
            (_, BackupNews::Restored(_)) => "Restored. Reloading the page.".to_owned(),
            (Self::Making, BackupNews::Failed(reason)) => format!("No backup was made: {reason}."),
            (Self::Restoring, BackupNews::Failed(reason)) => {
                format!("Nothing was restored or changed: {reason}.")
            }
        })
    }
}

/// Returns the file's name, `spreadscope-backup-20261124T140322Z.spreadscope`.
pub fn file_name(now_millis: i64) -> String {
    format!("spreadscope-backup-{}.spreadscope", calendar::stamp(now_millis))
}

/// Returns the question before everything is replaced.
pub fn question(name: &str, bytes: u64) -> String {
    format!(
        "Replace everything stored here with {name} ({})? Close other tabs of this page first.",
        format::bytes(bytes as f64)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_that_nothing_was_changed_and_why() {
        let refused = BackupNews::Failed("this is not a backup of Spreadscope".to_owned());
        assert_eq!(
            Doing::Restoring.outcome(&refused).as_deref(),
            Some("Nothing was restored or changed: this is not a backup of Spreadscope.")
        );
        assert_eq!(Doing::Making.outcome(&BackupNews::Part(vec![1])), None);
        assert!(Doing::Making.outcome(&BackupNews::Made(1_234)).unwrap().contains("1,234 records"));
    }
}
