//! What to request over REST, when, and where the response goes: initial history first, gaps and holes later.
//!
//! Each leg has one request under way at a time, and each is paid for from the [`Budget`]. A refusal (region,
//! ban, rate limit, no CORS header) pauses them all; the page shows which it was.

mod polls;
mod progress;
mod setbacks;
mod taking;

use super::Refusal;
use super::budget::Budget;
use super::moment::Moment;
use super::refusal::{Pause, Probe};
use crate::bars::track::Track;
use crate::base::note::News;
use crate::base::symbol::Leg;
use crate::binance::FetchError;
use crate::binance::agg_trades;
use crate::binance::agg_trades::Cursor;
use crate::binance::klines;
use crate::binance::klines::{LIMIT, Span};
use crate::market::Filled;
use crate::market::leg::Market;
use crate::market::pages;
use crate::{Interval, UnixMillis};
use setbacks::Hidden;

/// A hole of 1 s bars is requested this long after its end; below, the same for longer bars.
const SECONDS_LAG_MILLIS: i64 = 3_000;
const LONGER_LAG_MILLIS: i64 = 10_000;
/// Seconds before the feed's first one are requested together, this long after it: their trades will not come
/// any more.
const SEAM_LAG_MILLIS: i64 = 1_500;
/// They are awaited for this long after a socket went live, by the local clock. Exchange time stands still with
/// the feed, so the bound in `market::seam` may never be reached.
const SEAM_MOST_MILLIS: i64 = 20_000;
/// A request without a response for this long is given up.
const UNANSWERED_MILLIS: i64 = 60_000;
/// Request weight of bars; below, of aggregate trades.
const BARS_WEIGHT: u32 = 2;
const TRADES_WEIGHT: u32 = 4;

/// The subject of a request.
#[derive(Debug, Clone, Copy)]
enum About {
    /// A page of the initial history.
    Start { interval: Interval, span: Span },
    /// Missing bars.
    Hole { interval: Interval, from: UnixMillis, to: UnixMillis },
    /// Missing trades.
    Gap(Cursor),
    /// Bars that have closed since the last one, from here on.
    Poll { interval: Interval, from: UnixMillis },
}

impl About {
    fn weight(self) -> u32 {
        match self {
            Self::Start { .. } | Self::Hole { .. } | Self::Poll { .. } => BARS_WEIGHT,
            Self::Gap(_) => TRADES_WEIGHT,
        }
    }
}

/// A request in progress.
#[derive(Debug, Clone, Copy)]
struct Pending {
    id: u64,
    /// The host, by its index counted on.
    host: usize,
    since: UnixMillis,
    about: About,
}

/// A request to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: u64,
    /// Its URL.
    pub url: String,
    /// Its request weight.
    pub weight: u32,
}

/// The schedule of all requests.
#[derive(Debug, Clone)]
pub struct RequestSchedule {
    hosts: Vec<String>,
    host: usize,
    next_id: u64,
    pending: [Option<Pending>; 2],
    failures: u32,
    /// Consecutive failures of any request that the browser hides.
    hidden: Hidden,
    /// Consecutive responses to other requests that could not be read.
    unreadable: u32,
    /// Consecutive responses for each leg that could not be read.
    misfits: [u32; 2],
    /// Whether all hosts have sent bars that cannot be read: from then on, pages are taken without them.
    skips_bars: bool,
    paused: Option<Pause>,
    refusal: Option<Refusal>,
    probe: Probe,
    /// The host that responded last, and whether one has.
    responded: usize,
    has_responded: bool,
    /// When a socket last went live, local time.
    live_since: UnixMillis,
    budget: Budget,
    news: Vec<News>,
}

impl RequestSchedule {
    /// A schedule that starts with the first of `hosts` and spends at most `most` request weight per minute.
    pub fn new(hosts: Vec<String>, most: u32, first_id: u64) -> Self {
        Self {
            hosts,
            host: 0,
            next_id: first_id,
            pending: [None, None],
            failures: 0,
            hidden: Hidden::default(),
            unreadable: 0,
            misfits: [0; 2],
            skips_bars: false,
            paused: None,
            refusal: None,
            probe: Probe::None,
            responded: 0,
            has_responded: false,
            live_since: UnixMillis(0),
            budget: Budget::new(most),
            news: Vec::new(),
        }
    }

