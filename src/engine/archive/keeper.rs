//! Schedules the requests to the store: the newest history at the start, changes every few seconds, and a
//! clean-up now and then.
//!
//! One write is under way at a time. A failed one is repeated, whole, before any later one; except that
//! imported recordings let all history go first. If the store cannot be used, everything else goes on without
//! it.

mod backup;
mod batch;
mod reading;
mod recalling;
mod room;
mod writing;

use self::batch::Batch;
use super::alert_log::AlertLog;
use super::choices::Choices;
use super::found::{Found, Shelved};
use super::key;
use super::key::Series;
use super::one_file::OneFile;
use super::recall::Recall;
use super::shelf::Shelf;
use super::status::{StorageMode, StorageStatus};
use super::store::{Answer, Request, StoreError};
use super::tick_shelf::TickShelf;
use super::{imported, retention};
use crate::alert::Alert;
use crate::base::symbol::Leg;
use crate::market::Markets;
use crate::settings::Settings;
use crate::{Interval, UnixMillis};
use std::collections::VecDeque;

/// Time between two writes; a crash loses no more than this.
const WRITE_MILLIS: i64 = 5_000;
/// Longest time for which the feed's own history waits for the stored one.
const PATIENCE_MILLIS: i64 = 2_000;
/// The store counts as unusable if it has not opened after this long.
const OPENING_MILLIS: i64 = 10_000;
/// Time until a failed request is repeated.
const RETRY_MILLIS: i64 = 10_000;
/// Time between two requests for an estimate of the space used.
const ESTIMATE_MILLIS: i64 = 60_000;
/// Time between two clean-ups of old records.
const LIST_MILLIS: i64 = 3_600_000;
/// Most writes that may wait behind a failing one.
const WAITING_KEPT: usize = 4;

/// The state of the store.
#[derive(Debug, PartialEq, Eq)]
enum State {
    /// There is no store, by configuration.
    Absent,
    /// Not requested yet.
    Closed,
    /// Opening requested; given up at `until`, unless the store answers.
    Opening { until: UnixMillis },
    /// In use.
    Open,
    /// Not usable unless the store says otherwise; the next attempt is at `retry`.
    Memory { reason: String, retry: Option<UnixMillis> },
}

/// The engine's archive.
#[derive(Debug)]
pub(crate) struct Archive {
    state: State,
    requests: VecDeque<Request>,
    next_id: u64,
    /// The series in use; empty if their source is not stored.
    shelves: Vec<Shelved>,
    /// The legs' trades; empty if trades are not to be stored.
    tick_shelves: Vec<TickShelf>,
    loading: Option<u64>,
    /// The id of the request for imported recordings.
    imports: Option<u64>,
    /// The id of the request for older bars.
    older: Option<u64>,
    /// Past trades for a replay.
    recall: Option<Recall>,
    loaded: bool,
    /// Until this time the feed's own history waits for the store.
    patience: UnixMillis,
    alerts: AlertLog,
    choices: Choices,
    waiting: VecDeque<Batch>,
    writing: Option<u64>,
    next_write: UnixMillis,
    listing: Option<(u64, retention::Aim)>,
    one_file: OneFile,
    next_list: UnixMillis,
    next_estimate: UnixMillis,
    status: StorageStatus,
    told: StorageStatus,
}

impl Archive {
    /// An archive with a store, or one without.
    pub(crate) fn new(has_store: bool) -> Self {
        Self {
            state: if has_store { State::Closed } else { State::Absent },
            requests: VecDeque::new(),
            next_id: 1,
            shelves: Vec::new(),
            tick_shelves: Vec::new(),
            loading: None,
            imports: None,
            older: None,
            recall: None,
            loaded: true,
            patience: UnixMillis(i64::MIN),
            alerts: AlertLog::default(),
            choices: Choices::default(),
            waiting: VecDeque::new(),
            writing: None,
            next_write: UnixMillis(i64::MIN),
            listing: None,
            one_file: OneFile::default(),
            next_list: UnixMillis(i64::MIN),
            next_estimate: UnixMillis(i64::MIN),
            status: StorageStatus::default(),
            told: StorageStatus::default(),
        }
    }

    /// An archive in memory with the same alerts and nothing else.
    pub(crate) fn in_memory(&self) -> Self {
        Self { alerts: self.alerts.clone(), ..Self::new(false) }
    }

