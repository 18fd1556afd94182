//! The lines with every kind of trade, rule and book.

use super::super::reckoned::tests::{at, model, quotes};
use super::*;
use crate::view::numbers::trade::reckon;
use spreadscope_engine::Settings;
use spreadscope_engine::connection::Phase;
use spreadscope_engine::connection::quotes::Quotes;
use spreadscope_engine::settings::Source;

fn value(lines: &[Line], key: &str) -> String {
    lines.iter().find(|line| line.key == key).unwrap().value.clone()
}

fn note(lines: &[Line], key: &str) -> String {
    lines.iter().find(|line| line.key == key).unwrap().note.clone().unwrap_or_default()
}

#[test]
fn the_same_lines_stand_there_with_and_without_a_trade() {
    let (moment, options) = (at(&model()), TradeOptions::default());
    let trade = reckon(&moment, &options);
    let none = Err(&"No bar has closed yet.".to_owned());
    let keys = |lines: Vec<Line>| lines.into_iter().map(|line| line.key).collect::<Vec<_>>();
    assert_eq!(keys(size_lines(&moment, trade.as_ref())), keys(size_lines(&moment, none)));
    let costs = cost_lines(&moment, trade.as_ref(), &options);
    assert_eq!(keys(costs.clone()), keys(cost_lines(&moment, none, &options)));
    let shown = size_lines(&moment, trade.as_ref());
    assert_eq!(value(&shown, "leg-y"), "sell 0.2 BTC = 10,000.00 USDT");
    assert_eq!(value(&shown, "leg-x"), "buy 4 ETH = 8,000.00 USDT");
    assert_eq!(value(&shown, "net"), "\u{2212}2,000.00 USDT");
    assert_eq!(value(&costs, "cost-spread"), "198.00 USDT per 1 BTC");
    assert_eq!(value(&costs, "round-trip"), "39.60 USDT (fees 36.00, slippage 3.60)");
    assert_eq!(value(&costs, "net-at-mean"), "\u{2212}19.60 USDT");
    assert_eq!(value(&costs, "expected-time"), "the tests have not run yet");
    let head = head_lines(&moment, trade.as_ref());
    assert_eq!(value(&head, "head-legs"), "sell 0.2 BTC, buy 4 ETH");
    assert_eq!(value(&head, "head-cost"), "39.60 USDT = 4.95 z");
    assert_eq!(value(&head, "head-net"), "\u{2212}19.60 USDT");
    assert_eq!(value(&head, "head-fee"), value(&costs, "break-even"));
    assert_eq!(keys(head), keys(head_lines(&moment, none)));
}

#[test]
fn quantities_and_prices_are_written_out_to_lots_and_ticks() {
    let mut model = model();
    model.settings.pair.x = Symbol::new("SHIBUSDT").unwrap();
    let row = model.last_row.as_mut().unwrap();
    row.x.close = Some(0.000_012_344);
    row.hedge_ratio = spreadscope_engine::analytics::Metric::Ready(75.5e9);
    let mut known = quotes(&model, 5.0);
    let fine = LotRules { lot_step: 0.000_01, tick: 0.01, ..LotRules::default() };
    let whole = LotRules { lot_step: 1.0, tick: 0.000_000_01, ..LotRules::default() };
    known.rules = Some([fine, whole]);
    model.quotes = Some(Box::new(known));
    let moment = at(&model);
    let trade = reckon(&moment, &TradeOptions::default());
    let shown = size_lines(&moment, trade.as_ref());
    assert_eq!(value(&shown, "leg-y"), "sell 0.20000 BTC = 10,000.00 USDT");
    assert_eq!(value(&shown, "leg-x"), "buy 15,100,000,000 SHIB = 186,394.40 USDT");
    assert!(note(&shown, "leg-x").starts_with("at 0.00001234 USDT"), "{shown:?}");
    assert_eq!(note(&shown, "leg-y"), "at 50,000.00 USDT");
}

