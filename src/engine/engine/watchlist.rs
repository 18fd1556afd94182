//! The engine's part in the watchlist: requests within the budget, after the pair's own history, news, and
//! alerts.

use super::reach::least_bars;
use super::{Engine, Running};
use crate::UnixMillis;
use crate::connection::requests::Request;
use crate::messages::event::{Event, Fact};
use crate::messages::input::Output;

impl Engine {
    pub(super) fn advance_watchlist(&mut self, now: UnixMillis) {
        let Some(Running { analysis, markets, schedule, .. }) = &mut self.running else { return };
        let exchange_now = markets.clock.now(now).unwrap_or(now);
        let is_free = schedule.others_wait(now, &markets.legs).is_none();
        if is_free
            && let Some(host) = schedule.host()
            && let Some(request) =
                self.watchlist.next_request(exchange_now, host, least_bars(analysis.settings()))
        {
            if schedule.budget_mut().spend(request.weight, exchange_now).is_ok() {
                let Request { id, url, weight } = request;
                self.outputs.push_back(Output::Fetch { id, url, weight });
            } else {
                self.watchlist.postpone();
            }
        }
        let Some(watching) = self.watchlist.take_news(analysis.settings()) else { return };
        self.outputs.push_back(Output::Emit(Event::Watchlist(watching)));
        let rules = self.watch.book.rules();
        let (alerts, ended) = self.watchlist.judge(&rules, &analysis.settings().pair, (now, exchange_now));
        for alert in alerts {
            self.tell(Fact::Alert(Box::new(alert)));
        }
        for rule in ended {
            self.watch.book.switch_off(rule);
        }
    }
}
