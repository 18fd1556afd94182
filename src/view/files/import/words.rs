//! Words about files and recordings.

use super::Stage;
use crate::view::numbers::format;
use spreadscope_engine::UnixMillis;
use spreadscope_engine::transfer::news::Report;
use spreadscope_engine::transfer::plan::{Form, Kind, Plan, length_words};
use spreadscope_engine::transfer::recorded::Summary;
use spreadscope_engine::transfer::{ReadRow, Sample, timestamp};

/// Returns what a file is, in a sentence.
pub fn headline(plan: &Plan) -> String {
    let form = match &plan.form {
        Form::Table(table) if table.has_header() => "a table with a header",
        Form::Table(_) => "a table without a header",
        Form::Objects { .. } | Form::Ndjson => "JSON, one a line",
        Form::Document { .. } => "rows within one JSON value",
        Form::Frames => "recorded stream frames",
    };
    match (plan.kind, plan.step_millis) {
        (Kind::Bars, Some(step)) => format!("Bars of {} as {form}.", length_words(step)),
        (Kind::Bars, None) => format!("Bars as {form}."),
        (Kind::Trades, _) => format!("Trades as {form}."),
    }
}

/// Returns a stage as an attribute for tests.
pub const fn stage_name(stage: &Stage) -> &'static str {
    match stage {
        Stage::None => "none",
        Stage::Looking => "looking",
        Stage::Shown(_) => "shown",
        Stage::Reading { .. } => "reading",
        Stage::Done(_) => "done",
        Stage::Failed(_) => "failed",
        Stage::Cancelled => "cancelled",
    }
}

/// Returns a stage for screen readers, spoken once rather than for every slice.
pub const fn spoken(stage: &Stage) -> &'static str {
    match stage {
        Stage::None | Stage::Failed(_) => "",
        Stage::Looking => "Looking at the file",
        Stage::Shown(_) => "The first rows of the file are shown",
        Stage::Reading { .. } => "Reading the file",
        Stage::Done(_) => "The file has been imported",
        Stage::Cancelled => "The import was cancelled",
    }
}

/// Returns the outcome of a file in a few words; `None` while it is under way.
pub fn outcome(stage: &Stage) -> Option<String> {
    match stage {
        Stage::Done(report) => Some(done(report).join(" ")),
        Stage::Failed(reason) => Some(format!("nothing was imported: {reason}.")),
        Stage::Cancelled => Some("cancelled: nothing of it was imported.".to_owned()),
        Stage::None | Stage::Looking | Stage::Shown(_) | Stage::Reading { .. } => None,
    }
}

/// Returns the share of the file that has been read, 0 to 1.
pub fn share(stage: &Stage) -> f64 {
    match stage {
        Stage::Reading { done, bytes, .. } if *bytes > 0 => *done as f64 / *bytes as f64,
        _ => 0.0,
    }
}

/// Returns the progress of a file while it is read.
pub fn of_progress(stage: &Stage) -> String {
    match stage {
        Stage::Reading { done, bytes, rows, refused } => progress(*done, *bytes, *rows, *refused),
        _ => String::new(),
    }
}

fn progress(done: u64, bytes: u64, rows: u64, refused: u64) -> String {
    let rows = format!("{} rows", format::count(rows));
    let refused = if refused == 0 { String::new() } else { format!(", {} refused", format::count(refused)) };
    format!("{} of {}: {rows}{refused}", format::bytes(done as f64), format::bytes(bytes as f64))
}

/// Returns a time to the second, UTC.
pub fn time(at: UnixMillis) -> String {
    timestamp::format(at.0)[..19].replace('T', " ")
}

/// Returns what a row contains, or why it is refused.
pub fn reading(sample: &Sample) -> String {
    let ReadRow { symbol, time: at, known, prices, volume } = match &sample.read {
        Ok(read) => read,
        Err(reason) => return format!("Refused: {reason}."),
    };
    let symbol = symbol.as_ref().map_or_else(String::new, |symbol| format!("{symbol} "));
    let prices = match prices {
        None if !known => return format!("{symbol}{} nothing is known", time(*at)),
        None => "nothing traded".to_owned(),
        Some([open, high, low, close]) if open == high && low == close && open == low => {
            format::price(*close)
        }
        Some(prices) => prices.map(format::price).join(" "),
    };
    format!("{symbol}{} {prices}, volume {}", time(*at), format::amount(*volume))
}

