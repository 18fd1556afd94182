//! A market's newest 1 m bars.

use super::INTERVAL;
use crate::UnixMillis;
use crate::bars::Bar;
use crate::binance::FetchError;
use crate::binance::klines;
use crate::binance::klines::LIMIT;
use std::collections::VecDeque;

/// A market's newest bars, and the result of the last request.
#[derive(Debug, Default)]
pub(super) struct Minutes {
    pub(super) bars: VecDeque<(UnixMillis, Bar)>,
    pub(super) trouble: Option<String>,
}

impl Minutes {
    /// Takes a response.
    ///
    /// # Errors
    /// What is wrong, as a clause.
    pub(super) fn take(&mut self, response: &Result<String, FetchError>) -> Result<(), String> {
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
        // the bar in progress
        klines.pop();
        for kline in klines {
            while self.bars.back().is_some_and(|(last, _)| *last >= kline.open_time) {
                self.bars.pop_back();
            }
            self.bars.push_back((kline.open_time, kline.bar));
        }
        let surplus = self.bars.len().saturating_sub(LIMIT);
        self.bars.drain(..surplus);
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
