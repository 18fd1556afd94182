//! Choosing the markets and getting their prices: requests to the store and to REST, and their responses.

use super::super::message::{Choice, Stage};
use super::super::prices::Received;
use super::super::{AT_ONCE, Around};
use super::{About, Machine, Pending, Stored};
use crate::archive::store::{Answer, Query, Request as StoreRequest};
use crate::archive::{BarChunk, key};
use crate::binance::FetchError;
use crate::binance::listing::{self, Listed};
use crate::binance::ticker::{self, DayFigures};
use crate::connection::requests::Request;
use crate::scan::universe::{Day, mark_of, most_traded};
use crate::{Symbol, UnixMillis};

/// Request weight of the 24 h volumes of all markets; below, of their names and of a page of bars.
const DAYS_WEIGHT: u32 = 80;
const LISTING_WEIGHT: u32 = 20;
const BARS_WEIGHT: u32 = 2;
/// A request without a response for this long is repeated.
const UNANSWERED_MILLIS: i64 = 30_000;
/// Longest wait for the store.
const PATIENCE_MILLIS: i64 = 3_000;

impl Machine {
    fn is_pricing(&self) -> bool {
        matches!(self.progress.stage, Stage::Choosing | Stage::Pricing) && !self.progress.cancelled
    }

    /// Whether the store has not reported its contents yet.
    fn awaits_store(&self, around: &Around<'_>) -> bool {
        let keeps = around.has_store && around.source.venue().is_some();
        match &self.store {
            Stored::Unread => keeps,
            Stored::Listing { since, .. } | Stored::Loading { since, .. } => {
                around.now.since(*since) < PATIENCE_MILLIS
            }
            Stored::Listed => !self.stored.is_empty(),
        }
    }

    pub(super) fn next_of_store(&mut self, around: &Around<'_>) -> Option<StoreRequest> {
        if around.has_store {
            let id = self.id();
            if let Some(request) = self.last_scans.request(id) {
                return Some(request);
            }
        }
        let (venue, plan) = (around.source.venue()?, self.plan.as_ref()?);
        if !self.is_pricing() || !around.has_store || matches!(plan.choice, Choice::Imported) {
            return None;
        }
        let interval = plan.interval;
        match self.store {
            Stored::Unread => {
                let id = self.id();
                self.store = Stored::Listing { id, since: around.now };
                Some(StoreRequest::List { id, prefixes: vec![format!("bars/{venue}/")] })
            }
            Stored::Listed if self.progress.stage == Stage::Pricing => {
                let symbol = self.stored.pop_first()?;
                let spans = self.to.since(self.from) / interval.stored_span_millis() + 2;
                let prefix = key::Series { venue, symbol: symbol.clone(), interval }.prefix();
                let id = self.id();
                self.store = Stored::Loading { id, symbol, since: around.now };
                // one more for the tail
                let newest = usize::try_from(spans).unwrap_or(1) + 1;
                Some(StoreRequest::Load { id, queries: vec![Query { prefix, newest }] })
            }
            Stored::Listed | Stored::Listing { .. } | Stored::Loading { .. } => None,
        }
    }

    pub(super) fn take_records(&mut self, response: Answer) {
        match (response, self.store.clone()) {
            (Answer::Listed { id, result }, Stored::Listing { id: expected, .. }) if id == expected => {
                self.store = Stored::Listed;
                self.take_names(&result.unwrap_or_default());
            }
            (Answer::Loaded { id, result }, _) if self.last_scans.awaits(id) => {
                self.last_scans.take(&result.unwrap_or_default());
                self.tell_survival();
            }
            (Answer::Loaded { id, result }, Stored::Loading { id: expected, symbol, .. })
                if id == expected =>
            {
                self.store = Stored::Listed;
                // a tail has bars that the records of its spans lack, and its name comes last
                let chunks = result.unwrap_or_default().into_iter().filter_map(|record| {
                    let BarChunk { first, bars, interval, .. } = BarChunk::decode(&record.bytes).ok()?;
                    (Some(interval) == self.plan.as_ref().map(|plan| plan.interval)).then_some((first, bars))
                });
                let chunks: Vec<_> = chunks.collect();
                let waits = self.queue.contains(&symbol);
                if let Some(prices) = self.markets.get_mut(&symbol).filter(|_| waits) {
                    prices.restore(chunks);
                }
            }
            _ => {}
        }
    }

