//! Ticks and ranges of axes, set here rather than by Plotly: a given range is cheap to redraw.

use crate::view::charts::offsets::Offsets;
use crate::view::charts::range::Span;
use crate::view::numbers::calendar;
use crate::view::numbers::format;
use crate::view::screen::zone;
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
/// months, whose labels are short. The first one has its date unless that is the day of `now`; the first time of
/// day after a change of the clocks has its offset from UTC, because an hour may come twice.
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
    for (stretch, (from, to, offset)) in offsets.stretches(from, to).enumerate() {
        let mut is_changed = stretch > 0 && step.is_some_and(|step| step < DAY);
        for local in local_places(from + offset, to + offset, step, least) {
            let mut label = time_label(local, step, before, now.0 + offset);
            if core::mem::take(&mut is_changed) {
                label = format!("{label} {}", zone::offset_name(i32::try_from(offset / 60_000).unwrap_or(0)));
            }
            ticks.values.push((local - offset) as f64);
            ticks.labels.push(label);
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
    between(low, high, most, LABEL_CHARS)
}

fn between(low: f64, high: f64, most: usize, chars: usize) -> ValueAxis {
    let step = nice_step((high - low) / most.max(1) as f64);
    let (first, last) = ((low / step).ceil(), (high / step).floor());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "few steps, no fewer than none"
    )]
    let count = ((last - first).max(-1.0) + 1.0) as usize;
    let values: Vec<f64> = (0..count).map(|place| (first + place as f64) * step).collect();
    let labels = tick_labels(&values, step, chars);
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
    containing(values, must, most, LABEL_CHARS)
}

/// Returns an axis of percent: that from and to the given ends, or as [`value_axis`].
pub fn percent_axis(ends: Option<(f64, f64)>, values: impl Iterator<Item = f64>, most: usize) -> ValueAxis {
    let chars = LABEL_CHARS - PERCENT_CHARS;
    let mut axis = ends
        .map_or_else(|| containing(values, &[], most, chars), |(low, high)| between(low, high, most, chars));
    for label in &mut axis.ticks.labels {
        label.push('%');
    }
    axis
}

fn containing(values: impl Iterator<Item = f64>, must: &[f64], most: usize, chars: usize) -> ValueAxis {
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
        let labels = tick_labels(&values, step, chars);
        // wider steps have shorter labels
        if most > 1 && labels.iter().any(|label| label.chars().count() > chars) {
            most -= 1;
            continue;
        }
        return ValueAxis { low: first * step, high: last * step, ticks: Ticks { values, labels } };
    }
}

/// Characters of a label that fit beside a plot.
const LABEL_CHARS: usize = 8;
/// Room that a sign of percent takes: it is as wide as almost two digits.
const PERCENT_CHARS: usize = 2;

/// Returns the labels of ticks. If they would have more than `chars`, all are scaled by a power of ten, which replaces the
/// uppermost label.
fn tick_labels(values: &[f64], step: f64, chars: usize) -> Vec<String> {
    let plain: Vec<String> = values.iter().map(|&value| tick_label(value, step)).collect();
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let too_long = plain.iter().any(|label| label.chars().count() > chars);
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
mod tests;
