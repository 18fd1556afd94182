//! The engine's part in the watchlist: questions within the budget, after the desk's own history, and news.

use super::{Engine, Running};
use crate::UnixMillis;
use crate::event::Event;
use crate::feed::Backfill;
use crate::feed::history::Request;
use crate::input::Output;

impl Engine {
    pub(super) fn advance_watchlist(&mut self, now: UnixMillis) {
        let Some(Running { desk, market, history, .. }) = &mut self.desk else { return };
        let exchange_now = market.clock.now(now).unwrap_or(now);
        let is_free = matches!(history.progress(now, &market.legs), Backfill::Done | Backfill::Unavailable);
        if is_free
            && let Some(host) = history.host()
            && let Some(request) = self.watchlist.ask(exchange_now, host)
        {
            if history.budget_mut().spend(request.weight, exchange_now).is_ok() {
                let Request { id, url, weight } = request;
                self.outputs.push_back(Output::Fetch { id, url, weight });
            } else {
                self.watchlist.postpone();
            }
        }
        if let Some(watching) = self.watchlist.take_told(desk.settings()) {
            self.outputs.push_back(Output::Emit(Event::Watchlist(watching)));
        }
    }
}
