//! Ticks of time and of values.

use super::*;
use crate::view::charts::offsets::tests::{AUTUMN, berlin};

/// The evening of 2023-11-14, UTC.
const NOW: UnixMillis = UnixMillis(1_700_000_000_000);

#[test]
fn time_ticks_stand_on_whole_local_steps() {
    // 2023-11-14T22:13:20Z
    let span = Span { from: 1_700_000_000_000.0, to: 1_700_000_900_000.0 };
    let ticks = |span, most, offset| time_ticks(span, most, &Offsets::fixed(offset), NOW).labels;
    assert_eq!(ticks(span, 6, 0), ["22:15", "22:20", "22:25"]);
    assert_eq!(ticks(span, 6, 330), ["03:45", "03:50", "03:55"], "the next day, there and now");
    // a new day begins
    let night = Span { from: 1_700_000_000_000.0, to: 1_700_010_000_000.0 };
    assert_eq!(ticks(night, 4, 0), ["23:00", "11-15", "01:00"]);
    let short = Span { from: 1_700_000_000_000.0, to: 1_700_000_020_000.0 };
    assert_eq!(ticks(short, 4, 0)[0], "22:13:20");
    // the span's day is not today
    let at = |millis| time_ticks(span, 6, &Offsets::fixed(0), UnixMillis(millis)).labels;
    assert_eq!(at(1_700_100_000_000), ["11-14", "22:20", "22:25"]);
    assert_eq!(at(1_800_000_000_000), ["2023-11-14", "22:20", "22:25"]);
}

#[test]
fn the_hour_that_comes_twice_is_labelled_twice() {
    let span = Span { from: AUTUMN - 5_400_000.0, to: AUTUMN + 5_400_000.0 };
    let ticks = time_ticks(span, 7, &Offsets::over(span, berlin), UnixMillis(1_698_541_200_000));
    assert_eq!(ticks.labels, ["01:30", "02:00", "02:30", "02:00 UTC+1", "02:30", "03:00", "03:30"]);
    assert!(ticks.values.windows(2).all(|pair| pair[1] - pair[0] == 1_800_000.0), "{ticks:?}");
    let days = Span { from: AUTUMN - 5.0 * DAY as f64, to: AUTUMN + 5.0 * DAY as f64 };
    let ticks = time_ticks(days, 12, &Offsets::over(days, berlin), NOW);
    assert!(ticks.labels.iter().all(|label| !label.contains(':')), "midnights on both sides: {ticks:?}");
}

#[test]
fn an_axis_of_any_length_has_labels_over_all_of_it_and_the_year_where_it_changes() {
    let to = 1_700_000_000_000.0;
    let year = time_ticks(Span { from: to - 365.0 * DAY as f64, to }, 6, &Offsets::fixed(0), NOW);
    assert_eq!(year.labels, ["2023", "Mar", "May", "Jul", "Sep", "Nov"]);
    // a year in days, for which there are few ticks
    for most in 4..10 {
        let year = Span { from: to - 365.0 * DAY as f64, to };
        let labels = time_ticks(year, most, &Offsets::fixed(0), NOW).labels;
        assert!((6..=13).contains(&labels.len()), "{most}: {labels:?}");
    }
    for days in [1, 3, 10, 30, 90, 180, 365, 730, 1_826, 18_262] {
        for most in [8, 12] {
            let span = Span { from: to - (days * DAY) as f64, to };
            let Ticks { values, labels } = time_ticks(span, most, &Offsets::fixed(60), NOW);
            assert!((most / 3..=2 * most + 1).contains(&labels.len()), "{days} days, {most}: {labels:?}");
            assert!(
                values[0] - span.from < span.millis() / 3.0
                    && span.to - values[values.len() - 1] < span.millis() / 3.0
            );
            let years = labels
                .iter()
                .filter(|label| {
                    label.ends_with(char::is_numeric) && (label.len() == 4 || !label.contains('-'))
                })
                .count();
            assert!(days < 730 || years >= 2, "{days} days: {labels:?}");
        }
    }
}

