//! Ticks and ranges of axes, set here rather than by Plotly: a given range is cheap to redraw.

use crate::view::charts::offsets::Offsets;
use crate::view::charts::range::Span;
use crate::view::numbers::calendar;
use crate::view::numbers::format;
use spreadscope_engine::UnixMillis;
use spreadscope_engine::base::calendar::Date;

/// Places and texts of ticks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ticks {
    /// Places on the axis.
    pub values: Vec<f64>,
    /// Texts beside them.
    pub labels: Vec<String>,
}

/// An axis of values.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueAxis {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Its ticks.
    pub ticks: Ticks,
}

const DAY: i64 = 86_400_000;

/// Steps of a time axis, milliseconds.
const TIME_STEPS: [i64; 22] = [
    1_000,
    2_000,
    5_000,
    10_000,
    15_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_800_000,
    3_600_000,
    7_200_000,
    14_400_000,
    21_600_000,
    43_200_000,
    DAY,
    2 * DAY,
    5 * DAY,
    7 * DAY,
    14 * DAY,
];

/// Steps of a longer time axis, months.
const MONTH_STEPS: [i64; 8] = [1, 2, 3, 6, 12, 24, 60, 120];

/// Returns the ticks of a time axis, on whole steps of local time: at most `most`, or twice as many if they are
/// months, whose labels are short. The first one has its date unless that is the day of `now`.
pub fn time_ticks(span: Span, most: usize, offsets: &Offsets, now: UnixMillis) -> Ticks {
    if span.from <= 0.0 {
        // an empty span, because there is nothing to show yet
        return Ticks::default();
    }
    let least = span.millis() / most.max(1) as f64;
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
    let [from, to] = [span.from.ceil() as i64, span.to.floor() as i64];
    let step = TIME_STEPS.into_iter().find(|&step| step as f64 >= least);
    let least = if step.is_none() { least / 2.0 } else { least };
    let mut ticks = Ticks::default();
    let mut before = None;
    for (from, to, offset) in offsets.stretches(from, to) {
        for local in local_places(from + offset, to + offset, step, least) {
            ticks.values.push((local - offset) as f64);
            ticks.labels.push(time_label(local, step, before, now.0 + offset));
            before = Some(local);
        }
    }
    ticks
}

/// Returns the whole steps of a clock between two of its times; months if no step is long enough.
fn local_places(from: i64, to: i64, step: Option<i64>, least: f64) -> Vec<i64> {
    match step {
        Some(step) => {
            let first = from + (-from).rem_euclid(step);
            (first..=to).step_by(usize::try_from(step).unwrap_or(1)).collect()
        }
        None => month_starts(from, to, least),
    }
}

/// Returns the starts of months, at least `least` milliseconds apart.
fn month_starts(from: i64, to: i64, least: f64) -> Vec<i64> {
    let months = MONTH_STEPS.into_iter().find(|&months| (months * 28 * DAY) as f64 >= least).unwrap_or(240);
    let mut month = calendar::months_since_0(from).div_euclid(months) * months;
    let mut places = Vec::new();
    loop {
        let start = calendar::month_start(month);
        if start > to {
            return places;
        }
        if start >= from {
            places.push(start);
        }
        month += months;
    }
}

/// Returns a time of day, or the date if the day differs from that of the tick `before` (for the first tick:
/// from today), with the year if that differs too. Without a step, returns a month.
fn time_label(local: i64, step: Option<i64>, before: Option<i64>, now_local: i64) -> String {
    let date = calendar::date(local);
    let same_year = before.is_some_and(|before| calendar::date(before)[..4] == date[..4]);
    match step {
        None => month_label(local, same_year, before.is_none()),
        Some(DAY..) => {
            if same_year {
                date[5..].to_owned()
            } else {
                date
            }
        }
        Some(step) => {
            let time = calendar::clock(local);
            if calendar::date(before.unwrap_or(now_local)) != date {
                let this_year = calendar::date(now_local)[..4] == date[..4];
                return if same_year || this_year { date[5..].to_owned() } else { date };
            }
            if step < 60_000 { time } else { time[..5].to_owned() }
        }
    }
}

/// Returns a month, `Mar`; `2024` at the start of a year, and `Mar 2024` if the axis starts within the year.
fn month_label(local: i64, same_year: bool, is_first: bool) -> String {
    const NAMES: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Date { year, month, .. } = Date::of(local);
    let name =
        usize::try_from(month - 1).ok().and_then(|place| NAMES.get(place)).copied().unwrap_or_default();
    match (same_year, is_first && month > 1) {
        (true, _) => name.to_owned(),
        (false, true) => format!("{name} {year}"),
        (false, false) => year.to_string(),
    }
}

/// Returns an axis from `low` to `high`, with ticks on whole steps in between.
pub fn axis_between(low: f64, high: f64, most: usize) -> ValueAxis {
    let step = nice_step((high - low) / most.max(1) as f64);
    let (first, last) = ((low / step).ceil(), (high / step).floor());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "few steps, no fewer than none"
    )]
    let count = ((last - first).max(-1.0) + 1.0) as usize;
    let values: Vec<f64> = (0..count).map(|place| (first + place as f64) * step).collect();
    let labels = tick_labels(&values, step);
    ValueAxis { low, high, ticks: Ticks { values, labels } }
}

