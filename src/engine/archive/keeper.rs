//! What is asked of the store, and when: the newest history at the start, what has changed every few seconds,
//! and now and then what is too old.
//!
//! One request to write is under way at a time; one that fails is asked again, whole, before any later one.
//! A store that cannot be used costs nothing but its use: everything else goes on.

use super::alert_log::AlertLog;
use super::found::{self, Found, Reading, Shelved};
use super::key::{self, Series};
use super::one_file::{BackupAsk, BackupNews, OneFile};
use super::record::{self, Kind};
use super::shelf::Shelf;
use super::status::{StorageMode, StorageStatus};
use super::store::{Answer, Change, Query, Record, Request, StoreError};
use super::{imported, retention, ticks};
use crate::config::Settings;
use crate::event::Alert;
use crate::market::Market;
use crate::symbol::Leg;
use crate::transfer::imports::SliceWanted;
use crate::transfer::recorded::Recorded;
use crate::{Interval, Symbol, UnixMillis};
use std::collections::VecDeque;

/// Changes are written this long after the last ones, so that a crash loses no more.
const WRITE_MILLIS: i64 = 5_000;
/// The feed's own history waits no longer than this for the stored one.
const PATIENCE_MILLIS: i64 = 2_000;
/// A failed request is asked again after this long.
const RETRY_MILLIS: i64 = 10_000;
/// Room is asked for this often.
const ESTIMATE_MILLIS: i64 = 60_000;
/// Names are looked through for what is too old this often.
const LIST_MILLIS: i64 = 3_600_000;
/// Requests to write that may wait for one that fails.
const WAITING_KEPT: usize = 4;

/// Where the store stands.
#[derive(Debug, PartialEq, Eq)]
enum State {
    /// There is none, and there was none to be.
    Absent,
    /// Not asked for yet.
    Closed,
    /// Asked to open.
    Opening,
    /// In use.
    Open,
    /// Not to be used, as long as it does not say otherwise; asked again at the time given.
    Memory { reason: String, retry: Option<UnixMillis> },
}

/// The engine's keeper of records.
#[derive(Debug)]
pub(crate) struct Archive {
    state: State,
    requests: VecDeque<Request>,
    next_id: u64,
    /// The series of the desk; none when its source is not kept.
    shelves: Vec<Shelved>,
    loading: Option<u64>,
    /// The request for what files have brought in.
    imports: Option<u64>,
    /// The request for bars older than those on the desk.
    older: Option<u64>,
    loaded: bool,
    /// Nothing but the store is waited for until then.
    patience: UnixMillis,
    alerts: AlertLog,
    settings: Option<Vec<u8>>,
    ticks_until: [UnixMillis; 2],
    waiting: VecDeque<Vec<Change>>,
    writing: Option<u64>,
    next_write: UnixMillis,
    retry: UnixMillis,
    listing: Option<(u64, retention::Aim)>,
    one_file: OneFile,
    next_list: UnixMillis,
    next_estimate: UnixMillis,
    status: StorageStatus,
    told: StorageStatus,
}

impl Archive {
    /// A keeper with a store behind it, or with none.
    pub(crate) fn new(has_store: bool) -> Self {
        Self {
            state: if has_store { State::Closed } else { State::Absent },
            requests: VecDeque::new(),
            next_id: 1,
            shelves: Vec::new(),
            loading: None,
            imports: None,
            older: None,
            loaded: true,
            patience: UnixMillis(i64::MIN),
            alerts: AlertLog::default(),
            settings: None,
            ticks_until: [UnixMillis(i64::MIN); 2],
            waiting: VecDeque::new(),
            writing: None,
            next_write: UnixMillis(i64::MIN),
            retry: UnixMillis(i64::MIN),
            listing: None,
            one_file: OneFile::default(),
            next_list: UnixMillis(i64::MIN),
            next_estimate: UnixMillis(i64::MIN),
            status: StorageStatus::default(),
            told: StorageStatus::default(),
        }
    }

    /// Takes up a market; what was to be written of the one before has been handed over by [`Self::collect`].
    pub(crate) fn begin(&mut self, now: UnixMillis, settings: &Settings) {
        let venue = settings.source.venue();
        self.alerts = AlertLog::new(venue.map(|venue| key::alerts(&venue, &settings.pair)));
        if self.state == State::Absent {
            return;
        }
        self.shelves.clear();
        self.ticks_until = [UnixMillis(i64::MIN); 2];
        self.choose(now, settings);
        if self.state == State::Closed {
            self.state = State::Opening;
            self.requests.push_back(Request::Open);
        }
    }

