use super::*;
use crate::view::backtest::shown::tests::shown;
use crate::view::charts::figure::closed::assert_drawn_by_what_is_served;

fn of(shown: &Shown) -> Subject<'_> {
    Subject { shown, kept: Some(shown), walked: None }
}

fn canvas(shown: &Shown) -> Canvas {
    Canvas::plain(shown.span())
}

#[test]
fn every_chart_has_points_and_no_more_than_its_pixels_need() {
    let shown = shown(&[]);
    for kind in Kind::ALL {
        let figure = build(kind, of(&shown), &canvas(&shown));
        assert!(figure.message.is_none(), "{kind:?}: {:?}", figure.message);
        assert!(figure.points() > 0 && figure.points() < 6_000, "{kind:?} {}", figure.points());
        let layout: serde_json::Value = serde_json::from_str(&figure.layout).unwrap();
        assert_eq!(layout["width"], 600, "{kind:?}");
        assert_drawn_by_what_is_served(&figure);
        assert!(!summary(kind, of(&shown)).is_empty());
    }
}

/// Returns the columns of a figure by the symbol of their marks; lines have none.
fn marks(figure: &Figure, symbol: &str) -> Vec<(f64, f64)> {
    let is_of = |json: &String| json.contains(&format!("\"symbol\":\"{symbol}\""));
    let of = figure.traces.iter().zip(&figure.columns).filter(|(json, _)| is_of(json));
    of.flat_map(|(_, columns)| columns.x.iter().copied().zip(columns.y.iter().copied())).collect()
}

#[test]
fn however_many_round_trips_there_are_marks_are_drawn_and_their_number_is_said() {
    let shown = shown(&[("entry_z", "0.6"), ("exit_z", "0.5"), ("fee_bps", "0")]);
    let trades = &shown.ran.ledger.trades;
    assert!(trades.len() > 150, "{}", trades.len());
    let canvas = Canvas { width: 300, ..canvas(&shown) };
    let figure = build(Kind::ZScore, of(&shown), &canvas);
    let exits = marks(&figure, "x");
    assert!(exits.len() > 30 && exits.len() < trades.len(), "{} of {}", exits.len(), trades.len());
    let said = format!("{} round trips; a shorter time range shows each", trades.len());
    assert_eq!(figure.note.as_deref(), Some(said.as_str()));
    assert!(figure.columns[0].x.len() > 100, "positions are tinted");
    // a part of the run shows each of its own
    let span = Span { from: shown.times[1_000], to: shown.times[1_100] };
    let figure = build(Kind::ZScore, of(&shown), &Canvas { width: 1_200, span, ..canvas });
    let inside = |time: f64| time >= span.from && time <= span.to;
    let expected = trades.iter().filter(|trade| inside(trade.exit_time.as_f64())).count();
    let seen = marks(&figure, "x").into_iter().filter(|(time, _)| inside(*time)).count();
    assert!(expected > 0 && seen == expected, "{seen} of {expected}");
    assert_eq!(figure.note, None);
}

#[test]
fn a_mark_stands_on_the_bar_that_decided_whatever_it_is_filled_at() {
    for fill in ["next_open", "next_close", "same_close"] {
        let shown = shown(&[("fill", fill)]);
        let figure = build(Kind::ZScore, of(&shown), &Canvas { width: 4_000, ..canvas(&shown) });
        let entries = [marks(&figure, "triangle-up"), marks(&figure, "triangle-down")].concat();
        assert!(!entries.is_empty());
        assert!(entries.iter().all(|(_, z)| z.abs() >= 2.0), "{fill}: {entries:?}");
        let first = shown.ran.ledger.trades[0];
        assert!(entries.iter().any(|(_, z)| *z == first.entry_z), "{fill}: z {}", first.entry_z);
    }
}

#[test]
fn a_drawdown_is_a_depth_below_an_axis_that_ends_at_0() {
    let shown = shown(&[]);
    let figure = build(Kind::Drawdown, of(&shown), &canvas(&shown));
    assert_eq!(figure.edges.1, 0.0);
    let layout: serde_json::Value = serde_json::from_str(&figure.layout).unwrap();
    let labels = layout["yaxis"]["ticktext"].to_string();
    assert!(!labels.contains(['-', '\u{2212}']), "{labels}");
    let (deepest, _) = figure.columns[0]
        .x
        .iter()
        .zip(&figure.columns[0].y)
        .fold((0.0, 0.0), |(at, low), (x, y)| if *y < low { (*x, *y) } else { (at, low) });
    let read = reading(Kind::Drawdown, of(&shown), Some(deepest - 1.0));
    let tile = format!("{} %", format::fixed(shown.ran.metrics[0].max_drawdown * 100.0, 2));
    assert_eq!(read, [("drawdown", tile)]);
}

