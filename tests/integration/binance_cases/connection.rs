//! Sockets that stall, end, overlap, fall behind, sleep and die unnoticed.

use super::{at, driver, first, frame, noted, played, rows_until, second_bar};
use crate::life::quick;
use crate::virtual_time::Run;
use spreadscope_engine::base::note::NoteKind;
use spreadscope_engine::connection::Phase;
use spreadscope_engine::{Interval, Pair, Settings, Symbol};
use spreadscope_simulation::{Fault, Plan, START_MS};

#[test]
fn c01_an_open_socket_that_stalls_is_called_stale_at_5_s_and_replaced_at_15() {
    let run = played(Plan::quiet(1, 200).with(Fault::HalfOpen, 60, 61));
    let stale = first(&run, |phase| matches!(phase, Phase::Stale { .. })).unwrap();
    assert!((at(65)..at(66)).contains(&stale), "{} ms", stale - at(60));
    let [stalled, replaced] = &run.diary.sockets[..] else { panic!("{:?}", run.diary.sockets) };
    assert!((at(75)..at(76)).contains(&stalled.to.unwrap()), "{stalled:?}");
    assert!((at(75)..at(77)).contains(&replaced.from), "{replaced:?}");
    assert!(run.counts.missing > 0 && run.counts.repaired == run.counts.missing, "{:?}", run.counts);
}

#[test]
fn c02_trades_lost_at_a_reconnect_come_back_and_all_rows_are_those_without_the_loss() {
    let whole = played(Plan::quiet(2, 200));
    let run = played(Plan::quiet(2, 200).with(Fault::Outage, 60, 75));
    assert!(run.counts.missing > 20 && run.counts.repaired == run.counts.missing, "{:?}", run.counts);
    assert!(
        noted(&run.page, NoteKind::Gap, "are missing")
            && noted(&run.page, NoteKind::Repaired, "filled in over REST")
    );
    assert_eq!((whole.counts.missing, whole.diary.sockets.len()), (0, 1));
    assert!(rows_until(&run, 190) == rows_until(&whole, 190));
}

#[test]
fn c03_a_connection_is_handed_over_before_its_24_hours_are_over_and_loses_nothing() {
    let run = played(Plan::quiet(3, 200).with(Fault::Shutdown, 60, 61));
    let [first, second] = &run.diary.sockets[..] else { panic!("{:?}", run.diary.sockets) };
    assert!(second.from < first.to.unwrap(), "both at a time: {first:?} {second:?}");
    assert!(run.counts.missing == 0 && run.counts.duplicates > 0, "{:?}", run.counts);
    assert!(noted(&run.page, NoteKind::Replaced, "a new connection"));
    assert_eq!(run.page.live.unwrap().feed.reconnects, 0);

    // nothing is announced: a day of two markets that report every four seconds that they do not trade
    let mut day = driver(&Settings { interval: Interval::FiveMinutes, ..Settings::default() });
    let mut opened = Vec::new();
    for millis in (START_MS..START_MS + 24 * 3_600_000).step_by(4_000) {
        for symbol in ["BTCUSDT", "ETHUSDT"] {
            frame(&mut day, millis, second_bar(symbol, millis, None));
        }
        opened.extend(core::mem::take(&mut day.opened).into_iter().map(|_| millis - START_MS));
    }
    let [0, rolled] = opened[..] else { panic!("{opened:?}") };
    assert!((81_000_000..84_700_000).contains(&rolled), "{rolled}");
    assert_eq!((day.sockets.len(), day.closed), (1, vec![1]));
}

#[test]
fn c04_ten_minutes_without_network_make_no_storm_and_no_second_connection() {
    // the world itself refuses more than two sockets at a time, and late events of old ones still arrive
    let run = played(Plan::quiet(4, 960).with(Fault::Outage, 60, 660));
    let opened: Vec<i64> = run.diary.sockets.iter().map(|socket| socket.from).collect();
    let tried = opened.iter().filter(|&&time| (at(60)..at(660)).contains(&time)).count();
    assert!((15..80).contains(&tried), "{tried} attempts");
    let waits: Vec<i64> = opened[1..].windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(waits.iter().all(|&wait| wait >= 250) && waits.iter().any(|&wait| wait > 10_000), "{waits:?}");
    assert_eq!((run.counts.duplicates, run.page.live.unwrap().feed.reconnects), (0, 1));
    // losses are repaired oldest first, and within the minute's weight
    assert!(run.counts.repaired == run.counts.missing, "{:?}", run.counts);
}

#[test]
fn rest_that_was_out_of_reach_with_the_sockets_does_not_wait_out_its_minute_once_they_are_back() {
    for secs in [300, 315, 330, 345] {
        // trades lost before that are requested in vain
        let plan = Plan::quiet(4, secs + 360).with(Fault::RestHidden, 25, 60).with(Fault::Cut, 30, 31);
        let run = played(plan.with(Fault::Outage, 60, secs));
        let mut phases = run.diary.phases.iter();
        let live = phases.find(|(time, phase)| *time > at(secs) && *phase == Phase::Live).unwrap().0;
        let sent = run.diary.requests.iter().map(|request| request.at).find(|&time| time > live).unwrap();
        assert!(sent - live < 3_000, "{} ms after {secs} s", sent - live);
    }
}

