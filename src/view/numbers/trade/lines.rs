//! The trade as lines of label and value.

use super::{Moment, Reckoned, TradeOptions};
use crate::view::numbers::format::{self, ABSENT};
use crate::view::numbers::lines::{Line, line};
use crate::view::numbers::quantities::{money, quantity, signed_money};
use spreadscope_engine::analytics::cost::RoundTrip;
use spreadscope_engine::analytics::sizing::Sizes;
use spreadscope_engine::binance::book::LotRules;
use spreadscope_engine::settings::PriceScale;
use spreadscope_engine::{Pair, Symbol};

/// Returns the size of each leg; the same lines whether or not there is a trade.
pub fn size_lines(moment: &Moment, reckoned: Result<&Reckoned, &String>) -> Vec<Line> {
    let pair = &moment.pair;
    let trade = reckoned.ok();
    let show = |text: &dyn Fn(&Reckoned, &Sizes) -> String| {
        let placed = trade.and_then(|trade| Some((trade, trade.sizes()?)));
        placed.map_or_else(|| ABSENT.to_owned(), |(trade, sizes)| text(trade, sizes))
    };
    let total = |signed: bool, of: fn(&Sizes, f64, f64) -> f64| {
        let write = if signed { signed_money } else { money };
        show(&|trade, sizes| write(of(sizes, trade.prices[0], trade.prices[1]), moment.currency()))
    };
    let hedge = Line {
        note: hedge_note(moment),
        ..line(
            "hedge-units",
            format!("{} for 1 {}", pair.x.base(), pair.y.base()),
            trade.map_or_else(|| ABSENT.to_owned(), |trade| format::significant(trade.exact.hedge_units, 6)),
        )
    };
    let unhedged = show(&|trade, sizes| {
        let rest = sizes.unhedged_x();
        let worth = money((rest * trade.prices[1]).abs(), pair.x.quote().unwrap_or_default());
        format!("{} {} = {worth}", quantity(rest, None), pair.x.base())
    });
    let rounding = match &moment.rules {
        Ok(_) if trade.is_some_and(|trade| trade.rounded.is_err()) => String::new(),
        Ok(rules) => rounded_by(rules, pair),
        Err(reason) => format!("not rounded to the exchange's lots: {reason}"),
    };
    vec![
        leg_line("leg-y", &pair.y, 0, trade),
        leg_line("leg-x", &pair.x, 1, trade),
        hedge,
        Line { note: Some(rounding), ..line("unhedged", "Left unhedged", unhedged) },
        line("gross", "Gross exposure", total(false, Sizes::gross)),
        line("net", "Net exposure", total(true, Sizes::net)),
    ]
}

/// Returns how quantities are rounded; without a step, or with one of 0, the exchange takes any.
fn rounded_by(rules: &[LotRules; 2], pair: &Pair) -> String {
    let has_lots = rules.map(|rules| rules.lot_step > 0.0);
    let without = |symbol: &Symbol| {
        let coin = symbol.base();
        format!("{coin} is not rounded: the exchange states no lot size for it")
    };
    match has_lots {
        [true, true] => "after rounding down to the exchange's lots".to_owned(),
        [false, true] => without(&pair.y),
        [true, false] => without(&pair.x),
        [false, false] => "not rounded: the exchange states no lot sizes".to_owned(),
    }
}

