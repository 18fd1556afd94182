//! Moves to another place of a replay, and spans of which a part cannot be had.

use crate::recording::{Log, on_both_logs};
use crate::rehearsed::{Page, settings, tape};
use spreadscope_engine::UnixMillis;
use spreadscope_engine::replay::{Place, ReplayCommand, Seeking, Session};

on_both_logs!(
    the_way_to_a_place_is_told_and_pause_stops_on_it,
    a_span_that_begins_before_the_first_bar_is_called_cut,
);

fn the_way_to_a_place_is_told_and_pause_stops_on_it(log: &Log) {
    let tape = tape(log);
    let (from, to) = tape.span().unwrap();
    for command in [ReplayCommand::Seek(to), ReplayCommand::NextAlert] {
        let mut page = Page::open(&tape, 0);
        page.session.control(page.now, command);
        while page.at() <= from {
            assert!(page.session.work(page.now, 1));
        }
        let seeking = page.session.state().seeking.unwrap();
        let goal = if command == ReplayCommand::NextAlert { None } else { Some(to) };
        assert_eq!(seeking, Seeking { from, goal });
        page.control(ReplayCommand::Pause);
        let state = page.session.state();
        assert!((from..to).contains(&state.at) && state.seeking.is_none() && !state.is_playing, "{state:?}");
        let stopped = (page.hash(), page.picture());
        let mut there = Page::open(&tape, 0);
        there.control(ReplayCommand::Seek(state.at));
        assert_eq!((there.hash(), there.picture()), stopped);
    }
    // a place behind is on the way from a checkpoint
    let mut page = Page::open(&tape, 100);
    page.session.control(page.now, ReplayCommand::Seek(from + 30_000));
    let Seeking { from: began, goal } = page.session.state().seeking.unwrap();
    assert!(began <= from + 30_000 && goal == Some(from + 30_000));
    // what comes before the span is played to its end
    let span = Place { from: from + to.since(from) / 2, to, at: to, begins: None };
    let mut session = Session::open(tape, span, &settings(), Vec::new()).unwrap();
    session.control(UnixMillis(1), ReplayCommand::Pause);
    while session.work(UnixMillis(1), 97) {}
    assert_eq!(session.state().at, span.from);
}

fn a_span_that_begins_before_the_first_bar_is_called_cut(log: &Log) {
    let tape = tape(log);
    let (first, to) = tape.span().unwrap();
    let length = to.since(first);
    for (missing, is_cut) in [(0, false), (length / 100, false), (length / 10, true), (i64::MAX / 2, true)] {
        let place = Place { from: UnixMillis(first.0.saturating_sub(missing)), to, at: to, begins: None };
        let state = Session::open(tape.clone(), place, &settings(), Vec::new()).unwrap().state();
        assert_eq!((state.from, state.is_cut), (first, is_cut), "{missing} ms missing of {length}");
    }
}
