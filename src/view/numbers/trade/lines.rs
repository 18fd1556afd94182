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
    let of_x = |rest: f64, trade: &Reckoned| {
        let worth = money((rest * trade.prices[1]).abs(), pair.x.quote().unwrap_or_default());
        format!("{} {} = {worth}", quantity(rest, None), pair.x.base())
    };
    let unhedged = show(&|trade, sizes| of_x(sizes.rounded_away_x(&trade.exact), trade));
    let by_sizing = show(&|trade, _| {
        let rest = trade.exact.unhedged_x();
        // what is lacking is on the side that x is on
        let how = if rest * trade.exact.units_x > 0.0 { "short by" } else { "over by" };
        if rest == 0.0 { "none".to_owned() } else { format!("{how} {}", of_x(rest.abs(), trade)) }
    });
    let rounding = match &moment.rules {
        // nothing was rounded
        Ok(_) if trade.is_none_or(|trade| trade.rounded.is_err()) => String::new(),
        Ok(rules) => rounded_by(rules, pair),
        Err(reason) => format!("not rounded to the exchange's lots: {reason}"),
    };
    vec![
        leg_line("leg-y", &pair.y, 0, trade),
        leg_line("leg-x", &pair.x, 1, trade),
        hedge,
        Line { note: Some(rounding), ..line("unhedged", "Left by rounding", unhedged) },
        line("sizing-rest", "Left by the sizing", by_sizing),
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
        PriceScale::Levels => {
            let per = format!("{currency} per 1 {}", moment.pair.y.base());
            (moment.prices.map_or(1.0, |[y, _]| y), per.trim_start().to_owned())
        }
        PriceScale::Logs => (0.1, "log return".to_owned()),
    };
    let decimals = format::spread_decimals(reference).max(2);
    let top_only = options.from_book && trade.is_some_and(|trade| trade.costs_more);
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
            show(&|trip| format!("{} {unit}", format::fixed(trip.cost_in_spread, decimals))),
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
mod tests;