    /// Switches to a market; changes of the previous one must have been collected with [`Self::collect`].
    pub(crate) fn begin(&mut self, now: UnixMillis, settings: &Settings) {
        let venue = settings.source.venue();
        self.alerts = AlertLog::new(venue.map(|venue| key::alerts(&venue, &settings.pair)));
        if self.state == State::Absent {
            return;
        }
        self.shelves.clear();
        self.tick_shelves.clear();
        self.recall = None;
        self.choose(now, settings);
        if self.state == State::Closed {
            self.open(now);
        }
    }

    /// Switches to another interval of the same market.
    pub(crate) fn choose(&mut self, now: UnixMillis, settings: &Settings) {
        if self.state == State::Absent {
            return;
        }
        self.follow(settings);
        let venue = settings.source.venue();
        self.shelves.retain(|shelved| shelved.interval == Interval::OneSecond);
        for leg in Leg::BOTH {
            let Some(venue) = &venue else { break };
            for interval in [Interval::OneSecond, settings.interval] {
                if !self.shelves.iter().any(|shelved| shelved.is_of(leg, interval)) {
                    let symbol = settings.pair.symbol(leg).clone();
                    let shelf = Shelf::new(Series { venue: venue.clone(), symbol, interval });
                    self.shelves.push(Shelved { leg, interval, shelf });
                    self.loaded = false;
                }
            }
        }
        self.loading = None;
        self.older = None;
        self.loaded |= self.shelves.is_empty();
        self.patience = now + PATIENCE_MILLIS;
    }

    /// Takes other settings for the same market and interval.
    pub(crate) fn follow(&mut self, settings: &Settings) {
        let venue = settings.source.venue().filter(|_| settings.keep_ticks_hours > 0);
        let Some(venue) = venue.filter(|_| self.state != State::Absent) else {
            return self.tick_shelves.clear();
        };
        if self.tick_shelves.is_empty() {
            let shelf = |leg| TickShelf::new(leg, venue.clone(), settings.pair.symbol(leg).clone());
            self.tick_shelves = Leg::BOTH.map(shelf).into();
            // stored trades are read before any of them is replaced
            self.loading = None;
            self.loaded = false;
        }
    }

    /// The pair's alerts, oldest first.
    pub(crate) fn alerts(&self) -> Vec<Alert> {
        self.alerts.alerts()
    }

    /// Whether records can be read.
    pub(crate) fn is_open(&self) -> bool {
        self.state == State::Open
    }

    /// Takes the oldest pending request to the store.
    pub(crate) fn poll(&mut self) -> Option<Request> {
        self.requests.pop_front()
    }

    /// The status, if it has changed since the last call.
    pub(crate) fn take_status(&mut self) -> Option<StorageStatus> {
        if self.state == State::Absent {
            return None;
        }
        self.status.mode = match &self.state {
            State::Memory { reason, .. } => StorageMode::Memory { reason: reason.clone() },
            _ if self.shelves.is_empty() => StorageMode::NotKept,
            State::Open => StorageMode::Stored,
            State::Absent | State::Closed | State::Opening { .. } => StorageMode::Opening,
        };
        (self.status != self.told).then(|| {
            self.told = self.status.clone();
            self.told.clone()
        })
    }

    /// Makes the next call of [`Self::take_status`] return the status again.
    pub(crate) fn tell_again(&mut self) {
        self.told = StorageStatus { spans: usize::MAX, ..StorageStatus::default() };
    }

