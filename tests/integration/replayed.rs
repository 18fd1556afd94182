//! A tape played at any speed, in steps, with steps back and in one go: the same rows, tests, alerts and
//! states.

use crate::recording::{Log, on_both_logs};
use crate::virtual_time::play;
use spreadscope_engine::bars::Bars;
use spreadscope_engine::base::symbol::Leg;
use spreadscope_engine::replay::{Moment, Replay, Snapshot, Tape, TapeEvent, Transport};
use spreadscope_engine::settings::Source;
use spreadscope_engine::{Interval, Settings, UnixMillis};

on_both_logs!(
    a_snapshot_is_the_same_at_every_speed_after_ways_back_and_in_one_go,
    what_comes_later_on_the_tape_has_no_part_in_a_snapshot,
    a_replay_tells_the_alerts_and_rows_of_the_live_run,
    bars_alone_are_replayed_as_they_closed,
);

fn settings() -> Settings {
    Settings { hedge_window_bars: 60, z_window_bars: 60, test_lookback_bars: 120, ..Settings::default() }
}

fn tape(log: &Log) -> Tape {
    let frames = log.frames.iter().map(|frame| (UnixMillis(frame.local_millis), frame.text.as_str()));
    Tape::of_frames(&settings().pair, frames)
}

fn replay(tape: &Tape) -> Replay {
    Replay::new(tape.clone(), &settings(), Vec::new()).unwrap()
}

/// Returns the time after `percent` percent of a tape.
fn part(tape: &Tape, percent: i64) -> UnixMillis {
    let (from, to) = tape.span().unwrap();
    from + to.since(from) * percent / 100
}

fn in_one_go(tape: &Tape, to: UnixMillis) -> Snapshot {
    let mut replay = replay(tape);
    assert!(replay.play(to, usize::MAX));
    replay.snapshot()
}

/// Plays at `speed` by a clock that is read every `every` milliseconds, `moments` moments at a time.
fn at_speed(tape: &Tape, to: UnixMillis, speed: u32, every: i64, moments: usize) -> Snapshot {
    let mut replay = replay(tape);
    let mut transport = Transport::new(replay.position());
    let mut now = UnixMillis(77);
    transport.set_speed(now, speed);
    transport.play(now);
    while replay.position() < to {
        now = now + every;
        replay.play(transport.position(now).min(to), moments);
    }
    replay.snapshot()
}

fn a_snapshot_is_the_same_at_every_speed_after_ways_back_and_in_one_go(log: &Log) {
    let tape = tape(log);
    let times = [35, 61, 100].map(|percent| part(&tape, percent));
    let expected = times.map(|time| in_one_go(&tape, time));
    assert!(expected[0].rows > 100 && expected[2].rows > 500, "{expected:?}");
    assert!(!expected[2].alerts.is_empty() && expected[0].hash != expected[1].hash);
    for (speed, every, moments) in [(1, 997, usize::MAX), (10, 40, 300), (100, 16, 50_000)] {
        assert_eq!(at_speed(&tape, times[1], speed, every, moments), expected[1], "{speed} times");
    }
    let mut scrubbed = replay(&tape);
    for percent in [90, 3, 50, 49, 70, 0, 100, 20] {
        let to = part(&tape, percent);
        scrubbed.seek(to);
        assert!(scrubbed.play(to, usize::MAX));
        assert_eq!(scrubbed.position(), to);
    }
    for place in [2, 0, 1, 0, 2] {
        scrubbed.seek(times[place]);
        scrubbed.play(times[place], usize::MAX);
        assert_eq!(scrubbed.snapshot(), expected[place]);
    }
}

/// Returns the tape with the price of the trade at `place` changed.
fn with_another_price(tape: &Tape, place: usize) -> Tape {
    let mut moments: Vec<Moment> = tape.moments().to_vec();
    let changed = moments[place..].iter_mut().find_map(|moment| match &mut moment.event {
        TapeEvent::Trade(_, trade) => Some(trade),
        _ => None,
    });
    changed.unwrap().price *= 1.01;
    Tape::of_moments(moments)
}

fn what_comes_later_on_the_tape_has_no_part_in_a_snapshot(log: &Log) {
    let tape = tape(log);
    let time = part(&tape, 50);
    let behind = tape.moments().partition_point(|moment| moment.at <= time);
    let expected = in_one_go(&tape, time);
    assert_eq!(in_one_go(&with_another_price(&tape, behind), time), expected);
    assert_eq!(in_one_go(&Tape::of_moments(tape.moments()[..behind].to_vec()), time), expected);
    let before = with_another_price(&tape, behind / 2);
    assert_ne!(in_one_go(&before, time).hash, expected.hash);
}

fn a_replay_tells_the_alerts_and_rows_of_the_live_run(log: &Log) {
    let live = play(&settings(), &log.frames);
    let mut replay = replay(&tape(log));
    let end = UnixMillis(log.end());
    replay.play(end, usize::MAX);
    let told = |alerts: &[spreadscope_engine::alert::Alert]| {
        alerts.iter().map(|alert| (alert.time, alert.rule, alert.direction, alert.value)).collect::<Vec<_>>()
    };
    let snapshot = replay.snapshot();
    assert!(!live.alerts.is_empty());
    assert_eq!((told(&snapshot.alerts), snapshot.rows), (told(&live.alerts), live.rows.len()));
    // alert by alert
    let mut again = self::replay(&tape(log));
    for alerts in 1..=live.alerts.len() {
        while !again.play_to_alert(10_000) {}
        assert_eq!(again.snapshot().alerts.len(), alerts);
    }
}

fn bars_alone_are_replayed_as_they_closed(log: &Log) {
    let live = play(&settings(), &log.frames);
    let markets = live.driver.engine.markets().unwrap();
    let bars: [&Bars; 2] = Leg::BOTH.map(|leg| markets.legs[leg as usize].seconds());
    let tape = Tape::of_bars(bars);
    let (first, last) = tape.span().unwrap();
    assert!(tape.is_of_bars() && !tape.is_final_data(first, last), "the live run has seen each bar close");
    let settings = Settings { interval: Interval::OneSecond, source: Source::Recording, ..settings() };
    let times = [part(&tape, 40), part(&tape, 100)];
    let go = |to: UnixMillis| {
        let mut replay = Replay::new(tape.clone(), &settings, Vec::new()).unwrap();
        replay.play(to, usize::MAX);
        replay.snapshot()
    };
    let expected = times.map(go);
    let whole = in_one_go(&self::tape(log), UnixMillis(log.end()));
    assert!(expected[1].rows.abs_diff(whole.rows) <= 1, "{} {}", expected[1].rows, whole.rows);
    // what fired live fires again, at the same bars
    let fired = |alerts: &[spreadscope_engine::alert::Alert]| {
        alerts.iter().map(|alert| (alert.time, alert.rule, alert.direction)).collect::<Vec<_>>()
    };
    assert!(!live.alerts.is_empty());
    assert_eq!(fired(&expected[1].alerts), fired(&live.alerts));
    let mut replay = Replay::new(tape.clone(), &settings, Vec::new()).unwrap();
    for place in [1, 0, 1, 0] {
        replay.seek(times[place]);
        while !replay.play(times[place], 37) {}
        assert_eq!(replay.snapshot(), expected[place]);
    }
    // each bar is known once it has closed, and not before
    let (from, _) = tape.span().unwrap();
    assert_eq!(go(from - 1).rows, 0);
    assert_eq!(go(from).rows, 1);
    assert_eq!(go(from + 999).rows, 1);
}
