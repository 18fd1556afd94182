//! Backups in words and names.

use crate::view::numbers::calendar;
use crate::view::numbers::format;
use spreadscope_engine::archive::BackupNews;

/// What is being done with a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// One is made.
    Making,
    /// One is put back.
    Restoring,
}

/// What is said of one that was under way when another tab took over.
pub const LEAD_LOST: &str =
    "Another tab of this pair leads now, and this was not completed. Close that tab and try again.";

impl Doing {
    /// What is said until it is done.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Making => "Writing the backup…",
            Self::Restoring => "Reading the backup…",
        }
    }

    /// What is said of `news`; nothing of a part.
    pub fn outcome(self, news: &BackupNews) -> Option<String> {
        Some(match (self, news) {
            (_, BackupNews::Part(_)) => return None,
            (_, BackupNews::Made(records)) => format!(
                "The backup is among your downloads: {} records of history, alerts, rules and settings.",
                format::count(*records)
            ),
            (_, BackupNews::Restored(_)) => "Restored. The page is being reloaded.".to_owned(),
            (Self::Making, BackupNews::Failed(reason)) => format!("No backup was made: {reason}."),
            (Self::Restoring, BackupNews::Failed(reason)) => {
                format!("Nothing was restored and nothing changed: {reason}.")
            }
        })
    }
}

/// The file's name: `spreadscope-backup-20261124T140322Z.spreadscope`.
pub fn file_name(now_millis: i64) -> String {
    format!("spreadscope-backup-{}.spreadscope", calendar::stamp(now_millis))
}

/// What the user is asked before everything is replaced.
pub fn question(name: &str, bytes: u64) -> String {
    format!(
        "Put {name} ({}) in place of everything that is stored here? Close other tabs of this page first.",
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
            Some("Nothing was restored and nothing changed: this is not a backup of Spreadscope.")
        );
        assert_eq!(Doing::Making.outcome(&BackupNews::Part(vec![1])), None);
        assert!(Doing::Making.outcome(&BackupNews::Made(1_234)).unwrap().contains("1,234 records"));
    }
}