#[test]
fn a_value_axis_holds_all_values_and_moves_only_by_ticks() {
    let axis = value_axis([61_234.5, 61_301.2].into_iter(), &[], 5);
    assert!(axis.low <= 61_234.5 && axis.high >= 61_301.2);
    assert_eq!(axis, value_axis([61_234.6, 61_301.3].into_iter(), &[], 5));
    assert_eq!(axis.ticks.labels[0], "61220");
}

#[test]
fn an_axis_that_is_set_by_hand_keeps_its_ends() {
    let axis = axis_between(-1.3, 2.7, 4);
    assert_eq!((axis.low, axis.high), (-1.3, 2.7));
    assert_eq!(axis.ticks.values, [-1.0, 0.0, 1.0, 2.0]);
    assert_eq!(stretched((1.0, 3.0), 2.0), Some((0.0, 4.0)));
    assert_eq!(stretched((1.0, 3.0), 1e-12), None, "no number lies between");
    assert_eq!(stretched((-1.0, 3.0), f64::INFINITY), None);
    for times in [1e-6, 1e-3, 0.5, 7.0, 1e6] {
        let (low, high) = stretched((59_000.0, 61_000.0), times).unwrap();
        let ticks = axis_between(low, high, 5).ticks;
        assert!(ticks.values.len() <= 6 && ticks.values.len() == ticks.labels.len(), "{times}: {ticks:?}");
    }
}

#[test]
fn flat_empty_and_tiny_values_have_an_axis_too() {
    for values in [vec![5.0], vec![0.0, 0.0], vec![1e-9, 2e-9]] {
        let axis = value_axis(values.iter().copied(), &[], 4);
        assert!(axis.low < axis.high && axis.ticks.values.len() >= 2, "{values:?} {axis:?}");
    }
    for values in [vec![], vec![f64::NAN]] {
        let axis = value_axis(values.iter().copied(), &[], 4);
        assert!(axis.low < axis.high && axis.ticks == Ticks::default(), "{values:?} {axis:?}");
    }
}

/// At the first bars of a replay +0.0001% and −0.0001% were cut at the left, and read alike.
#[test]
fn labels_of_percent_have_room_for_their_sign() {
    for power in -8..4 {
        let unit = 10_f64.powi(power);
        for ends in [None, Some((-4.0 * unit, unit))] {
            let axis = percent_axis(ends, [-3.7 * unit, 0.2 * unit].into_iter(), 5);
            let labels = axis.ticks.labels;
            assert!(
                labels.iter().all(|label| label.ends_with('%') && label.chars().count() <= 7),
                "{labels:?}"
            );
            let different: std::collections::BTreeSet<&String> = labels.iter().collect();
            assert_eq!(different.len(), labels.len(), "{labels:?}");
        }
    }
}

#[test]
fn labels_of_any_size_have_room_and_tell_ticks_apart() {
    let small = value_axis([6.9e-11, 7.2e-11].into_iter(), &[], 5);
    assert_eq!(small.ticks.labels.last().unwrap(), "×10⁻¹²");
    assert!(small.ticks.labels.contains(&"70".to_owned()), "{small:?}");
    for power in -20..20 {
        for (low, high) in [(1.0, 1.3), (-2.0, 5.0), (6.123_4, 6.123_9)] {
            let unit = 10_f64.powi(power);
            let labels = value_axis([low * unit, high * unit].into_iter(), &[], 6).ticks.labels;
            assert!(labels.iter().all(|label| label.chars().count() <= LABEL_CHARS), "{power} {labels:?}");
            assert!(labels.windows(2).all(|pair| pair[0] != pair[1]), "{power} {labels:?}");
        }
    }
}

#[test]
fn labels_are_short_and_signed_by_a_real_minus() {
    let axis = value_axis([-2.4, 2.1].into_iter(), &[], 5);
    assert!(axis.ticks.labels.contains(&"\u{2212}2".to_owned()), "{axis:?}");
    let volume = value_axis([0.0, 2_400_000.0].into_iter(), &[], 4);
    assert!(volume.ticks.labels.contains(&"2M".to_owned()), "{volume:?}");
}
