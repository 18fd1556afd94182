//! The venue's list of markets: one request, whose response goes to the page.

use super::Engine;
use crate::UnixMillis;
use crate::base::asker::Asker;
use crate::binance::FetchError;
use crate::binance::listing;
use crate::binance::listing::{Listed, Listing};
use crate::connection::Spent;
use crate::messages::event::Event;
use crate::messages::input::Output;
use crate::settings::Source;

/// The request weight.
const LISTING_WEIGHT: u32 = 20;

/// The request in progress.
#[derive(Debug, Clone)]
pub(super) struct ListRequest {
    source: Source,
    /// The host, by its index among those of the venue.
    host: usize,
}

impl Engine {
    pub(super) fn list_markets(&mut self, now: UnixMillis, source: Source) {
        self.request_list(now, ListRequest { source, host: 0 });
    }

    fn request_list(&mut self, now: UnixMillis, request: ListRequest) {
        let Some(url) = request.url() else { return };
        if let Some(wait) = self.refused_wait(now, &url) {
            return self.tell_listing(request.source, Err(wait));
        }
        let spent = Spent { url, weight: LISTING_WEIGHT, time: self.local.local(now) };
        self.weight_spent(now, &spent);
        self.outputs.push_back(Output::Fetch {
            id: Asker::Listing.id(0),
            url: spent.url,
            weight: LISTING_WEIGHT,
        });
        self.listing = Some(request);
    }

    pub(super) fn listed(&mut self, now: UnixMillis, response: Result<String, FetchError>) {
        let Some(request) = self.listing.take() else { return };
        let markets = match response {
            Ok(body) => listing::parse(&body),
            Err(error) => {
                if let Some(url) = request.url() {
                    self.heed(now, &url, &error);
                }
                Err(format!("the venue's list: {error}"))
            }
        };
        let next = ListRequest { host: request.host + 1, ..request.clone() };
        if markets.is_err() && next.url().is_some() {
            return self.request_list(now, next);
        }
        self.tell_listing(request.source, markets);
    }

    fn tell_listing(&mut self, source: Source, markets: Result<Vec<Listed>, String>) {
        self.outputs.push_back(Output::Emit(Event::Listing(Box::new(Listing { source, markets }))));
    }
}

impl ListRequest {
    /// The request's URL; `None` once all hosts have been tried.
    fn url(&self) -> Option<String> {
        Some(listing::url(&self.source, self.source.rest_hosts().get(self.host)?))
    }
}
