//! The trade that the numbers of a moment suggest.

use super::moment::{Basis, Moment, ZOf};
use super::{TradeOptions, refusals};
use crate::view::numbers::format;
use crate::view::screen::model::Model;
use spreadscope_engine::analytics::cost::{self, PairCosts, RoundTrip, Stretch};
use spreadscope_engine::analytics::lots;
use spreadscope_engine::analytics::sizing::{self, Sizes, SizingInput, TradeSide};
use spreadscope_engine::binance::book::{BookTop, LotRules};

/// A trade at the prices of a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Reckoned {
    /// Its direction.
    pub side: TradeSide,
    /// z at the entry.
    pub z: ZOf,
    /// Prices of y and of x.
    pub prices: [f64; 2],
    /// Units as the sizing gives them.
    pub exact: Sizes,
    /// Units as the exchange accepts them, or why it would refuse; exact if its rules are not known.
    pub rounded: Result<Sizes, Refused>,
    /// The exchange's rules, if they are known.
    pub rules: Option<[LotRules; 2]>,
    /// Slippage of a fill of y and of x, in basis points.
    pub slippage_bps: [f64; 2],
    /// The units at the top of the book of each leg whose order is larger than that.
    pub beyond_top: [Option<f64>; 2],
    /// Whether the round trip costs more than is known: slippage is that of the top of the book, and the order goes
    /// beyond it.
    pub costs_more: bool,
    /// The round trip to the mean, or why it cannot be computed. That of a refused order is of its exact units:
    /// what it costs in z holds for any size.
    pub trip: Result<RoundTrip, String>,
}

/// An order that the exchange would refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its leg, 0 for y.
    pub leg: usize,
    /// Why, in a sentence.
    pub why: String,
}

impl Reckoned {
    /// Returns the units to trade, as the exchange accepts them; `None` if it would refuse.
    pub fn sizes(&self) -> Option<&Sizes> {
        self.rounded.as_ref().ok()
    }

    /// Returns the round trip of an order that can be placed.
    pub fn tradable_trip(&self) -> Option<&RoundTrip> {
        self.sizes().and(self.trip.as_ref().ok())
    }

    /// Returns the order rules of a leg whose units were rounded by them.
    pub fn rules_of(&self, leg: usize) -> Option<&LotRules> {
        self.rules.as_ref().filter(|_| self.rounded.is_ok()).map(|rules| &rules[leg])
    }
}

/// Returns the trade under `options`, or why there is none.
///
/// # Errors
/// A sentence to show.
pub fn reckon(moment: &Moment, options: &TradeOptions) -> Result<Reckoned, String> {
    if let Some(why) = moment.pair.two_currencies() {
        return Err(why);
    }
    let Basis { hedge_ratio, z, prices, spread_std_dev } = *moment.basis.as_ref().map_err(Clone::clone)?;
    let side = TradeSide::against(z.z).ok_or("z is at its mean: there is nothing to trade.")?;
    let Moment { pair, price_scale, .. } = moment;
    let input = SizingInput {
        sizing: options.sizing,
        notional: options.notional,
        hedge_ratio,
        price_scale: *price_scale,
        price_y: prices[0],
        price_x: prices[1],
        side,
    };
    let exact = sizing::size(&input).map_err(|error| refusals::of_sizing(&error, pair))?;
    let rules = moment.rules.as_ref().ok().copied();
    let rounded = match &rules {
        None => Ok(exact),
        Some(rules) => lots::rounded(&exact, prices, rules).map_err(|(leg, error)| Refused {
            leg,
            why: refusals::of_lots(&error, if leg == 0 { &pair.y } else { &pair.x }),
        }),
    };
    let traded = *rounded.as_ref().unwrap_or(&exact);
    let books = moment.books.as_ref().ok();
    let slippage_bps = books
        .filter(|_| options.from_book)
        .map_or([options.slippage_bps; 2], |books| books.map(|book| book.half_spread_bps()));
    let beyond_top = books.map_or([None; 2], |books| {
        [beyond_top(traded.units_y, &books[0]), beyond_top(traded.units_x, &books[1])]
    });
    let costs_more = options.from_book && beyond_top.iter().any(Option::is_some);
    let stretch = Stretch {
        price_y: prices[0],
        price_x: prices[1],
        price_scale: *price_scale,
        z: z.z,
        spread_std_dev,
        half_life_secs: moment.half_life_secs.as_ref().ok().copied(),
    };
    let costs = PairCosts { fee_bps: options.fee_bps, slippage_bps };
    let trip = cost::round_trip(&traded, &stretch, &costs).map_err(|error| refusals::of_cost(&error, pair));
    Ok(Reckoned { side, z, prices, exact, rounded, rules, slippage_bps, beyond_top, costs_more, trip })
}

