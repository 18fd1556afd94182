//! The engine's part in the slower bars that the evidence compares with: requests within the budget, after the
//! pair's own history.

use super::slower_history::Wanted;
use super::{Engine, Running};
use crate::UnixMillis;
use crate::analytics::evidence::{Group, next_slower};
use crate::archive::store;
use crate::base::asker::Asker;
use crate::binance::FetchError;
use crate::binance::klines::{self, Span};
use crate::messages::input::Output;

/// Request weight of a page of bars.
const WEIGHT: u32 = 2;

impl Engine {
    /// Requests slower bars while the page compares with them, and says why there are no more.
    pub(super) fn advance_slower(&mut self, now: UnixMillis) {
        let Some(Running { analysis, markets, schedule, slower, .. }) = &mut self.running else { return };
        let Some(end) = analysis.compares_with_slower_bars(now) else { return };
        let settings = analysis.settings();
        let Some(interval) = next_slower(settings.interval) else { return };
        slower.turn_to(interval);
        let host = schedule.host().filter(|_| settings.source.has_history(interval));
        let Some(host) = host.filter(|_| !markets.is_recorded()) else {
            slower.hold_up("there are no others than the desk's own here".to_owned());
            return;
        };
        if self.archive.is_open()
            && let Some(request) = slower.want_stored(now, settings, interval)
        {
            self.outputs.push_back(Output::Store(request));
        }
        let step = interval.millis();
        let end = interval.floor(end);
        let lookback = i64::try_from(Group::longest_lookback_bars(settings)).unwrap_or(i64::MAX / step);
        let wanted = markets.legs.each_ref().map(|leg| Wanted {
            start: end - lookback * step,
            end,
            folded_from: leg.chosen().first().map_or(end, |first| interval.floor(first + (step - 1))),
        });
        let Some((leg, page_end, bars)) = slower.next_page(now, wanted) else { return };
        if let Some(reason) = schedule.others_wait(now, &markets.legs) {
            slower.hold_up(reason);
            return;
        }
        let symbol = settings.pair.symbol(leg);
        let url = klines::url(host, symbol, interval, Span::Before { end: page_end, bars });
        let exchange_now = markets.clock.now(now).unwrap_or(now);
        if schedule.budget_mut().spend(WEIGHT, exchange_now).is_err() {
            slower.fail(now, "this minute's request weight is spent".to_owned());
            return;
        }
        let id = slower.id();
        slower.sent(now, id, (leg, page_end, bars));
        self.outputs.push_back(Output::Fetch { id, url, weight: WEIGHT });
    }

    /// Takes a page of slower bars; with it, the comparison is computed again.
    pub(super) fn slower_fetched(&mut self, now: UnixMillis, id: u64, response: &Result<String, FetchError>) {
        let Some(Running { analysis, slower, .. }) = &mut self.running else { return };
        if slower.take_response(now, id, response) {
            analysis.examine_again();
        }
    }

    /// Takes the store's answer if it is about slower bars.
    pub(super) fn slower_stored(&mut self, answer: store::Answer) -> Option<store::Answer> {
        let store::Answer::Loaded { id, result } = answer else { return Some(answer) };
        if Asker::of(id) != Some(Asker::Slower) {
            return Some(store::Answer::Loaded { id, result });
        }
        if let Some(Running { analysis, slower, .. }) = &mut self.running {
            slower.take_stored(id, &result.unwrap_or_default(), analysis.settings());
            analysis.examine_again();
        }
        None
    }
}
