//! The trade that the current numbers suggest, computed from the model.

use super::TradeOptions;
use crate::view::numbers::format;
use crate::view::screen::model::Model;
use spreadscope_engine::analytics::Metric;
use spreadscope_engine::analytics::cointegration::{HalfLife, Outcome};
use spreadscope_engine::analytics::cost::{self, Costs, RoundTrip, Stretch};
use spreadscope_engine::analytics::lots;
use spreadscope_engine::analytics::sizing::{self, Sizes, SizingInput, TradeSide};
use spreadscope_engine::binance::book::{BookTop, LotRules};

/// A trade at current prices.
#[derive(Debug, Clone, PartialEq)]
pub struct Reckoned {
    /// Its direction.
    pub side: TradeSide,
    /// z at the entry.
    pub z: f64,
    /// Prices of y and of x.
    pub prices: [f64; 2],
    /// Units as the sizing gives them.
    pub exact: Sizes,
    /// Units as the exchange accepts them, or why it would refuse; exact if its rules are not known.
    pub rounded: Result<Sizes, String>,
    /// The exchange's rules, if they are known.
    pub rules: Option<[LotRules; 2]>,
    /// Slippage of a fill of y and of x, in basis points.
    pub slippage_bps: [f64; 2],
    /// The round trip to the mean, or why it cannot be computed.
    pub trip: Result<RoundTrip, String>,
}

/// Returns the trade under `options`, or why there is none.
///
/// # Errors
/// A sentence to show.
pub fn reckon(model: &Model, options: &TradeOptions) -> Result<Reckoned, String> {
    let row = model.last_row.as_ref().ok_or("No bar has closed yet.")?;
    let hedge_ratio = number(&row.hedge_ratio, "hedge ratio")?;
    let live = model.live.as_ref();
    let z = match live.and_then(|live| live.z) {
        Some(z) => z,
        None => number(&row.z, "z-score")?,
    };
    let price = |last: Option<f64>, close: Option<f64>, leg: &str| {
        last.or(close).ok_or_else(|| format!("There is no price of {leg}."))
    };
    let pair = &model.settings.pair;
    let prices = [
        price(live.and_then(|live| live.y.last), row.y.close, pair.y.base())?,
        price(live.and_then(|live| live.x.last), row.x.close, pair.x.base())?,
    ];
    let side = TradeSide::against(z).ok_or("z is at its mean: there is nothing to trade.")?;
    let price_scale = model.settings.price_scale;
    let input = SizingInput {
        sizing: options.sizing,
        notional: options.notional,
        hedge_ratio,
        price_scale,
        price_y: prices[0],
        price_x: prices[1],
        side,
    };
    let exact = sizing::size(&input).map_err(|error| format!("No sizing: {error}."))?;
    let quotes = model.quotes.as_ref().filter(|quotes| quotes.pair.as_ref() == Some(pair));
    let rules = quotes.and_then(|quotes| quotes.rules);
    let rounded = match &rules {
        None => Ok(exact),
        Some(rules) => lots::rounded(&exact, prices, rules).map_err(|(leg, error)| {
            let symbol = if leg == 0 { &pair.y } else { &pair.x };
            format!("The exchange would not take {symbol}: {error}.")
        }),
    };
    let books = quotes.and_then(|quotes| quotes.books).filter(|_| options.from_book);
    let slippage_bps =
        books.map_or([options.slippage_bps; 2], |books| books.map(|book: BookTop| book.half_spread_bps()));
    let spread_std_dev = row.spread_std_dev.ok_or("The deviation of the spread is not known yet.")?;
    let half_life_secs = model.tests.as_ref().and_then(|tests| match &tests.outcome {
        Outcome::Done(report) => match report.half_life {
            HalfLife::Reverting { secs, .. } => Some(secs),
            HalfLife::None(_) => None,
        },
        Outcome::Warming { .. } | Outcome::Undefined(_) => None,
    });
    let stretch =
        Stretch { price_y: prices[0], price_x: prices[1], price_scale, z, spread_std_dev, half_life_secs };
    let costs = Costs { fee_bps: options.fee_bps, slippage_bps };
    let traded = rounded.as_ref().unwrap_or(&exact);
    let trip = cost::round_trip(traded, &stretch, &costs).map_err(|error| format!("No cost: {error}."));
    Ok(Reckoned { side, z, prices, exact, rounded, rules, slippage_bps, trip })
}

fn number(metric: &Metric, name: &str) -> Result<f64, String> {
    match metric {
        Metric::Ready(value) => Ok(*value),
        Metric::Warming { seen, needed } | Metric::Provisional { seen, needed, .. } => {
            Err(format!("The {name} is warming up: {seen} of {needed} bars."))
        }
        Metric::Undefined(reason) => Err(format!("There is no {name}: {reason}.")),
    }
}

/// Returns the |z| below which a round trip to the mean does not pay, if it can be computed.
pub fn unpaid_z(model: &Model, options: &TradeOptions) -> Option<f64> {
    reckon(model, options).ok()?.trip.ok().map(|trip| trip.cost_in_z)
}