#[test]
fn c05_all_streams_are_in_the_address_and_no_message_is_ever_sent() {
    let mut run = Run::start(&quick(), START_MS);
    let streams = |run: &Run| -> Vec<String> {
        let sockets = run.driver.sockets.values();
        sockets.map(|url| url.split_once("/stream?streams=").unwrap().1.to_owned()).collect()
    };
    let expected = "btcusdt@trade/ethusdt@trade/btcusdt@kline_1s/ethusdt@kline_1s/btcusdt@avgPrice";
    assert_eq!(streams(&run), [expected]);
    // other windows leave the socket as it is; another pair needs another address, and the old socket is closed
    run.configure(&Settings { z_window_bars: 90, ..quick() });
    assert_eq!(run.generation, 1);
    let pair = Pair { y: Symbol::new("solusdt").unwrap(), x: Symbol::new("BTCUSDT").unwrap() };
    run.configure(&Settings { pair, ..quick() });
    assert_eq!((run.generation, run.driver.closed), (2, vec![1]));
}

#[test]
fn c10_a_backlog_is_dropped_with_its_connection_and_fetched_over_rest() {
    let run = played(Plan::quiet(10, 260).with(Fault::Backlog, 60, 100));
    assert!(noted(&run.page, NoteKind::Lost, "s behind: the rest comes over REST"), "{:?}", run.page.notes);
    let [behind, fresh, ..] = &run.diary.sockets[..] else { panic!("{:?}", run.diary.sockets) };
    // that is ten seconds after the first late frame
    assert!((at(80)..at(85)).contains(&behind.to.unwrap()), "{behind:?}");
    assert!(fresh.from - behind.to.unwrap() < 1_000, "{fresh:?}");
    assert!(run.counts.missing > 0 && run.counts.repaired == run.counts.missing, "{:?}", run.counts);
}

#[test]
fn c11_in_the_background_bars_close_by_frames_and_a_dead_socket_is_left_at_the_first_timer() {
    let run = played(Plan::quiet(11, 400).with(Fault::SlowTimers, 60, 360));
    assert_eq!(run.diary.sockets.len(), 1);
    assert!(run.diary.behind_most_millis < 2_600, "{} ms", run.diary.behind_most_millis);
    let dead = Plan::quiet(11, 400).with(Fault::SlowTimers, 60, 360).with(Fault::HalfOpen, 130, 131);
    let run = played(dead);
    assert!((at(180)..at(181)).contains(&run.diary.sockets[1].from), "{:?}", run.diary.sockets);
}

#[test]
fn c12_a_frozen_tab_starts_a_new_connection_and_digests_no_flood() {
    for sockets_live in [true, false] {
        let run = played(Plan::quiet(12, 560).with(Fault::Freeze { sockets_live }, 60, 360));
        let [frozen, thawed] = &run.diary.sockets[..] else { panic!("{:?}", run.diary.sockets) };
        assert_eq!((frozen.to, thawed.from), (Some(at(360)), at(360)));
        assert!(noted(&run.page, NoteKind::Lost, "this tab was asleep"), "{:?}", run.page.notes);
        // 300 s of frames were waiting, and none of them was used
        assert!(run.counts.missing > 500 && run.counts.repaired == run.counts.missing, "{:?}", run.counts);
        assert_eq!(run.counts.duplicates, 0);
    }
    // discarded instead: what was reported before is in the store, which the world checks
    played(Plan::quiet(12, 560).with(Fault::Freeze { sockets_live: true }, 60, 120).with(
        Fault::Crash,
        120,
        121,
    ));
}

#[test]
fn c21_a_network_that_fails_without_an_event_is_noticed_by_its_silence() {
    // no close is ever reported, and the first attempts hang: each is abandoned rather than awaited
    let plan = Plan::quiet(21, 260).with(Fault::HalfOpen, 60, 61).with(Fault::Outage, 61, 95);
    let run = played(plan);
    let sockets = &run.diary.sockets;
    assert!((3..10).contains(&sockets.len()), "{sockets:?}");
    assert!(sockets.windows(2).all(|pair| pair[0].to.unwrap() <= pair[1].from), "{sockets:?}");
    assert!(sockets.last().unwrap().from < at(130), "{sockets:?}");
    assert!(run.counts.missing > 0 && run.counts.repaired == run.counts.missing, "{:?}", run.counts);
}

#[test]
fn c22_a_market_that_is_quiet_for_a_quarter_of_an_hour_keeps_its_socket() {
    let quiet = Plan { halts: vec![(at(60), at(960))], ..Plan::quiet(22, 1_290) };
    let run = played(quiet);
    assert_eq!(run.diary.sockets.len(), 1);
    let silent = |phase: &Phase| !matches!(phase, Phase::Idle | Phase::Connecting { .. } | Phase::Live);
    assert_eq!(first(&run, silent), None, "{:?}", run.diary.phases);
}