/// Returns what to buy or sell of a leg; below it the price of that, and whether the top of the book holds it.
fn leg_line(key: &'static str, symbol: &Symbol, leg: usize, trade: Option<&Reckoned>) -> Line {
    let (coin, currency) = (symbol.base(), symbol.quote().unwrap_or_default());
    let Some(trade) = trade else {
        // a note all the same, so that the lines below stay in place
        return Line { note: Some(String::new()), ..line(key, coin, ABSENT) };
    };
    let sizes = match &trade.rounded {
        Ok(sizes) => sizes,
        Err(refused) => {
            let why = if refused.leg == leg { &*refused.why } else { "none without the other leg" };
            return Line { note: Some(why.to_owned()), ..line(key, coin, "no order") };
        }
    };
    let units = if leg == 0 { sizes.units_y } else { sizes.units_x };
    let worth = sizes.money(trade.prices[0], trade.prices[1])[leg].abs();
    let (verb, best) = if units < 0.0 { ("sell", "bid") } else { ("buy", "ask") };
    let decimals = trade.rules_of(leg).and_then(LotRules::lot_decimals);
    let value = format!("{verb} {} {coin} = {}", quantity(units.abs(), decimals), money(worth, currency));
    let price = price_to_tick(trade.prices[leg], trade.rules.as_ref().map(|rules| &rules[leg]));
    let beyond = trade.beyond_top[leg].map_or_else(String::new, |held| {
        let held = quantity(held, decimals);
        format!("; beyond the top of the book: the best {best} holds {held} {coin}, the rest fills at worse prices")
    });
    let at_market = trade.rules_of(leg).and_then(|rules| rules.most_at_market(units));
    let at_market = at_market.map_or_else(String::new, |most| {
        format!("; above the largest market order, {} {coin}", quantity(most, decimals))
    });
    let note = format!("at {price} {currency}").trim_end().to_owned();
    Line { note: Some(format!("{note}{at_market}{beyond}")), ..line(key, coin, value) }
}

/// Returns a price as an order takes it: in whole ticks, where the tick is known.
pub(super) fn price_to_tick(price: f64, rules: Option<&LotRules>) -> String {
    match rules.and_then(|rules| Some((rules.priced(price), rules.tick_decimals()?))) {
        Some((price, decimals)) => quantity(price, Some(decimals)),
        None => format::price(price),
    }
}

/// Returns what to know of the ratio: that of logarithms is none of units, and it may not be the one tested.
fn hedge_note(moment: &Moment) -> Option<String> {
    let elasticity = (moment.price_scale == PriceScale::Logs).then(|| {
        "The ratio is an elasticity of logarithms; these are its units at current prices.".to_owned()
    });
    match (elasticity, moment.two_lines.clone()) {
        (Some(elasticity), Some(two_lines)) => Some(format!("{elasticity} {two_lines}")),
        (elasticity, two_lines) => elasticity.or(two_lines),
    }
}

/// Returns the trade in short, for the head of the panel: what to buy and sell, what it costs, what is left.
pub fn head_lines(moment: &Moment, reckoned: Result<&Reckoned, &String>) -> Vec<Line> {
    let trade = reckoned.ok();
    let placed = trade.and_then(|trade| Some((trade, trade.sizes()?)));
    let legs = placed.map(|(trade, sizes)| {
        let units = [sizes.units_y, sizes.units_x];
        let leg = |leg: usize, symbol: &Symbol| {
            let verb = if units[leg] < 0.0 { "sell" } else { "buy" };
            let decimals = trade.rules_of(leg).and_then(LotRules::lot_decimals);
            format!("{verb} {} {}", quantity(units[leg].abs(), decimals), symbol.base())
        };
        format!("{}, {}", leg(0, &moment.pair.y), leg(1, &moment.pair.x))
    });
    let trip = trade.and_then(Reckoned::tradable_trip);
    let of_trip = |text: &dyn Fn(&RoundTrip) -> String| trip.map_or_else(|| ABSENT.to_owned(), text);
    let currency = moment.currency();
    vec![
        line("head-legs", "Trade", legs.unwrap_or_else(|| ABSENT.to_owned())),
        line(
            "head-cost",
            "Round trip",
            of_trip(&|trip| {
                format!("{} = {} z", money(trip.cost(), currency), format::fixed(trip.cost_in_z, 2))
            }),
        ),
        line("head-net", "Net at the mean", of_trip(&|trip| signed_money(trip.net(), currency))),
        line("head-fee", "Break-even fee", of_trip(&break_even)),
    ]
}

/// Returns the fee at which nothing is left.
fn break_even(trip: &RoundTrip) -> String {
    if trip.break_even_fee_bps < 0.0 {
        "none: slippage alone costs more".to_owned()
    } else {
        format!("{} bps a side", format::fixed(trip.break_even_fee_bps, 2))
    }
}

