//! Bars of a recording: what is known of them, made longer, and joined.

use super::*;
use crate::transfer::traded::of_size;

const T0: i64 = 1_700_006_400_000;

fn recorded(seconds: core::ops::Range<i64>) -> Recorded {
    let mut recorded = Recorded::new(1_000);
    for second in seconds.clone() {
        recorded.add(T0 + second * 1_000 + 5, &of_size(100.0 + second as f64, 1.0, None));
    }
    recorded.know(T0 + seconds.start * 1_000, T0 + seconds.end * 1_000).unwrap();
    recorded
}

#[test]
fn bars_that_are_absent_are_empty_where_all_is_known_and_missing_elsewhere() {
    let mut recorded = recorded(0..2);
    recorded.know(T0 + 2_000, T0 + 4_000).unwrap();
    recorded.know(T0 + 6_000, T0 + 7_000).unwrap();
    let bars = recorded.bars(Interval::OneSecond).unwrap();
    let seen: Vec<_> = (0..8)
        .map(|second| bars.get(UnixMillis(T0 + second * 1_000)))
        .map(|bar| (bar.known(), bar.traded.map(|traded| traded.close)))
        .collect();
    let (empty, missing) = ((true, None), (false, None));
    assert_eq!(
        seen,
        [(true, Some(100.0)), (true, Some(101.0)), empty, empty, missing, missing, empty, missing]
    );
    assert_eq!(recorded.summary(&Symbol::new("X1").unwrap()).holes, 1);
}

#[test]
fn longer_bars_are_known_when_all_of_their_parts_are() {
    let bars = recorded(30..150).bars(Interval::OneMinute).unwrap();
    let minute = |minute: i64| bars.get(UnixMillis(T0 + minute * 60_000));
    assert!(!minute(0).known() && minute(1).known() && !minute(2).known());
    let whole = minute(1).traded.unwrap();
    assert_eq!((whole.open, whole.close, whole.trades), (160.0, 219.0, 60));
    assert_eq!(bars.len(), 3);
}

#[test]
fn bars_made_longer_to_save_room_are_the_same_ones() {
    let short = recorded(0..300);
    let mut long = short.clone();
    assert!(long.coarsen());
    assert_eq!((long.step_millis(), long.len()), (60_000, 5));
    for interval in [Interval::OneMinute, Interval::FiveMinutes] {
        let (from_short, from_long) = (short.bars(interval).unwrap(), long.bars(interval).unwrap());
        assert_eq!(from_short.len(), from_long.len());
        assert_eq!(from_short.get(UnixMillis(T0)), from_long.get(UnixMillis(T0)));
    }
    assert!(long.bars(Interval::OneSecond).is_none());
    let symbol = Symbol::new("BTCUSDT").unwrap();
    assert_eq!(
        long.refusal(&symbol, Interval::OneSecond).unwrap(),
        "the recording of BTCUSDT has bars of 1 m, which can be shown at 1m, 5m, 15m, 1h, 4h, 1d and not at 1s"
    );
}

#[test]
fn a_newer_recording_stands_where_it_knows() {
    let mut held = recorded(0..10);
    let mut newer = Recorded::new(1_000);
    newer.add(T0 + 8_000, &of_size(7.0, 1.0, None));
    newer.know(T0 + 8_000, T0 + 12_000).unwrap();
    held.absorb(newer);
    let bars = held.bars(Interval::OneSecond).unwrap();
    let close = |second: i64| bars.get(UnixMillis(T0 + second * 1_000)).traded.map(|bar| bar.close);
    assert_eq!([close(7), close(8), close(9), close(11)], [Some(107.0), Some(7.0), None, None]);
    assert_eq!(bars.len(), 12);
    held.absorb(Recorded::new(60_000));
    assert!(held.is_empty());
}

#[test]
fn no_more_bars_are_made_than_are_kept() {
    let mut recorded = recorded(0..1);
    recorded.know(T0 + 400 * 86_400_000, T0 + 400 * 86_400_000 + 1_000).unwrap();
    let bars = recorded.bars(Interval::OneSecond).unwrap();
    assert_eq!(bars.len(), Interval::OneSecond.bars_kept());
}
