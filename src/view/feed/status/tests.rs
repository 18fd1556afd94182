//! Banners and labels.

use super::*;

fn feed(phase: Phase) -> FeedStatus {
    FeedStatus { phase, ..FeedStatus::default() }
}

#[test]
fn without_a_network_the_page_is_offline_and_names_no_refusal() {
    let banner = offline(&Source::Binance).unwrap();
    assert!(banner.title == "Offline" && !banner.text.contains("banned"), "{banner:?}");
    assert_eq!(offline(&Source::Demo), None);
}

#[test]
fn a_live_feed_needs_no_banner() {
    assert_eq!(feed_banner(&feed(Phase::Live)), None);
    assert_eq!(feed_banner(&feed(Phase::Connecting { attempt: 1 })), None);
}

#[test]
fn a_lost_connection_counts_down_and_can_be_hurried() {
    let phase = Phase::Waiting { attempt: 2, retry_in_millis: 3_400, reason: "the server closed".into() };
    let banner = feed_banner(&feed(phase.clone())).unwrap();
    assert_eq!(banner.text, "The server closed. Attempt 3 in 4 s. Numbers stand as they were.");
    assert_eq!(banner.ways_out[0], WayOut::Reconnect);
    assert_eq!(phase_label(&phase), "Retry in 4 s");
}

#[test]
fn every_refusal_has_its_own_advice() {
    let refusals = [
        (Refusal::Region, "HTTP 451"),
        (Refusal::Banned, "HTTP 418"),
        (Refusal::TooOften, "HTTP 429"),
        (Refusal::Hidden, "no response"),
        (Refusal::Request, "{\"code\":-1121}"),
    ];
    let texts: Vec<String> = refusals
        .into_iter()
        .map(|(refusal, reason)| {
            let phase = Phase::Blocked { refusal, retry_in_millis: 60_000, reason: reason.into() };
            feed_banner(&feed(phase)).unwrap().text
        })
        .collect();
    let told = ["Another source", "Only waiting helps", "fewer requests", "firewall", "Check the pair"];
    for (text, advice) in texts.iter().zip(told) {
        assert!(text.contains(advice), "{text}");
    }
}

#[test]
fn a_failed_history_is_told_while_the_feed_is_live() {
    let backfill = Backfill::Failed { refusal: None, reason: "timeout".into(), retry_in_millis: 5_000 };
    let feed = FeedStatus { phase: Phase::Live, backfill, ..FeedStatus::default() };
    assert_eq!(feed_banner(&feed).unwrap().title, "No history");
}

#[test]
fn each_refusal_of_the_history_has_its_own_words_while_the_feed_is_live() {
    let refusals = [
        Refusal::Region,
        Refusal::Firewall,
        Refusal::Banned,
        Refusal::TooOften,
        Refusal::Hidden,
        Refusal::Request,
    ];
    let banners = refusals.map(|refusal| {
        let reason = "the exchange says so".to_owned();
        let backfill = Backfill::Failed { refusal: Some(refusal), reason, retry_in_millis: 120_000 };
        feed_banner(&FeedStatus { phase: Phase::Live, backfill, ..FeedStatus::default() }).unwrap()
    });
    for Banner { title, text, .. } in &banners {
        assert!(text.contains("trying again in 2 min"), "{text}");
        let alike = banners.iter().filter(|other| other.title == *title).count();
        assert_eq!(alike, if title.contains("on the network") { 2 } else { 1 }, "{title}");
    }
    assert!(banners[2].text.contains("Only waiting helps"), "{}", banners[2].text);
}

#[test]
fn a_wait_that_the_exchange_demands_cannot_be_hurried() {
    let blocked = |refusal| {
        let phase = Phase::Blocked { refusal, retry_in_millis: 60_000, reason: "so".into() };
        feed_banner(&feed(phase)).unwrap().ways_out.contains(&WayOut::Reconnect)
    };
    assert!(!blocked(Refusal::Banned) && !blocked(Refusal::TooOften));
    assert!(blocked(Refusal::Region) && blocked(Refusal::Hidden));
}

#[test]
fn what_rest_refuses_while_the_feed_is_live_can_be_tried_now_unless_the_exchange_demands_the_wait() {
    let ways_out = |refusal| {
        let backfill = Backfill::Failed { refusal, reason: "so".into(), retry_in_millis: 60_000 };
        feed_banner(&FeedStatus { phase: Phase::Live, backfill, ..FeedStatus::default() }).unwrap().ways_out
    };
    for refusal in [Refusal::Banned, Refusal::TooOften] {
        assert_eq!(ways_out(Some(refusal)), [WayOut::OpenSettings]);
    }
    for refusal in [None, Some(Refusal::Hidden), Some(Refusal::Region)] {
        assert_eq!(ways_out(refusal), [WayOut::OpenSettings, WayOut::TryNow]);
    }
}

#[test]
fn a_page_without_an_engine_offers_its_diagnostics() {
    assert_eq!(lost_engine("it hangs").ways_out, [WayOut::Reload, WayOut::CopyDiagnostics]);
    let report = lost_report("it hangs", "Agent", &["RangeError: x".to_owned()]);
    assert_eq!(report, "No engine: it hangs\nAgent\nRangeError: x");
}

#[test]
fn polling_blames_the_network_only_where_no_frame_has_come() {
    let text = |frames| {
        let status = FeedStatus { frames, ..feed(Phase::Polling) };
        feed_banner(&status).unwrap().text
    };
    assert!(text(0).contains("blocks websockets"), "{}", text(0));
    assert!(text(1).contains("came by websocket before") && !text(1).contains("blocks"), "{}", text(1));
}

#[test]
fn a_symbol_without_trades_is_doubted() {
    assert!(silent_leg("BTCUSDT", Some(500), Some(60_000)).is_none());
    assert!(silent_leg("BTCUSDT", Some(61_000), Some(90_000)).unwrap().text.contains("61 s"));
    assert!(silent_leg("XYZUSDT", None, Some(20_000)).unwrap().text.contains("Is the name right"));
}