    /// Takes up another interval of the same market.
    pub(crate) fn choose(&mut self, now: UnixMillis, settings: &Settings) {
        if self.state == State::Absent {
            return;
        }
        self.keep_settings(settings);
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

    /// Keeps the settings in force.
    pub(crate) fn keep_settings(&mut self, settings: &Settings) {
        self.settings = settings
            .source
            .venue()
            .and_then(|_| serde_json::to_vec(settings).ok())
            .map(|json| record::seal(Kind::Settings, &json));
    }

    /// Whether stored history is about to come, so that there is no point yet in asking for it elsewhere.
    pub(crate) fn is_awaited(&self, now: UnixMillis) -> bool {
        matches!(self.state, State::Opening | State::Open) && !self.loaded && now < self.patience
    }

    /// Adds an alert to the pair's record; `false` when it is in there already.
    pub(crate) fn add_alert(&mut self, alert: &Alert) -> bool {
        let added = self.alerts.add(alert);
        if added {
            self.flush();
        }
        added
    }

    /// Asks for what files have brought in in earlier visits, once the desk has its history.
    pub(crate) fn load_imports(&mut self) {
        let is_free = self.imports.is_none() && !self.one_file.holds_writes();
        if self.state == State::Open && self.loaded && is_free {
            let id = self.id();
            self.imports = Some(id);
            let queries = vec![Query { prefix: key::IMPORTS.to_owned(), newest: usize::MAX }];
            self.requests.push_back(Request::Load { id, queries });
        }
    }

    /// Keeps what files have brought in of `symbol`, or no longer does.
    pub(crate) fn keep_import(&mut self, symbol: &Symbol, recorded: Option<&Recorded>) {
        if !matches!(self.state, State::Absent | State::Memory { retry: None, .. }) {
            self.waiting.push_back(imported::changes(symbol, recorded));
        }
    }

    /// The pair's alerts, oldest first.
    pub(crate) fn alerts(&self) -> Vec<Alert> {
        self.alerts.alerts()
    }

    /// Writes what has changed at the next opportunity instead of in a few seconds.
    pub(crate) fn flush(&mut self) {
        self.next_write = UnixMillis(i64::MIN);
    }

    /// Deletes all stored bars and trades, of every market.
    pub(crate) fn delete_history(&mut self, market: &Market) {
        for Shelved { leg, interval, shelf } in &mut self.shelves {
            if let Some(end) = market.settled_end(*leg, *interval) {
                shelf.cleared(end);
            }
        }
        self.waiting.push_back(key::HISTORY.map(|prefix| Change::DeleteAll(prefix.to_owned())).to_vec());
        self.next_list = UnixMillis(i64::MIN);
        self.next_estimate = UnixMillis(i64::MIN);
    }

    /// Asks for the stored bars before the first ones of y and x, about so many; `false` when there is nothing to ask.
    pub(crate) fn load_older(
        &mut self,
        interval: Interval,
        firsts: [Option<UnixMillis>; 2],
        bars: usize,
    ) -> bool {
        if self.older.is_some() {
            return true;
        }
        if self.state != State::Open {
            return false;
        }
        let millis = i64::try_from(bars).unwrap_or(i64::MAX / interval.millis()) * interval.millis();
        let spans = millis / interval.stored_span_millis() + 1;
        let of_interval = self.shelves.iter().filter(|shelved| shelved.interval == interval);
        let names = of_interval
            .filter_map(|Shelved { leg, shelf, .. }| Some(shelf.before(firsts[*leg as usize]?, spans)));
        let queries: Vec<Query> = names.flatten().map(|prefix| Query { prefix, newest: 1 }).collect();
        if queries.is_empty() {
            return false;
        }
        let id = self.id();
        self.older = Some(id);
        self.requests.push_back(Request::Load { id, queries });
        true
    }

    /// Makes a backup, or puts one back.
    pub(crate) fn back_up(&mut self, ask: BackupAsk) {
        self.one_file.ask(ask);
        match &self.state {
            State::Open => self.flush(),
            // it will be open in a moment, or say why not
            State::Opening => {}
            State::Memory { reason, .. } => self.one_file.fail(reason.clone()),
            State::Absent | State::Closed => self.one_file.fail("nothing is stored here"),
        }
    }

    /// What has come of a backup, and the slice of its file that is to be read.
    pub(crate) fn take_backup_news(&mut self) -> (Vec<BackupNews>, Option<SliceWanted>) {
        (self.one_file.take_news(), self.one_file.slice_wanted())
    }

    /// Takes a slice of the backup that is put back.
    pub(crate) fn backup_slice(&mut self, slice: Result<&[u8], String>) {
        let next_id = self.id();
        self.requests.extend(self.one_file.slice(slice, next_id));
    }

    fn backup_answer(&mut self, answer: Answer) {
        let next_id = self.id();
        let restored = matches!(answer, Answer::Written { result: Ok(()), .. });
        self.requests.extend(self.one_file.answer(answer, next_id));
        if restored {
            // what this engine holds is of before, and must not come over what is stored now
            let reason =
                "a backup has been put in place of what was stored, and the page is not loaded anew yet";
            self.state = State::Memory { reason: reason.to_owned(), retry: None };
        }
    }

    /// Takes the oldest request to the store.
    pub(crate) fn poll(&mut self) -> Option<Request> {
        self.requests.pop_front()
    }

    /// The status, if it is another than the last one taken.
    pub(crate) fn take_status(&mut self) -> Option<StorageStatus> {
        if self.state == State::Absent {
            return None;
        }
        self.status.mode = match &self.state {
            State::Memory { reason, .. } => StorageMode::Memory { reason: reason.clone() },
            _ if self.shelves.is_empty() => StorageMode::NotKept,
            State::Open => StorageMode::Stored,
            State::Absent | State::Closed | State::Opening => StorageMode::Opening,
        };
        (self.status != self.told).then(|| {
            self.told = self.status.clone();
            self.told.clone()
        })
    }

    /// Has the status told again.
    pub(crate) fn tell_again(&mut self) {
        self.told = StorageStatus { spans: usize::MAX, ..StorageStatus::default() };
    }

    /// Takes an answer of the store.
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
                // what cannot be read here can be had elsewhere
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
                Ok(records) => {
                    self.loading = None;
                    self.loaded = true;
                    return self.read(records);
                }
                Err(error) => {
                    self.loading = None;
                    self.give_up(now, &error);
                }
            },
            Answer::Listed { id, result } => {
                if let Some((_, aim)) = self.listing.take_if(|(asked, _)| *asked == id) {
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
            // an answer to what has been given up, or a browser that keeps its numbers to itself
            Answer::Written { .. } | Answer::Loaded { .. } | Answer::Estimated(Err(_)) => {}
        }
        Found::default()
    }

