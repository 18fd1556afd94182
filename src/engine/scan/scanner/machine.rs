//! The scan as a state machine: markets, prices, pairs, and what each pair would have earned.

mod pricing;
mod telling;
mod working;

use super::super::job::Scan;
use super::super::pair_test::Known;
use super::super::report::Report;
use super::super::universe::{Mark, mark_of};
use super::last_scans::{LastScans, Repeated};
use super::message::{Choice, News, Plan, Progress, ScanCommand, Stage, Standing};
use super::prices::Prices;
use super::{Around, Scanning, recordings};
use crate::archive::store;
use crate::base::asker::Asker;
use crate::base::codec::decode;
use crate::binance::FetchError;
use crate::binance::ticker::DayFigures;
use crate::connection::requests::Request;
use crate::scan::survival::Changes;
use crate::{Pair, Symbol, UnixMillis};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The subject of a REST request.
#[derive(Debug, Clone)]
enum About {
    /// The bars of a market.
    Bars(Symbol),
    /// The 24 h volumes of all markets.
    Days,
    /// The names of all markets.
    Listing,
}

/// A REST request without a response so far.
#[derive(Debug, Clone)]
struct Pending {
    about: About,
    since: UnixMillis,
    weight: u32,
}

/// The state of the requests to the store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Stored {
    /// Nothing requested yet.
    #[default]
    Unread,
    /// Listing the stored series.
    Listing { id: u64, since: UnixMillis },
    /// Loading the bars of a market.
    Loading { id: u64, symbol: Symbol, since: UnixMillis },
    /// The stored series are known.
    Listed,
}

/// Runs a scan.
#[derive(Debug, Default)]
pub struct Machine {
    run: u64,
    /// Local time at which the scan began.
    begun: UnixMillis,
    standing: Standing,
    last_scans: LastScans,
    /// Changes by the scan, until the engine has taken them.
    changes: Option<Changes>,
    untaken_changes: Option<Changes>,
    plan: Option<Plan>,
    /// Where the prices come from: the source's label.
    origin: String,
    markets: BTreeMap<Symbol, Prices>,
    chosen: Vec<Symbol>,
    left_out: Vec<(Symbol, Mark)>,
    refused: Vec<(Symbol, String)>,
    /// Start of the span wanted of each market.
    from: UnixMillis,
    to: UnixMillis,
    /// Markets whose prices are incomplete.
    queue: VecDeque<Symbol>,
    pending: BTreeMap<u64, Pending>,
    store: Stored,
    /// Markets with stored bars that have not been read.
    stored: BTreeSet<Symbol>,
    next_id: u64,
    /// Whether the 24 h volumes of all markets are to be requested.
    wants_days: bool,
    /// Whether the names of all markets are to be requested before those of a list are: to the browser, the
    /// refusal of a market that does not exist looks like a ban.
    wants_listing: bool,
    /// Names of all markets of the source, once requested.
    listed: Option<BTreeSet<Symbol>>,
    /// The 24 h volumes, until the markets are chosen.
    days: Option<Vec<DayFigures>>,
    scan: Option<Scan>,
    tests_told: usize,
    report: Option<(UnixMillis, Report)>,
    /// Indices in the report of pairs not backtested yet, the most promising last.
    untried: Vec<usize>,
    fees: Vec<(Pair, Known)>,
    fees_told: usize,
    resamples: VecDeque<Pair>,
    progress: Progress,
    progress_told: Progress,
    news: Vec<News>,
    next_told: UnixMillis,
    is_urgent: bool,
}

impl Machine {
    /// A machine without a scan.
    pub fn open() -> Box<dyn Scanning> {
        Box::new(Self::default())
    }