/// Returns the outcome of a file, in sentences.
pub fn done(report: &Report) -> Vec<String> {
    let mut sentences = vec![format!("{} imported.", counted(report.rows, "row", "rows"))];
    if report.refusals.count > 0 {
        let shown = report.refusals.first.len() as u64;
        let which = if shown < report.refusals.count {
            format!("the first {} below", format::count(shown))
        } else {
            if report.refusals.count == 1 { "with its reason below" } else { "each with its reason below" }
                .to_owned()
        };
        sentences.push(format!("{} refused, {which}.", counted(report.refusals.count, "row", "rows")));
    }
    if report.others > 0 {
        sentences.push(format!(
            "{} skipped.",
            counted(report.others, "line of another kind", "lines of other kinds")
        ));
    }
    if report.repeated > 0 {
        let rows = counted(report.repeated, "row", "rows");
        sentences.push(format!("{rows} came twice: the later, fuller one was used each time."));
    }
    sentences.extend_from_slice(&report.notes);
    for leg in &report.legs {
        sentences.push(held(&leg.summary));
        if leg.missing_ids > 0 {
            let trades = counted(leg.missing_ids, "trade is", "trades are");
            sentences.push(format!("By their ids {trades} missing: those seconds are marked as missing."));
        }
        if let Some(from) = leg.lengthened_from {
            sentences.push(format!(
                "It has so many bars of {} that they are kept as bars of {}.",
                length_words(from),
                length_words(leg.summary.step_millis)
            ));
        }
    }
    sentences
}

/// Returns a number with the word in singular or plural.
fn counted(number: u64, one: &str, more: &str) -> String {
    format!("{} {}", format::count(number), if number == 1 { one } else { more })
}

/// Returns a recording in a sentence.
pub fn held(summary: &Summary) -> String {
    let Summary { symbol, step_millis, bars, from, to, holes } = summary;
    if from == to {
        return format!("{symbol}: no complete bar, and nothing imported.");
    }
    let holes = match holes {
        0 => String::new(),
        1 => ", 1 hole".to_owned(),
        more => format!(", {} holes", format::count(*more)),
    };
    format!(
        "{symbol}: {} of {} that traded, {} to {} UTC{holes}.",
        counted(*bars, "bar", "bars"),
        length_words(*step_millis),
        time(*from),
        time(*to)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use spreadscope_engine::Symbol;
    use spreadscope_engine::transfer::news::LegReport;
    use spreadscope_engine::transfer::refusal::Refusals;

    #[test]
    fn progress_says_how_much_and_how_many() {
        assert_eq!(progress(12_345_678, 200_000_000, 123_456, 0), "12.3 MB of 200.0 MB: 123,456 rows");
        assert_eq!(progress(999, 1_500, 3, 1), "999 B of 1.5 kB: 3 rows, 1 refused");
    }

    #[test]
    fn a_report_leaves_nothing_out() {
        let summary = Summary {
            symbol: Symbol::new("BTCUSDT").unwrap(),
            step_millis: 60_000,
            bars: 1_440,
            from: UnixMillis(1_700_006_400_000),
            to: UnixMillis(1_700_092_800_000),
            holes: 2,
        };
        let mut refusals = Refusals::default();
        for line in 0..1_000 {
            refusals.add(line, "no".into());
        }
        let leg = LegReport { summary, missing_ids: 7, lengthened_from: Some(1_000) };
        let report = Report {
            import: 1,
            name: "x".into(),
            rows: 86_400,
            refusals,
            others: 5,
            repeated: 3,
            unpriced: 1,
            notes: vec!["The row in line 7 has no price.".into()],
            legs: vec![leg],
        };
        assert_eq!(
            done(&report),
            [
                "86,400 rows imported.",
                "1,000 rows refused, the first 100 below.",
                "5 lines of other kinds skipped.",
                "3 rows came twice: the later, fuller one was used each time.",
                "The row in line 7 has no price.",
                "BTCUSDT: 1,440 bars of 1 m that traded, 2023-11-15 00:00:00 to 2023-11-16 00:00:00 UTC, 2 holes.",
                "By their ids 7 trades are missing: those seconds are marked as missing.",
                "It has so many bars of 1 s that they are kept as bars of 1 m.",
            ]
        );
    }

    #[test]
    fn a_row_is_shown_as_it_is_read() {
        let sample = |read| Sample { line: 2, cells: Vec::new(), read };
        let reading = |known, prices| {
            let symbol = Some("btcusdt".to_owned());
            let time = UnixMillis(1_700_006_400_000);
            reading(&sample(Ok(ReadRow { symbol, time, known, prices, volume: 2.5 })))
        };
        assert_eq!(reading(true, Some([1.0; 4])), "btcusdt 2023-11-15 00:00:00 1.0000, volume 2.500");
        assert_eq!(reading(true, None), "btcusdt 2023-11-15 00:00:00 nothing traded, volume 2.500");
        assert_eq!(reading(false, None), "btcusdt 2023-11-15 00:00:00 nothing is known");
        assert_eq!(super::reading(&sample(Err("no time".into()))), "Refused: no time.");
    }
}