    fn give_up(&mut self, now: UnixMillis, error: &StoreError) {
        let retry = error.passes().then_some(now + RETRY_MILLIS);
        self.state = State::Memory { reason: error.to_string(), retry };
        self.writing = None;
        self.loading = None;
        self.imports = None;
        self.older = None;
        self.listing = None;
        self.requests.clear();
        self.one_file.fail(error.to_string());
    }

    fn written(&mut self, now: UnixMillis, result: Result<(), StoreError>) {
        self.writing = None;
        match result {
            Ok(()) => {
                self.waiting.pop_front();
                self.status.last_write_local = Some(now);
                self.status.problem = None;
                return;
            }
            Err(StoreError::QuotaExceeded) => {
                self.retry = now + RETRY_MILLIS;
                self.status.problem = Some(
                    "No room is left for this page's data; the oldest history is being deleted.".to_owned(),
                );
                self.list(retention::Aim::Room);
            }
            Err(error @ StoreError::Failed(_)) => {
                self.retry = now + RETRY_MILLIS;
                self.status.problem = Some(format!(
                    "The newest history is not stored yet: {error}. It is tried again every {} s.",
                    RETRY_MILLIS / 1_000
                ));
            }
            Err(error) => self.give_up(now, &error),
        }
        if self.one_file.is_settling() {
            self.one_file.fail("the newest history could not be stored");
        }
    }

    fn read(&mut self, records: Vec<Record>) -> Found {
        let Reading { found, unreadable } = found::read(records, &mut self.alerts, &mut self.shelves);
        if unreadable.is_some() {
            self.status.unreadable = unreadable;
        }
        found
    }