/// Returns the cost of a round trip and what it can earn.
pub fn cost_lines(
    moment: &Moment,
    reckoned: Result<&Reckoned, &String>,
    options: &TradeOptions,
) -> Vec<Line> {
    let trade = reckoned.ok();
    let trip = trade.and_then(Reckoned::tradable_trip);
    let refused = trade.is_some_and(|trade| trade.rounded.is_err());
    let show = |text: &dyn Fn(&RoundTrip) -> String| trip.map_or_else(|| ABSENT.to_owned(), text);
    let currency = moment.currency();
    let (reference, unit) = match moment.price_scale {
        PriceScale::Levels => (moment.prices.map_or(1.0, |[y, _]| y), currency),
        PriceScale::Logs => (0.1, "log return"),
    };
    let decimals = format::spread_decimals(reference).max(2);
    let top_only =
        options.from_book && trade.is_some_and(|trade| trade.beyond_top.iter().any(Option::is_some));
    let note = if refused {
        Some("none: the exchange would not take the order".to_owned())
    } else {
        top_only.then(|| {
            "Slippage is that of the top of the book, and this order goes beyond it: it costs more."
                .to_owned()
        })
    };
    vec![
        Line {
            note,
            ..line(
                "round-trip",
                "Round trip",
                show(&|trip| {
                    let [fees, slippage] = [trip.fees, trip.slippage].map(|part| money(part, ""));
                    format!("{} (fees {fees}, slippage {slippage})", money(trip.cost(), currency))
                }),
            )
        },
        line(
            "cost-spread",
            "In the spread",
            show(&|trip| {
                format!("{} {unit}", format::fixed(trip.cost_in_spread, decimals)).trim_end().to_owned()
            }),
        ),
        line("cost-z", "In z", show(&|trip| format::fixed(trip.cost_in_z, 2))),
        line("expected-move", "Distance to the mean", show(&|trip| money(trip.expected_move, currency))),
        line("net-at-mean", "Net at the mean", show(&|trip| signed_money(trip.net(), currency))),
        line("break-even", "Break-even fee", show(&break_even)),
        line(
            "expected-time",
            "Three quarters of the way back",
            show(&|trip| match (trip.expected_secs, &moment.half_life_secs) {
                (Some(secs), _) => format!("in {}", format::duration(secs)),
                (None, Err(reason)) => reason.clone(),
                (None, Ok(_)) => ABSENT.to_owned(),
            }),
        ),
    ]
}

/// Returns why the slippage that was set is not in force; `None` if it is.
pub fn slippage_note(moment: &Moment, options: &TradeOptions) -> Option<String> {
    let books = moment.books.as_ref().ok().filter(|_| options.from_book)?;
    let [y, x] = books.map(|book| format::significant(book.half_spread_bps(), 2));
    let Pair { y: leg_y, x: leg_x } = &moment.pair;
    Some(format!(
        "Not in force: the order books give {y} bps for {} and {x} for {}.",
        leg_y.base(),
        leg_x.base()
    ))
}

/// Returns the top of both order books, or why they do not count.
pub fn book_lines(moment: &Moment, options: &TradeOptions) -> Vec<Line> {
    let pair = &moment.pair;
    let book = |leg: usize| {
        moment.books.as_ref().map_or_else(
            |_| ABSENT.to_owned(),
            |books| {
                let book = books[leg];
                let decimals = moment.rules.as_ref().ok().and_then(|rules| rules[leg].lot_decimals());
                let half = format::significant(book.half_spread_bps(), 2);
                let [bid, ask] = [book.bid_size, book.ask_size].map(|units| quantity(units, decimals));
                format!("½ spread {half} bps, {bid} | {ask}")
            },
        )
    };
    let note = match (&moment.books, options.from_book) {
        (Err(reason), _) => format!("Slippage is as set, without the order books: {reason}."),
        (Ok(_), true) => "Slippage is half the bid-ask spread; sizes are bid | ask.".to_owned(),
        (Ok(_), false) => "Slippage is as set; sizes are bid | ask.".to_owned(),
    };
    vec![
        line("book-y", format!("{} book", pair.y.base()), book(0)),
        Line { note: Some(note), ..line("book-x", format!("{} book", pair.x.base()), book(1)) },
    ]
}

#[cfg(test)]
mod tests {
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
        for key in ["unhedged", "gross", "net"] {
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
}
