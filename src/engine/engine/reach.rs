//! How far back the history reaches: as far as the windows in force and the charts need, from the store first,
//! then over REST.

use crate::analytics::evidence::Group;
use crate::archive::Archive;
use crate::base::symbol::Leg;
use crate::connection::Backfill;
use crate::connection::requests::RequestSchedule;
use crate::market::Markets;
use crate::{Interval, Settings, UnixMillis};

/// The search for bars older than the initial history.
#[derive(Debug, Clone, Default)]
pub(super) struct Reach {
    /// The oldest bars for which the store has been asked for older ones.
    asked: Option<(Interval, [Option<UnixMillis>; 2])>,
    /// Whether the store has yet to answer.
    awaits_store: bool,
    under_way: bool,
}

impl Reach {
    /// Whether bars that the windows need are on their way.
    pub(super) const fn is_under_way(&self) -> bool {
        self.under_way
    }

    /// Requests older bars while there are fewer than needed and more may exist.
    pub(super) fn back(
        &mut self,
        settings: &Settings,
        markets: &mut Markets,
        schedule: &RequestSchedule,
        archive: &mut Archive,
    ) {
        self.awaits_store &= archive.is_reading_older();
        self.under_way = false;
        let needed = bars_needed(settings);
        let held = bars_held(markets);
        if markets.is_recorded() || held >= needed || schedule.is_held_up() {
            return;
        }
        // the newest bars come first
        if !RequestSchedule::has_started(&markets.legs) {
            return;
        }
        let asked = (settings.interval, markets.firsts());
        let fetches = markets.legs.iter().any(|leg| leg.chosen_track().is_growing_back());
        if !fetches && !archive.is_reading_older() && self.asked != Some(asked) {
            self.asked = Some(asked);
            self.awaits_store = archive.load_older(settings.interval, markets.firsts(), needed - held);
        }
        if archive.is_reading_older() {
            self.under_way = true;
            return;
        }
        let more = legs_with_more(markets);
        for (leg, market) in Leg::BOTH.into_iter().zip(&mut markets.legs) {
            let track = market.chosen_track_mut();
            if more.contains(&leg) {
                track.want_before_first(needed.saturating_sub(track.bars.len()));
            } else {
                track.stop_growing_back();
            }
            self.under_way |= track.is_growing_back();
        }
    }

    /// Takes note of the store's answer about older bars; returns whether they were requested for the windows,
    /// so that the rest is too.
    pub(super) fn take_store_answer(&mut self) -> bool {
        core::mem::take(&mut self.awaits_store)
    }
}

/// The legs that may have older bars which both need: none before the beginning of the other leg's market.
fn legs_with_more(markets: &Markets) -> Vec<Leg> {
    let firsts = markets.firsts();
    let ends = Leg::BOTH.into_iter().filter(|&leg| markets.legs[leg as usize].chosen_track().is_exhausted());
    let end = ends.filter_map(|leg| firsts[leg as usize]).max();
    let has_more = |&leg: &Leg| {
        !markets.legs[leg as usize].chosen_track().is_exhausted()
            && (end.is_none() || firsts[leg as usize] > end)
    };
    Leg::BOTH.into_iter().filter(has_more).collect()
}

/// Bars that both legs have, those unknown included.
fn bars_held(markets: &Markets) -> usize {
    markets.legs.each_ref().map(|leg| leg.chosen().len()).into_iter().min().unwrap_or(0)
}

/// Bars until the rolling windows are full: z needs a window of spreads, each of which needs a hedge ratio.
fn rolling_bars(settings: &Settings) -> usize {
    // a return needs the bar before it
    (settings.hedge_window_bars + settings.z_window_bars).max(settings.correlation_window_bars + 1)
}

/// Bars in the longest sample of the tests.
fn tested_bars(settings: &Settings) -> usize {
    Group::longest_lookback_bars(settings).max(settings.test_lookback_bars)
}

/// Bars until every number of the newest row is there.
pub(super) fn least_bars(settings: &Settings) -> usize {
    rolling_bars(settings).max(tested_bars(settings))
}

/// Bars with which the rolling windows are full from the left edge of the charts on, and the tests' sample is.
fn bars_needed(settings: &Settings) -> usize {
    let rolling = rolling_bars(settings) + settings.interval.bars_shown();
    rolling.max(tested_bars(settings)).min(settings.interval.bars_kept())
}

/// What the page says when no more bars exist although the windows need more.
pub(super) fn shortage(settings: &Settings, markets: &Markets) -> Option<Backfill> {
    let (exist, needed) = (bars_held(markets), least_bars(settings));
    let is_short = !markets.is_recorded() && exist < needed && legs_with_more(markets).is_empty();
    is_short.then_some(Backfill::Short { exist, needed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::range_of;

    #[test]
    fn any_windows_that_the_settings_allow_fit_into_the_bars_kept() {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand")]
        let longest = |name: &str| range_of(name).1 as usize;
        for interval in Interval::ALL {
            let settings = Settings {
                interval,
                hedge_window_bars: longest("hedge_window_bars"),
                z_window_bars: longest("z_window_bars"),
                correlation_window_bars: longest("correlation_window_bars"),
                test_lookback_bars: longest("test_lookback_bars"),
                ..Settings::default()
            };
            assert_eq!(settings.validate(), Ok(()));
            // the exchanges are younger than the days kept
            let fits = rolling_bars(&settings) + interval.bars_shown() <= interval.bars_kept();
            assert_eq!(fits, interval != Interval::OneDay, "{interval:?}");
            assert!(bars_needed(&settings) <= interval.bars_kept());
        }
    }
}