    fn listed(
        &mut self,
        now: UnixMillis,
        exchange_now: Option<UnixMillis>,
        aim: retention::Aim,
        result: Result<Vec<String>, StoreError>,
    ) {
        let Ok(names) = result else { return };
        let inventory = retention::Inventory::of(&names);
        self.status.oldest = inventory.oldest;
        self.status.spans = inventory.spans;
        let gone = retention::gone(&names, exchange_now, aim);
        if gone.is_empty() {
            if matches!(aim, retention::Aim::Room) && self.status.problem.is_some() {
                self.status.problem = Some(
                    "No room is left for this page's data, and nothing old to delete: new history is kept in \
                     memory until there is room."
                        .to_owned(),
                );
            }
            return;
        }
        let deletes = gone.into_iter().map(Change::Delete).collect();
        // ahead of the one that found no room
        self.waiting.push_front(deletes);
        self.retry = now;
        self.next_list = UnixMillis(i64::MIN);
        self.next_estimate = UnixMillis(i64::MIN);
    }

    fn list(&mut self, aim: retention::Aim) {
        if let Some((_, under_way)) = &mut self.listing {
            if aim == retention::Aim::Room {
                *under_way = aim;
            }
        } else {
            let id = self.id();
            self.listing = Some((id, aim));
            self.requests.push_back(Request::List { id, prefixes: key::HISTORY.map(str::to_owned).to_vec() });
        }
    }

    fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id - 1
    }

    /// Asks for what is due at `now`.
    pub(crate) fn advance(&mut self, now: UnixMillis, settings: &Settings, market: &mut Market) {
        match &self.state {
            State::Memory { retry: Some(retry), .. } if now >= *retry => {
                self.state = State::Opening;
                self.requests.push_back(Request::Open);
                return;
            }
            State::Open => {}
            State::Absent | State::Closed | State::Opening | State::Memory { .. } => return,
        }
        if self.one_file.holds_writes() {
            return;
        }
        if !self.loaded && self.loading.is_none() {
            self.load();
        }
        if self.loaded && self.waiting.is_empty() && now >= self.next_write {
            self.collect(settings, market);
            self.next_write = now + WRITE_MILLIS;
        }
        if self.writing.is_none()
            && now >= self.retry
            && let Some(changes) = self.waiting.front()
        {
            let changes = changes.clone();
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

    fn load(&mut self) {
        let id = self.id();
        self.loading = Some(id);
        let mut queries: Vec<Query> = self
            .shelves
            .iter()
            .map(|Shelved { interval, shelf, .. }| {
                // the tail is one more
                Query { prefix: shelf.prefix(), newest: spans_at_start(*interval) + 1 }
            })
            .collect();
        queries.extend(self.alerts.key().map(|key| Query { prefix: key.to_owned(), newest: 1 }));
        self.requests.push_back(Request::Load { id, queries });
    }

    /// Puts all that has changed in line to be written.
    pub(crate) fn collect(&mut self, settings: &Settings, market: &mut Market) {
        if self.state != State::Open || !self.loaded {
            return;
        }
        let mut changes = Vec::new();
        for Shelved { leg, interval, shelf } in &mut self.shelves {
            if let Some(end) = market.settled_end(*leg, *interval)
                && let Some(bars) = market.bars_mut(*leg, *interval)
            {
                changes.extend(shelf.changes(bars, end));
            }
        }
        if let (Some(venue), true) = (settings.source.venue(), settings.keep_ticks_hours > 0) {
            for leg in Leg::BOTH {
                let symbol = settings.pair.symbol(leg);
                let until = &mut self.ticks_until[leg as usize];
                changes.extend(ticks::changes(&venue, symbol, &market.legs[leg as usize].ticks, until));
            }
        }
        if let Some(bytes) = self.settings.take() {
            changes.push(Change::Put(Record { key: key::SETTINGS.to_owned(), bytes }));
        }
        changes.extend(self.alerts.take_change());
        if changes.is_empty() {
            return;
        }
        self.waiting.push_back(changes);
        if self.waiting.len() > WAITING_KEPT {
            let oldest = usize::from(self.writing.is_some());
            self.waiting.remove(oldest);
            self.status.problem =
                Some("Some of the history of another pair could not be stored, and is lost.".to_owned());
        }
    }
}

/// Spans that are read at the start: enough for full charts and no more than are quickly on the screen.
const fn spans_at_start(interval: Interval) -> usize {
    match interval {
        Interval::OneSecond => 4,
        Interval::OneMinute | Interval::FiveMinutes | Interval::OneHour | Interval::OneDay => 2,
    }
}