    /// The schedule for another selection on the same venue, with request ids from `first_id` on: the weight
    /// spent and a wait for a ban, told or hidden, stay in force, and so does what has been tried against it.
    #[must_use]
    pub fn followed(&self, first_id: u64) -> Self {
        let mut next = Self { budget: self.budget.clone(), ..Self::new(self.hosts.clone(), 0, first_id) };
        if self.refusal.is_some_and(Refusal::may_be_ban) {
            (next.paused, next.refusal) = (self.paused.clone(), self.refusal);
            // a probe in progress belongs to the other selection and will not be heard of here
            next.probe = if self.probe == Probe::Sent { Probe::Failed } else { self.probe };
        }
        (next.host, next.responded, next.hidden) = (self.host, self.responded, self.hidden);
        next
    }

    /// The hosts of its venue.
    pub fn hosts(&self) -> &[String] {
        &self.hosts
    }

    /// The id of the next request; a schedule that follows this one starts there.
    pub fn next_id(&self) -> u64 {
        self.next_id
    }

    /// The weight spent, for those who share the address.
    pub fn budget_mut(&mut self) -> &mut Budget {
        &mut self.budget
    }

    /// Whether `url` is a request to its venue.
    pub fn serves(&self, url: &str) -> bool {
        self.hosts.iter().any(|host| url.starts_with(host))
    }

    /// The host in use; `None` if there is no host to request from.
    pub fn host(&self) -> Option<&str> {
        self.hosts.get(self.host % self.hosts.len().max(1)).map(String::as_str)
    }

    /// Request weight spent in the minute of `exchange_now`.
    pub fn weight_spent(&self, exchange_now: UnixMillis) -> u32 {
        self.budget.spent(exchange_now)
    }

    /// The next request for `leg`, if one is due: the initial history of its tracks first, then gaps trade by
    /// trade, then missing bars, then bars older than the initial history.
    pub fn next_request(&mut self, now: Moment, leg: Leg, market: &mut Market) -> Option<Request> {
        if !self.is_free(now, leg) {
            return None;
        }
        let initial = market.tracks.iter().filter(|track| !track.is_growing_back()).find_map(start_of);
        let about =
            initial.or_else(|| lost_from(market, now)).or_else(|| market.tracks.iter().find_map(start_of));
        let Some(about) = about else {
            self.lapse(now.local);
            return None;
        };
        self.request(now, leg, market, about)
    }

    /// Whether a request for `leg` may be sent.
    fn is_free(&mut self, now: Moment, leg: Leg) -> bool {
        self.give_up_unanswered(now, leg);
        if let Some(pause) = &mut self.paused {
            pause.date(now);
        }
        self.pending[leg as usize].is_none() && (!self.is_paused(now.local) || self.probe == Probe::Due)
    }

    fn request(&mut self, now: Moment, leg: Leg, market: &Market, about: About) -> Option<Request> {
        let weight = about.weight();
        if let Err(turn) = self.budget.spend(weight, now.exchange.unwrap_or(now.local)) {
            let wait = turn.since(now.exchange.unwrap_or(now.local));
            let reason = "this minute's request weight is spent".to_owned();
            self.paused = Some(Pause::new(now.local + wait, reason));
            return None;
        }
        if self.probe == Probe::Due {
            self.probe = Probe::Sent;
            self.host = self.responded;
        }
        let id = self.next_id;
        self.next_id += 1;
        self.pending[leg as usize] = Some(Pending { id, host: self.host, since: now.local, about });
        let host = &self.hosts[self.host % self.hosts.len()];
        let symbol = &market.symbol;
        let url = match about {
            About::Start { interval, span } => klines::url(host, symbol, interval, span),
            About::Hole { interval, from, to } => {
                klines::url(host, symbol, interval, pages::hole_span(from, to, interval))
            }
            About::Gap(cursor) => agg_trades::url(host, symbol, cursor),
            About::Poll { interval, from } => {
                klines::url(host, symbol, interval, Span::From { start: from, bars: LIMIT })
            }
        };
        Some(Request { id, url, weight })
    }

