//! `desk scan`: tests every pair of the markets in files, with p-values corrected for their number.

use super::load::{Loaded, Outcome, load};
use super::report;
use super::scan_report::{self, ScanInput};
use spreadscope_engine::scan::{Carried, Progress, Scan, Series, Spec};
use spreadscope_engine::settings::PriceScale;
use spreadscope_engine::settings::test_options::{FitTerms, LagRule};
use spreadscope_engine::transfer::{Imports, Preview};
use spreadscope_engine::{Settings, Symbol};
use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};

pub(super) const USAGE: &str = "desk scan FILE… [--json] [--set NAME=VALUE …]";

const HELP: &str = "\
Tests every pair of the markets in FILE… for cointegration (Engle-Granger) and corrects the p-values for the number of
pairs tested. Reads the same files as `desk import`: several at once, and wide ones with one market per column. All
markets in them take part with all their bars.

Options
  --json            one JSON value instead of a table
  --set NAME=VALUE  price_scale=levels|logs (levels)
                    test_lags=aic|bic|t-stat (aic)
                    test_terms=constant|linear (constant)
  --help            this text

Which leg is y
  The market that comes first in the alphabet is y, and y is regressed on x, whatever the prices are. Taking the
  smaller p-value of both directions would be two tests counted as one, and the correction would not know.

What is tested
  A pair is tested on the bars that both markets have, treated as evenly spaced: at least 60, and at least half of
  those in the time that both cover. Bars of different lengths are matched where they close together. Of n bars,
  \"selection\" is the same test on the first 2 n / 3, rounded down, and \"confirmed\" on the rest; each needs 30 bars.
  A market that does not vary, or hardly does, is not tested, nor is a copy of another.

JSON
  tested            number of pairs tested, for which the p-values are corrected
  pairs             each of them: y, x, bars, statistic, lags, p_value, q_bh (Benjamini and Hochberg), q_by (Benjamini
                    and Yekutieli), half_life_bars, hedge_ratio, intercept, correlation (of log returns), crossings,
                    z_now, weaker_volume_per_day (quote currency), selection_p_value, selection_q_bh,
                    confirmed_p_value, notes
  untested          each pair that cannot be tested: y, x, reason, and p_value undefined
  markets, problems the data in the files; what could not be read, and what reading them has to say
  The exit code is 1 if a file could not be read; the others are scanned.
  A number that does not exist is {\"undefined\": \"the reason\"}. No p-value is 0: beyond the end of its table, the
  table's smallest is given, 1e-29.";

/// Approximate number of bars tested between two progress reports.
const BARS_A_TIME: usize = 50_000;

pub(super) fn run(arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let (mut files, mut json, mut spec) = (Vec::new(), false, Spec::default());
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--help" | "-h" => {
                return scan_report::print(&format!("usage: {USAGE}\n\n{HELP}"));
            }
            "--json" => json = true,
            "--set" => set(&mut spec, &arguments.next().ok_or("--set needs NAME=VALUE")?)?,
            option if option.starts_with("--") => {
                return Err(format!("there is no option {option}\nusage: {USAGE}"));
            }
            _ => files.push(argument),
        }
    }
    if files.is_empty() {
        return Err(format!("usage: {USAGE}"));
    }
    let Loaded { imports, outcomes } = load(&files);
    let problems: Vec<String> =
        outcomes.iter().flat_map(|outcome| problems(outcome).into_iter().chain(left_out(outcome))).collect();
    let markets = series(&imports, &outcomes);
    if markets.values().all(Series::is_empty) {
        return Err(format!("the files contain no market\n{}", problems.join("\n")));
    }
    let failed = outcomes.iter().filter(|outcome| outcome.end.is_err()).count();
    let mut scan = Scan::new(markets.clone(), spec);
    finish(&mut scan);
    for problem in &problems {
        eprintln!("{problem}");
    }
    let input = ScanInput { markets, problems, spec };
    if json {
        scan_report::json(&scan.report(), &input)?;
    } else {
        scan_report::words(&scan.report())?;
    }
    match failed {
        0 => Ok(()),
        1 => Err("1 file could not be read".to_owned()),
        more => Err(format!("{more} files could not be read")),
    }
}

