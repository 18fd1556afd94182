//! Reports on files and their data: in words, as JSON, or as the bars themselves.

use super::load::{Loaded, Market, Outcome};
use super::output::say;
use serde_json::{Value, json};
use spreadscope_engine::Interval;
use spreadscope_engine::transfer::news::Report;
use spreadscope_engine::transfer::plan::{Form, Kind, Plan, Role, intervals, length_words};
use spreadscope_engine::transfer::timestamp;

/// Prints the imported bars of a market.
pub(super) fn bars(loaded: &Loaded, name: &str) -> Result<(), String> {
    let symbol = spreadscope_engine::transfer::market_name::symbol(name)?;
    let reasons = || {
        let failed = loaded.outcomes.iter().filter_map(|outcome| outcome.end.as_ref().err());
        failed.flat_map(|reason| ["\n", reason.as_str()]).collect::<String>()
    };
    let recording = loaded.imports.recording(&symbol);
    let recording = recording.ok_or_else(|| format!("no file has bars of {symbol}{}", reasons()))?;
    say!("open_time,open,high,low,close,volume,quote_volume,trades");
    for (open_time, bar) in recording.traded() {
        let (volume, quote_volume) = (bar.volume.value(), bar.quote_volume.value());
        say!(
            "{},{},{},{},{},{volume},{quote_volume},{}",
            open_time.0,
            bar.open,
            bar.high,
            bar.low,
            bar.close,
            bar.trades
        );
    }
    Ok(())
}

/// Prints the whole report as one JSON value.
pub(super) fn json(loaded: &Loaded) -> Result<(), String> {
    let files: Vec<Value> = loaded.outcomes.iter().map(of_file).collect();
    let markets: Vec<Value> =
        loaded.markets().iter().filter_map(|market| of_market(loaded, market)).collect();
    let text = serde_json::to_string_pretty(&json!({ "files": files, "markets": markets }));
    say!("{}", text.map_err(|error| error.to_string())?);
    Ok(())
}

fn of_file(outcome: &Outcome) -> Value {
    let preview = outcome.preview.as_ref();
    let (rows, refused, refusals, others) = match &outcome.end {
        Ok(report) => (report.rows, report.refusals.count, &report.refusals.first[..], report.others),
        Err(_) => (0, 0, &[][..], 0),
    };
    let refusals: Vec<Value> =
        refusals.iter().map(|refusal| json!({ "line": refusal.line, "reason": refusal.reason })).collect();
    json!({
        "file": outcome.file,
        "plan": preview.map(|preview| of_plan(&preview.plan, &preview.columns)),
        "problems": preview.map_or(&[][..], |preview| &preview.problems[..]),
        "notes": preview.map_or(&[][..], |preview| &preview.notes[..]),
        "rows_taken": rows,
        "rows_refused": refused,
        "refused": refusals,
        "rows_repeated": outcome.end.as_ref().map_or(0, |report| report.repeated),
        "rows_without_price": outcome.end.as_ref().map_or(0, |report| report.unpriced),
        "other_lines": others,
        "notes_after": outcome.end.as_ref().map_or_else(|_| Vec::new(), notes),
        "error": outcome.end.as_ref().err(),
    })
}

/// Remarks on an imported file.
pub(super) fn notes(report: &Report) -> Vec<String> {
    let repeated = match report.repeated {
        0 => None,
        1 => Some("1 row came twice: the later, fuller one was taken.".to_owned()),
        more => Some(format!("{more} rows came twice: the later, fuller ones were taken.")),
    };
    repeated.into_iter().chain(report.notes.iter().cloned()).collect()
}

fn of_plan(plan: &Plan, names: &[String]) -> Value {
    let kind = match plan.kind {
        Kind::Bars => "bars",
        Kind::Trades => "trades",
    };
    let (form, header_line, header_lines, skipped, separator, decimal) = match &plan.form {
        Form::Table(table) => (
            "table",
            table.header_line,
            table.header_lines,
            table.skipped_lines,
            Some(table.delimiter),
            table.decimal.sign(),
        ),
        Form::Objects { .. } => ("JSON objects, one a line", 0, 0, 0, None, '.'),
        Form::Document { of_objects: true, .. } => ("JSON objects", 0, 0, 0, None, '.'),
        Form::Document { .. } => ("JSON arrays", 0, 0, 0, None, '.'),
        Form::Ndjson => ("JSON trades, one a line", 0, 0, 0, None, '.'),
        Form::Frames => ("stream frames", 0, 0, 0, None, '.'),
    };
    let columns = plan.form.columns().unwrap_or_default().iter().enumerate().map(|(at, shared)| {
        let own = plan.markets.iter().find_map(|market| {
            let (role, _) = market.columns.iter().find(|(_, place)| *place == at)?;
            Some((*role, &market.symbol))
        });
        let role = shared.or(own.map(|(role, _)| role));
        json!({
            "name": names.get(at),
            "meaning": role.map(Role::name),
            "market": own.map(|(_, symbol)| symbol),
        })
    });
    json!({
        "kind": kind,
        "form": form,
        "bar_ms": plan.step_millis,
        "symbol": plan.symbol.as_ref().filter(|_| plan.markets.is_empty()),
        "coding": plan.coding.name(),
        "header_line": header_line,
        "header_lines": header_lines,
        "skipped_lines": skipped,
        "separator": separator,
        "decimal_sign": decimal,
        "zone": plan.times.zone.words(),
        "columns": columns.collect::<Vec<Value>>(),
    })
}

fn of_market(loaded: &Loaded, Market { symbol, interval, bars }: &Market) -> Option<Value> {
    let recording = loaded.imports.recording(symbol)?;
    let summary = recording.summary(symbol);
    let first = recording.traded().next().map(|(open_time, _)| open_time.0);
    let last = recording.traded().last().map(|(open_time, _)| open_time.0);
    let shown: Vec<&str> = intervals(summary.step_millis).map(Interval::as_str).collect();
    Some(json!({
        "symbol": symbol,
        "interval": length_words(summary.step_millis).replace(' ', ""),
        "interval_ms": summary.step_millis,
        "shown_at": shown,
        "desk_interval": interval.as_str(),
        "desk_bars": bars.len(),
        "bars": summary.bars,
        "first_open_time": first.map(timestamp::format),
        "last_open_time": last.map(timestamp::format),
        "first_open_time_ms": first,
        "last_open_time_ms": last,
        "holes": summary.holes,
    }))
}

/// Prints the report in words.
pub(super) fn words(loaded: &Loaded) {
    for outcome in &loaded.outcomes {
        say!("{}", outcome.file);
        if let Some(preview) = &outcome.preview {
            say!("  plan: {}", of_plan(&preview.plan, &preview.columns));
            for text in preview.problems.iter().chain(&preview.notes) {
                say!("  {text}");
            }
        }
        match &outcome.end {
            Ok(report) => {
                say!("  {} rows taken, {} refused", report.rows, report.refusals.count);
                for note in notes(report) {
                    say!("  {note}");
                }
                for refusal in &report.refusals.first {
                    say!("  line {}: {}", refusal.line, refusal.reason);
                }
            }
            Err(reason) => say!("  nothing taken: {reason}"),
        }
    }
    for market in loaded.markets().iter().filter_map(|market| of_market(loaded, market)) {
        say!("{market}");
    }
}