    fn give_up_unanswered(&mut self, now: Moment, leg: Leg) {
        let given_up =
            self.pending[leg as usize].take_if(|request| now.local.since(request.since) >= UNANSWERED_MILLIS);
        if let Some(request) = given_up {
            self.fail(now, request, &FetchError::TimedOut);
        }
    }

    /// The leg that the response `id` is about; `None` if it is no longer waited for.
    pub fn leg_of(&self, id: u64) -> Option<Leg> {
        Leg::BOTH.into_iter().find(|&leg| self.pending[leg as usize].is_some_and(|request| request.id == id))
    }

    /// Takes a response for `leg` and puts its contents into `market`.
    pub fn take_response(
        &mut self,
        now: Moment,
        leg: Leg,
        market: &mut Market,
        response: Result<String, FetchError>,
    ) -> Option<Filled> {
        let request = self.pending[leg as usize].take()?;
        let body = match response {
            Ok(body) => body,
            Err(error) => {
                self.fail(now, request, &error);
                return None;
            }
        };
        match self.take(now, leg, market, request.about, &body) {
            Ok(filled) => {
                self.responded = request.host;
                self.has_responded = true;
                (self.hidden, self.unreadable, self.misfits[leg as usize]) = (Hidden::default(), 0, 0);
                // a response to a request from before a ban does not end the ban
                if self.demanded_wait(now.local).is_none() {
                    self.resume();
                    self.refusal = None;
                }
                filled.map(|(interval, from)| Filled { leg, interval, from })
            }
            Err(reason) => {
                self.probe = Probe::None;
                self.misfit(now.local, leg, request, market, reason);
                None
            }
        }
    }

    /// Takes the news since the last call.
    pub fn take_news(&mut self) -> Vec<News> {
        core::mem::take(&mut self.news)
    }
}

fn start_of(track: &Track) -> Option<About> {
    let bars = track.outstanding().min(LIMIT);
    let span = match track.before {
        None => Span::Newest { bars },
        Some(end) => Span::Before { end, bars },
    };
    (bars > 0).then(|| About::Start { interval: track.bars.interval(), span })
}

/// What is missing of the time since the initial history: trades, else bars.
fn lost_from(market: &mut Market, now: Moment) -> Option<About> {
    let exchange_now = now.exchange?;
    let gap = market.gap_due(now.local, exchange_now).map(About::Gap);
    gap.or_else(|| hole_in(market, now.local, exchange_now))
}

/// The first missing bars, unless they are to be repaired trade by trade.
fn hole_in(market: &mut Market, local: UnixMillis, exchange_now: UnixMillis) -> Option<About> {
    let end = market.holes_end(exchange_now)?;
    let seam = market.begun().map(|begun| (begun, exchange_now >= begun + SEAM_LAG_MILLIS));
    market.tracks.iter_mut().filter(|track| track.may_request(local)).find_map(|track| {
        let interval = track.bars.interval();
        let lag = if interval == Interval::OneSecond { SECONDS_LAG_MILLIS } else { LONGER_LAG_MILLIS };
        let mut end = interval.floor((exchange_now - lag).min(end));
        if let Some((begun, is_due)) = seam.filter(|_| interval == Interval::OneSecond) {
            end = if is_due { end.max(begun) } else { return None };
        }
        let most = LIMIT - usize::try_from(pages::PROOF_BARS).unwrap_or(0);
        let (from, to) = track.bars.first_hole(end, most)?;
        Some(About::Hole { interval, from, to })
    })
}

#[cfg(test)]
mod hidden_tests;
#[cfg(test)]
mod misfit_tests;
#[cfg(test)]
mod tests;