    fn begin(&mut self, run: u64, plan: Plan, around: &Around<'_>) {
        let origin = match plan.choice {
            Choice::Imported => "files".to_owned(),
            _ => around.source.label().to_owned(),
        };
        let before = core::mem::take(self);
        let is_alike =
            before.origin == origin && before.plan.as_ref().is_some_and(|old| old.interval == plan.interval);
        *self = Self {
            run,
            begun: around.now,
            standing: before.standing,
            last_scans: before.last_scans,
            origin: origin.clone(),
            // known prices are kept
            markets: if is_alike { before.markets } else { BTreeMap::new() },
            next_id: before.next_id,
            listed: before.listed.filter(|_| before.origin == origin),
            news: vec![News::Began { run, plan: plan.clone() }],
            is_urgent: true,
            ..Self::default()
        };
        let (choice, interval) = (plan.choice.clone(), plan.interval);
        self.plan = Some(plan);
        self.keep_repeated();
        match choice.clone() {
            Choice::Imported => self.take_recordings(around, interval),
            Choice::These(symbols) => {
                let known = self.listed.as_ref();
                if known.is_some_and(|listed| symbols.iter().all(|symbol| listed.contains(symbol))) {
                    self.choose_of(symbols, around);
                } else {
                    self.wants_listing = true;
                }
            }
            Choice::Stored if around.source.venue().is_none() => self.fail(
                "The desk shows a recording, and stored bars belong to an exchange: go back to a live market to scan \
                 what is stored of it."
                    .to_owned(),
            ),
            Choice::Stored if !around.has_store => {
                self.fail("This browser stores nothing for this page: there are no bars to scan offline.".to_owned());
            }
            Choice::MostTraded { .. } => self.wants_days = true,
            Choice::Stored => {}
        }
        if around.host.is_none()
            && choice != Choice::Imported
            && matches!(self.progress.stage, Stage::Choosing | Stage::Pricing)
        {
            self.fail(
                "The desk shows a recording, which no exchange can be asked about: scan the imported files, \
                 or go back to a live market."
                    .to_owned(),
            );
        }
    }

    /// Takes all imported markets.
    fn take_recordings(&mut self, around: &Around<'_>, interval: crate::Interval) {
        self.markets.clear();
        let with_marked = self.plan.as_ref().is_some_and(|plan| plan.with_marked);
        let mut chosen = Vec::new();
        for (symbol, prices) in recordings::prices(around.imports, interval) {
            if let Some(mark) = mark_of(&symbol).filter(|_| !with_marked) {
                self.left_out.push((symbol, mark));
                continue;
            }
            match prices {
                Ok(prices) => drop(self.markets.insert(symbol.clone(), prices)),
                Err(reason) => self.refuse(&symbol, reason),
            }
            chosen.push(symbol);
        }
        if chosen.is_empty() {
            return self.fail("No market has been imported yet: import a file first.".to_owned());
        }
        if self.markets.len() < 2
            && let Some((other, count)) = recordings::other_interval(around.imports, interval)
        {
            let (with, all) = (self.markets.len(), chosen.len());
            self.tell_chosen();
            return self.fail(format!(
                "{with} of {all} imported markets has {} bars, and a scan needs two: choose {}, which {count} of them have.",
                interval.as_str(),
                other.as_str()
            ));
        }
        self.chosen = chosen;
        self.tell_chosen();
        self.test(around.now);
    }

    /// Takes these markets and starts on their prices.
    fn choose(&mut self, symbols: Vec<Symbol>, around: &Around<'_>) {
        let Some(plan) = &self.plan else { return };
        let step = plan.interval.millis();
        self.to = plan.interval.floor(around.exchange_now);
        self.from = self.to - i64::try_from(plan.bars).unwrap_or(1) * step;
        self.queue = symbols.iter().cloned().collect();
        let interval = plan.interval;
        for symbol in &symbols {
            self.markets.entry(symbol.clone()).or_insert_with(|| Prices::new(interval));
        }
        self.progress = Progress {
            stage: Stage::Pricing,
            all: symbols.len(),
            weight: self.progress.weight,
            cancelled: self.progress.cancelled,
            ..Progress::default()
        };
        self.chosen = symbols;
        self.tell_chosen();
        self.refuse_unlisted();
    }

    /// Refuses the chosen markets that the source does not list, without asking for their bars.
    fn refuse_unlisted(&mut self) {
        let Some(listed) = &self.listed else { return };
        let unlisted = self.chosen.iter().filter(|symbol| !listed.contains(symbol)).cloned();
        for symbol in unlisted.collect::<Vec<_>>() {
            self.queue.retain(|queued| *queued != symbol);
            self.progress.done += 1;
            self.refuse(&symbol, "not listed at this source".to_owned());
        }
    }

    /// Stores the scan to repeat for the next visit.
    fn keep_repeated(&mut self) {
        let Some(plan) = &self.plan else { return };
        let repeated = Repeated {
            origin: self.origin.clone(),
            plan: plan.clone(),
            standing: self.standing.clone(),
            begun: self.begun,
        };
        self.last_scans.repeat((self.standing.every_minutes > 0).then_some(repeated));
    }

    /// The scan of an earlier visit to repeat with the selected source, and when it last began.
    fn repeated_before(&self, around: &Around<'_>) -> Option<&Repeated> {
        let repeated = self.last_scans.repeated().filter(|_| self.plan.is_none())?;
        let is_here = repeated.plan.choice == Choice::Imported || repeated.origin == around.source.label();
        is_here.then_some(repeated)
    }