/// Returns how far z must be for a round trip to pay, in a sentence.
pub fn must_be_beyond(reckoned: &Reckoned) -> String {
    match &reckoned.trip {
        Err(reason) => reason.clone(),
        Ok(trip) => {
            let z = format::fixed(trip.cost_in_z, 2);
            let now = format::fixed(reckoned.z, 2);
            if trip.net() > 0.0 {
                format!("z {now} is beyond ±{z}: a round trip to the mean pays at these costs.")
            } else {
                format!("z must be beyond ±{z} before a round trip pays at these costs; it is {now}.")
            }
        }
    }
}

/// Returns the cost of a round trip as a clause for the verdict, if it does not pay.
pub fn verdict_clause(model: &Model, options: &TradeOptions) -> Option<String> {
    let trip = reckon(model, options).ok()?.trip.ok()?;
    let share = trip.share_of_move();
    (share > 1.0)
        .then(|| format!("a round trip costs {} × the distance to the mean", format::significant(share, 2)))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::view::numbers::series::tests::row;
    use spreadscope_engine::connection::quotes::Quotes;
    use spreadscope_engine::{Settings, UnixMillis};

    /// Returns a model with y at 50,000, x at 2,000, ratio 20, z 2.5 and a deviation of 40.
    pub(crate) fn model() -> Model {
        let mut model = Model::new(Settings::default());
        let mut row = row(0, 2.5);
        row.y.close = Some(50_000.0);
        row.x.close = Some(2_000.0);
        row.hedge_ratio = Metric::Ready(20.0);
        row.spread_std_dev = Some(40.0);
        row.z = Metric::Ready(2.5);
        model.last_row = Some(row);
        model
    }

    fn quotes(model: &Model, least_notional: f64) -> Quotes {
        let book = BookTop { bid: 49_995.0, bid_size: 1.0, ask: 50_005.0, ask_size: 2.0 };
        let rules = LotRules { lot_step: 0.15, least_notional, ..LotRules::default() };
        Quotes {
            pair: Some(model.settings.pair.clone()),
            books: Some([book; 2]),
            asked_at: Some(UnixMillis(0)),
            rules: Some([rules; 2]),
            trouble: None,
        }
    }

    #[test]
    fn without_books_and_rules_the_exact_sizes_and_the_set_slippage_stand() {
        let options = TradeOptions::default();
        let found = reckon(&model(), &options).unwrap();
        assert_eq!((found.side, found.exact.units_y, found.exact.units_x), (TradeSide::Short, -0.2, 4.0));
        assert_eq!((found.rounded.clone(), found.slippage_bps), (Ok(found.exact), [1.0; 2]));
        // 36,000 x 11 bps = 39.6 against 20
        let trip = found.trip.clone().unwrap();
        assert!((trip.cost() - 39.6).abs() < 1e-9 && (trip.cost_in_z - 4.95).abs() < 1e-9, "{trip:?}");
        assert_eq!(
            must_be_beyond(&found),
            "z must be beyond ±4.95 before a round trip pays at these costs; it is 2.50."
        );
        let clause = verdict_clause(&model(), &options);
        assert_eq!(clause.as_deref(), Some("a round trip costs 2.0 × the distance to the mean"));
        let free = TradeOptions { fee_bps: 0.0, ..options };
        assert_eq!(verdict_clause(&model(), &free), None);
    }

    #[test]
    fn books_and_rules_are_used_where_they_are_known_and_wanted() {
        let mut model = model();
        model.quotes = Some(Box::new(quotes(&model, 5.0)));
        let found = reckon(&model, &TradeOptions::default()).unwrap();
        assert!((found.slippage_bps[0] - 1.0).abs() < 1e-12, "5 of 50,000");
        let rounded = found.rounded.unwrap();
        assert!((rounded.units_y + 0.15).abs() < 1e-12 && (rounded.units_x - 3.9).abs() < 1e-12);
        let fixed = TradeOptions { from_book: false, slippage_bps: 3.0, ..TradeOptions::default() };
        assert_eq!(reckon(&model, &fixed).unwrap().slippage_bps, [3.0; 2]);
        model.quotes = Some(Box::new(quotes(&model, 1e6)));
        let refused = reckon(&model, &fixed).unwrap().rounded.unwrap_err();
        assert!(refused.starts_with("The exchange would not take BTCUSDT: an order of "), "{refused}");
    }

    #[test]
    fn what_is_missing_is_said_in_a_sentence() {
        let options = TradeOptions::default();
        let empty = Model::new(Settings::default());
        assert_eq!(reckon(&empty, &options), Err("No bar has closed yet.".to_owned()));
        let mut negative = model();
        negative.last_row.as_mut().unwrap().hedge_ratio = Metric::Ready(-2.0);
        let said = reckon(&negative, &options).unwrap_err();
        assert!(said.starts_with("No sizing: the hedge ratio is -2: "), "{said}");
        let mut warming = model();
        warming.last_row.as_mut().unwrap().z = Metric::Warming { seen: 3, needed: 300 };
        let said = reckon(&warming, &options).unwrap_err();
        assert_eq!(said, "The z-score is warming up: 3 of 300 bars.");
    }
}
