//! Rules traded over the bars of files: what would have been bought and sold, and what would have come of it.

use super::import;
use serde_json::{Map, Value, json};
use spreadscope_engine::backtest::settings::{Group, SETTINGS, Value as Setting};
use spreadscope_engine::backtest::{
    FillAt, Ledger, Legs, Metrics, Parameters, Run, Tape, TestResults, closes_alone, metrics, tape,
};
use spreadscope_engine::bars::Bars;
use spreadscope_engine::config::Source;
use spreadscope_engine::transfer::plan::{Kind, Role};
use spreadscope_engine::transfer::recorded::Recorded;
use spreadscope_engine::transfer::{Import, Imports, Preview};
use spreadscope_engine::{Interval, Pair, Symbol};

const USAGE: &str =
    "usage: desk backtest FILE… --y SYMBOL --x SYMBOL [--set name=value …] [--json] [--equity] [--help]";

/// What is asked for.
#[derive(Debug, Default)]
struct Request {
    files: Vec<String>,
    y: Option<String>,
    x: Option<String>,
    settings: Vec<(String, String)>,
    json: bool,
    equity: bool,
}

/// One leg, as files have given it.
struct Leg {
    recorded: Recorded,
    closes_alone: bool,
}

pub(super) fn run(arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let Some(request) = read(arguments)? else {
        println!("{}", help());
        return Ok(());
    };
    let mut parameters = Parameters::default();
    let symbol = |name: &Option<String>, option: &str| {
        let name = name.as_ref().ok_or_else(|| format!("{option} SYMBOL is missing; {USAGE}"))?;
        spreadscope_engine::transfer::row::symbol(name).map_err(|reason| format!("{option}: {reason}"))
    };
    parameters.desk.source = Source::Recording;
    parameters.desk.pair = Pair { y: symbol(&request.y, "--y")?, x: symbol(&request.x, "--x")? };
    for (name, value) in &request.settings {
        parameters.set(name, value).map_err(|error| error.message)?;
    }
    let legs = legs(&request.files, &parameters.desk.pair)?;
    if request.settings.iter().all(|(name, _)| name != "interval") {
        parameters.desk.interval = shortest(&legs)?;
    }
    parameters.validate().map_err(|errors| {
        errors.into_iter().map(|error| error.message).collect::<Vec<String>>().join("; ")
    })?;
    let bars = bars(&legs, &parameters)?;
    let legs =
        Legs { bars: [&bars[0], &bars[1]], closes_alone: [legs[0].closes_alone, legs[1].closes_alone] };
    spreadscope_engine::backtest::check(&parameters, legs).map_err(|error| error.message)?;
    let tape = tape(legs, &parameters.desk).map_err(|error| error.to_string())?;
    let mut run = Run::new(&parameters.rules, 0..tape.len(), true);
    let mut tests = TestResults::default();
    while run.work(&tape, &mut tests, usize::MAX) {}
    let ledger = run.finish();
    let metrics = metrics(&tape, &parameters.rules, 0..tape.len(), &ledger);
    if request.json {
        let text = serde_json::to_string_pretty(&report(&request, &parameters, &tape, &ledger, &metrics));
        println!("{}", text.map_err(|error| error.to_string())?);
    } else {
        words(&parameters, &tape, &ledger, &metrics);
    }
    Ok(())
}

fn read(arguments: impl Iterator<Item = String>) -> Result<Option<Request>, String> {
    let mut request = Request::default();
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let (option, given) = match argument.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option.to_owned(), Some(value.to_owned())),
            _ => (argument, None),
        };
        let mut value = || {
            given
                .clone()
                .or_else(|| arguments.next())
                .ok_or_else(|| format!("{option} needs a value; {USAGE}"))
        };
        match option.as_str() {
            "--help" | "-h" => return Ok(None),
            "--json" => request.json = true,
            "--equity" => request.equity = true,
            "--y" => request.y = Some(value()?),
            "--x" => request.x = Some(value()?),
            "--set" => {
                let text = value()?;
                let (name, value) =
                    text.split_once('=').ok_or_else(|| format!("--set needs name=value, was {text:?}"))?;
                request.settings.push((name.trim().to_owned(), value.trim().to_owned()));
            }
            unknown if unknown.starts_with("--") => {
                return Err(format!("there is no option {unknown}; {USAGE}"));
            }
            _ => request.files.push(option),
        }
    }
    if request.files.is_empty() { Err(USAGE.to_owned()) } else { Ok(Some(request)) }
}

