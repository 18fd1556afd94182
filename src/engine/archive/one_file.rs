//! Backups: everything stored as one file, and a file in place of everything stored.
//!
//! A backup is read from the store in batches of records, and nothing is written in the meantime, so it
//! captures a single moment. A file to restore is first read to its end; then one transaction deletes
//! everything stored and writes the file's records. A file that is refused, or a store without room, thus
//! changes nothing.

use super::key;
use super::store::{Answer, Change, Query, Record, Request};
use crate::UnixMillis;
use crate::transfer::backup;
use crate::transfer::backup::{BackupError, Reader, Writer};
use crate::transfer::imports::SliceWanted;
use serde::{Deserialize, Serialize};

/// The number under which the page passes in a backup to restore.
pub const BACKUP_FILE: u64 = 1 << 40;

/// Records read from the store at a time; an hour of bars takes some 40 kB.
const BATCH: usize = 32;
const SLICE_BYTES: u64 = 1 << 20;
/// Largest file that can be restored, bytes: all of it is in memory for a moment.
const MOST_BYTES: u64 = 512 << 20;
/// Prefix of the page's own choices in a backup.
const PREFERENCES: &str = "preferences/";

/// The page's own choices: names and values.
pub type Preferences = Vec<(String, String)>;

/// A command from the page about backups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum BackupCommand {
    /// Write everything stored to a file, together with these choices.
    Make(Preferences),
    /// Replace everything stored with the file [`BACKUP_FILE`].
    Restore {
        /// Its size, bytes.
        bytes: u64,
    },
}

/// News of a backup for the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum BackupNews {
    /// The next bytes of the file.
    Part(Vec<u8>),
    /// The file is complete and has this many records.
    Made(u64),
    /// The store now holds the file's contents and nothing else. This engine stores nothing any more.
    Restored(Preferences),
    /// Why it was not done; nothing has changed.
    Failed(String),
}

#[derive(Debug)]
enum Stage {
    /// Pending changes are written first.
    Settling(Preferences),
    Listing {
        id: u64,
        preferences: Preferences,
    },
    Loading {
        id: u64,
        batch: Vec<String>,
        /// The remaining names, in reverse order.
        left: Vec<String>,
        writer: Writer,
        preferences: Preferences,
    },
    Reading {
        bytes: u64,
        offset: u64,
        is_requested: bool,
        reader: Reader,
        records: Vec<Record>,
        preferences: Preferences,
    },
    Writing {
        id: u64,
        preferences: Preferences,
    },
}

/// A backup being made or restored.
#[derive(Debug, Default)]
pub(super) struct OneFile {
    stage: Option<Stage>,
    news: Vec<BackupNews>,
}

impl OneFile {
    pub(super) fn command(&mut self, command: BackupCommand) {
        if self.stage.is_some() {
            return self.news.push(BackupNews::Failed("another backup is still under way".to_owned()));
        }
        match command {
            BackupCommand::Make(preferences) => {
                let mut by_name = Preferences::new();
                // there are a dozen of them: a sort would add more code
                for preference in preferences {
                    by_name.insert(by_name.partition_point(|known| *known < preference), preference);
                }
                self.stage = Some(Stage::Settling(by_name));
            }
            BackupCommand::Restore { bytes } if bytes > MOST_BYTES => {
                let most = MOST_BYTES >> 20;
                self.news.push(BackupNews::Failed(format!("the file has more than {most} MB")));
            }
            BackupCommand::Restore { bytes } => {
                self.stage = Some(Stage::Reading {
                    bytes,
                    offset: 0,
                    is_requested: false,
                    reader: Reader::default(),
                    records: Vec::new(),
                    preferences: Vec::new(),
                });
            }
        }
    }

    pub(super) fn take_news(&mut self) -> Vec<BackupNews> {
        core::mem::take(&mut self.news)
    }

    /// Whether it waits for pending changes to be written.
    pub(super) fn is_settling(&self) -> bool {
        matches!(self.stage, Some(Stage::Settling(_)))
    }

    /// Whether the store must not be changed.
    pub(super) fn holds_writes(&self) -> bool {
        matches!(self.stage, Some(Stage::Listing { .. } | Stage::Loading { .. } | Stage::Writing { .. }))
    }

    /// Ends it without effect.
    pub(super) fn fail(&mut self, reason: impl Into<String>) {
        if self.stage.take().is_some() {
            self.news.push(BackupNews::Failed(reason.into()));
        }
    }

    /// Starts to read the store.
    pub(super) fn list(&mut self, id: u64) -> Option<Request> {
        let Some(Stage::Settling(preferences)) = self.stage.take() else { return None };
        self.stage = Some(Stage::Listing { id, preferences });
        Some(Request::List { id, prefixes: vec![String::new()] })
    }

    /// Whether it waits for the answer to request `id`.
    pub(super) fn awaits(&self, id: u64) -> bool {
        let waits = |expected: &u64| *expected == id;
        match &self.stage {
            Some(Stage::Listing { id, .. } | Stage::Loading { id, .. } | Stage::Writing { id, .. }) => {
                waits(id)
            }
            None | Some(Stage::Settling(_) | Stage::Reading { .. }) => false,
        }
    }

