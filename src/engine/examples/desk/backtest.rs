//! `desk backtest`: trades rules over the bars of files and reports the result.

use super::output::say;
use super::{backtest_files, backtest_report};
use spreadscope_engine::Pair;
use spreadscope_engine::backtest::settings::{Group, SETTINGS, Setting};
use spreadscope_engine::backtest::{
    Axis, BreakEven, Fold, Grid, Ledger, Legs, Metrics, Parameters, Run, Surface, Sweep, Tape, TestResults,
    Train, Truncation, Trust, Walk, WalkForward, check, metrics, tape, truncation, trust_in_run,
};
use spreadscope_engine::settings::{SettingsError, Source};
use std::path::Path;

pub(super) const USAGE: &str = "desk backtest FILE… --y SYMBOL --x SYMBOL [--set name=value …] \
                     [--surface axis,axis] [--walk-forward rolling|anchored[,train=BARS][,test=BARS]] \
                     [--prove-no-look-ahead] [--json] [--equity] [--help]";

/// The command line.
#[derive(Debug, Default)]
pub(super) struct Request {
    files: Vec<String>,
    y: Option<String>,
    x: Option<String>,
    settings: Vec<(String, String)>,
    surface: Option<String>,
    walk_forward: Option<String>,
    prove: bool,
    json: bool,
    pub(super) equity: bool,
}

/// The results.
pub(super) struct Found {
    pub(super) ledger: Ledger,
    pub(super) metrics: [Metrics; 2],
    pub(super) trust: Trust,
    pub(super) surface: Option<(Grid, Surface)>,
    pub(super) folds: Option<(Grid, WalkForward, Vec<Fold>)>,
    pub(super) truncations: Option<Vec<Truncation>>,
    /// A sentence about bars of both legs that are not on the tape.
    pub(super) left_out: Option<String>,
}

pub(super) fn run(arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let Some(request) = read(arguments)? else {
        say!("{}", help());
        return Ok(());
    };
    let mut parameters = Parameters::default();
    let symbol = |name: &Option<String>, option: &str| {
        let name = name.as_ref().ok_or_else(|| format!("{option} SYMBOL is missing; usage: {USAGE}"))?;
        spreadscope_engine::transfer::market_name::symbol(name)
            .map_err(|reason| format!("{option}: {reason}"))
    };
    parameters.settings.source = Source::Recording;
    parameters.settings.pair = Pair { y: symbol(&request.y, "--y")?, x: symbol(&request.x, "--x")? };
    for (name, value) in &request.settings {
        parameters.set(name, value).map_err(|error| error.message)?;
    }
    let legs = backtest_files::legs(&request.files, &parameters.settings.pair)?;
    if request.settings.iter().all(|(name, _)| name != "interval") {
        parameters.settings.interval = backtest_files::shortest(&legs)?;
    }
    parameters.validate().map_err(|errors| {
        errors.into_iter().map(|error| error.message).collect::<Vec<String>>().join("; ")
    })?;
    let common = backtest_files::common(&legs, &parameters)?;
    let bars = backtest_files::bars(&legs, &common);
    let legs = backtest_files::both(&legs, &bars);
    check(&parameters, legs).map_err(|error| error.message)?;
    let tape = tape(legs, &parameters.settings).map_err(|error| error.to_string())?;
    let found = Found { left_out: common.note(), ..find(&request, &parameters, legs, &tape)? };
    if request.json {
        let text =
            serde_json::to_string_pretty(&backtest_report::json_of(&request, &parameters, &tape, &found));
        say!("{}", text.map_err(|error| error.to_string())?);
    } else {
        backtest_report::words(&parameters, &tape, &found);
    }
    Ok(())
}

fn find(request: &Request, parameters: &Parameters, legs: Legs<'_>, tape: &Tape) -> Result<Found, String> {
    let message = |error: SettingsError| error.message;
    let surface_grid = request.surface.as_deref().map(Grid::parse).transpose().map_err(message)?;
    let walk_forward = request.walk_forward.as_deref().map(|text| stretches(text, tape.len())).transpose()?;
    let mut run = Run::new(&parameters.rules, 0..tape.len(), true);
    let mut tests = TestResults::default();
    while run.work(tape, &mut tests, usize::MAX) {}
    let ledger = run.finish();
    let surface = match &surface_grid {
        Some(grid) => {
            let mut sweep = Sweep::new(parameters, grid);
            while sweep.work(legs).map_err(message)? {}
            Some((grid.clone(), Surface::new(parameters, grid, sweep.finish(), tape)))
        }
        None => None,
    };
    let folds = match walk_forward {
        Some(how) => {
            let choices = || Grid::parse("entry_z=1:4:13,exit_z=-0.5:1:7");
            let grid = surface_grid.map_or_else(choices, Ok).map_err(message)?;
            let mut walk = Walk::new(parameters, &grid, how, tape.len()).map_err(message)?;
            while walk.work(legs).map_err(message)? {}
            Some((grid, how, walk.finish()))
        }
        None => None,
    };
    let truncations = request.prove.then(|| {
        let parts = [1, 2, 3, 5, 7, 9].map(|tenths| tape.len() * tenths / 10);
        parts
            .map(|bars| truncation(legs, parameters, &ledger, bars))
            .into_iter()
            .collect::<Result<Vec<_>, _>>()
    });
    let mut metrics = metrics(tape, &parameters.rules, 0..tape.len(), &ledger);
    let mut search = BreakEven::new(&parameters.rules, 0..tape.len(), &ledger);
    while search.work(tape, &mut tests, usize::MAX) {}
    if let Some(fee_bps) = search.fee_bps() {
        metrics[0].break_even_fee_bps = fee_bps.into();
    }
    Ok(Found {
        metrics,
        trust: trust_in_run(tape, &parameters.rules, &ledger),
        surface,
        folds,
        truncations: truncations.transpose().map_err(|error| error.to_string())?,
        ledger,
        left_out: None,
    })
}