fn help() -> String {
    let mut lines = vec![USAGE.to_owned()];
    let default = Parameters::default();
    for (group, title) in [
        (Group::Rules, "rules"),
        (Group::Sizing, "sizing"),
        (Group::Costs, "costs"),
        (Group::Limits, "limits"),
        (Group::Desk, "rows, as on the desk"),
    ] {
        lines.push(format!("\n{title}"));
        for setting in SETTINGS.iter().filter(|setting| setting.group == group) {
            let value = match (setting.name, (setting.read)(&default)) {
                ("interval", _) => "the shortest that both legs have".to_owned(),
                (_, value) => shown(value).to_string(),
            };
            lines.push(format!("  {:<24} {} (default {value})", setting.name, setting.range()));
        }
    }
    lines.join("\n")
}

fn shown(value: Setting) -> Value {
    match value {
        Setting::Off => json!("none"),
        Setting::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            #[expect(clippy::cast_possible_truncation, reason = "whole, and below 1e15")]
            let whole = number as i64;
            json!(whole)
        }
        Setting::Number(number) => json!(number),
        Setting::Word(word) => json!(word),
    }
}

/// The recordings of both legs.
fn legs(files: &[String], pair: &Pair) -> Result<[Leg; 2], String> {
    let mut imports = Imports::default();
    imports.open_with(Import::open);
    let mut opens_unknown: Vec<Symbol> = Vec::new();
    for (number, file) in (1..).zip(files) {
        let outcome = import::take(&mut imports, number, file);
        let report = outcome.end.map_err(|reason| format!("{file}: {reason}"))?;
        if outcome.preview.as_ref().is_some_and(lacks_opens) {
            opens_unknown.extend(report.legs.into_iter().map(|leg| leg.summary.symbol));
        }
    }
    let leg = |symbol: &Symbol| {
        let recorded = imports.recording(symbol).ok_or_else(|| {
            let held: Vec<&str> = imports.recordings().map(|(symbol, _)| symbol.as_str()).collect();
            format!("no file has bars of {symbol}; there are bars of {}", held.join(", "))
        })?;
        let closes_alone =
            opens_unknown.contains(symbol) || closes_alone(recorded.traded().map(|(_, traded)| traded));
        Ok::<Leg, String>(Leg { recorded: recorded.clone(), closes_alone })
    };
    Ok([leg(&pair.y)?, leg(&pair.x)?])
}

/// Whether the file has bars and no column of their opens.
fn lacks_opens(preview: &Preview) -> bool {
    let plan = &preview.plan;
    let shared = plan.form.columns().unwrap_or_default().iter().flatten().copied();
    let own = plan.markets.iter().flat_map(|market| market.columns.iter().map(|(role, _)| *role));
    let roles: Vec<Role> = shared.chain(own).collect();
    plan.kind == Kind::Bars && !roles.is_empty() && !roles.contains(&Role::Open)
}

/// The shortest interval that the bars of both legs fit into.
fn shortest(legs: &[Leg; 2]) -> Result<Interval, String> {
    let fits =
        |interval: &Interval| legs.iter().all(|leg| interval.millis() % leg.recorded.step_millis() == 0);
    Interval::ALL.into_iter().find(fits).ok_or_else(|| {
        let [y, x] = [0, 1].map(|leg: usize| legs[leg].recorded.step_millis());
        format!("there is no interval that bars of {y} ms and of {x} ms fit into")
    })
}

