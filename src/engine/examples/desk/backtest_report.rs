//! The results of a backtest, as JSON and in words.

use super::backtest::{Found, Request};
use super::output::say;
use serde_json::{Map, Value, json};
use spreadscope_engine::backtest::settings::{SETTINGS, Value as Setting};
use spreadscope_engine::backtest::{
    Fold, Grid, Ledger, Metrics, Parameters, Refusal, Spot, Stitched, Surface, Tape, mean_half_spread_bps,
    remarks, stitched,
};

pub(super) fn shown(value: Setting) -> Value {
    match value {
        Setting::Off => json!("none"),
        Setting::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            #[expect(clippy::cast_possible_truncation, reason = "whole, and below 1e15")]
            let whole = number as i64;
            json!(whole)
        }
        Setting::Number(number) => json!(number),
        Setting::Word(word) => json!(word),
        Setting::Several(bits) => json!(bits),
    }
}

/// Bars that were refused an entry, by the reason's name.
fn refusals(ledger: &Ledger) -> Map<String, Value> {
    let name = |refusal: Refusal| json!(refusal).as_str().map(str::to_owned);
    ledger.refusals.iter().filter_map(|(refusal, bars)| Some((name(refusal)?, json!(bars)))).collect()
}

/// The complete results as one JSON value.
pub(super) fn json_of(request: &Request, parameters: &Parameters, tape: &Tape, found: &Found) -> Value {
    let mut named = Map::new();
    named.insert("y".to_owned(), json!(parameters.settings.pair.y));
    named.insert("x".to_owned(), json!(parameters.settings.pair.x));
    named.insert("from_ms".to_owned(), json!(tape.open_time(0)));
    named.insert("to_ms".to_owned(), json!(tape.open_time(tape.len())));
    named.insert("bars".to_owned(), json!(tape.len()));
    for setting in SETTINGS {
        named.insert(setting.name.to_owned(), shown((setting.read)(parameters)));
    }
    let [whole, without] = &found.metrics;
    let ledger = &found.ledger;
    let mut report = json!({
        "parameters": named,
        "orders": ledger.orders,
        "trades": ledger.trades,
        "metrics": figures(whole),
        "metrics_without_end_of_data": figures(without),
        "period": whole.period,
        "few": whole.few,
        "trust": found.trust,
        "not_entered": refusals(ledger),
    });
    report["notes"] = json!(notes(parameters, found));
    if request.equity {
        report["equity"] = curve(tape, 0, ledger);
    }
    if let Some((grid, surface)) = &found.surface {
        report["parameters"]["surface"] = axes(grid);
        report["surface"] = surface_of(grid, surface);
    }
    if let Some((grid, how, folds)) = &found.folds {
        report["parameters"]["walk_forward"] = json!(how);
        report["parameters"]["walk_forward"]["choices"] = axes(grid);
        report["folds"] = folds.iter().map(|fold| fold_of(tape, grid, fold)).collect();
        if let Some(Stitched { ledger, metrics, efficiency_per_bar }) = stitched(tape, parameters, folds) {
            report["out_of_sample"] = json!({
                "orders": ledger.orders,
                "metrics": figures(&metrics),
                "efficiency_per_bar": efficiency_per_bar,
            });
            if request.equity {
                let first = folds.first().map_or(0, |fold| fold.test.start);
                report["out_of_sample"]["equity"] = curve(tape, first, &ledger);
            }
        }
    }
    if let Some(proofs) = &found.truncations {
        report["look_ahead"] = json!(proofs);
    }
    report
}

/// The metrics, each a number or why there is none: what else there is to say of them stands beside them.
fn figures(metrics: &Metrics) -> Value {
    let mut value = json!(metrics);
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, figure| figure.is_number() || figure.get("undefined").is_some());
    }
    value
}

/// Equity and gross equity at the close of each bar, the first of which has the index `first`.
fn curve(tape: &Tape, first: usize, ledger: &Ledger) -> Value {
    let row = |at: usize| json!([tape.open_time(first + at), ledger.equity[at], ledger.gross_equity[at]]);
    (0..ledger.equity.len()).map(row).collect()
}

/// Remarks needed to read the numbers correctly.
fn notes(parameters: &Parameters, found: &Found) -> Vec<String> {
    let mut notes: Vec<String> = found.left_out.iter().cloned().collect();
    notes.extend(remarks(&parameters.rules, &found.ledger));
    notes
}

fn undefined(reason: &str) -> Value {
    json!({ "undefined": reason })
}

fn axes(grid: &Grid) -> Value {
    let axis = |place: usize| {
        let axis = &grid.axes[place];
        json!({ "name": axis.name, "values": axis.values.iter().map(|value| shown(*value)).collect::<Vec<Value>>() })
    };
    json!([axis(0), axis(1)])
}

fn named(grid: &Grid, place: usize) -> Value {
    let pairs = grid.axes.iter().zip(grid.values(place));
    pairs.map(|(axis, value)| (axis.name.to_owned(), shown(value))).collect::<Map<String, Value>>().into()
}