fn set(spec: &mut Spec, text: &str) -> Result<(), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("--set needs NAME=VALUE, was {text}"))?;
    let unknown = |choices: &str| format!("{name} must be one of {choices}, was {value}");
    match name {
        "price_scale" => {
            spec.price_scale = PriceScale::parse(value).ok_or_else(|| unknown("levels, logs"))?;
        }
        "test_lags" => spec.lags = LagRule::parse(value).ok_or_else(|| unknown("aic, bic, t-stat"))?,
        "test_terms" => spec.terms = FitTerms::parse(value).ok_or_else(|| unknown("constant, linear"))?,
        _ => {
            return Err(format!("there is no setting {name}; there are price_scale, test_lags, test_terms"));
        }
    }
    Ok(())
}

/// Problems with a file.
fn problems(outcome: &Outcome) -> Vec<String> {
    let Outcome { file, end, .. } = outcome;
    match end {
        Err(reason) if reason.starts_with(file.as_str()) => vec![reason.clone()],
        Err(reason) => vec![format!("{file}: {reason}")],
        Ok(report) => {
            let first = report.refusals.first.first();
            let first = first.map_or_else(String::new, |row| format!(" (line {}: {})", row.line, row.reason));
            let refused = (report.refusals.count > 0)
                .then(|| format!("{file}: {} rows refused{first}", report.refusals.count));
            let notes = report::notes(report).into_iter().map(|note| format!("{file}: {note}"));
            refused.into_iter().chain(notes).collect()
        }
    }
}

/// Columns of a wide file that are not used.
fn left_out(outcome: &Outcome) -> Option<String> {
    let Preview { plan, columns, .. } = outcome.preview.as_ref().filter(|_| outcome.end.is_ok())?;
    if plan.markets.is_empty() {
        return None;
    }
    let shared = plan.form.columns().unwrap_or_default();
    let is_taken = |at: usize| {
        shared.get(at).is_some_and(Option::is_some)
            || plan.markets.iter().any(|market| market.columns.iter().any(|(_, own)| *own == at))
    };
    let names: Vec<&str> = columns
        .iter()
        .enumerate()
        .filter(|(at, name)| !is_taken(*at) && !name.trim().is_empty())
        .map(|(_, name)| name.as_str())
        .collect();
    let why = "not prices, or the market has another column";
    (!names.is_empty()).then(|| format!("{}: not taken: {} ({why})", outcome.file, names.join(", ")))
}

/// Every market that the files name; one without imported bars has an empty series.
fn series(imports: &Imports, outcomes: &[Outcome]) -> BTreeMap<Symbol, Series> {
    let most_bars = Settings::default().max_carried_bars;
    let of = |recorded: &spreadscope_engine::transfer::recorded::Recorded| {
        let carried = Carried { known: |from, to| recorded.known().contains(from, to), most_bars };
        Series::new(recorded.step_millis(), recorded.traded(), &carried)
    };
    let empty = |step_millis: i64| {
        Series::new(step_millis, [], &Carried { known: |_: i64, _: i64| false, most_bars })
    };
    let mut markets = BTreeMap::new();
    let read = outcomes.iter().filter(|outcome| outcome.end.is_ok());
    for plan in read.filter_map(|outcome| Some(&outcome.preview.as_ref()?.plan)) {
        let named = plan.markets.iter().map(|market| &market.symbol);
        markets.extend(named.map(|symbol| (symbol.clone(), empty(plan.step_millis.unwrap_or(1_000)))));
    }
    markets.extend(imports.recordings().map(|(symbol, recorded)| (symbol.clone(), of(recorded))));
    markets
}

/// Runs the scan to its end and reports progress on standard error.
fn finish(scan: &mut Scan) {
    let terminal = std::io::stderr().is_terminal();
    let mut told = 0;
    loop {
        let progress = scan.work(BARS_A_TIME);
        let Progress { done, pairs } = progress;
        let tenths = (10 * done).checked_div(pairs).unwrap_or(0);
        if terminal {
            eprint!("\r{done} of {pairs} pairs");
            // a missing line of progress is no reason to stop
            std::io::stderr().flush().ok();
        } else if tenths > told {
            eprintln!("{done} of {pairs} pairs");
        }
        told = tenths;
        if progress.is_complete() {
            if terminal {
                eprintln!();
            }
            return;
        }
    }
}
