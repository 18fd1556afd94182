//! Which records to delete: old ones, and the oldest when space gets short.

use super::key;
use super::key::Span;
use super::store::Estimate;
use crate::{Interval, UnixMillis};

const DAY_MILLIS: i64 = 86_400_000;
const HOUR_MILLIS: i64 = 3_600_000;

/// Longer bars are few, so they are kept this many times longer than 1 s bars.
const LONGER_TIMES: i64 = 12;
/// Space is short when this percentage of the quota is used.
const SHORT_PERCENT: u64 = 80;
/// Oldest records deleted at a time when space is short: a day of both legs.
const ROOM_RECORDS: usize = 48;
/// Newest records of bars, and of trades, kept even then for the next start.
const LEFT_RECORDS: usize = 8;

/// Why records are deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// They are older than the user wants to keep.
    Age {
        /// Days for which 1 s bars are kept.
        days: usize,
        /// Hours for which trades are kept.
        ticks_hours: usize,
    },
    /// Space is short.
    Room,
}

/// Summary of the stored records.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Inventory {
    pub(super) oldest: Option<UnixMillis>,
    pub(super) spans: usize,
}

impl Inventory {
    pub(super) fn of(names: &[String]) -> Self {
        let starts = || names.iter().filter_map(|name| key::parse(name)).map(|span| start_of(&span));
        Self { oldest: starts().min(), spans: starts().count() }
    }
}

/// Whether so much space is used that the oldest records should go.
pub(super) const fn is_short(estimate: Estimate) -> bool {
    estimate.usage_bytes / 100 > estimate.quota_bytes / 10_000 * SHORT_PERCENT
}

const fn start_of(span: &Span) -> UnixMillis {
    match span {
        Span::Bars { start, .. } | Span::Ticks { start } => *start,
    }
}

/// The names of the records to delete.
///
/// Age is measured only by exchange time, so that a wrong local clock deletes nothing.
pub(super) fn gone(names: &[String], exchange_now: Option<UnixMillis>, aim: Aim) -> Vec<String> {
    let known = || names.iter().filter_map(|name| Some((name, key::parse(name)?)));
    match aim {
        Aim::Age { days, ticks_hours } => {
            let Some(now) = exchange_now else { return Vec::new() };
            let millis = |count: usize, unit: i64| i64::try_from(count).unwrap_or(i64::MAX / unit) * unit;
            let is_old = |span: &Span| match *span {
                Span::Bars { interval, start } => {
                    let kept = match interval {
                        Interval::OneSecond => millis(days, DAY_MILLIS),
                        _ => millis(days, DAY_MILLIS) * LONGER_TIMES,
                    };
                    now.since(start + interval.stored_span_millis()) > kept
                }
                Span::Ticks { start } => now.since(start) > millis(ticks_hours, HOUR_MILLIS),
            };
            known().filter(|(_, span)| is_old(span)).map(|(name, _)| name.clone()).collect()
        }
        Aim::Room => {
            let mut by_age: Vec<(UnixMillis, &String, bool)> = known()
                .filter(|(_, span)| !matches!(span, Span::Bars { interval, .. } if *interval != Interval::OneSecond))
                .map(|(name, span)| (start_of(&span), name, matches!(span, Span::Ticks { .. })))
                .collect();
            by_age.sort();
            // a minute of trades starts later than the hour of bars around it, but the bars are worth more
            let mut left = [LEFT_RECORDS; 2];
            let goes = |&&(_, _, is_ticks): &&(UnixMillis, &String, bool)| {
                let left = &mut left[usize::from(is_ticks)];
                let goes = *left == 0;
                *left = left.saturating_sub(1);
                goes
            };
            let old: Vec<&String> = by_age.iter().rev().filter(goes).map(|(_, name, _)| *name).collect();
            old.into_iter().rev().take(ROOM_RECORDS).cloned().collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_700_000_000_000);

    fn names() -> Vec<String> {
        let at = |series: &str, hours_ago: i64| format!("{series}/{:013}", NOW.0 - hours_ago * HOUR_MILLIS);
        let mut names: Vec<String> = (1..=100).map(|hour| at("bars/binance/BTCUSDT/1s", hour)).collect();
        names.push(at("bars/binance/BTCUSDT/1m", 100));
        names.push(at("ticks/binance/BTCUSDT", 3));
        names.push("bars/binance/BTCUSDT/1s/tail".to_owned());
        names
    }

    #[test]
    fn what_is_older_than_wanted_goes_and_only_by_the_exchanges_clock() {
        let aim = Aim::Age { days: 2, ticks_hours: 2 };
        let gone_names = gone(&names(), Some(NOW), aim);
        // those from 50 to 100 hours ago ended more than two days ago; the trades are three hours old
        assert_eq!(gone_names.len(), 51 + 1);
        assert!(gone_names.iter().all(|name| !name.contains("/1m/") && !name.ends_with("tail")));
        assert!(gone(&names(), None, aim).is_empty());
    }

    #[test]
    fn when_room_is_short_the_oldest_day_goes_and_the_newest_hours_stay() {
        let first = gone(&names(), None, Aim::Room);
        assert_eq!(first.len(), ROOM_RECORDS);
        assert!(first[0].ends_with(&format!("{:013}", NOW.0 - 100 * HOUR_MILLIS)));
        let few: Vec<String> = names().into_iter().take(9).collect();
        assert_eq!(gone(&few, None, Aim::Room).len(), 1);
    }

    #[test]
    fn minutes_of_trades_do_not_crowd_out_the_newest_hours_of_bars() {
        let bars: Vec<String> = names().into_iter().take(LEFT_RECORDS).collect();
        let minute = |minutes_ago: i64| format!("ticks/binance/BTCUSDT/{:013}", NOW.0 - minutes_ago * 60_000);
        let all: Vec<String> = bars.into_iter().chain((0..20).map(minute)).collect();
        assert_eq!(gone(&all, None, Aim::Room), (8..20).rev().map(minute).collect::<Vec<_>>());
    }

    #[test]
    fn the_inventory_counts_spans_and_finds_the_oldest() {
        let inventory = Inventory::of(&names());
        assert_eq!((inventory.spans, inventory.oldest), (102, Some(NOW - 100 * HOUR_MILLIS)));
        let of = |usage_bytes| Estimate { usage_bytes, quota_bytes: 1_000_000, persistent: false };
        assert!(is_short(of(900_000)) && !is_short(of(700_000)));
    }
}
