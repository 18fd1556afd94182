//! A store of records in memory that can be made to fail.

use spreadscope_engine::archive::StoreError;
use spreadscope_engine::archive::store::{Answer, Change, Estimate, Query, Record, Request};
use std::collections::BTreeMap;

/// Records by name, and the faults of their store.
#[derive(Debug, Clone, Default)]
pub struct Store {
    /// The records.
    pub records: BTreeMap<String, Vec<u8>>,
    /// Why it cannot be opened, if it cannot.
    pub closed: Option<StoreError>,
    /// Failures of the next writes, in order.
    pub failures: Vec<StoreError>,
    /// Prefix of the names of records whose writes fail.
    pub failing: Option<String>,
    /// Most records that it accepts.
    pub room: Option<usize>,
    /// Quota in bytes as reported by the browser; 2^30 if `None`.
    pub quota_bytes: Option<u64>,
    /// Whether it never responds.
    pub silent: bool,
    /// Number of transactions.
    pub writes: usize,
    /// Bytes written.
    pub put_bytes: usize,
}

impl Store {
    /// Performs a request and returns the response; `None` when it is silent.
    pub fn answer(&mut self, request: Request) -> Option<Answer> {
        if self.silent {
            return None;
        }
        Some(match request {
            Request::Open => Answer::Opened(self.closed.clone().map_or(Ok(()), Err)),
            Request::Write { id, changes } => Answer::Written { id, result: self.write(changes) },
            Request::Load { id, queries } => {
                let records = queries.iter().flat_map(|query| self.newest(query)).collect();
                Answer::Loaded { id, result: Ok(records) }
            }
            Request::List { id, prefixes } => {
                let named = |key: &&String| prefixes.iter().any(|prefix| key.starts_with(prefix));
                Answer::Listed { id, result: Ok(self.records.keys().filter(named).cloned().collect()) }
            }
            Request::Estimate => Answer::Estimated(Ok(Estimate {
                usage_bytes: self.records.values().map(|bytes| bytes.len() as u64).sum(),
                quota_bytes: self.quota_bytes.unwrap_or(1 << 30),
                persistent: false,
            })),
        })
    }

    fn write(&mut self, changes: Vec<Change>) -> Result<(), StoreError> {
        if !self.failures.is_empty() {
            return Err(self.failures.remove(0));
        }
        if let Some(failing) = &self.failing
            && changes.iter().any(|change| name_of(change).starts_with(failing))
        {
            return Err(StoreError::Failed("UnknownError".to_owned()));
        }
        let mut records = self.records.clone();
        for change in changes {
            match change {
                Change::Put(Record { key, bytes }) => {
                    self.put_bytes += bytes.len();
                    records.insert(key, bytes);
                }
                Change::Delete(key) => drop(records.remove(&key)),
                Change::DeleteAll(prefix) => records.retain(|key, _| !key.starts_with(&prefix)),
            }
        }
        if self.room.is_some_and(|room| records.len() > room && records.len() > self.records.len()) {
            return Err(StoreError::QuotaExceeded);
        }
        self.records = records;
        self.writes += 1;
        Ok(())
    }

    fn newest(&self, query: &Query) -> Vec<Record> {
        let named: Vec<_> = self.records.iter().filter(|(key, _)| key.starts_with(&query.prefix)).collect();
        let skipped = named.len().saturating_sub(query.newest);
        named[skipped..]
            .iter()
            .map(|(key, bytes)| Record { key: (*key).clone(), bytes: (*bytes).clone() })
            .collect()
    }
}

fn name_of(change: &Change) -> &str {
    match change {
        Change::Put(Record { key, .. }) | Change::Delete(key) | Change::DeleteAll(key) => key,
    }
}