/// Returns what the top of `book` holds if an order of signed `units` is larger.
fn beyond_top(units: f64, book: &BookTop) -> Option<f64> {
    let held = if units < 0.0 { book.bid_size } else { book.ask_size };
    (units.abs() > held).then_some(held)
}

/// The |z| below which a round trip to the mean does not pay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnpaidZ {
    /// The |z|.
    pub z: f64,
    /// Whether it is farther out by as much as the order costs beyond the top of the book.
    pub is_at_least: bool,
}

/// Returns the |z| below which a round trip to the mean does not pay, if it can be computed.
pub fn unpaid_z(model: &Model, options: &TradeOptions) -> Option<UnpaidZ> {
    let Reckoned { trip, costs_more, .. } = reckon(&Moment::of_bar(model), options).ok()?;
    trip.ok().map(|trip| UnpaidZ { z: trip.cost_in_z, is_at_least: costs_more })
}

/// Returns how far z must be for a round trip to pay, in a sentence.
pub fn must_be_beyond(reckoned: &Reckoned) -> String {
    if let Err(Refused { why, .. }) = &reckoned.rounded {
        return format!("{why} Nothing can be traded at this notional.");
    }
    match &reckoned.trip {
        Err(reason) => reason.clone(),
        Ok(trip) => {
            let z = format::fixed(trip.cost_in_z, 2);
            let said = reckoned.z.said();
            if reckoned.costs_more && trip.net() > 0.0 {
                format!(
                    "{said}; it must be beyond at least ±{z}. The order goes beyond the top of the book, so whether a \
                     round trip pays is not known."
                )
            } else if reckoned.costs_more {
                format!("{said}; it must be beyond at least ±{z} before a round trip pays at these costs.")
            } else if trip.net() > 0.0 {
                format!("{said}, beyond ±{z}: a round trip to the mean pays at these costs.")
            } else {
                format!("{said}; it must be beyond ±{z} before a round trip pays at these costs.")
            }
        }
    }
}

