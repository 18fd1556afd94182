//! The books of both legs and their order rules, requested only while the page shows them.
//!
//! They come over REST every two seconds. The exchange's book ticker stream sends several frames for each
//! trade, more than a page that shows trading costs needs.

use crate::base::asker::Asker;
use crate::binance::FetchError;
use crate::binance::book::{self, BookTop, LotRules};
use crate::connection::in_flight::InFlight;
use crate::connection::requests::Request;
use crate::{Pair, UnixMillis};
use serde::{Deserialize, Serialize};

/// A page that shows the quotes repeats its interest within this time.
const LOOKED_AT_MILLIS: i64 = 12_000;
/// Time between two requests for the books.
const EVERY_MILLIS: i64 = 2_000;
/// Time to the next request after one that failed.
const AGAIN_MILLIS: i64 = 10_000;
/// A request without a response for this long is given up.
const UNANSWERED_MILLIS: i64 = 15_000;

/// Quotes and order rules of both legs, y first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Quotes {
    /// The pair; `None` before the first request.
    pub pair: Option<Pair>,
    /// The top of each book.
    pub books: Option<[BookTop; 2]>,
    /// Exchange time at which the books were requested.
    pub requested_at: Option<UnixMillis>,
    /// The order rules of each leg.
    pub rules: Option<[LotRules; 2]>,
    /// Why there are no books, as a clause.
    pub trouble: Option<String>,
    /// Why there are no order rules, as a clause.
    pub rules_trouble: Option<String>,
}

/// The subject of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Rules,
    Books,
}

/// Schedules the requests for quotes.
#[derive(Debug, Clone)]
pub(crate) struct QuoteSchedule {
    known: Quotes,
    looked_at: Option<UnixMillis>,
    pending: InFlight<About, UNANSWERED_MILLIS>,
    requests: u64,
    /// When the rules may be requested next, and the books: neither waits for the other.
    next_rules: UnixMillis,
    next_books: UnixMillis,
    has_news: bool,
}

impl Default for QuoteSchedule {
    fn default() -> Self {
        Self {
            known: Quotes::default(),
            looked_at: None,
            pending: InFlight::default(),
            requests: 0,
            next_rules: UnixMillis(i64::MIN),
            next_books: UnixMillis(i64::MIN),
            has_news: false,
        }
    }
}

impl QuoteSchedule {
    /// Notes at local time `now` that a page shows the quotes; the known ones are reported again.
    pub(crate) fn look(&mut self, now: UnixMillis) {
        self.looked_at = Some(now);
        self.has_news = self.known.pair.is_some();
    }

    /// The request to send to `host` for `pair` at local time `now`, if any; its weight is not paid yet.
    pub(crate) fn next_request(&mut self, now: UnixMillis, host: &str, pair: &Pair) -> Option<Request> {
        if !self.is_looked_at(now) {
            return None;
        }
        self.turn_to(pair);
        if self.pending.holds_up(now) {
            return None;
        }
        let symbols = [&pair.y, &pair.x];
        let (about, url, weight) = if self.known.rules.is_none() && now >= self.next_rules {
            (About::Rules, book::rules_url(host, symbols), book::RULES_WEIGHT)
        } else if now >= self.next_books {
            (About::Books, book::books_url(host, symbols), book::BOOKS_WEIGHT)
        } else {
            return None;
        };
        let id = Asker::Quotes.id(self.requests);
        self.requests += 1;
        self.pending.send(now, id, about);
        Some(Request { id, url, weight })
    }

    /// Says why nothing is requested for `pair` at local time `now`: everything waits.
    pub(crate) fn hold_up(&mut self, now: UnixMillis, reason: &str, pair: &Pair) {
        if !self.is_looked_at(now) {
            return;
        }
        self.turn_to(pair);
        if self.known.trouble.as_deref() != Some(reason) {
            self.known.trouble = Some(reason.to_owned());
            self.known.rules_trouble = self.known.rules.is_none().then(|| reason.to_owned());
            self.has_news = true;
        }
    }

    fn is_looked_at(&self, now: UnixMillis) -> bool {
        self.looked_at.is_some_and(|looked| now.since(looked) < LOOKED_AT_MILLIS)
    }

    /// Forgets what is known of another pair than `pair`.
    fn turn_to(&mut self, pair: &Pair) {
        if self.known.pair.as_ref() != Some(pair) {
            *self = Self {
                known: Quotes { pair: Some(pair.clone()), ..Quotes::default() },
                looked_at: self.looked_at,
                requests: self.requests,
                ..Self::default()
            };
        }
    }

    /// Postpones the request just returned: the minute's weight is spent.
    pub(crate) fn postpone(&mut self, now: UnixMillis) {
        match self.pending.take_back() {
            Some(About::Rules) => self.next_rules = now + EVERY_MILLIS,
            Some(About::Books) | None => self.next_books = now + EVERY_MILLIS,
        }
    }