    /// Takes the names of all records of the venue's bars.
    fn take_names(&mut self, names: &[String]) {
        let Some(plan) = &self.plan else { return };
        let word = plan.interval.as_str();
        let of = |name: &String| {
            let mut parts = name.split('/').skip(2);
            let symbol = Symbol::new(parts.next()?).ok()?;
            (parts.next() == Some(word)).then_some(symbol)
        };
        self.stored = names.iter().filter_map(of).collect();
        if plan.choice == Choice::Stored {
            let with_marked = plan.with_marked;
            for symbol in &self.stored {
                if let Some(mark) = mark_of(symbol).filter(|_| !with_marked) {
                    self.left_out.push((symbol.clone(), mark));
                }
            }
            let left_out = &self.left_out;
            self.stored.retain(|symbol| left_out.iter().all(|(left, _)| left != symbol));
            if self.stored.is_empty() {
                let length = plan.interval.as_str();
                self.fail(format!("No {length} bars of this source are stored."));
            }
        } else {
            self.keep_chosen();
        }
    }

    /// Drops stored bars of markets that do not take part.
    fn keep_chosen(&mut self) {
        let chosen = &self.chosen;
        if !chosen.is_empty() {
            self.stored.retain(|symbol| chosen.contains(symbol));
        }
    }

    pub(super) fn next_request(&mut self, around: &Around<'_>) -> Option<Request> {
        if !self.is_pricing() || matches!(self.plan.as_ref()?.choice, Choice::Imported) {
            return None;
        }
        if *around.source.label() != self.origin {
            self.fail("The source has changed in the meantime: scan again.".to_owned());
            return None;
        }
        let late = |request: &Pending| around.now.since(request.since) >= UNANSWERED_MILLIS;
        let late: Vec<u64> =
            self.pending.iter().filter(|(_, request)| late(request)).map(|(id, _)| *id).collect();
        for request in late.into_iter().filter_map(|id| self.pending.remove(&id)).collect::<Vec<_>>() {
            self.request_again(request);
        }
        if self.progress.stage == Stage::Choosing && self.plan.as_ref()?.choice == Choice::Stored {
            if self.store != Stored::Listed {
                return None;
            }
            self.choose(self.stored.iter().cloned().collect(), around);
        }
        if self.pending.len() >= AT_ONCE {
            return None;
        }
        if self.wants_days || self.wants_listing {
            self.may_request(around)?;
            let host = around.host?;
            if core::mem::take(&mut self.wants_days) {
                let url = ticker::days_url(around.source, host);
                return Some(self.request(About::Days, url, DAYS_WEIGHT, around.now));
            }
            self.wants_listing = false;
            return Some(self.request(
                About::Listing,
                listing::url(around.source, host),
                LISTING_WEIGHT,
                around.now,
            ));
        }
        if self.progress.stage == Stage::Choosing {
            match &self.plan.as_ref()?.choice {
                // its names are on their way
                Choice::These(_) if !self.pending.is_empty() => return None,
                Choice::These(symbols) => self.choose_of(symbols.clone(), around)?,
                _ => self.take_days(around)?,
            }
        }
        if self.awaits_store(around) {
            return None;
        }
        let is_offline = self.plan.as_ref()?.choice == Choice::Stored;
        if !is_offline {
            self.may_request(around)?;
        }
        while let Some(symbol) = self.queue.pop_front() {
            let (from, to) = (self.from, self.to);
            let prices = self.markets.get_mut(&symbol).filter(|_| !is_offline);
            if let Some(url) = prices.and_then(|prices| prices.request(around.host?, &symbol, from, to)) {
                return Some(self.request(About::Bars(symbol), url, BARS_WEIGHT, around.now));
            }
            self.progress.done += 1;
        }
        if self.pending.is_empty() {
            self.test(around.now);
        }
        None
    }

    /// `None` while REST must not be asked; the reason is told.
    fn may_request(&mut self, around: &Around<'_>) -> Option<()> {
        let Some(reason) = around.wait else { return Some(()) };
        if self.progress.waits.as_deref() != Some(reason) {
            self.progress.waits = Some(reason.to_owned());
        }
        None
    }

    fn request(&mut self, about: About, url: String, weight: u32, now: UnixMillis) -> Request {
        let id = self.id();
        self.progress.weight += weight;
        self.progress.waits = None;
        self.pending.insert(id, Pending { about, since: now, weight });
        Request { id, url, weight }
    }

