//! The demo: when it is offered, and how it is labelled while it runs.

use crate::view::feed::status::{self, Banner, WayOut};
use spreadscope_engine::connection::Phase;
use spreadscope_engine::settings::Source;

/// Returns the banner above the page while its numbers are made up.
pub fn label(source: &Source) -> Option<Banner> {
    (*source == Source::Demo).then(|| Banner {
        title: "DEMO",
        text: "These prices are made up by this page, from a seed: two coins that are cointegrated by \
               construction. They are not market data and are not stored."
            .to_owned(),
        ways_out: vec![WayOut::BackToLive],
    })
}

/// Returns the offer for a first visit without network and history.
pub fn offer(source: &Source, phase: &Phase, bars: usize, online: bool) -> Option<Banner> {
    let cut_off = match phase {
        Phase::Waiting { .. } | Phase::Blocked { .. } => true,
        Phase::Connecting { attempt } => *attempt > 1 || !online,
        Phase::Idle | Phase::Recording | Phase::Live | Phase::Stale { .. } | Phase::Polling => false,
    };
    (cut_off && bars == 0 && *source != Source::Demo).then(|| Banner {
        title: "Nothing to show yet",
        text: "The exchange cannot be reached, and no history is stored on this device. A demo with made-up \
               prices shows what the desk does."
            .to_owned(),
        ways_out: vec![WayOut::ShowDemo],
    })
}

/// Returns the feed's phase as an attribute: a demo is not live, whatever its feed reports.
pub fn phase_name(source: &Source, phase: &Phase) -> &'static str {
    if *source == Source::Demo { "demo" } else { status::phase_name(phase) }
}

/// Returns the feed's phase in a few words, for the pill.
pub fn phase_label(source: &Source, phase: &Phase) -> String {
    if *source == Source::Demo { "Demo".to_owned() } else { status::phase_label(phase) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_offered_when_there_is_neither_network_nor_history_and_only_then() {
        let waiting = Phase::Waiting { attempt: 1, retry_in_millis: 0, reason: String::new() };
        assert!(offer(&Source::Binance, &waiting, 0, false).is_some());
        assert!(offer(&Source::Binance, &Phase::Connecting { attempt: 1 }, 0, false).is_some());
        assert_eq!(offer(&Source::Binance, &Phase::Connecting { attempt: 1 }, 0, true), None);
        assert_eq!(offer(&Source::Binance, &waiting, 10, false), None);
        assert_eq!(offer(&Source::Demo, &waiting, 0, false), None);
        assert_eq!(offer(&Source::Binance, &Phase::Live, 0, true), None);
    }

    #[test]
    fn it_is_called_a_demo_for_as_long_as_it_runs() {
        assert!(label(&Source::Demo).is_some_and(|banner| banner.title == "DEMO"));
        assert_eq!(label(&Source::Recording), None, "the bar has the way back");
        assert_eq!(label(&Source::Binance), None);
        assert_eq!(phase_label(&Source::Demo, &Phase::Live), "Demo");
        assert_eq!(phase_label(&Source::Binance, &Phase::Live), "Live");
    }
}