#[test]
fn a_refused_order_has_no_size_and_no_cost_anywhere() {
    let mut model = model();
    model.quotes = Some(Box::new(quotes(&model, 9_000.0)));
    let (moment, options) = (at(&model), TradeOptions::default());
    let trade = reckon(&moment, &options);
    let shown = size_lines(&moment, trade.as_ref());
    assert_eq!((value(&shown, "leg-y"), value(&shown, "leg-x")), ("no order".into(), "no order".into()));
    assert!(note(&shown, "leg-y").ends_with("is below its smallest, 9,000.00 USDT."), "{shown:?}");
    assert_eq!(note(&shown, "leg-x"), "none without the other leg");
    for key in ["unhedged", "sizing-rest", "gross", "net"] {
        assert_eq!(value(&shown, key), ABSENT, "{key}");
    }
    assert_eq!(value(&shown, "hedge-units"), "20.0000", "the ratio stands");
    let costs = cost_lines(&moment, trade.as_ref(), &options);
    for key in ["round-trip", "cost-z", "net-at-mean", "break-even"] {
        assert_eq!(value(&costs, key), ABSENT, "{key}");
    }
    assert_eq!(note(&costs, "round-trip"), "none: the exchange would not take the order");
}

/// Lots as the exchange may state them, or fail to.
#[test]
fn a_leg_without_lots_is_not_said_to_be_rounded() {
    let mut model = model();
    let lots = LotRules { lot_step: 0.15, ..LotRules::default() };
    let none = LotRules::default();
    for (rules, units, said) in [
        ([lots, lots], "sell 0.15 BTC", "after rounding down to the exchange's lots"),
        ([none, lots], "sell 0.2 BTC", "BTC is not rounded: the exchange states no lot size for it"),
        ([lots, none], "sell 0.15 BTC", "ETH is not rounded: the exchange states no lot size for it"),
        ([none, none], "sell 0.2 BTC", "not rounded: the exchange states no lot sizes"),
    ] {
        model.quotes = Some(Box::new(Quotes { rules: Some(rules), ..quotes(&model, 0.0) }));
        let moment = at(&model);
        let shown = size_lines(&moment, reckon(&moment, &TradeOptions::default()).as_ref());
        assert_eq!(note(&shown, "unhedged"), said);
        assert!(value(&shown, "leg-y").starts_with(units), "{shown:?}");
    }
    // rules that cannot be read leave the books
    let trouble = Some("stepSize of BTCUSDT must be a decimal, was \"small\"".to_owned());
    let unread = Quotes { rules: None, rules_trouble: trouble, ..quotes(&model, 0.0) };
    model.quotes = Some(Box::new(unread));
    let (moment, options) = (at(&model), TradeOptions::default());
    let shown = size_lines(&moment, reckon(&moment, &options).as_ref());
    assert_eq!(
        note(&shown, "unhedged"),
        "not rounded to the exchange's lots: stepSize of BTCUSDT must be a decimal, was \"small\""
    );
    assert!(value(&shown, "leg-y").starts_with("sell 0.2 BTC"), "{shown:?}");
    assert_eq!(
        note(&book_lines(&moment, &options), "book-x"),
        "Slippage is half the bid-ask spread; sizes are bid | ask."
    );
}

#[test]
fn what_the_sizing_leaves_is_not_put_down_to_rounding() {
    use spreadscope_engine::analytics::sizing::Sizing;
    let mut model = model();
    let lots = LotRules { lot_step: 0.15, ..LotRules::default() };
    model.quotes = Some(Box::new(Quotes { rules: Some([lots; 2]), ..quotes(&model, 0.0) }));
    let moment = at(&model);
    let rests = |sizing| {
        let shown = size_lines(
            &moment,
            reckon(&moment, &TradeOptions { sizing, ..TradeOptions::default() }).as_ref(),
        );
        [value(&shown, "unhedged"), value(&shown, "sizing-rest")]
    };
    assert_eq!(rests(Sizing::HedgeRatio), ["0 ETH = 0.00 USDT", "none"]);
    // 5 of x for 0.2 of y, where the model has 4; 3.75 for the 0.15 of y that lots leave, in whole lots
    assert_eq!(rests(Sizing::DollarNeutral), ["0 ETH = 0.00 USDT", "over by 1 ETH = 2,000.00 USDT"]);
    // before there is a trade, nothing was rounded
    let none = size_lines(&moment, Err(&String::new()));
    assert_eq!((value(&none, "unhedged").as_str(), note(&none, "unhedged").as_str()), (ABSENT, ""));
}

