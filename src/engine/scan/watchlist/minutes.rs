//! A market's newest 1 m bars.

use super::{ENDED_AFTER_MILLIS, INTERVAL};
use crate::bars::Bar;
use crate::binance::FetchError;
use crate::binance::klines;
use crate::binance::klines::{LIMIT, Span};
use crate::{Symbol, UnixMillis};
use std::collections::VecDeque;

/// A market's newest bars, and the result of the last request.
#[derive(Debug, Default)]
pub(super) struct Minutes {
    pub(super) bars: VecDeque<(UnixMillis, Bar)>,
    pub(super) trouble: Option<String>,
    /// Whether the exchange has no bars before the first.
    is_whole: bool,
}

/// The subject of a request.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) symbol: Symbol,
    pub(super) span: Span,
}

impl Minutes {
    /// The bars to request at exchange time `now`: the newest, or older ones if fewer than `needed` are here and the
    /// last minute is.
    pub(super) fn wanted(&self, now: UnixMillis, needed: usize) -> Span {
        let Some((first, end)) = self.span() else { return Span::Newest { bars: LIMIT } };
        if now < end + INTERVAL.millis() && self.lacks(needed) {
            return Span::Before { end: first, bars: (needed - self.bars.len()).min(LIMIT) };
        }
        // the bar in progress, and one that closes in the meantime
        let newer = usize::try_from(now.since(end - INTERVAL.millis()) / INTERVAL.millis()).unwrap_or(LIMIT);
        Span::Newest { bars: (newer + 1).min(LIMIT) }
    }

    /// Whether there are fewer than `needed` bars, and may be more.
    pub(super) fn lacks(&self, needed: usize) -> bool {
        self.bars.len() < needed && !self.is_whole
    }

    /// When the last bar closed, if that is long before exchange time `now`; `None` for a live market.
    pub(super) fn ended(&self, now: UnixMillis) -> Option<UnixMillis> {
        let (_, end) = self.span()?;
        (now.since(end) > ENDED_AFTER_MILLIS).then_some(end)
    }

    /// Takes the response to a request for `span`, and keeps at least the newest `needed` bars.
    ///
    /// # Errors
    /// What is wrong, as a clause.
    pub(super) fn take(
        &mut self,
        span: Span,
        response: &Result<String, FetchError>,
        needed: usize,
    ) -> Result<(), String> {
        let body = match response {
            Ok(body) => body,
            Err(FetchError::Status { code, body }) if body.contains("-1121") => {
                return Err(format!("not traded at this source (HTTP {code})"));
            }
            Err(error @ FetchError::Hidden) => {
                return Err(format!("{error}, or not traded at this source"));
            }
            Err(error) => return Err(error.to_string()),
        };
        let mut klines = klines::parse(body, INTERVAL).map_err(|error| error.to_string())?;
        if let Span::Before { end, bars } = span {
            self.is_whole = klines.len() < bars;
            let first = self.span().map_or(end, |(first, _)| first);
            for kline in klines.into_iter().rev().filter(|kline| kline.open_time < first) {
                self.bars.push_front((kline.open_time, kline.bar));
            }
            return Ok(());
        }
        self.is_whole |= self.bars.is_empty() && klines.len() < LIMIT;
        // the bar in progress
        klines.pop();
        for kline in klines {
            while self.bars.back().is_some_and(|(last, _)| *last >= kline.open_time) {
                self.bars.pop_back();
            }
            self.bars.push_back((kline.open_time, kline.bar));
        }
        let surplus = self.bars.len().saturating_sub(needed.max(LIMIT));
        if surplus > 0 {
            self.bars.drain(..surplus);
            self.is_whole = false;
        }
        Ok(())
    }

    /// Open time of the first bar, and of the bar after the last.
    pub(super) fn span(&self) -> Option<(UnixMillis, UnixMillis)> {
        Some((self.bars.front()?.0, self.bars.back()?.0 + INTERVAL.millis()))
    }

    /// The bar that opens at `open_time`; missing if unknown.
    pub(super) fn get(&self, open_time: UnixMillis) -> Bar {
        let found = self.bars.binary_search_by_key(&open_time, |(time, _)| *time);
        found.map_or(Bar::MISSING, |place| self.bars[place].1)
    }
}
