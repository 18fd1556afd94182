//! The bars of both legs of a backtest, read from files.

use super::load::{Loaded, Outcome, load};
use spreadscope_engine::backtest::{Legs, Parameters, closes_alone};
use spreadscope_engine::bars::Bars;
use spreadscope_engine::transfer::common::Common;
use spreadscope_engine::transfer::plan::{Kind, Role};
use spreadscope_engine::transfer::recorded::Recorded;
use spreadscope_engine::transfer::{Limits, Preview};
use spreadscope_engine::{Interval, Pair, Settings, Symbol};

/// One leg, as read from files.
pub(super) struct Leg {
    recorded: Recorded,
    closes_alone: bool,
}

/// The recordings of both legs.
pub(super) fn legs(files: &[String], pair: &Pair) -> Result<[Leg; 2], String> {
    let Loaded { outcomes, imports } = load(files);
    let mut opens_unknown: Vec<Symbol> = Vec::new();
    for Outcome { file, preview, end } in outcomes {
        let named =
            |reason: String| if reason.starts_with(&file) { reason } else { format!("{file}: {reason}") };
        let report = end.map_err(named)?;
        if preview.as_ref().is_some_and(lacks_opens) {
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

/// Whether the file has bars but no column of opens.
fn lacks_opens(preview: &Preview) -> bool {
    let plan = &preview.plan;
    let shared = plan.form.columns().unwrap_or_default().iter().flatten().copied();
    let own = plan.markets.iter().flat_map(|market| market.columns.iter().map(|(role, _)| *role));
    let roles: Vec<Role> = shared.chain(own).collect();
    plan.kind == Kind::Bars && !roles.is_empty() && !roles.contains(&Role::Open)
}

/// The shortest interval that the bars of both legs fit.
pub(super) fn shortest(legs: &[Leg; 2]) -> Result<Interval, String> {
    let fits =
        |interval: &Interval| legs.iter().all(|leg| interval.millis() % leg.recorded.step_millis() == 0);
    Interval::ALL.into_iter().find(fits).ok_or_else(|| {
        let [y, x] = [0, 1].map(|leg: usize| legs[leg].recorded.step_millis());
        format!("no interval fits both bars of {y} ms and of {x} ms")
    })
}

/// The time that both legs cover, as far as their bars are used.
pub(super) fn common(legs: &[Leg; 2], parameters: &Parameters) -> Result<Common, String> {
    let Settings { pair, interval, .. } = &parameters.settings;
    let [y, x] = [&legs[0].recorded, &legs[1].recorded];
    for (recorded, symbol) in [(y, &pair.y), (x, &pair.x)] {
        if recorded.span(*interval).is_none() {
            let refusal = recorded.refusal(symbol, *interval);
            return Err(refusal.unwrap_or_else(|| format!("the recording of {symbol} has no known bars")));
        }
    }
    Common::of([y, x], *interval, Limits::PROGRAM.kept(*interval))
        .ok_or_else(|| parameters.no_time_in_common())
}

/// The bars of both legs in that time.
pub(super) fn bars(legs: &[Leg; 2], common: &Common) -> [Bars; 2] {
    [common.bars(&legs[0].recorded), common.bars(&legs[1].recorded)]
}

/// The bars of both legs, with what is known of them.
pub(super) fn both<'a>(legs: &[Leg; 2], bars: &'a [Bars; 2]) -> Legs<'a> {
    Legs { bars: [&bars[0], &bars[1]], closes_alone: [legs[0].closes_alone, legs[1].closes_alone] }
}
