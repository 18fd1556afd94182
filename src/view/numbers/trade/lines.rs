//! The trade as lines of label and value.

use super::{Reckoned, TradeOptions};
use crate::view::numbers::format::{self, ABSENT};
use crate::view::numbers::lines::{Line, line};
use crate::view::screen::model::Model;
use spreadscope_engine::analytics::sizing::Sizes;
use spreadscope_engine::settings::PriceScale;

/// Returns the size of each leg; the same lines whether or not there is a trade.
pub fn size_lines(model: &Model, reckoned: Result<&Reckoned, &String>) -> Vec<Line> {
    let pair = &model.settings.pair;
    let sizes = reckoned.ok().map(|trade| (trade, trade.rounded.as_ref().unwrap_or(&trade.exact)));
    let show = |text: &dyn Fn(&Reckoned, &Sizes) -> String| {
        sizes.map_or_else(|| ABSENT.to_owned(), |(trade, sizes)| text(trade, sizes))
    };
    let money = |trade: &Reckoned, sizes: &Sizes, leg: usize| {
        format::fixed(sizes.money(trade.prices[0], trade.prices[1])[leg].abs(), 2)
    };
    let leg = |name: &str, leg: usize| {
        show(&|trade, sizes| {
            let units = if leg == 0 { sizes.units_y } else { sizes.units_x };
            let verb = if units < 0.0 { "sell" } else { "buy" };
            format!("{verb} {} {name} = {}", quantity(units.abs()), money(trade, sizes, leg))
        })
    };
    let elasticity = (model.settings.price_scale == PriceScale::Logs).then(|| {
        "the ratio is an elasticity of logarithms; these are its units at current prices".to_owned()
    });
    let hedge = Line {
        note: elasticity,
        ..line(
            "hedge-units",
            format!("{} for 1 {}", pair.x.base(), pair.y.base()),
            show(&|_, sizes| format::significant(sizes.hedge_units, 6)),
        )
    };
    let is_rounded = reckoned.is_ok_and(|trade| trade.rules.is_some());
    let unhedged = show(&|trade, sizes| {
        let rest = sizes.unhedged_x();
        format!("{} {} = {}", quantity(rest), pair.x.base(), format::fixed((rest * trade.prices[1]).abs(), 2))
    });
    let refused = reckoned.ok().and_then(|trade| trade.rounded.as_ref().err().cloned());
    let rounding = refused.unwrap_or_else(|| {
        if is_rounded {
            "after rounding down to the exchange's lots".to_owned()
        } else {
            "not rounded: the exchange's lots are not known yet".to_owned()
        }
    });
    vec![
        line("leg-y", pair.y.base(), leg(pair.y.base(), 0)),
        line("leg-x", pair.x.base(), leg(pair.x.base(), 1)),
        hedge,
        Line { note: Some(rounding), ..line("unhedged", "Left unhedged", unhedged) },
        line(
            "gross",
            "Gross exposure",
            show(&|trade, sizes| format::fixed(sizes.gross(trade.prices[0], trade.prices[1]), 2)),
        ),
        line(
            "net",
            "Net exposure",
            show(&|trade, sizes| format::signed(sizes.net(trade.prices[0], trade.prices[1]), 2)),
        ),
    ]
}