    /// Takes an answer from the store.
    pub(crate) fn answer(
        &mut self,
        now: UnixMillis,
        exchange_now: Option<UnixMillis>,
        answer: Answer,
    ) -> Found {
        match answer {
            Answer::Written { id, .. } | Answer::Loaded { id, .. } | Answer::Listed { id, .. }
                if self.one_file.awaits(id) =>
            {
                self.backup_answer(answer);
            }
            Answer::Opened(Ok(())) => {
                self.state = State::Open;
                self.status.problem = None;
            }
            Answer::Opened(Err(error)) => self.give_up(now, &error),
            Answer::Written { id, result } if self.writing == Some(id) => self.written(now, result),
            Answer::Loaded { id, result } if self.older == Some(id) => {
                self.older = None;
                // data that cannot be read here can be fetched elsewhere
                let found = result.map(|records| self.read(records)).unwrap_or_default();
                return Found { older: true, ..found };
            }
            Answer::Loaded { id, result } if self.imports == Some(id) => {
                self.imports = None;
                let (imports, unreadable) = imported::read(&result.unwrap_or_default());
                if unreadable.is_some() {
                    self.status.unreadable = unreadable;
                }
                return Found { imports: Some(imports), ..Found::default() };
            }
            Answer::Loaded { id, result } if self.loading == Some(id) => match result {
                Ok(records) => return self.loaded(records),
                Err(error) => {
                    self.loading = None;
                    self.give_up(now, &error);
                }
            },
            Answer::Loaded { id, result } if self.awaits_recall(id) => self.recall_loaded(result),
            Answer::Listed { id, result } if self.awaits_recall(id) => self.recall_listed(result),
            Answer::Listed { id, result } => {
                if let Some((_, aim)) = self.listing.take_if(|(expected, _)| *expected == id) {
                    self.listed(now, exchange_now, aim, result);
                }
            }
            Answer::Estimated(Ok(estimate)) => {
                self.status.usage_bytes = Some(estimate.usage_bytes);
                self.status.quota_bytes = Some(estimate.quota_bytes);
                self.status.persistent = Some(estimate.persistent);
                if retention::is_short(estimate) {
                    self.list(retention::Aim::Room);
                }
            }
            // an answer to a request that was given up, or a browser without estimates
            Answer::Written { .. } | Answer::Loaded { .. } | Answer::Estimated(Err(_)) => {}
        }
        Found::default()
    }

    fn open(&mut self, now: UnixMillis) {
        self.state = State::Opening { until: now + OPENING_MILLIS };
        self.requests.push_back(Request::Open);
    }

    /// The store does not answer, which browsers do after a crash or while they are busy deleting. It is used once
    /// it answers after all; another request would wait behind the first.
    fn give_up_opening(&mut self, now: UnixMillis) {
        self.give_up(now, &StoreError::Hung { secs: OPENING_MILLIS / 1_000 });
    }

    fn give_up(&mut self, now: UnixMillis, error: &StoreError) {
        let retry = error.passes().then_some(now + RETRY_MILLIS);
        self.state = State::Memory { reason: error.to_string(), retry };
        self.writing = None;
        self.loading = None;
        self.imports = None;
        self.older = None;
        if let Some(recall) = &mut self.recall {
            recall.end();
        }
        self.listing = None;
        self.requests.clear();
        self.one_file.fail(error.to_string());
    }

    fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id - 1
    }

    /// Makes the requests that are due at `now`.
    pub(crate) fn advance(&mut self, now: UnixMillis, settings: &Settings, markets: &mut Markets) {
        if !matches!(self.state, State::Memory { retry: None, .. }) {
            self.look_at_ticks(markets);
        }
        match &self.state {
            State::Memory { retry: Some(retry), .. } if now >= *retry => {
                return self.open(now);
            }
            State::Opening { until } if now >= *until => return self.give_up_opening(now),
            State::Open => {}
            State::Absent | State::Closed | State::Opening { .. } | State::Memory { .. } => return,
        }
        if self.one_file.holds_writes() {
            return;
        }
        if !self.loaded && self.loading.is_none() {
            self.load();
        }
        if self.loaded && self.waiting.iter().all(Batch::is_import) && now >= self.next_write {
            self.collect(markets);
            self.next_write = now + WRITE_MILLIS;
        }
        if self.writing.is_none() {
            self.give_up_crowding_imports();
        }
        if self.writing.is_none()
            && let Some(batch) = self.waiting.front().filter(|batch| now >= batch.not_before)
        {
            let changes = batch.changes.clone();
            let id = self.id();
            self.writing = Some(id);
            self.requests.push_back(Request::Write { id, changes });
        }
        let all_written = self.loaded && self.waiting.is_empty() && now < self.next_write;
        if all_written && self.one_file.is_settling() {
            let id = self.id();
            self.requests.extend(self.one_file.list(id));
            return;
        }
        if self.loaded && now >= self.next_list {
            self.next_list = now + LIST_MILLIS;
            self.list(retention::Aim::Age {
                days: settings.keep_days,
                ticks_hours: settings.keep_ticks_hours,
            });
        }
        if now >= self.next_estimate {
            self.next_estimate = now + ESTIMATE_MILLIS;
            self.requests.push_back(Request::Estimate);
        }
    }
}