#[test]
fn an_order_above_the_largest_at_market_says_so() {
    let mut model = model();
    let rules = LotRules { lot_step: 0.01, most_market_quantity: 0.1, ..LotRules::default() };
    model.quotes = Some(Box::new(Quotes { rules: Some([rules; 2]), books: None, ..quotes(&model, 0.0) }));
    let moment = at(&model);
    let shown = size_lines(&moment, reckon(&moment, &TradeOptions::default()).as_ref());
    assert_eq!(note(&shown, "leg-y"), "at 50,000.00 USDT; above the largest market order, 0.10 BTC");
}

#[test]
fn the_slippage_set_is_in_force_only_without_books() {
    let mut model = model();
    let options = TradeOptions::default();
    assert_eq!(slippage_note(&at(&model), &options), None);
    model.quotes = Some(Box::new(quotes(&model, 0.0)));
    assert_eq!(
        slippage_note(&at(&model), &options).as_deref(),
        Some("Not in force: the order books give 1.0 bps for BTC and 1.0 for ETH.")
    );
    assert_eq!(slippage_note(&at(&model), &TradeOptions { from_book: false, ..options }), None);
}

#[test]
fn a_crossed_book_leaves_the_slippage_as_set() {
    let mut model = model();
    let trouble = Some("the book of ETHUSDT is crossed: bid 101 above ask 100.1".to_owned());
    model.quotes = Some(Box::new(Quotes { books: None, trouble, ..quotes(&model, 0.0) }));
    let (moment, options) = (at(&model), TradeOptions::default());
    let trade = reckon(&moment, &options).unwrap();
    assert_eq!(trade.slippage_bps, [options.slippage_bps; 2]);
    assert_eq!(
        note(&book_lines(&moment, &options), "book-x"),
        "Slippage is as set, without the order books: the book of ETHUSDT is crossed: bid 101 above ask 100.1."
    );
}

#[test]
fn an_order_beyond_the_top_of_the_book_says_how_much_is_there() {
    let mut model = model();
    let mut known = quotes(&model, 5.0);
    known.rules = None;
    known.books.as_mut().unwrap()[0].bid_size = 0.001_7;
    known.books.as_mut().unwrap()[1].ask_size = 4.0;
    model.quotes = Some(Box::new(known));
    let (moment, options) = (at(&model), TradeOptions::default());
    let trade = reckon(&moment, &options);
    let shown = size_lines(&moment, trade.as_ref());
    assert_eq!(
        note(&shown, "leg-y"),
        "at 50,000.00 USDT; beyond the top of the book: the best bid holds 0.0017 BTC, the rest fills at worse prices"
    );
    assert_eq!(note(&shown, "leg-x"), "at 2,000.00 USDT", "as much as is there");
    let costs = cost_lines(&moment, trade.as_ref(), &options);
    assert!(note(&costs, "round-trip").contains("goes beyond it"), "{costs:?}");
    let fixed = TradeOptions { from_book: false, ..options };
    assert_eq!(note(&cost_lines(&moment, trade.as_ref(), &fixed), "round-trip"), "");
}

#[test]
fn where_no_exchange_can_be_asked_the_reason_stands() {
    let notes = |moment: &Moment| {
        let none = Err(&String::new());
        let rounding = note(&size_lines(moment, none), "unhedged");
        (rounding, note(&book_lines(moment, &TradeOptions::default()), "book-x"))
    };
    let mut recorded = model();
    recorded.settings = Settings { source: Source::Recording, ..recorded.settings };
    let (rounding, books) = notes(&at(&recorded));
    assert_eq!(rounding, "not rounded to the exchange's lots: a recording has no exchange to ask");
    assert_eq!(books, "Slippage is as set, without the order books: a recording has no exchange to ask.");
    let mut offline = model();
    offline.live.as_mut().unwrap().feed.phase = Phase::Connecting { attempt: 3 };
    assert!(notes(&at(&offline)).1.ends_with("the exchange is not connected."));
    assert!(notes(&at(&model())).1.ends_with("they have not arrived yet."));
}