fn bars(legs: &[Leg; 2], parameters: &Parameters) -> Result<[Bars; 2], String> {
    let pair = &parameters.desk.pair;
    let of = |leg: &Leg, symbol: &Symbol| {
        let interval = parameters.desk.interval;
        leg.recorded.bars(interval).ok_or_else(|| {
            let refusal = leg.recorded.refusal(symbol, interval);
            refusal.unwrap_or_else(|| format!("nothing is known for certain in the recording of {symbol}"))
        })
    };
    Ok([of(&legs[0], &pair.y)?, of(&legs[1], &pair.x)?])
}

fn report(
    request: &Request,
    parameters: &Parameters,
    tape: &Tape,
    ledger: &Ledger,
    [whole, without]: &[Metrics; 2],
) -> Value {
    let mut named = Map::new();
    named.insert("y".to_owned(), json!(parameters.desk.pair.y));
    named.insert("x".to_owned(), json!(parameters.desk.pair.x));
    named.insert("from_ms".to_owned(), json!(tape.open_time(0)));
    named.insert("to_ms".to_owned(), json!(tape.open_time(tape.len())));
    named.insert("bars".to_owned(), json!(tape.len()));
    for setting in SETTINGS {
        named.insert(setting.name.to_owned(), shown((setting.read)(parameters)));
    }
    let mut report = json!({
        "parameters": named,
        "orders": ledger.orders,
        "trades": ledger.trades,
        "metrics": whole,
        "metrics_without_end_of_data": without,
        "not_entered": ledger.refusals,
    });
    if parameters.rules.fill == FillAt::SameClose {
        report["note"] = json!("filled at the close that decided: optimistic, to compare with other tools");
    }
    if request.equity {
        let step =
            |place: usize| json!([tape.open_time(place), ledger.equity[place], ledger.gross_equity[place]]);
        report["equity"] = (0..ledger.equity.len()).map(step).collect();
    }
    report
}

fn words(parameters: &Parameters, tape: &Tape, ledger: &Ledger, [whole, without]: &[Metrics; 2]) {
    let pair = &parameters.desk.pair;
    println!("{} against {}: {} bars of {}", pair.y, pair.x, tape.len(), tape.interval().as_str());
    println!("{}", verdict(parameters, whole));
    if parameters.rules.fill == FillAt::SameClose {
        println!("Filled at the close that decided: optimistic, to compare with other tools.");
    }
    if ledger.forced_from.is_some() {
        println!(
            "The last round trip was closed by the end of the data; without it net is {:.2}.",
            without.net
        );
    }
    let value = serde_json::to_value(whole).unwrap_or_default();
    for (name, value) in value.as_object().into_iter().flatten() {
        let text =
            value.get("undefined").and_then(Value::as_str).map_or_else(|| value.to_string(), str::to_owned);
        println!("  {name:<22} {text}");
    }
    let refusals = serde_json::to_value(ledger.refusals).unwrap_or_default();
    for (name, count) in refusals.as_object().into_iter().flatten().filter(|(_, count)| **count != json!(0)) {
        println!("  not entered: {name} {count}");
    }
}

/// Whether it pays, in one sentence.
fn verdict(parameters: &Parameters, metrics: &Metrics) -> String {
    let (Some(edge), Some(fee)) = (metrics.gross_edge_bps.value(), metrics.break_even_fee_bps.value()) else {
        return "Nothing was traded.".to_owned();
    };
    let costs = format!(
        "{} round trips: gross edge {edge:.2} bps of turnover, slippage {}, your fee {}",
        metrics.trades, parameters.rules.slippage_bps, parameters.rules.fee_bps
    );
    if metrics.net > 0.0 {
        format!("{costs}: it pays, up to a fee of {fee:.2} bps.")
    } else if fee > 0.0 {
        format!("{costs}: it does not pay; it would below a fee of {fee:.2} bps.")
    } else {
        format!("{costs}: it does not pay, and would not without a fee.")
    }
}