    pub(super) fn request_again(&mut self, request: Pending) {
        match request.about {
            About::Bars(symbol) => self.queue.push_front(symbol),
            About::Days => self.wants_days = true,
            About::Listing => self.wants_listing = true,
        }
    }

    pub(super) fn take_response(&mut self, id: u64, response: &Result<String, FetchError>) {
        let Some(request) = self.pending.remove(&id) else { return };
        let symbol = match &request.about {
            About::Bars(symbol) => symbol,
            About::Days => return self.take_volumes(request, response),
            About::Listing => return self.take_listing(request, response),
        };
        let to = self.to;
        let Some(prices) = self.markets.get_mut(symbol) else { return };
        match prices.take_response(response, to) {
            Received::Taken => self.queue.push_front(symbol.clone()),
            Received::Again => self.request_again(request),
            Received::Refused(reason) => {
                self.refuse(symbol, reason);
                self.progress.done += 1;
            }
        }
    }

    /// Takes the names of all markets; without them, each market of the list is asked for.
    fn take_listing(&mut self, request: Pending, response: &Result<String, FetchError>) {
        match response {
            Ok(body) => {
                let name = |Listed { base, quote, .. }: Listed| Symbol::new(&format!("{base}{quote}")).ok();
                let listed = listing::parse(body).ok();
                self.listed = listed.map(|markets| markets.into_iter().filter_map(name).collect());
            }
            Err(FetchError::Status { code: 403 | 418 | 429 | 451, .. }) => self.request_again(request),
            Err(_) => self.listed = None,
        }
    }

    fn take_volumes(&mut self, request: Pending, response: &Result<String, FetchError>) {
        match response {
            Ok(body) => match ticker::parse_days(body) {
                Ok(days) => self.days = Some(days),
                Err(reason) => self.fail(format!("The 24 h volumes could not be read: {reason}.")),
            },
            Err(FetchError::Status { code: 403 | 418 | 429 | 451, .. }) => self.request_again(request),
            Err(error) => self.fail(format!(
                "Which markets are traded most is not known: {error}. Markets that are stored or imported can be \
                 scanned without the exchange."
            )),
        }
    }

    /// Chooses from a list: marked ones are left out as from any other choice, unless they are wanted too.
    pub(super) fn choose_of(&mut self, symbols: Vec<Symbol>, around: &Around<'_>) -> Option<()> {
        let with_marked = self.plan.as_ref()?.with_marked;
        let mut taken = Vec::new();
        for symbol in symbols {
            match mark_of(&symbol).filter(|_| !with_marked) {
                Some(mark) => self.left_out.push((symbol, mark)),
                None => taken.push(symbol),
            }
        }
        if taken.len() < 2 && !self.left_out.is_empty() {
            let left_out: Vec<String> =
                self.left_out.iter().map(|(symbol, mark)| format!("{symbol} ({})", mark.words())).collect();
            let sentence = format!(
                "A scan needs two markets, and {} of these takes part. Left out: {}.",
                taken.len(),
                left_out.join(", ")
            );
            self.chosen = taken;
            self.tell_chosen();
            self.fail(sentence);
            return None;
        }
        self.choose(taken, around);
        self.keep_chosen();
        Some(())
    }

    /// Chooses the markets by 24 h volume, once that is known.
    fn take_days(&mut self, around: &Around<'_>) -> Option<()> {
        let days = self.days.take()?;
        let plan = self.plan.as_ref()?;
        let Choice::MostTraded { quote, count } = &plan.choice else { return None };
        let days: Vec<Day> = days
            .into_iter()
            .filter_map(|DayFigures { symbol, quote_volume, range }| {
                let (base, quote) = (symbol.base().to_owned(), symbol.quote()?.to_owned());
                Some(Day { symbol, base, quote, quote_volume, range })
            })
            .collect();
        let universe = most_traded(&days, quote, *count, plan.with_marked);
        if universe.taken.len() < 2 {
            let count = universe.taken.len();
            let sentence = format!("A scan needs two markets: {count} priced in {quote} was traded here.");
            self.fail(sentence);
            return None;
        }
        self.left_out = universe.left_out;
        self.choose(universe.taken, around);
        self.keep_chosen();
        Some(())
    }
}
