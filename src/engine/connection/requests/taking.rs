//! Responses, put where they belong. A page of bars is taken whole; once all hosts have sent one with bars that
//! cannot be read, it is taken without those, which stay missing.

use super::{About, Moment, Pending, RequestSchedule};
use crate::bars::track::Track;
use crate::base::note::{News, NoteKind};
use crate::base::symbol::Leg;
use crate::binance::klines::{self, Page};
use crate::binance::{RowsError, agg_trades};
use crate::market::leg::Market;
use crate::market::pages::{self, Hole};
use crate::{Interval, UnixMillis};

/// Consecutive responses that cannot be read before another host is tried.
pub(super) const MISFITS_MOST: u32 = 2;

impl RequestSchedule {
    /// Puts the response to a request about `about` into `market`; returns the first bar that has changed.
    pub(super) fn take(
        &mut self,
        now: Moment,
        leg: Leg,
        market: &mut Market,
        about: About,
        body: &str,
    ) -> Result<Option<(Interval, UnixMillis)>, String> {
        match about {
            About::Gap(_) => {
                let rows = agg_trades::parse(body).map_err(|error| error.to_string())?;
                let from = self.repair(now.local, market, &rows);
                Ok(from.map(|from| (Interval::OneSecond, from)))
            }
            About::Start { interval, span, .. } => {
                self.take_bars(leg, market, body, interval, |track, page, _| {
                    let grows_back = track.is_growing_back();
                    let from = pages::take_start(track, span, page);
                    // older bars change no row yet: they are shown once all are here
                    from.filter(|_| !grows_back)
                })
            }
            About::Hole { interval, from, to, .. } => {
                self.take_bars(leg, market, body, interval, |track, page, begun| {
                    let hole = Hole { from, to, begun, exchange_now: now.exchange };
                    pages::take_hole(track, hole, page, now.local)
                })
            }
            About::Poll { interval, from, .. } => {
                self.take_bars(leg, market, body, interval, |track, page, _| {
                    pages::take_poll(track, from, page, now.local)
                })
            }
        }
    }

    /// Reads a page of bars and has `take` put it into the market's bars of that interval; that is also told since
    /// when the market's trades are known. Returns the first bar that has changed.
    fn take_bars(
        &mut self,
        leg: Leg,
        market: &mut Market,
        body: &str,
        interval: Interval,
        take: impl FnOnce(&mut Track, &Page, Option<UnixMillis>) -> Option<UnixMillis>,
    ) -> Result<Option<(Interval, UnixMillis)>, String> {
        let page = self.page(leg, market, body, interval).map_err(|error| error.to_string())?;
        let begun = market.begun();
        let from = market.track_mut(interval).and_then(|track| take(track, &page, begun));
        Ok(from.map(|from| (interval, from)))
    }

    /// Reads a page of bars: whole, or without the bars that no host sends as they should be.
    fn page(&mut self, leg: Leg, market: &Market, body: &str, interval: Interval) -> Result<Page, RowsError> {
        let error = match klines::parse(body, interval) {
            Ok(klines) => return Ok(Page { klines, skipped: 0 }),
            Err(error) => error,
        };
        let hosts = u32::try_from(self.hosts.len()).unwrap_or(u32::MAX);
        self.skips_bars |= self.misfits[leg as usize].saturating_add(1) >= hosts.saturating_mul(MISFITS_MOST);
        if !self.skips_bars {
            return Err(error);
        }
        let page = klines::parse_readable(body, interval)?;
        if page.klines.is_empty() {
            return Err(error);
        }
        let all = page.klines.len() + page.skipped;
        let words = format!(
            "{}: {} of {all} bars in a response could not be read and stay missing: {error}",
            market.symbol, page.skipped
        );
        self.news.push(News::new(NoteKind::Refused, words));
        Ok(page)
    }

    fn repair(
        &mut self,
        local: UnixMillis,
        market: &mut Market,
        rows: &[agg_trades::AggTrade],
    ) -> Option<UnixMillis> {
        match market.repair(local, rows) {
            Ok(progress) => Some(progress.from),
            Err(misfit) => {
                let words = format!("{}: a response does not fit the gap: {misfit}", market.symbol);
                self.news.push(News::new(NoteKind::Refused, words));
                None
            }
        }
    }

    /// A response could not be read: the network's own page, or an odd row. After two in a row the next request
    /// goes to another host; a gap whose trades were requested is left to bars in the end.
    pub(super) fn misfit(
        &mut self,
        local: UnixMillis,
        leg: Leg,
        request: Pending,
        market: &mut Market,
        reason: String,
    ) {
        let misfits = &mut self.misfits[leg as usize];
        *misfits = misfits.saturating_add(1);
        if misfits.is_multiple_of(MISFITS_MOST) {
            self.leave_host(request.host);
        }
        if matches!(request.about, About::Gap(_)) {
            market.misread(local);
        }
        self.failed(local, reason);
    }
}
