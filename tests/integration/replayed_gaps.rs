//! A gap and its repair, replayed as they happened: the bars are missing until they became known.

use crate::life::{quick, rest_of};
use crate::recording::{Log, on_both_logs};
use crate::store::Store;
use crate::virtual_time::Run;
use spreadscope_engine::alert::Alert;
use spreadscope_engine::analytics::Row;
use spreadscope_engine::bars::Origin;
use spreadscope_engine::market::leg::Market;
use spreadscope_engine::messages::event::{Event, Fact};
use spreadscope_engine::replay::{LegBars, Replay, Tape, Taping};
use spreadscope_engine::settings::Source;
use spreadscope_engine::{Command, Settings, UnixMillis};
use std::collections::BTreeMap;

on_both_logs!(a_gap_is_one_in_the_replay_until_it_was_repaired, the_next_visit_replays_a_repair_as_it_was);

fn settings() -> Settings {
    Settings { z_threshold: 1.5, alert_cooldown_secs: 0, ..quick() }
}

/// Returns a live run whose connection is cut for a while; what was lost arrives over REST.
fn live(log: &Log) -> Run {
    let (lost, resumed) = (log.at(26), log.at(35));
    let mut run = Run::start_stored(&settings(), log.start(), rest_of(log), Store::default());
    for frame in &log.frames[..lost] {
        run.frame(frame);
    }
    run.cut(log.frames[resumed].local_millis);
    for frame in &log.frames[resumed..] {
        run.frame(frame);
    }
    run.until(UnixMillis(log.end()));
    run
}

fn tape(run: &Run) -> Tape {
    let markets = run.driver.engine.markets().unwrap();
    let (first, end) = markets.closed_span().unwrap();
    let mut taping = Taping::new(first, end, Vec::new());
    while !taping.work(&LegBars::by(markets), 10) {}
    taping.finish()
}

/// Applies all pending news to the page's rows.
fn rows(replay: &mut Replay, known: &mut BTreeMap<UnixMillis, Row>) {
    for event in replay.take_events() {
        let Event::Fact { fact: Fact::Rows { replace, rows }, .. } = event else { continue };
        if replace {
            known.clear();
        }
        known.extend(rows.into_iter().map(|row| (row.open_time, row)));
    }
}

fn fired(alerts: &[Alert]) -> Vec<(UnixMillis, String)> {
    alerts.iter().map(|alert| (alert.time, format!("{:?}", alert.direction))).collect()
}

fn a_gap_is_one_in_the_replay_until_it_was_repaired(log: &Log) {
    let run = live(log);
    let repaired: Vec<&Row> = run.rows.values().filter(|row| row.y.origin == Origin::Repaired).collect();
    let hole = repaired[repaired.len() / 2].open_time;
    let tape = tape(&run);
    let (from, to) = tape.span().unwrap();
    assert!(!tape.is_final_data(from, to), "it is known when each bar became known");
    let settings = Settings { source: Source::Recording, ..settings() };
    let replay = || Replay::new(tape.clone(), &settings, Vec::new()).unwrap();

    let (mut early, mut known) = (replay(), BTreeMap::new());
    early.play(hole + 2_000, usize::MAX);
    rows(&mut early, &mut known);
    let row = &known[&hole];
    assert_eq!((row.y.origin, row.y.close, row.z.value()), (Origin::Missing, None, None));
    let before = early.snapshot();

    early.play(to, usize::MAX);
    rows(&mut early, &mut known);
    assert_eq!(known[&hole].y.close, run.rows[&hole].y.close);
    let numbers = |row: &Row| (row.y.close, row.x.close, row.z.value());
    for (time, row) in run.rows.range(from - 1_000..to) {
        assert_eq!(known.get(time).map(numbers), Some(numbers(row)), "{time:?}");
    }
    assert!(!run.alerts.is_empty());
    assert_eq!(fired(&early.snapshot().alerts), fired(&run.alerts));
    early.seek(hole + 2_000);
    early.play(hole + 2_000, 11);
    while !early.play(hole + 2_000, 11) {}
    assert_eq!(early.snapshot(), before);

    // bars alone do not say when they arrived
    let markets = run.driver.engine.markets().unwrap();
    let of_bars = Tape::of_bars(markets.legs.each_ref().map(Market::chosen));
    assert!(of_bars.is_final_data(hole, hole + 1_000) && !of_bars.is_final_data(from, from));
}

fn the_next_visit_replays_a_repair_as_it_was(log: &Log) {
    let mut run = live(log);
    let (expected, markets) = (tape(&run), run.driver.engine.markets().unwrap());
    let (from, to) = expected.span().unwrap();
    let last = markets.closed_span().unwrap().1;
    run.command(Command::Flush);
    run.until(run.now() + 1_000);
    // only what is stored is available
    let nothing = Box::new(|_: &str| None);
    let mut again = Run::start_stored(&settings(), log.end() + 5_000, nothing, run.store.clone());
    again.until(again.now() + 5_000);
    let markets = again.driver.engine.markets().unwrap();
    let mut taping = Taping::new(from - 1_000, last, Vec::new());
    while !taping.work(&LegBars::by(markets), 10) {}
    let found = taping.finish();
    assert!(!found.is_final_data(from, to), "when the repaired bars became known is stored with them");
    let found = found.between(from, to);
    for (moment, known) in found.moments().iter().zip(expected.moments()) {
        assert_eq!(moment, known);
    }
    assert_eq!(found.moments().len(), expected.moments().len());
}