    /// Takes a response at local time `now`, exchange time `exchange_now`.
    pub(crate) fn take_response(
        &mut self,
        now: UnixMillis,
        exchange_now: UnixMillis,
        id: u64,
        response: &Result<String, FetchError>,
    ) {
        // for a pair no longer shown, or too late
        let Some(about) = self.pending.take(id).map(|sent| sent.about) else { return };
        let Some(pair) = &self.known.pair else { return };
        let symbols = [&pair.y, &pair.x];
        let body = response.as_ref().map_err(ToString::to_string);
        match about {
            About::Rules => match body.and_then(|body| book::parse_rules(body, symbols)) {
                Ok(rules) => (self.known.rules, self.known.rules_trouble) = (Some(rules), None),
                Err(trouble) => {
                    self.known.rules_trouble = Some(trouble);
                    self.next_rules = now + AGAIN_MILLIS;
                }
            },
            About::Books => {
                let read = body.and_then(|body| book::parse_books(body, symbols));
                self.known.books = read.as_ref().ok().copied();
                self.known.requested_at = Some(exchange_now);
                self.next_books = now + if read.is_ok() { EVERY_MILLIS } else { AGAIN_MILLIS };
                self.known.trouble = read.err();
            }
        }
        self.has_news = true;
    }

    /// The quotes, if they have not been reported.
    pub(crate) fn take_news(&mut self) -> Option<Quotes> {
        core::mem::take(&mut self.has_news).then(|| self.known.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Settings, Symbol};

    const RULES: &str = r#"{"symbols":[{"symbol":"BTCUSDT"},{"symbol":"ETHUSDT"}]}"#;
    const BOOKS: &str = r#"[
        {"symbol":"BTCUSDT","bidPrice":"1","bidQty":"1","askPrice":"2","askQty":"1"},
        {"symbol":"ETHUSDT","bidPrice":"1","bidQty":"1","askPrice":"2","askQty":"1"}]"#;

    fn at(millis: i64) -> UnixMillis {
        UnixMillis(millis)
    }

    #[test]
    fn nothing_is_requested_unless_someone_looks_and_rules_come_first() {
        let (mut schedule, pair) = (QuoteSchedule::default(), Settings::default().pair);
        assert!(schedule.next_request(at(0), "https://host", &pair).is_none());
        schedule.look(at(0));
        let rules = schedule.next_request(at(0), "https://host", &pair).unwrap();
        assert_eq!(rules.weight, 20);
        assert!(
            rules.url.contains("exchangeInfo?symbols=%5B%22BTCUSDT%22,%22ETHUSDT%22%5D"),
            "{}",
            rules.url
        );
        assert!(schedule.next_request(at(10), "https://host", &pair).is_none(), "one at a time");
        schedule.take_response(at(20), at(20), rules.id, &Ok(RULES.to_owned()));
        let books = schedule.next_request(at(20), "https://host", &pair).unwrap();
        assert!(books.url.contains("/ticker/bookTicker?"), "{}", books.url);
        schedule.take_response(at(30), at(1_030), books.id, &Ok(BOOKS.to_owned()));
        let told = schedule.take_news().unwrap();
        assert_eq!((told.requested_at, told.trouble), (Some(at(1_030)), None));
        assert!(told.books.is_some() && told.rules.is_some() && schedule.take_news().is_none());
        assert!(schedule.next_request(at(2_029), "https://host", &pair).is_none());
        assert!(schedule.next_request(at(2_030), "https://host", &pair).is_some());
        assert!(
            schedule.next_request(at(30_000), "https://host", &pair).is_none(),
            "no page shows them any more"
        );
    }

    #[test]
    fn a_request_that_fails_is_reported_and_sent_again_later() {
        let (mut schedule, pair) = (QuoteSchedule::default(), Settings::default().pair);
        schedule.look(at(0));
        let id = schedule.next_request(at(0), "https://host", &pair).unwrap().id;
        schedule.take_response(at(1), at(1), id, &Err(FetchError::TimedOut));
        let told = schedule.take_news().unwrap();
        assert_eq!((told.rules_trouble.as_deref(), told.trouble), (Some("no response in time"), None));
        // the books do not wait for the rules
        let books = schedule.next_request(at(2), "https://host", &pair).unwrap();
        assert!(books.url.contains("/ticker/bookTicker?"), "{}", books.url);
        schedule.take_response(at(3), at(3), books.id, &Err(FetchError::TimedOut));
        assert_eq!(schedule.take_news().unwrap().trouble.as_deref(), Some("no response in time"));
        assert!(schedule.next_request(at(9_000), "https://host", &pair).is_none());
        let again = schedule.next_request(at(10_001), "https://host", &pair).unwrap();
        assert!(again.url.contains("/exchangeInfo?"), "{}", again.url);
        // a response to the old pair's request says nothing about the new one
        let other = Pair { y: Symbol::new("SOLUSDT").unwrap(), ..pair };
        schedule.look(at(10_002));
        let request = schedule.next_request(at(10_002), "https://host", &other).unwrap();
        assert!(request.url.contains("SOLUSDT"));
        schedule.take_response(at(10_003), at(0), request.id - 1, &Ok(RULES.to_owned()));
        assert_eq!(schedule.known.rules, None);
    }
}
