//! The engine's part in quotes: requests within the budget, after the pair's own history, and news.

use super::{Engine, Running};
use crate::UnixMillis;
use crate::connection::requests::Request;
use crate::messages::event::Event;
use crate::messages::input::Output;

impl Engine {
    pub(super) fn advance_quotes(&mut self, now: UnixMillis) {
        let Some(Running { analysis, markets, schedule, .. }) = &mut self.running else { return };
        let exchange_now = markets.clock.now(now).unwrap_or(now);
        if let Some((reason, _)) = schedule.wait(now) {
            self.quotes.hold_up(now, reason, &analysis.settings().pair);
        } else if let Some(host) = schedule.host()
            && let Some(Request { id, url, weight }) =
                self.quotes.next_request(now, host, &analysis.settings().pair)
        {
            if schedule.budget_mut().spend(weight, exchange_now).is_ok() {
                self.outputs.push_back(Output::Fetch { id, url, weight });
            } else {
                self.quotes.postpone(now);
            }
        }
        if let Some(quotes) = self.quotes.take_news() {
            self.outputs.push_back(Output::Emit(Event::Quotes(Box::new(quotes))));
        }
    }
}