/// Returns the cost of a round trip and what it can earn.
pub fn cost_lines(model: &Model, reckoned: Result<&Reckoned, &String>) -> Vec<Line> {
    let trip = reckoned.ok().and_then(|trade| trade.trip.as_ref().ok());
    let show = |text: &dyn Fn(&spreadscope_engine::analytics::cost::RoundTrip) -> String| {
        trip.map_or_else(|| ABSENT.to_owned(), text)
    };
    let reference =
        model.last_row.as_ref().and_then(|row| row.y.close).map_or(1.0, |y| model.spread_reference(y));
    let decimals = format::spread_decimals(reference).max(2);
    vec![
        line(
            "round-trip",
            "Round trip",
            show(&|trip| {
                let [fees, slippage] = [trip.fees, trip.slippage].map(|money| format::fixed(money, 2));
                format!("{} (fees {fees}, slippage {slippage})", format::fixed(trip.cost(), 2))
            }),
        ),
        line("cost-spread", "In the spread", show(&|trip| format::fixed(trip.cost_in_spread, decimals))),
        line("cost-z", "In z", show(&|trip| format::fixed(trip.cost_in_z, 2))),
        line("expected-move", "Distance to the mean", show(&|trip| format::fixed(trip.expected_move, 2))),
        line("net-at-mean", "Net at the mean", show(&|trip| format::signed(trip.net(), 2))),
        line(
            "break-even",
            "Break-even fee",
            show(&|trip| {
                if trip.break_even_fee_bps < 0.0 {
                    "none: slippage alone costs more".to_owned()
                } else {
                    format!("{} bps a side", format::fixed(trip.break_even_fee_bps, 2))
                }
            }),
        ),
        line(
            "expected-time",
            "Three quarters back in",
            show(&|trip| trip.expected_secs.map_or_else(|| "no half-life".to_owned(), format::duration)),
        ),
    ]
}

/// Returns the top of both order books, or why they are not known.
pub fn book_lines(model: &Model, options: &TradeOptions) -> Vec<Line> {
    let pair = &model.settings.pair;
    let quotes = model.quotes.as_ref().filter(|quotes| quotes.pair.as_ref() == Some(pair));
    let books = quotes.and_then(|quotes| quotes.books);
    let book = |leg: usize| {
        books.map_or_else(
            || ABSENT.to_owned(),
            |books| {
                let book = books[leg];
                let half = format::significant(book.half_spread_bps(), 2);
                let [bid, ask] = [book.bid_size, book.ask_size].map(quantity);
                format!("½ spread {half} bps, {bid} | {ask}")
            },
        )
    };
    let trouble = quotes.and_then(|quotes| quotes.trouble.clone());
    let note = match (trouble, books.is_some(), options.from_book) {
        (Some(trouble), ..) => {
            format!("The order books are not known ({trouble}): slippage is as set.")
        }
        (None, false, _) => "The order books have not arrived yet: slippage is as set.".to_owned(),
        (None, true, true) => "Slippage is half the bid-ask spread; sizes are bid | ask.".to_owned(),
        (None, true, false) => "Slippage is as set; sizes are bid | ask.".to_owned(),
    };
    vec![
        line("book-y", format!("{} book", pair.y.base()), book(0)),
        Line { note: Some(note), ..line("book-x", format!("{} book", pair.x.base()), book(1)) },
    ]
}

/// Returns units with as many digits as lots have, without trailing zeros.
pub(super) fn quantity(units: f64) -> String {
    // small numbers are written out too: an order form accepts no powers of ten
    let text = if units.abs() < 1.0 {
        format!("{units:.8}").replace('-', "\u{2212}")
    } else {
        format::fixed(units, 8)
    };
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::super::reckoned::tests::model;
    use super::*;
    use crate::view::numbers::trade::reckon;

    #[test]
    fn the_same_lines_stand_there_with_and_without_a_trade() {
        let model = model();
        let trade = reckon(&model, &TradeOptions::default());
        let none = Err(&"No bar has closed yet.".to_owned());
        let keys = |lines: Vec<Line>| lines.into_iter().map(|line| line.key).collect::<Vec<_>>();
        assert_eq!(keys(size_lines(&model, trade.as_ref())), keys(size_lines(&model, none)));
        assert_eq!(keys(cost_lines(&model, trade.as_ref())), keys(cost_lines(&model, none)));
        let shown = size_lines(&model, trade.as_ref());
        assert_eq!(shown[0].value, "sell 0.2 BTC = 10,000.00");
        assert_eq!(shown[1].value, "buy 4 ETH = 8,000.00");
        let costs = cost_lines(&model, trade.as_ref());
        assert_eq!(costs[0].value, "39.60 (fees 36.00, slippage 3.60)");
        assert_eq!(costs[4].value, "\u{2212}19.60");
    }

    #[test]
    fn quantities_have_the_digits_of_their_lots() {
        assert_eq!(quantity(0.000_01), "0.00001");
        assert_eq!(quantity(-1_200.0), "\u{2212}1,200");
        assert_eq!(quantity(0.123_456_78), "0.12345678");
    }
}