#[test]
fn a_dashed_line_is_named_only_if_a_run_is_kept() {
    let shown = shown(&[]);
    let note = |kept| build(Kind::Equity, Subject { kept, ..of(&shown) }, &canvas(&shown)).note;
    assert!(note(Some(&shown)).is_some_and(|note| note.contains("dashed")));
    assert!(note(None).is_none() && !Kind::Equity.how_to_read().contains("dashed"));
}

#[test]
fn nothing_traded_is_said_in_the_place_of_bars() {
    let shown = shown(&[("entry_z", "50")]);
    for kind in [Kind::Waterfall, Kind::Distribution] {
        assert!(build(kind, of(&shown), &canvas(&shown)).message.is_some(), "{kind:?}");
    }
    assert!(build(Kind::ZScore, of(&shown), &canvas(&shown)).message.is_none());
}

#[test]
fn the_line_above_reads_the_bar_under_the_crosshair() {
    let shown = shown(&[]);
    let at = 3_000;
    let read = reading(Kind::Equity, of(&shown), Some(shown.times[at] + 1.0));
    assert_eq!(read[0].1, format::fixed(shown.ran.ledger.equity[at], 2));
    assert!(reading(Kind::Equity, of(&shown), Some(0.0)).is_empty());
}

#[test]
fn the_waterfall_ends_where_the_metrics_do() {
    let shown = shown(&[("funding_bps_per_day", "3"), ("borrow_bps_per_day", "5")]);
    let figure = build(Kind::Waterfall, of(&shown), &canvas(&shown));
    let layout: serde_json::Value = serde_json::from_str(&figure.layout).unwrap();
    let bars: Vec<(f64, f64)> = layout["shapes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|shape| shape["type"] == "rect")
        .map(|shape| (shape["y0"].as_f64().unwrap(), shape["y1"].as_f64().unwrap()))
        .collect();
    let metrics = &shown.ran.metrics[0];
    let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
    assert!(bars.len() == 6 && bars[0].0 == 0.0 && close(bars[0].1, metrics.gross), "{bars:?}");
    assert!(close(bars[4].1, metrics.net) && close(bars[5].1, metrics.net), "{bars:?}");

    let of_spot = crate::view::backtest::shown::tests::shown(&[]);
    let layout = build(Kind::Waterfall, of(&of_spot), &canvas(&of_spot)).layout;
    let layout: serde_json::Value = serde_json::from_str(&layout).unwrap();
    assert_eq!(layout["xaxis"]["ticktext"], serde_json::json!(["Gross", "Fees", "Slippage", "Net"]));
}

#[test]
fn a_walk_is_drawn_over_its_own_time_with_its_stretches_and_its_absence_is_said() {
    let shown = shown(&[]);
    let times: Vec<f64> = shown.times[2_000..].to_vec();
    let middle = times[1_000];
    let stretches = vec![[times[0], middle], [middle, times[1_999] + 60_000.0]];
    let equity: Vec<f64> = (0..2_000).map(|at| 10_000.0 + f64::from(at)).collect();
    let curve = Curve { times, step: 60_000.0, equity, capital: 10_000.0, stretches };
    let subject = Subject { walked: Some(&curve), ..of(&shown) };
    let canvas = Canvas { span: subject.span(Kind::Walk), ..canvas(&shown) };
    assert_eq!(canvas.span.from, shown.times[2_000]);
    let figure = build(Kind::Walk, subject, &canvas);
    assert!(figure.message.is_none() && figure.points() > 100);
    assert_drawn_by_what_is_served(&figure);
    let layout: serde_json::Value = serde_json::from_str(&figure.layout).unwrap();
    let tinted = layout["shapes"].as_array().unwrap().iter().filter(|shape| shape["type"] == "rect");
    assert_eq!(tinted.map(|shape| shape["x0"].as_f64().unwrap()).collect::<Vec<_>>(), [middle]);
    assert_eq!(summary(Kind::Walk, subject), "Equity from 10,000.00 to 11,999.00 net over 2 stretches.");
    assert_eq!(reading(Kind::Walk, subject, Some(middle)), [("net", "11,000.00".to_owned())]);
    assert!(build(Kind::Walk, of(&shown), &canvas).message.is_some());
}