/// Returns the cost of a round trip from the last closed bar, which the verdict is about, as a clause if it
/// does not pay.
pub fn verdict_clause(model: &Model, options: &TradeOptions) -> Option<String> {
    let Reckoned { trip, costs_more, .. } = reckon(&Moment::of_bar(model), options).ok()?;
    let share = trip.ok()?.share_of_move();
    let least = if costs_more { "at least " } else { "" };
    let share_said = format::significant(share, 2);
    (share > 1.0).then(|| format!("a round trip costs {least}{share_said} × the distance to the mean"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::view::numbers::series::tests::row;
    use crate::view::numbers::verdict::tests::{HALF_LIFE, report, tests_of};
    use spreadscope_engine::analytics::Metric;
    use spreadscope_engine::analytics::cointegration::Tests;
    use spreadscope_engine::connection::quotes::Quotes;
    use spreadscope_engine::connection::{FeedStatus, Phase};
    use spreadscope_engine::messages::event::{Live, LiveLeg};
    use spreadscope_engine::settings::HedgeKind;
    use spreadscope_engine::{Pair, Settings, Symbol, UnixMillis};

    /// Returns a live model with y at 50,000, x at 2,000, ratio 20, z 2.5 and a deviation of 40.
    pub(crate) fn model() -> Model {
        let mut model = Model::new(Settings::default());
        let mut row = row(0, 2.5);
        row.y.close = Some(50_000.0);
        row.x.close = Some(2_000.0);
        row.hedge_ratio = Metric::Ready(20.0);
        row.spread_std_dev = Some(40.0);
        row.z = Metric::Ready(2.5);
        model.last_row = Some(row);
        model.live = Some(Live {
            exchange_time: Some(UnixMillis(65_000)),
            y: LiveLeg::default(),
            x: LiveLeg::default(),
            spread: None,
            z: None,
            feed: FeedStatus { phase: Phase::Live, ..FeedStatus::default() },
        });
        model
    }

    /// Returns what the panel reads of `model`.
    pub(crate) fn at(model: &Model) -> Moment {
        Moment::of(model, UnixMillis(0), false)
    }

    /// Returns order books a second old, with lots of 0.15.
    pub(crate) fn quotes(model: &Model, least_notional: f64) -> Quotes {
        let book = BookTop { bid: 49_995.0, bid_size: 1.0, ask: 50_005.0, ask_size: 2.0 };
        let rules = LotRules { lot_step: 0.15, least_notional, ..LotRules::default() };
        Quotes {
            pair: Some(model.settings.pair.clone()),
            books: Some([book; 2]),
            requested_at: Some(UnixMillis(64_000)),
            rules: Some([rules; 2]),
            trouble: None,
            rules_trouble: None,
        }
    }

    fn reckoned(model: &Model, options: &TradeOptions) -> Result<Reckoned, String> {
        reckon(&at(model), options)
    }

    #[test]
    fn without_books_and_rules_the_exact_sizes_and_the_set_slippage_stand() {
        let options = TradeOptions::default();
        let found = reckoned(&model(), &options).unwrap();
        assert_eq!((found.side, found.exact.units_y, found.exact.units_x), (TradeSide::Short, -0.2, 4.0));
        assert_eq!((found.rounded.clone(), found.slippage_bps), (Ok(found.exact), [1.0; 2]));
        // 36,000 x 11 bps = 39.6 against 20
        let trip = found.trip.clone().unwrap();
        assert!((trip.cost() - 39.6).abs() < 1e-9 && (trip.cost_in_z - 4.95).abs() < 1e-9, "{trip:?}");
        assert_eq!(
            must_be_beyond(&found),
            "z 2.50 at the last close; it must be beyond ±4.95 before a round trip pays at these costs."
        );
        let clause = verdict_clause(&model(), &options);
        assert_eq!(clause.as_deref(), Some("a round trip costs 2.0 × the distance to the mean"));
        let free = TradeOptions { fee_bps: 0.0, ..options };
        assert_eq!(verdict_clause(&model(), &free), None);
    }

    #[test]
    fn the_panel_trades_against_the_z_of_now_and_the_verdict_against_that_of_its_bar() {
        let options = TradeOptions::default();
        let mut model = model();
        model.live.as_mut().unwrap().z = Some(-10.0);
        let found = reckoned(&model, &options).unwrap();
        assert_eq!(found.side, TradeSide::Long);
        assert!(must_be_beyond(&found).starts_with("z now \u{2212}10.00, beyond ±4.95: "), "{found:?}");
        let clause = verdict_clause(&model, &options);
        assert_eq!(clause.as_deref(), Some("a round trip costs 2.0 × the distance to the mean"));
        let said = [0.000_038_3, -0.017].map(|z| ZOf { z, is_now: true }.said());
        assert_eq!(said, ["z now 0.00", "z now \u{2212}0.02"]);
    }

    #[test]
    fn books_and_rules_are_used_where_they_are_known_and_wanted() {
        let mut model = model();
        model.quotes = Some(Box::new(quotes(&model, 5.0)));
        let found = reckoned(&model, &TradeOptions::default()).unwrap();
        assert!((found.slippage_bps[0] - 1.0).abs() < 1e-12, "5 of 50,000");
        let rounded = found.rounded.clone().unwrap();
        assert!(
            (rounded.units_y + 0.15).abs() < 1e-12 && (rounded.units_x - 3.0).abs() < 1e-12,
            "x of 0.15 y"
        );
        assert_eq!(found.beyond_top, [None, Some(2.0)], "3 to buy, 2 at the best ask");
        let free = TradeOptions { fee_bps: 0.0, notional: 100_000.0, ..TradeOptions::default() };
        let said = must_be_beyond(&reckoned(&model, &free).unwrap());
        assert!(
            said.contains("; it must be beyond at least ±")
                && said.ends_with("round trip pays is not known."),
            "{said}"
        );
        let dear = must_be_beyond(&found);
        assert!(dear.contains("beyond at least ±") && dear.ends_with("pays at these costs."), "{dear}");
        let clause = verdict_clause(&model, &TradeOptions::default()).unwrap();
        assert!(clause.starts_with("a round trip costs at least "), "{clause}");
        assert!(unpaid_z(&model, &free).unwrap().is_at_least);
        let fixed = TradeOptions { from_book: false, slippage_bps: 3.0, ..TradeOptions::default() };
        assert_eq!(reckoned(&model, &fixed).unwrap().slippage_bps, [3.0; 2]);
        assert!(!unpaid_z(&model, &fixed).unwrap().is_at_least);
        model.quotes = Some(Box::new(quotes(&model, 1e6)));
        let found = reckoned(&model, &fixed).unwrap();
        let said = must_be_beyond(&found);
        assert!(said.starts_with("The exchange would not take BTCUSDT: an order of "), "{said}");
        assert!(said.ends_with(". Nothing can be traded at this notional."), "{said}");
        assert_eq!((found.sizes(), found.tradable_trip()), (None, None));
        assert!(unpaid_z(&model, &fixed).is_some(), "in z, it costs the same at any size");
    }

    #[test]
    fn books_older_than_some_seconds_do_not_count() {
        let mut model = model();
        let wide = BookTop { bid: 49_000.0, bid_size: 1e-6, ask: 51_000.0, ask_size: 1e-6 };
        let old =
            Quotes { books: Some([wide; 2]), requested_at: Some(UnixMillis(40_000)), ..quotes(&model, 5.0) };
        model.quotes = Some(Box::new(old.clone()));
        let found = reckoned(&model, &TradeOptions::default()).unwrap();
        assert_eq!((found.slippage_bps, found.beyond_top), ([1.0; 2], [None; 2]));
        assert_eq!(at(&model).books, Err("they are 25 s old".to_owned()));
        model.quotes = Some(Box::new(Quotes { requested_at: Some(UnixMillis(55_000)), ..old }));
        let found = reckoned(&model, &TradeOptions::default()).unwrap();
        assert!((found.slippage_bps[0] - 200.0).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn what_is_missing_is_said_in_a_sentence() {
        let options = TradeOptions::default();
        let said = |change: &dyn Fn(&mut Model)| {
            let mut model = model();
            change(&mut model);
            assert_eq!(verdict_clause(&model, &options), None);
            assert_eq!(unpaid_z(&model, &options), None);
            reckoned(&model, &options).unwrap_err()
        };
        assert_eq!(said(&|model| model.last_row = None), "No bar has closed yet.");
        assert_eq!(said(&|model| model.filling = true), "History is coming in.");
        let stopped = "The feed is not live: there are no current prices to trade at.";
        assert_eq!(said(&|model| model.live = None), stopped);
        let stale = Phase::Stale { silent_millis: 20_000 };
        assert_eq!(said(&|model| model.live.as_mut().unwrap().feed.phase = stale.clone()), stopped);
        let of_z = said(&|model| {
            model.last_row.as_mut().unwrap().z = Metric::Warming { seen: 3, needed: 300 };
        });
        assert_eq!(of_z, "The z-score is warming up: 3 of 300 bars.");
    }

    #[test]
    fn money_of_two_currencies_is_not_added_up() {
        let said = |y: &str, x: &str| {
            let mut model = model();
            model.settings.pair = Pair { y: Symbol::new(y).unwrap(), x: Symbol::new(x).unwrap() };
            reckoned(&model, &TradeOptions::default()).map(|_| ())
        };
        let refused = said("BTCUSDT", "ETHBTC").unwrap_err();
        assert!(refused.starts_with("BTCUSDT is priced in USDT and ETHBTC in BTC"), "{refused}");
        assert_eq!((said("BTCUSDT", "ETHUSDC"), said("PEP", "KO")), (Ok(()), Ok(())));
    }

    #[test]
    fn a_ratio_that_cannot_be_held_is_not_sized() {
        let options = TradeOptions::default();
        let said = |ratio: f64, error: f64, hedge_model: HedgeKind| {
            let mut model = model();
            model.settings.hedge_model = hedge_model;
            model.tests = Some(tests_of(report(0.01, HALF_LIFE)));
            let row = model.last_row.as_mut().unwrap();
            (row.hedge_ratio, row.hedge_ratio_std_error) = (Metric::Ready(ratio), Some(error));
            reckoned(&model, &options).map(|_| ())
        };
        assert_eq!(said(16.0, 0.1, HedgeKind::Ols), Ok(()));
        let negative = said(-2.0, 0.1, HedgeKind::Ols).unwrap_err();
        assert!(negative.contains("\u{2212}2.0000: both legs on one side"), "{negative}");
        assert!(said(0.3, 0.3, HedgeKind::Ols).unwrap_err().contains("as large as itself"));
        assert!(said(48.0, 0.1, HedgeKind::Tls).unwrap_err().contains("hardly move together"));
    }

    #[test]
    fn a_half_life_of_part_of_the_sample_does_not_count_and_two_lines_are_named() {
        let mut model = model();
        let full = tests_of(report(0.01, HALF_LIFE));
        let part = Tests { bars: 59, ..full.clone() };
        model.tests = Some(part);
        let short = at(&model);
        assert_eq!(short.half_life_secs, Err("the tests have 59 of 900 bars".to_owned()));
        assert_eq!(short.two_lines, None);
        assert_eq!(reckon(&short, &TradeOptions::default()).unwrap().trip.unwrap().expected_secs, None);
        model.tests = Some(full);
        let whole = at(&model);
        assert_eq!(whole.half_life_secs, Ok(85.0));
        assert!(whole.two_lines.is_some_and(|said| said.contains("16.000 ± 0.10")));
    }
}