    fn refuse(&mut self, symbol: &Symbol, reason: String) {
        self.news.push(News::Refused(symbol.clone(), reason.clone()));
        self.refused.push((symbol.clone(), reason));
        self.markets.remove(symbol);
    }

    fn fail(&mut self, sentence: String) {
        self.news.push(News::Failed(sentence));
        self.progress = Progress { stage: Stage::Done, weight: self.progress.weight, ..Progress::default() };
        self.queue.clear();
        (self.wants_days, self.wants_listing) = (false, false);
        self.is_urgent = true;
    }
}

impl Scanning for Machine {
    fn command(&mut self, command: &[u8], around: &Around<'_>) {
        if command.is_empty() {
            return;
        }
        match decode(command) {
            Ok(ScanCommand::Begin { run, plan }) => self.begin(run, plan, around),
            Ok(ScanCommand::Cancel) => {
                self.progress.cancelled = self.progress.stage != Stage::Done;
                if let Some(scan) = self.scan.as_mut().filter(|_| self.progress.stage == Stage::Testing) {
                    scan.cancel();
                    self.report(around.now);
                }
                self.is_urgent = true;
            }
            Ok(ScanCommand::Resume) => {
                self.progress.cancelled = false;
                if let Some(scan) = &mut self.scan {
                    scan.resume();
                }
                self.is_urgent = true;
            }
            Ok(ScanCommand::Tell) => self.tell_all(),
            Ok(ScanCommand::Resample(pairs)) => {
                for pair in pairs {
                    if !self.resamples.contains(&pair) {
                        self.resamples.push_back(pair);
                    }
                }
            }
            Ok(ScanCommand::Stand(standing)) => {
                self.standing = standing;
                if self.plan.is_none() && self.standing.every_minutes == 0 {
                    self.last_scans.repeat(None);
                }
                self.keep_repeated();
            }
            Err(error) => self.fail(format!("The request for a scan could not be read: {error}.")),
        }
    }

    fn want(&mut self, around: &Around<'_>) -> Option<Request> {
        self.next_request(around)
    }

    fn put_back(&mut self, id: u64, reason: &str) {
        let Some(request) = self.pending.remove(&id) else { return };
        self.progress.weight -= request.weight;
        self.progress.waits = Some(reason.to_owned());
        self.request_again(request);
    }

    fn want_stored(&mut self, around: &Around<'_>) -> Option<store::Request> {
        self.next_of_store(around)
    }

    fn fetched(&mut self, id: u64, response: &Result<String, FetchError>) {
        self.take_response(id, response);
    }

    fn stored(&mut self, response: store::Answer) {
        self.take_records(response);
    }

    fn repeat(&mut self, around: &Around<'_>) {
        if let Some(Repeated { standing, begun, plan, .. }) = self.repeated_before(around).cloned() {
            self.standing = standing;
            let is_due = around.now.since(begun) >= i64::from(self.standing.every_minutes) * 60_000;
            if is_due {
                self.begin(around.now.0.unsigned_abs(), plan, around);
            }
            return;
        }
        let millis = i64::from(self.standing.every_minutes) * 60_000;
        let is_due = millis > 0 && around.now.since(self.begun) >= millis;
        if is_due
            && self.progress.stage == Stage::Done
            && let Some(plan) = self.plan.clone()
        {
            // larger than the number of any scan that the page has requested; those numbers are times
            let run = around.now.0.unsigned_abs().max(self.run + 1);
            self.begin(run, plan, around);
        }
    }

    fn take_changes(&mut self) -> Option<Changes> {
        self.untaken_changes.take()
    }

    fn moved(&mut self) {
        let pending = core::mem::take(&mut self.pending);
        for request in pending.into_values() {
            self.request_again(request);
        }
        if self.store != Stored::Listed {
            self.store = Stored::Unread;
        }
        self.last_scans.request_again();
    }

    fn work(&mut self, around: &Around<'_>) {
        self.work_on(around);
    }

    fn has_work(&self) -> bool {
        let goes_on = matches!(self.progress.stage, Stage::Testing | Stage::Backtesting);
        !self.resamples.is_empty() || goes_on && !self.progress.cancelled
    }

    fn take_news(&mut self, now: UnixMillis) -> Option<Vec<u8>> {
        self.next_news(now)
    }
}

impl Machine {
    fn id(&mut self) -> u64 {
        self.next_id += 1;
        Asker::Scan.id(self.next_id)
    }
}
