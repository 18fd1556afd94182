//! What must hold at the end of a run: the page's rows compared with the market's trades.

use crate::fault::{Place, Plan};
use crate::page_state::PageState;
use crate::report::Report;
use crate::tape::trade_of;
use spreadscope_engine::analytics::align::{AlignedRow, Carry};
use spreadscope_engine::analytics::pair::PairGraph;
use spreadscope_engine::analytics::{LegRow, Row};
use spreadscope_engine::bars::Origin;
use spreadscope_engine::bars::{Bar, Bars};
use spreadscope_engine::base::symbol::Leg;
use spreadscope_engine::connection::Phase;
use spreadscope_engine::{Interval, Settings, UnixMillis};
use spreadscope_exchange::{Tape, TapeTrade};

/// Longest permitted age of the newest row.
const BEHIND_MOST_MILLIS: i64 = 4_000;
/// Time within which losses are repaired once no fault is in force.
const REPAIRED_MILLIS: i64 = 15_000;
/// Least span of history on the page if REST responds.
const PAST_LEAST_MILLIS: i64 = 3_500_000;

/// Checks all that has been reported.
pub(crate) fn check(
    page: &PageState,
    settings: &Settings,
    plan: &Plan,
    tape: &Tape,
    report: &mut Report,
) -> Result<(), String> {
    if page.disorder {
        return Err("facts came out of their order".to_owned());
    }
    let phase = page.live.as_ref().map(|live| &live.feed.phase);
    if !matches!(phase, Some(Phase::Live)) {
        return Err(format!("after minutes of peace the feed is {phase:?}"));
    }
    let step = settings.interval.millis();
    let (Some(first), Some(last)) = (page.rows.keys().next(), page.rows.keys().next_back()) else {
        return Err("no row was told".to_owned());
    };
    let behind = plan.end_ms - last.0 - step;
    if behind > step + BEHIND_MOST_MILLIS {
        return Err(format!("the newest row is {behind} ms old"));
    }
    // if REST has no bars, losses before the first trade have neither ids nor bars to be repaired by
    let has_past = !plan.without_rest && (plan.place != Place::BinanceUs || plan.minutes);
    if has_past && plan.end_ms - first.0 < PAST_LEAST_MILLIS {
        return Err(format!("the page reaches back {} ms only", plan.end_ms - first.0));
    }
    let expected = expected_rows(page, settings, tape, *first, *last)?;
    for (row, expected) in page.rows.values().zip(&expected) {
        if row != expected {
            return Err(format!("a row is not what its trades make it:\n  {row:?}\n  {expected:?}"));
        }
    }
    report.rows = page.rows.len();
    for row in page.rows.values() {
        let is = |origin| row.y.origin == origin || row.x.origin == origin;
        report.repaired += usize::from(is(Origin::Repaired));
        report.missing += usize::from(is(Origin::Missing));
        let old = plan.end_ms - row.open_time.0 > step + REPAIRED_MILLIS;
        if is(Origin::Missing) && old && has_past {
            let time = row.open_time.clock_text();
            return Err(format!("after minutes of peace trades of {time} are still missing"));
        }
    }
    Ok(())
}

/// Returns the rows that the market's own trades make, with the reported origin of each bar.
fn expected_rows(
    page: &PageState,
    settings: &Settings,
    tape: &Tape,
    first: UnixMillis,
    last: UnixMillis,
) -> Result<Vec<Row>, String> {
    let step = settings.interval.millis();
    let bars = Leg::BOTH.map(|leg| {
        let trades = tape.market(settings.pair.symbol(leg).as_str()).map_or(&[][..], |market| &market.trades);
        bars_of(trades, settings.interval)
    });
    let mut graph = PairGraph::new(settings).map_err(|error| error.to_string())?;
    let mut carries = [Carry::default(); 2];
    let mut rows = Vec::new();
    let mut open_time = first;
    while open_time <= last {
        let Some(row) = page.rows.get(&open_time) else {
            return Err(format!("the row of {} was not told", open_time.clock_text()));
        };
        let mut leg = |leg: Leg, row: &LegRow| {
            let traded = bars[leg as usize].get(open_time).traded;
            if row.origin == Origin::Outage && traded.is_some() {
                let time = open_time.clock_text();
                return Err(format!("{leg:?} traded at {time}, and the page says that it was an outage"));
            }
            Ok(carries[leg as usize].next(Bar { origin: row.origin, traded }))
        };
        let (y, x) = (leg(Leg::Y, &row.y)?, leg(Leg::X, &row.x)?);
        rows.push(graph.push(&AlignedRow { open_time, y, x }));
        open_time = open_time + step;
    }
    Ok(rows)
}

fn bars_of(trades: &[TapeTrade], interval: Interval) -> Bars {
    let mut bars = Bars::new(interval);
    for trade in trades {
        bars.add(&trade_of(trade));
    }
    bars
}