/// Returns the ends of the axis `low` to `high`, stretched `times` about its middle; `None` if no number would
/// be left.
pub fn stretched((low, high): (f64, f64), times: f64) -> Option<(f64, f64)> {
    let (middle, half) = (f64::midpoint(low, high), 0.5 * (high - low) * times);
    // any closer, numbers of this size could not be told apart
    let least = middle.abs().max(f64::MIN_POSITIVE) * 1e-9;
    (half.is_finite() && half > least).then_some((middle - half, middle + half))
}

/// Returns an axis that contains all of `values` and `must`. It ends on whole ticks, and so moves only now and
/// then.
pub fn value_axis(values: impl Iterator<Item = f64>, must: &[f64], most: usize) -> ValueAxis {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values.chain(must.iter().copied()).filter(|value| value.is_finite()) {
        low = low.min(value);
        high = high.max(value);
    }
    if low > high {
        return ValueAxis { low: 0.0, high: 1.0, ticks: Ticks::default() };
    }
    if high - low <= 0.0 {
        let half = if low == 0.0 { 1.0 } else { low.abs() * 1e-4 };
        (low, high) = (low - half, high + half);
    }
    let padding = 0.04 * (high - low);
    let mut most = most.max(1);
    loop {
        let step = nice_step((high - low) / most as f64);
        let first = ((low - padding) / step).floor();
        let last = ((high + padding) / step).ceil();
        let mut values = Vec::new();
        let mut at = first;
        while at <= last {
            values.push(at * step);
            at += 1.0;
        }
        let labels = tick_labels(&values, step);
        // wider steps have shorter labels
        if most > 1 && labels.iter().any(|label| label.chars().count() > LABEL_CHARS) {
            most -= 1;
            continue;
        }
        return ValueAxis { low: first * step, high: last * step, ticks: Ticks { values, labels } };
    }
}

/// Characters of a label that fit beside a plot.
const LABEL_CHARS: usize = 8;

/// Returns the labels of ticks. If they would be too long, all are scaled by a power of ten, which replaces the
/// uppermost label.
fn tick_labels(values: &[f64], step: f64) -> Vec<String> {
    let plain: Vec<String> = values.iter().map(|&value| tick_label(value, step)).collect();
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let too_long = plain.iter().any(|label| label.chars().count() > LABEL_CHARS);
    if values.len() < 3 || !(too_long && largest < 1.0 || largest >= 1e12) {
        return plain;
    }
    let exponent = format::thousands(largest);
    let unit = 10_f64.powi(exponent);
    let mut labels: Vec<String> = values.iter().map(|value| trimmed(value / unit, step / unit)).collect();
    labels.pop();
    labels.push(format::times_ten_to(exponent));
    labels
}

/// Returns an axis from `low` to `high` whatever the values, with ticks at `values` in the decimals of
/// `precision`.
pub fn fixed_axis(low: f64, high: f64, precision: f64, values: &[f64]) -> ValueAxis {
    let labels = values.iter().map(|&value| tick_label(value, precision)).collect();
    ValueAxis { low, high, ticks: Ticks { values: values.to_vec(), labels } }
}

/// Returns 1, 2 or 5 times a power of ten, at least `least`.
fn nice_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|unit| unit * power)
        .find(|&step| step >= least)
        .unwrap_or(10.0 * power)
}

fn tick_label(value: f64, step: f64) -> String {
    let value = if value.abs() < step * 1e-6 { 0.0 } else { value };
    for (scale, suffix) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] {
        // prices keep their digits: only whole thousands are shortened
        if value.abs() >= scale && step >= scale / 2.0 {
            return format!("{}{suffix}", trimmed(value / scale, step / scale));
        }
    }
    trimmed(value, step)
}

fn trimmed(value: f64, step: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number of decimals")]
    let decimals = (-step.log10().floor()).clamp(0.0, 16.0) as usize;
    format!("{value:.decimals$}").replace('-', "\u{2212}")
}

#[cfg(test)]
mod tests {
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
        assert_eq!(ticks.labels, ["01:30", "02:00", "02:30", "02:00", "02:30", "03:00", "03:30"]);
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
            assert!(
                ticks.values.len() <= 6 && ticks.values.len() == ticks.labels.len(),
                "{times}: {ticks:?}"
            );
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

    #[test]
    fn labels_of_any_size_have_room_and_tell_ticks_apart() {
        let small = value_axis([6.9e-11, 7.2e-11].into_iter(), &[], 5);
        assert_eq!(small.ticks.labels.last().unwrap(), "×10⁻¹²");
        assert!(small.ticks.labels.contains(&"70".to_owned()), "{small:?}");
        for power in -20..20 {
            for (low, high) in [(1.0, 1.3), (-2.0, 5.0), (6.123_4, 6.123_9)] {
                let unit = 10_f64.powi(power);
                let labels = value_axis([low * unit, high * unit].into_iter(), &[], 6).ticks.labels;
                assert!(
                    labels.iter().all(|label| label.chars().count() <= LABEL_CHARS),
                    "{power} {labels:?}"
                );
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
}
