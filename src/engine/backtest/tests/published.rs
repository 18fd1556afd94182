//! A published backtest: vectorbt's example of PEP and KO, 2017 to 2018, which agrees with backtrader.
//!
//! Ten orders at the opens, with fees of 0.5 %, from $100,000. The printed results are cash 100,020.682, fees
//! 908.375 and a value of 100,284.082 at the last closes.
//!
//! # Source
//! `examples/PairsTrading.ipynb` of polakowo/vectorbt.

use super::*;

/// Units and price of each order, for PEP and KO, five times.
const ORDERS: [[(f64, f64); 2]; 5] = [
    [(-96.698_241, 103.316_229), (238.385_955, 41.851_497)],
    [(198.056_953, 98.739_352), (-490.647_327, 39.652_521)],
    [(-198.781_680, 102.263_047), (498.975_917, 40.477_607)],
    [(197.454_665, 100.702_245), (-482.284_086, 42.524_342)],
    [(-189.202_087, 111.094_282), (451.211_817, 46.006_429)],
];
const LAST: [f64; 2] = [102.682_220, 43.681_664];
const COSTS: Costs = Costs { fee_bps: 50.0, slippage_bps: 0.0 };

fn filled(leg: OrderLeg, quantity: f64, price: f64) -> Order {
    COSTS.fill(Ticket {
        time: START,
        leg,
        quantity,
        price,
        reason: Reason::Entry,
        stale: false,
        half_spread_bps: None,
    })
}

#[test]
fn ten_orders_come_to_the_money_that_is_printed() {
    let mut account = Account::default();
    for pair in ORDERS {
        for (leg, (quantity, price)) in OrderLeg::BOTH.into_iter().zip(pair) {
            account.add(&filled(leg, quantity, price));
        }
    }
    assert!((100_000.0 + account.cash() - 100_020.682).abs() < 5e-3, "{}", account.cash());
    assert!((account.fees - 908.374_763).abs() < 5e-5, "{}", account.fees);
    assert!((100_000.0 + account.net(LAST) - 100_284.081_822).abs() < 5e-3, "{}", account.net(LAST));
}

#[test]
fn round_trips_are_of_pairs_and_not_of_legs() {
    // trap "legs counted as trades": win 62.5 % and profit factor 1.072 by leg, 50 % and 1.407 by pair
    let mut held = [0.0; 2];
    let mut by_leg = Vec::new();
    let mut by_pair = Vec::new();
    for step in ORDERS.windows(2) {
        let mut pair_net = 0.0;
        for (place, leg) in OrderLeg::BOTH.into_iter().enumerate() {
            let ((first, bought), (second, sold)) = (step[0][place], step[1][place]);
            // an order that reverses a position closes it and opens one with the rest
            let quantity = held[place] + first;
            held[place] = quantity;
            let share = (quantity / first).abs();
            let mut trip = Account::default();
            trip.add(&filled(leg, share * first, bought));
            trip.add(&filled(leg, -quantity, sold));
            assert!(quantity.abs() <= second.abs() && trip.quantity[place].abs() < 1e-9);
            by_leg.push(trip.cash());
            pair_net += trip.cash();
        }
        by_pair.push(pair_net);
    }
    let figures = |nets: &[f64]| {
        let wins = nets.iter().filter(|net| **net > 0.0).count() as f64 / nets.len() as f64;
        let sum = |sign: f64| nets.iter().map(|net| (sign * net).max(0.0)).sum::<f64>();
        (wins, sum(1.0) / sum(-1.0))
    };
    let (wins, factor) = figures(&by_leg);
    assert!(wins == 0.625 && (factor - 1.072_464).abs() < 1e-5, "{factor}");
    let (wins, factor) = figures(&by_pair);
    assert!(wins == 0.5 && (factor - 1.407).abs() < 5e-4, "{factor}");
}