fn surface_of(grid: &Grid, surface: &Surface) -> Value {
    let spot = |spot: &Option<Spot>| {
        let of = |spot: Spot| {
            let mut value = json!(spot);
            value["values"] = named(grid, spot.place);
            value
        };
        spot.map_or_else(|| undefined("no cell has traded"), of)
    };
    let cells = surface.cells.iter().enumerate().map(|(place, cell)| {
        let mut value = named(grid, place);
        match cell {
            Some(cell) => {
                value["trades"] = json!(cell.trades);
                value["net"] = json!(cell.net);
                value["gross"] = json!(cell.gross);
                let fee = cell.break_even_fee_bps();
                value["break_even_fee_bps"] =
                    fee.map_or_else(|| undefined("nothing was filled"), |fee| json!(fee));
            }
            None => value["trades"] = json!(0),
        }
        value
    });
    json!({
        "axes": axes(grid),
        "cells": cells.collect::<Vec<Value>>(),
        "peak": spot(&surface.peak),
        "plateau": spot(&surface.plateau),
        "trust": surface.trust,
    })
}

fn fold_of(tape: &Tape, grid: &Grid, fold: &Fold) -> Value {
    json!({
        "train_from_ms": tape.open_time(fold.train.start),
        "train_to_ms": tape.open_time(fold.train.end),
        "test_from_ms": tape.open_time(fold.test.start),
        "test_to_ms": tape.open_time(fold.test.end),
        "chosen": fold.chosen.map_or_else(|| undefined("nothing traded where it was to be chosen"), |place| named(grid, place)),
        "train_net": fold.train_net,
        "train_trades": fold.train_trades,
        "test_net": fold.test_net(),
        "test_trades": fold.ledger.trades.len(),
    })
}

/// Prints the results in words.
pub(super) fn words(parameters: &Parameters, tape: &Tape, found: &Found) {
    let ([whole, without], ledger) = (&found.metrics, &found.ledger);
    let pair = &parameters.settings.pair;
    say!("{} against {}: {} bars of {}", pair.y, pair.x, tape.len(), tape.interval().as_str());
    say!("{}", verdict(parameters, tape, whole));
    for note in notes(parameters, found) {
        say!("{note}");
    }
    if ledger.forced_from.is_some() {
        say!("The last round trip was closed by the end of the data; without it net is {:.2}.", without.net);
    }
    for (name, value) in figures(whole).as_object().into_iter().flatten() {
        let text =
            value.get("undefined").and_then(Value::as_str).map_or_else(|| value.to_string(), str::to_owned);
        say!("  {name:<22} {text}");
    }
    for (name, count) in refusals(ledger).into_iter().filter(|(_, count)| *count != json!(0)) {
        say!("  not entered: {name} {count}");
    }
    if let Some((grid, surface)) = &found.surface {
        let say = |what: &str, spot: &Option<Spot>| match spot {
            Some(spot) => say!(
                "{what}: net {:.2} at {}; around it {:.2}, at worst {:.2}",
                spot.net,
                named(grid, spot.place),
                spot.median,
                spot.worst_neighbour
            ),
            None => say!("{what}: nothing traded"),
        };
        say("peak", &surface.peak);
        say("plateau", &surface.plateau);
    }
    if let Some((grid, _, folds)) = &found.folds {
        for fold in folds {
            let chosen =
                fold.chosen.map_or_else(|| "nothing".to_owned(), |place| named(grid, place).to_string());
            say!("chose {chosen}: net {:.2}, then {:.2}", fold.train_net, fold.test_net());
        }
    }
    for proof in found.truncations.iter().flatten() {
        match &proof.differs {
            None => say!("the first {} bars alone: the same {} orders", proof.bars, proof.orders),
            Some(order) => say!("the first {} bars alone: another order, {order:?}", proof.bars),
        }
    }
}

/// Whether it pays, in one sentence.
fn verdict(parameters: &Parameters, tape: &Tape, metrics: &Metrics) -> String {
    let (Some(edge), Some(fee)) = (metrics.gross_edge_bps.value(), metrics.break_even_fee_bps.value()) else {
        return nothing_traded(parameters, tape);
    };
    let rules = &parameters.rules;
    let slippage = mean_half_spread_bps(rules, metrics)
        .map_or_else(|| rules.slippage_bps.to_string(), |mean| format!("{mean:.3} on average"));
    let trips = if metrics.trades == 1 { "round trip" } else { "round trips" };
    let costs = format!(
        "{} {trips}: gross edge {edge:.2} bps of turnover, slippage {slippage}, your fee {}",
        metrics.trades, rules.fee_bps
    );
    if metrics.net > 0.0 {
        format!("{costs}: it pays, up to a fee of {fee:.2} bps.")
    } else if fee > 0.0 {
        format!("{costs}: it does not pay; it would below a fee of {fee:.2} bps.")
    } else {
        format!("{costs}: it does not pay, and would not even without a fee.")
    }
}

fn nothing_traded(parameters: &Parameters, tape: &Tape) -> String {
    let farthest = (0..tape.len()).filter_map(|at| tape.z(at)).map(f64::abs).reduce(f64::max);
    let entry = parameters.rules.entry_z;
    match farthest {
        None => format!("Nothing was traded: {}.", parameters.no_z(tape.len())),
        Some(farthest) if farthest < entry => {
            format!("Nothing was traded: |z| reached {farthest:.2} and the entry is {entry}.")
        }
        Some(_) => {
            "Nothing was traded, though the entry was reached; the reasons are listed below.".to_owned()
        }
    }
}