    /// Takes an answer that it waits for; returns the next request, with the id `next_id`.
    pub(super) fn answer(&mut self, answer: Answer, next_id: u64) -> Option<Request> {
        match (self.stage.take()?, answer) {
            (Stage::Listing { preferences, .. }, Answer::Listed { result: Ok(mut left), .. }) => {
                let (writer, head) = Writer::new(newest(&left));
                self.news.push(BackupNews::Part(head));
                left.reverse();
                self.load(left, writer, preferences, next_id)
            }
            (
                Stage::Loading { batch, left, mut writer, preferences, .. },
                Answer::Loaded { result: Ok(records), .. },
            ) => {
                // by name; a record whose name starts with another's whole name is read along with that one
                let wanted =
                    batch.iter().filter_map(|name| records.iter().find(|record| record.key == *name));
                let written = write(&mut writer, wanted.map(|record| (&*record.key, &*record.bytes)));
                self.pass_on(written)?;
                self.load(left, writer, preferences, next_id)
            }
            (Stage::Writing { preferences, .. }, Answer::Written { result: Ok(()), .. }) => {
                self.news.push(BackupNews::Restored(preferences));
                None
            }
            (
                stage,
                Answer::Listed { result: Err(error), .. }
                | Answer::Loaded { result: Err(error), .. }
                | Answer::Written { result: Err(error), .. },
            ) => {
                self.stage = Some(stage);
                self.fail(error.to_string());
                None
            }
            (stage, _) => {
                self.stage = Some(stage);
                None
            }
        }
    }

    fn load(
        &mut self,
        mut left: Vec<String>,
        mut writer: Writer,
        preferences: Preferences,
        id: u64,
    ) -> Option<Request> {
        let batch: Vec<String> = left.drain(left.len().saturating_sub(BATCH)..).rev().collect();
        if batch.is_empty() {
            let named: Vec<(String, String)> = preferences
                .into_iter()
                .map(|(name, value)| (format!("{PREFERENCES}{name}"), value))
                .collect();
            let written = write(&mut writer, named.iter().map(|(name, value)| (&**name, value.as_bytes())));
            self.pass_on(written)?;
            let records = writer.records();
            self.news.extend([BackupNews::Part(writer.finish()), BackupNews::Made(records)]);
            return None;
        }
        let query = |name: &String| Query { prefix: name.clone(), newest: usize::MAX };
        let queries = batch.iter().map(query).collect();
        self.stage = Some(Stage::Loading { id, batch, left, writer, preferences });
        Some(Request::Load { id, queries })
    }

    fn pass_on(&mut self, written: Result<Vec<u8>, BackupError>) -> Option<()> {
        match written {
            Ok(bytes) => {
                self.news.push(BackupNews::Part(bytes));
                Some(())
            }
            Err(error) => {
                self.news.push(BackupNews::Failed(error.to_string()));
                None
            }
        }
    }

    /// The next slice of the file to read, returned once.
    pub(super) fn slice_wanted(&mut self) -> Option<SliceWanted> {
        match &mut self.stage {
            Some(Stage::Reading { bytes, offset, is_requested, .. }) if !*is_requested => {
                *is_requested = true;
                let length = SLICE_BYTES.min(bytes.saturating_sub(*offset));
                Some(SliceWanted { import: BACKUP_FILE, offset: *offset, length })
            }
            _ => None,
        }
    }

    /// Takes a slice of the file; returns the request to the store once all of the file has been read.
    pub(super) fn slice(&mut self, slice: Result<&[u8], String>, next_id: u64) -> Option<Request> {
        let read = slice.and_then(|slice| self.read(slice));
        match read {
            Ok(whole) if whole => {
                let Some(Stage::Reading { records, preferences, .. }) = self.stage.take() else {
                    return None;
                };
                self.stage = Some(Stage::Writing { id: next_id, preferences });
                let all = [Change::DeleteAll(String::new())].into_iter();
                let changes = all.chain(records.into_iter().map(Change::Put)).collect();
                Some(Request::Write { id: next_id, changes })
            }
            Ok(_) => None,
            Err(reason) => {
                self.fail(reason);
                None
            }
        }
    }

    /// Reads the slice; `true` once the file is complete.
    fn read(&mut self, slice: &[u8]) -> Result<bool, String> {
        let Some(Stage::Reading { bytes, offset, is_requested, reader, records, preferences }) =
            &mut self.stage
        else {
            return Ok(false);
        };
        if slice.len() as u64 != SLICE_BYTES.min(*bytes - *offset) {
            return Err("the file changed while it was being read".to_owned());
        }
        *offset += slice.len() as u64;
        *is_requested = false;
        reader.push(slice);
        while let Some(backup::Record { key, value }) =
            reader.next_record().map_err(|error| error.to_string())?
        {
            if let Some(name) = key.strip_prefix(PREFERENCES) {
                let value = String::from_utf8(value).map_err(|_bytes| format!("{key} in it is not text"))?;
                preferences.push((name.to_owned(), value));
            } else if key::is_known(&key) {
                records.push(Record { key, bytes: value });
            } else {
                return Err(format!("it holds {key}, which this version of the page does not know"));
            }
        }
        if offset == bytes {
            core::mem::take(reader).finish().map_err(|error| error.to_string())?;
            return Ok(true);
        }
        Ok(false)
    }
}

/// Start of the newest span, as the time of the backup: the same records make the same file at any time.
fn newest(names: &[String]) -> UnixMillis {
    let starts = names.iter().filter_map(|name| key::parse(name)).map(|span| match span {
        key::Span::Bars { start, .. } | key::Span::Ticks { start } => start,
    });
    starts.max().unwrap_or(UnixMillis(0))
}

fn write<'a>(
    writer: &mut Writer,
    records: impl Iterator<Item = (&'a str, &'a [u8])>,
) -> Result<Vec<u8>, BackupError> {
    let mut part = Vec::new();
    for (key, value) in records {
        part.extend(writer.record(key, value)?);
    }
    Ok(part)
}
