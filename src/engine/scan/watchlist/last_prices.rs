//! The last prices of the watched markets, all in one request every few seconds.

use crate::binance::FetchError;
use crate::binance::ticker;
use crate::connection::in_flight::InFlight;
use crate::{Pair, Symbol, UnixMillis};

/// The weight of a request for several markets.
pub(super) const WEIGHT: u32 = 4;
/// Time between two requests.
const EVERY_MILLIS: i64 = 5_000;
/// A request without a response for this long is given up.
const UNANSWERED_MILLIS: i64 = 15_000;

/// The last prices known.
#[derive(Debug)]
pub(super) struct LastPrices {
    known: Vec<(Symbol, f64)>,
    /// Exchange time at which they were requested.
    pub(super) requested_at: Option<UnixMillis>,
    /// Why there are none, as a clause.
    pub(super) trouble: Option<String>,
    pending: InFlight<(), UNANSWERED_MILLIS>,
    next: UnixMillis,
    is_new: bool,
}

impl Default for LastPrices {
    fn default() -> Self {
        Self {
            known: Vec::new(),
            requested_at: None,
            trouble: None,
            pending: InFlight::default(),
            next: UnixMillis(i64::MIN),
            is_new: false,
        }
    }
}

impl LastPrices {
    /// The request for `symbols` at `now`, with the id `id`, if one is due.
    pub(super) fn next_request(
        &mut self,
        now: UnixMillis,
        host: &str,
        symbols: &[&Symbol],
        id: u64,
    ) -> Option<String> {
        if symbols.is_empty() || self.pending.holds_up(now) || now < self.next {
            return None;
        }
        self.next = now + EVERY_MILLIS;
        self.pending.send(now, id, ());
        Some(ticker::url(host, symbols))
    }

    /// Postpones the request just returned to the next opportunity.
    pub(super) fn postpone(&mut self) {
        self.pending.take_back();
    }

    /// Takes a response; `false` if it belongs to another request.
    pub(super) fn take_response(&mut self, id: u64, response: &Result<String, FetchError>) -> bool {
        let Some(sent) = self.pending.take(id) else { return false };
        let read = response.as_ref().map_err(ToString::to_string).and_then(|body| ticker::parse(body));
        self.is_new = true;
        self.requested_at = read.is_ok().then_some(sent.at);
        (self.known, self.trouble) = match read {
            Ok(known) => (known, None),
            Err(reason) => (Vec::new(), Some(reason)),
        };
        true
    }

    /// The prices of y and x.
    pub(super) fn of(&self, pair: &Pair) -> Option<(f64, f64)> {
        let price = |symbol: &Symbol| {
            let found = self.known.iter().find(|(known, _)| known == symbol);
            found.map(|(_, price)| *price)
        };
        Some((price(&pair.y)?, price(&pair.x)?))
    }

    /// Whether there has been a response since the last call.
    pub(super) fn take_news(&mut self) -> bool {
        core::mem::take(&mut self.is_new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbols() -> [Symbol; 2] {
        ["BTCUSDT", "ETHUSDT"].map(|name| Symbol::new(name).unwrap())
    }

    fn request(prices: &mut LastPrices, secs: i64, id: u64) -> Option<String> {
        let [y, x] = symbols();
        prices.next_request(UnixMillis(secs * 1_000), "https://host", &[&y, &x], id)
    }

    #[test]
    fn one_request_is_for_all_and_waits_for_its_response() {
        let mut prices = LastPrices::default();
        let url = request(&mut prices, 100, 7).unwrap();
        assert_eq!(url, "https://host/api/v3/ticker/price?symbols=%5B%22BTCUSDT%22,%22ETHUSDT%22%5D");
        assert_eq!(request(&mut prices, 106, 8), None);
        let body = r#"[{"symbol":"ETHUSDT","price":"2700.5"},{"symbol":"BTCUSDT","price":"60000.1"}]"#;
        assert!(
            !prices.take_response(8, &Ok(body.to_owned())) && prices.take_response(7, &Ok(body.to_owned()))
        );
        let [y, x] = symbols();
        assert_eq!(prices.of(&Pair { y, x }), Some((60_000.1, 2_700.5)));
        assert_eq!((prices.requested_at, prices.take_news()), (Some(UnixMillis(100_000)), true));
        assert!(!prices.take_news() && request(&mut prices, 106, 8).is_some());
        // no response comes
        assert!(request(&mut prices, 120, 9).is_none() && request(&mut prices, 121, 9).is_some());
    }

    #[test]
    fn a_response_that_cannot_be_read_leaves_no_price_and_says_why() {
        let mut prices = LastPrices::default();
        request(&mut prices, 0, 1).unwrap();
        assert!(prices.take_response(1, &Ok("{}".to_owned())));
        let [y, x] = symbols();
        assert_eq!((prices.of(&Pair { y, x }), prices.requested_at), (None, None));
        assert_eq!(prices.trouble.as_deref(), Some("the response must be a list of prices"));
    }
}
