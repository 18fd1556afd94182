//! Results of a read from the store: bars and trades by leg, and alerts; unusable records are named.

use super::Preferences;
use super::alert_log::AlertLog;
use super::bars::BarChunk;
use super::choices::Choices;
use super::imported::Recordings;
use super::key;
use super::record::RecordError;
use super::shelf::Shelf;
use super::store::Record;
use super::tick_shelf::TickShelf;
use crate::alert::Alert;
use crate::base::symbol::Leg;
use crate::{Interval, Trade};

/// A series in use and its place in the store.
#[derive(Debug)]
pub(super) struct Shelved {
    pub(super) leg: Leg,
    pub(super) interval: Interval,
    pub(super) shelf: Shelf,
}

impl Shelved {
    pub(super) fn is_of(&self, leg: Leg, interval: Interval) -> bool {
        (self.leg, self.interval) == (leg, interval)
    }
}

/// Bars of one leg at one interval.
#[derive(Debug)]
pub(crate) struct FoundBars {
    pub(crate) leg: Leg,
    pub(crate) interval: Interval,
    /// Chunks of whole spans come before the one of the tail.
    pub(crate) chunks: Vec<BarChunk>,
}

/// Trades of one leg.
#[derive(Debug)]
pub(crate) struct FoundTicks {
    pub(crate) leg: Leg,
    /// In order of their ids.
    pub(crate) trades: Vec<Trade>,
}

/// The usable results.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) bars: Vec<FoundBars>,
    pub(crate) ticks: Vec<FoundTicks>,
    /// The pair's alerts, oldest first, if their record was read.
    pub(crate) alerts: Option<Vec<Alert>>,
    /// The user's choices, if requested; empty if there is no record.
    pub(crate) choices: Option<Preferences>,
    /// Recordings from earlier visits, if requested.
    pub(crate) imports: Option<Recordings>,
    /// Whether bars older than the loaded ones were requested.
    pub(crate) older: bool,
}

/// The usable results, and a sentence about the last unusable record.
#[derive(Debug, Default)]
pub(super) struct FoundRecords {
    pub(super) found: Found,
    pub(super) unreadable: Option<String>,
}

/// Reads records. If one is of a newer version, its shelf or log leaves it unchanged from then on.
pub(super) fn read(
    records: Vec<Record>,
    log: &mut AlertLog,
    shelves: &mut [Shelved],
    tick_shelves: &mut [TickShelf],
    choices: &mut Choices,
) -> FoundRecords {
    let mut records_read = FoundRecords::default();
    // a tail has bars that the records of its spans lack; where both have a bar, the span's record wins
    let (tails, spans): (Vec<Record>, Vec<Record>) =
        records.into_iter().partition(|record| key::is_tail(&record.key));
    for Record { key, bytes } in spans.into_iter().chain(tails) {
        let read = if Some(key.as_str()) == log.key() {
            log.read(&bytes).map(|()| records_read.found.alerts = Some(log.alerts()))
        } else if key == key::CHOICES {
            choices.read(&bytes).map(|choices| records_read.found.choices = Some(choices))
        } else if let Some(shelf) = tick_shelves.iter_mut().find(|shelf| key.starts_with(&shelf.prefix())) {
            shelf.read(&key, &bytes)
        } else {
            let shelved = shelves.iter_mut().find(|shelved| key.starts_with(&shelved.shelf.prefix()));
            shelved.map_or(Ok(()), |shelved| records_read.found.add(shelved, &key, &bytes))
        };
        if let Err(error) = read {
            let memory = if Some(key.as_str()) == log.key() && log.is_spared() {
                " It is left unchanged, and this visit's alerts are kept in memory only."
            } else {
                ""
            };
            records_read.unreadable =
                Some(format!("The stored record {key} could not be read and is left out: {error}.{memory}"));
        }
    }
    records_read
}

impl Found {
    fn add(&mut self, shelved: &mut Shelved, key: &str, bytes: &[u8]) -> Result<(), RecordError> {
        let Shelved { leg, interval, shelf } = shelved;
        let chunk = BarChunk::decode(bytes).inspect_err(|error| {
            if matches!(error, RecordError::Newer { .. }) {
                shelf.spare(key);
            }
        })?;
        if chunk.interval != *interval {
            return Err(RecordError::content(format!("bars are of {}", chunk.interval.as_str())));
        }
        match self.bars.iter_mut().find(|bars| (bars.leg, bars.interval) == (*leg, *interval)) {
            Some(bars) => bars.chunks.push(chunk),
            None => self.bars.push(FoundBars { leg: *leg, interval: *interval, chunks: vec![chunk] }),
        }
        Ok(())
    }
}