/// Parses `rolling` or `anchored`, with optional `,train=BARS` and `,test=BARS`.
fn stretches(text: &str, bars: usize) -> Result<WalkForward, String> {
    let mut parts = text.split([',', ':']).map(str::trim);
    let train = match parts.next() {
        Some("rolling") => Train::Rolling,
        Some("anchored") => Train::Anchored,
        other => {
            return Err(format!("--walk-forward must be rolling or anchored, was {:?}", other.unwrap_or("")));
        }
    };
    let mut how = WalkForward::of(train, bars);
    for part in parts {
        let read =
            part.split_once('=').and_then(|(name, value)| Some((name.trim(), value.trim().parse().ok()?)));
        match read {
            Some(("train", bars)) => how.train_bars = bars,
            Some(("test", bars)) => how.test_bars = bars,
            _ => return Err(format!("--walk-forward takes train=BARS and test=BARS, was {part:?}")),
        }
    }
    Ok(how)
}

fn read(arguments: impl Iterator<Item = String>) -> Result<Option<Request>, String> {
    let mut request = Request::default();
    let mut arguments = arguments.peekable();
    while let Some(argument) = arguments.next() {
        let (option, given) = match argument.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option.to_owned(), Some(value.to_owned())),
            _ => (argument, None),
        };
        let mut value = || {
            let next = given.clone().or_else(|| arguments.next());
            next.ok_or_else(|| format!("{option} needs a value; usage: {USAGE}"))
        };
        match option.as_str() {
            "--help" | "-h" => return Ok(None),
            "--json" => request.json = true,
            "--equity" => request.equity = true,
            "--y" => request.y = Some(value()?),
            "--x" => request.x = Some(value()?),
            "--surface" => request.surface = Some(value()?),
            "--walk-forward" => request.walk_forward = Some(value()?),
            "--prove-no-look-ahead" => request.prove = true,
            "--set" => {
                request.settings.push(pair(&value()?)?);
                // more files may follow
                let is_pair = |text: &String| {
                    text.split_once('=').is_some_and(|(name, _)| Setting::named(name.trim()).is_some())
                };
                while let Some(text) = arguments.next_if(is_pair) {
                    request.settings.push(pair(&text)?);
                }
            }
            unknown if unknown.starts_with("--") => {
                return Err(format!("there is no option {unknown}; usage: {USAGE}"));
            }
            _ => request.files.push(file(option)?),
        }
    }
    if request.files.is_empty() {
        return Err(format!("usage: {USAGE}"));
    }
    if request.equity && !request.json {
        return Err("--equity adds the equity of each bar to the JSON: it needs --json".to_owned());
    }
    Ok(Some(request))
}

/// A file, unless the text is of the form `name=value` and no file has that name.
fn file(text: String) -> Result<String, String> {
    let Some((name, value)) = text.split_once('=').filter(|_| !Path::new(&text).exists()) else {
        return Ok(text);
    };
    Parameters::default().set(name.trim(), value).map_err(|error| error.message)?;
    Err(format!("{text} is a setting: it goes behind --set; usage: {USAGE}"))
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) =
        text.split_once('=').ok_or_else(|| format!("--set needs name=value, was {text:?}"))?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn help() -> String {
    let mut lines = vec![format!("usage: {USAGE}")];
    let default = Parameters::default();
    for (group, title) in [
        (Group::Rules, "rules"),
        (Group::Sizing, "sizing"),
        (Group::Costs, "costs"),
        (Group::Limits, "limits"),
        (Group::Analytics, "rows, as on the page"),
    ] {
        lines.push(format!("\n{title}"));
        for setting in SETTINGS.iter().filter(|setting| setting.group == group) {
            let value = match (setting.name, (setting.read)(&default)) {
                ("interval", _) => "the shortest that both legs have".to_owned(),
                (_, value) => backtest_report::shown(value).to_string(),
            };
            lines.push(format!("  {:<24} {} (default {value})", setting.name, setting.range()));
        }
    }
    lines.push("\naxes of a surface, each as NAME, NAME=from:to:count or NAME=word|word".to_owned());
    for axis in Axis::all() {
        let [first, last] = [axis.values.first(), axis.values.last()]
            .map(|value| value.map_or_else(String::new, |value| backtest_report::shown(*value).to_string()));
        lines.push(format!("  {:<24} {first} to {last}, {} values", axis.name, axis.values.len()));
    }
    lines.join("\n")
}
