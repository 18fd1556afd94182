//! `/ticks/BTCUSDT`: the newest trades of a leg.

use super::{Page, ROWS, Table, count, time};
use crate::view::files::table::Cell;
use crate::view::screen::model::Model;

pub(super) fn page(symbol: &str, model: &Model) -> Page {
    let leg = model
        .inspection
        .as_ref()
        .and_then(|inspection| inspection.ticks.iter().find(|leg| leg.symbol.as_str() == symbol));
    let mut page = Page { title: format!("Ticks of {symbol}"), ..Page::default() };
    let mut table = Table::rows(vec!["trade_id", "trade_time", "price", "size", "taker", "lag_ms"]);
    if let Some(leg) = leg {
        let rows = leg.trades.iter().rev().take(ROWS).map(|trade| {
            vec![
                count(trade.trade_id),
                time(trade.trade_time.0),
                Cell::Number(trade.price),
                Cell::Number(trade.size),
                Cell::word(if trade.buyer_is_maker { "sold" } else { "bought" }),
                Cell::Whole(trade.event_time.since(trade.trade_time)),
            ]
        });
        table.rows = rows.collect();
        "Raw trades as received, the newest first; lag is the time from the match to its message."
            .clone_into(&mut page.about);
        page.facts = vec![
            ("symbol", Cell::word(symbol)),
            ("kept", count(leg.kept as u64)),
            ("shown", count(table.rows.len() as u64)),
        ];
    } else if model.settings.pair.leg_of(symbol).is_some() {
        "Asking the engine…".clone_into(&mut page.about);
    } else {
        let pair = &model.settings.pair;
        page.about = format!("{symbol} is not one of the two legs, {} and {}.", pair.y, pair.x);
    }
    page.tables = vec![table];
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::inspect::text;
    use spreadscope_engine::messages::event::{Inspection, LegTicks};
    use spreadscope_engine::{Settings, Symbol, Trade, UnixMillis};

    #[test]
    fn ticks_are_those_of_the_symbol_newest_first() {
        let mut model = Model::new(Settings::default());
        let trade = |trade_id| Trade {
            trade_id,
            trade_time: UnixMillis(1_700_000_000_000),
            event_time: UnixMillis(1_700_000_000_004),
            price: 60_000.5,
            size: 0.25,
            buyer_is_maker: false,
        };
        let leg = |name: &str, ids: [u64; 2]| LegTicks {
            symbol: Symbol::new(name).unwrap(),
            kept: 9,
            trades: ids.map(trade).to_vec(),
        };
        let ticks = [leg("BTCUSDT", [1, 2]), leg("ETHUSDT", [3, 4])];
        model.inspection = Some(Box::new(Inspection { ticks_requested: 2, ticks }));
        let shown = page("BTCUSDT", &model);
        let newest: Vec<String> = shown.tables[0].rows[0].iter().map(text).collect();
        assert_eq!(newest, ["2", "2023-11-14T22:13:20.000Z", "60,000.50000", "0.2500000000", "bought", "4"]);
        assert!(page("SOLUSDT", &model).about.starts_with("SOLUSDT is not one of the two legs"));
    }
}
