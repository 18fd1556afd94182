//! Spans that are fixed, followed and moved.

use super::*;
use crate::view::numbers::series::tests::row;

fn series(rows: i64) -> Series {
    let mut series = Series::new(Interval::OneSecond);
    for second in 0..rows {
        series.put(&row(second, 0.0));
    }
    series
}

const T0: f64 = 1_700_000_000_000.0;

fn span(from: f64, to: f64) -> Span {
    Span { from: T0 + from * 1_000.0, to: T0 + to * 1_000.0 }
}

#[test]
fn following_moves_with_the_newest_row_and_a_held_range_does_not() {
    let follow = TimeRange::Follow { bars: Some(10) };
    assert_eq!(follow.bounds(&series(100)), span(90.0, 100.0));
    assert_eq!(follow.bounds(&series(101)), span(91.0, 101.0));
    let held = follow.panned(-1.0, &series(100));
    assert_eq!(held, TimeRange::Fixed(span(80.0, 90.0)));
    assert_eq!(held.bounds(&series(200)), held.bounds(&series(100)));
}

#[test]
fn a_screen_that_stands_still_ends_at_the_row_that_it_showed_last() {
    let mut series = series(100);
    series.show();
    (100..130).for_each(|second| series.put(&row(second, 0.0)));
    let follow = TimeRange::Follow { bars: Some(10) };
    assert_eq!(follow.bounds(&series), span(90.0, 100.0));
    assert_eq!(follow.panned(-1.0, &series).panned(2.0, &series), follow);
    series.show();
    assert_eq!(follow.bounds(&series), span(120.0, 130.0));
}

#[test]
fn zooming_keeps_the_point_under_the_pointer_and_ends_at_the_rows() {
    let series = series(1_000);
    let start = TimeRange::Fixed(span(200.0, 400.0));
    assert_eq!(start.zoomed(0.5, 0.25, &series).bounds(&series), span(225.0, 325.0));
    assert_eq!(start.zoomed(1e9, 0.5, &series), TimeRange::Follow { bars: None });
    assert_eq!(start.zoomed(1e-9, 0.5, &series).bounds(&series).millis(), 10_000.0);
}

#[test]
fn panning_past_the_newest_row_follows_again_and_past_the_oldest_stops() {
    let series = series(1_000);
    let held = TimeRange::Fixed(span(700.0, 900.0));
    assert_eq!(held.panned(1.0, &series), TimeRange::Follow { bars: Some(200) });
    assert_eq!(held.panned(-9.0, &series).bounds(&series), span(0.0, 200.0));
}

#[test]
fn a_choice_may_be_drawn_from_right_to_left_and_is_never_shorter_than_ten_bars() {
    let series = series(1_000);
    let Span { from, to } = span(100.0, 300.0);
    assert_eq!(TimeRange::chosen(to, from, &series), TimeRange::Fixed(span(100.0, 300.0)));
    assert_eq!(TimeRange::chosen(from, from, &series).bounds(&series).millis(), 10_000.0);
}

#[test]
fn two_fingers_keep_their_times_under_them() {
    let series = series(1_000);
    let pin = |second: f64, share: f64| Pin { time: T0 + second * 1_000.0, share };
    let spread = TimeRange::pinned([pin(300.0, 0.25), pin(400.0, 0.75)], &series);
    assert_eq!(spread, Some(TimeRange::Fixed(span(250.0, 450.0))));
    assert_eq!(TimeRange::pinned([pin(300.0, 0.5), pin(400.0, 0.5)], &series), None);
    assert_eq!(TimeRange::pinned([pin(300.0, 0.9), pin(400.0, 0.1)], &series), None);
}

#[test]
fn without_rows_or_with_few_nothing_breaks() {
    let empty = series(0);
    let range = TimeRange::default();
    assert_eq!(range.zoomed(0.5, 0.5, &empty).panned(1.0, &empty), TimeRange::default());
    assert!(range.bounds(&empty).millis() > 0.0);
    let three = series(3);
    assert_eq!(range.zoomed(0.1, 0.5, &three).panned(-1.0, &three).bounds(&three), span(0.0, 3.0));
}

#[test]
fn presets_span_the_time_they_are_named_for_and_one_of_them_is_the_beginning() {
    for interval in Interval::ALL {
        let presets = presets(interval);
        for Preset { bars, label } in presets {
            let Some(bars) = bars else { continue };
            assert!(bars <= interval.bars_kept());
            let (count, unit) = label.split_once(' ').unwrap();
            let unit = match unit {
                "m" => 60_000,
                "h" => 3_600_000,
                "d" => 86_400_000,
                _ => 365 * 86_400_000,
            };
            let millis = i64::try_from(bars).unwrap() * interval.millis();
            assert_eq!(millis, count.parse::<i64>().unwrap() * unit);
        }
        let start = TimeRange::following(interval);
        assert!(presets.iter().any(|preset| TimeRange::Follow { bars: preset.bars } == start));
    }
}

#[test]
fn older_rows_are_wanted_at_the_left_edge_until_no_more_are_held() {
    let mut series = Series::new(Interval::FiveMinutes);
    let put = |series: &mut Series, bars: i64| (0..bars).for_each(|bar| series.put(&row(bar * 300, 0.0)));
    put(&mut series, 1_000);
    let first = series.times()[0];
    let at = |from: f64| TimeRange::Fixed(Span { from, to: from + 6e7 });
    assert_eq!(at(first + 3e7).beyond(&series), Beyond::Hidden);
    assert_eq!(at(first + 1e6).beyond(&series), Beyond::Older { than: first });
    assert_eq!(TimeRange::Follow { bars: Some(1_001) }.beyond(&series), Beyond::Older { than: first });
    assert_eq!(TimeRange::Follow { bars: Some(1_000) }.beyond(&series), Beyond::Hidden);
    assert_eq!(TimeRange::Follow { bars: None }.beyond(&series), Beyond::Hidden);
    put(&mut series, i64::try_from(Interval::FiveMinutes.bars_kept()).unwrap());
    assert_eq!(at(first).beyond(&series), Beyond::Full);
}
