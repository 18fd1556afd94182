//! Traps that public backtests have fallen into, each with its numbers.

use super::*;
use crate::Symbol;
use crate::bars::DecimalSum;
use crate::settings::PriceScale;

#[test]
fn four_fills_are_paid_for_and_each_at_its_own_money() {
    // trap "fees once / one leg": $10,000 and $8,000 at 10 bps are $36, not $18 or $20
    let mut bars = [at(2.0), at(1.0), at(-0.1), at(0.0), at(0.0)];
    for bar in &mut bars {
        bar.prices = [Some((100.0, 100.0)), Some((50.0, 50.0))];
        bar.ratio = Some(1.6);
    }
    let rules = Rules { fee_bps: 10.0, slippage_bps: 0.0, ..Rules::default() };
    let ledger = traded(&tape_of(&bars), &rules);
    assert!((ledger.trades[0].fees - 36.0).abs() < 1e-9, "{:?}", ledger.trades);
    // trap "exit fee on entry notional": a leg that doubles pays twice the fee
    bars[3].prices[0] = Some((200.0, 200.0));
    let fees: Vec<f64> = traded(&tape_of(&bars), &rules)
        .orders
        .iter()
        .filter(|order| order.leg == OrderLeg::Y)
        .map(|order| order.fee)
        .collect();
    assert!((fees[1] / fees[0] - 2.0).abs() < 1e-12, "{fees:?}");
}

#[test]
fn funding_is_a_line_of_its_own_and_never_in_gross() {
    let bars = [at(2.0), at(1.0), at(-0.1), at(0.0), at(0.0)];
    let free = traded(&tape_of(&bars), &rules()).trades[0];
    let rules = Rules { funding_bps_per_day: 144.0, borrow_bps_per_day: 14.4, ..rules() };
    let paid = traded(&tape_of(&bars), &rules).trades[0];
    assert_eq!(paid.gross, free.gross);
    // two minutes of $10,000 of y and $5,000 of x: 1 bp per 10 minutes of funding on both, and a tenth of that
    // of borrow on the leg sold
    let per_bar = 1e-4 / 10.0;
    assert!((paid.funding - 2.0 * per_bar * 15_000.0).abs() < 1e-9, "{}", paid.funding);
    assert!((paid.borrow - 2.0 * per_bar / 10.0 * 10_000.0).abs() < 1e-9, "{}", paid.borrow);
    assert!((paid.net - paid.gross + paid.funding + paid.borrow).abs() < 1e-9);
}

#[test]
fn the_drawdown_begins_at_the_capital() {
    // trap "drawdown misses start": returns of -10 % and +5 % have a drawdown of 10 %, not of 0
    let equity = vec![9_000.0, 9_450.0];
    let ledger = Ledger { gross_equity: equity.clone(), equity, ..Ledger::default() };
    let tape = tape_of(&[at(0.0), at(0.0)]);
    let by = |compounding| metrics(&tape, &Rules { compounding, ..rules() }, 0..2, &ledger)[0].max_drawdown;
    assert!((by(false) - 0.1).abs() < 1e-12 && (by(true) - 0.1).abs() < 1e-12);
}

/// empyrical's `max_drawdown` divides by the highest equity so far: 3,000 of 15,000 is 20 %. Here the capital of 10,000 is
/// the base, also where profits are reinvested: 30 %. All that rests on the drawdown goes by the same base.
#[test]
fn a_drawdown_is_a_fraction_of_the_capital_also_when_profits_are_reinvested() {
    let days = 40 * 24 * 60;
    let equity: Vec<f64> = (0..days).map(|at| if at < days / 2 { 15_000.0 } else { 12_000.0 }).collect();
    let ledger = Ledger { gross_equity: equity.clone(), equity, ..Ledger::default() };
    let tape = tape_of(&vec![at(0.0); days]);
    for compounding in [false, true] {
        let [found, _] = metrics(&tape, &Rules { compounding, ..rules() }, 0..days, &ledger);
        assert!((found.max_drawdown - 0.3).abs() < 1e-12, "{}", found.max_drawdown);
        let [ulcer, pain] = [found.ulcer_index, found.pain_index].map(|figure| figure.value().unwrap());
        assert!((pain - 0.15).abs() < 1e-9 && (ulcer - 0.3 * 0.5_f64.sqrt()).abs() < 1e-9, "{pain} {ulcer}");
    }
    // what was won is lost again: half of the capital, and 33 % of the highest equity
    let mut bars = vec![at(2.0), at(1.0), at(-0.1), at(2.0), at(2.0), at(2.0), at(2.0), at(2.0)];
    bars[3].prices[0] = Some((50.0, 101.0));
    bars[5].prices[0] = Some((101.0, 134.0));
    let stop = |fraction| {
        let rules = Rules { compounding: true, drawdown_stop: Some(fraction), ..rules() };
        traded(&tape_of(&bars), &rules).trades.iter().any(|trade| trade.reason_out == Reason::Loss)
    };
    assert_eq!([0.40, 0.45, 0.50].map(stop), [true, true, false]);
}

#[test]
fn a_sortino_ratio_divides_by_the_losses_of_all_periods() {
    // trap "Sortino": [.01, -.02, .03, -.01] is 3.5496 over 252 periods a year, not 7.94
    let returns = [0.01, -0.02, 0.03, -0.01];
    let ratio = spreadscope_stats::performance::sortino(&returns).unwrap() * 252_f64.sqrt();
    assert!((ratio - 3.5496).abs() < 5e-5, "{ratio}");
}

#[test]
fn a_round_trip_that_neither_won_nor_lost_is_neither() {
    let trip = traded(&tape_of(&[at(2.0), at(1.0), at(-0.1), at(0.0), at(0.0)]), &rules()).trades[0];
    let of = |nets: [f64; 3]| {
        let trades = nets.map(|net| RoundTrip { net, turnover: 40_000.0, ..trip }).to_vec();
        let ledger = Ledger { trades, equity: vec![10_000.0; 5], ..Ledger::default() };
        metrics(&tape_of(&[at(0.0); 5]), &rules(), 0..5, &ledger)[0].clone()
    };
    let rounded = of([4e-13, -4e-13, 5.0]);
    assert_eq!(rounded.win_rate.value(), Some(1.0 / 3.0));
    assert_eq!(rounded.profit_factor.0, Err("no round trip has lost".to_owned()));
    assert_eq!(rounded.longest_losing_streak, 0);
    assert_eq!(of([-1e-6, -4e-13, 5.0]).longest_losing_streak, 1);
}

#[test]
fn what_never_traded_has_no_value_at_risk() {
    let tape = tape_of(&vec![at(0.0); 200 * 60]);
    let [found, _] = metrics(&tape, &rules(), 0..tape.len(), &traded(&tape, &rules()));
    for figure in [found.var_95, found.var_99, found.cvar_95, found.cvar_99] {
        assert_eq!(figure.0, Err("there are no round trips".to_owned()));
    }
    assert!(!serde_json::to_string(&found.volatility).unwrap().contains('-'));
    assert_eq!(serde_json::to_string(&Figure::from(-0.0)).unwrap(), "0.0");
}

#[test]
fn a_period_of_four_hours_is_named_and_annualised_as_one() {
    let mut bars = [Bars::new(Interval::FourHours), Bars::new(Interval::FourHours)];
    let step = Interval::FourHours.millis();
    for at in 0..60 {
        for (leg, bars) in bars.iter_mut().enumerate() {
            let close = 100.0 + ((at * [3, 4][leg]) % 7) as f64;
            let traded = Traded { open: close, high: close, low: close, close, ..one() };
            bars.put(
                UnixMillis(1_699_920_000_000 + at * step),
                Bar { origin: Origin::Live, traded: Some(traded) },
            );
        }
    }
    let settings = Settings { interval: Interval::FourHours, ..parameters().settings };
    let tape = tape(legs(&bars), &settings).unwrap();
    let equity: Vec<f64> = (0..60).map(|at| 10_000.0 + f64::from(at % 5) * 10.0 + f64::from(at)).collect();
    let ledger = Ledger { equity: equity.clone(), gross_equity: equity.clone(), ..Ledger::default() };
    let [found, _] = metrics(&tape, &rules(), 0..60, &ledger);
    assert_eq!((found.period, found.periods), (Period::FourHours, 60));
    assert_eq!(serde_json::to_string(&found.period).unwrap(), "\"4h\"");
    let before = core::iter::once(10_000.0).chain(equity.iter().copied());
    let returns: Vec<f64> = before.zip(&equity).map(|(before, now)| (now - before) / 10_000.0).collect();
    let sharpe = spreadscope_stats::performance::sharpe(&returns).unwrap() * (365.0 * 6.0_f64).sqrt();
    assert!((found.sharpe.value().unwrap() - sharpe).abs() < 1e-9);
    let [short, _] = metrics(&tape, &rules(), 0..20, &Ledger { equity: equity[..20].to_vec(), ..ledger });
    let reason = short.sharpe.0.unwrap_err();
    assert_eq!(reason, "the span is too short: it has 20 whole periods of 4 hours and 30 are needed");
}

#[test]
fn a_profit_factor_is_of_money() {
    // trap "percent profit factor": +$100 on $1,000 and -$150 on $10,000 is 0.667, not 6.67
    let trip = traded(&tape_of(&[at(2.0), at(1.0), at(-0.1), at(0.0), at(0.0)]), &rules()).trades[0];
    let trades = vec![
        RoundTrip { net: 100.0, gross_exposure: 1_000.0, ..trip },
        RoundTrip { net: -150.0, gross_exposure: 10_000.0, ..trip },
    ];
    let ledger = Ledger { trades, equity: vec![9_950.0; 5], ..Ledger::default() };
    let tape = tape_of(&[at(0.0); 5]);
    let [found, _] = metrics(&tape, &rules(), 0..5, &ledger);
    assert!((found.profit_factor.value().unwrap() - 0.667).abs() < 1e-3);
    let by_percent: f64 = (100.0 / 1_000.0) / (150.0 / 10_000.0);
    assert!((by_percent - 6.67).abs() < 0.01);
    assert!(found.few && found.win_rate.value() == Some(0.5));
}

#[test]
fn a_short_span_has_no_ratio_of_a_year() {
    // trap "short span": 649 s have no whole hour, and 29 hours are not enough
    let tape = tape_of(&vec![at(0.0); 29 * 60]);
    let ledger = traded(&tape, &rules());
    let [found, _] = metrics(&tape, &rules(), 0..tape.len(), &ledger);
    let reason = found.sharpe.0.unwrap_err();
    assert!(reason.contains("whole hours and 30 are needed"), "{reason}");
    assert!(found.cagr.0.unwrap_err().contains("30 days"));
    assert_eq!(found.break_even_fee_bps.0.unwrap_err(), "nothing was filled");
}

#[test]
fn a_ratio_of_long_returns_is_not_one_of_short_ones() {
    // trap "bar autocorrelation": with an autocorrelation of -0.4, the long-interval Sharpe ratio is 2.24 times
    // the short one's
    let mut random = Random::new(5);
    let mut before = 0.0;
    let returns: Vec<f64> = (0..200_000)
        .map(|_| {
            let now = random.normal();
            // an MA(1) with coefficient -0.5 has an autocorrelation of -0.4
            let value = 0.02 + now - 0.5 * before;
            before = now;
            value
        })
        .collect();
    let sharpe = spreadscope_stats::performance::sharpe;
    let long: Vec<f64> = returns.chunks(400).map(|part| part.iter().sum()).collect();
    let ratio = sharpe(&long).unwrap() / 400_f64.sqrt() / sharpe(&returns).unwrap();
    assert!((ratio - 2.24).abs() < 0.12, "{ratio}");
}

#[test]
fn a_slope_without_an_intercept_moves_the_spread_without_a_price() {
    // trap "rolling beta without intercept": beta + 0.01 at ln 2675 is 789 bps; with the intercept of its own
    // line, the spread of the same closes stays the same
    let without = 0.01 * 2_675_f64.ln() * 1e4;
    assert!((without - 789.0).abs() < 1.0, "{without}");
    let bars = market(3, 120, 0);
    let mut parameters = parameters();
    parameters.settings.price_scale = PriceScale::Logs;
    let mut maker = TapeMaker::new(legs(&bars), &parameters.settings).unwrap();
    let rows: Vec<crate::analytics::Row> = core::iter::from_fn(|| maker.next_row(legs(&bars))).collect();
    let row = rows.iter().rev().find(|row| row.spread.is_some()).unwrap();
    let (y, x) = (row.y.close.unwrap().ln(), row.x.close.unwrap().ln());
    let ratio = row.hedge_ratio.ready().unwrap();
    assert_eq!(row.spread, Some(y - row.intercept.unwrap() - ratio * x));
}

#[test]
fn what_is_sized_is_the_ratio_that_the_signal_was_made_with() {
    // trap "signal beta differs from sizing beta": ln A - ln B, sized 1.2
    let bars = market(4, 400, 0);
    for price_scale in PriceScale::ALL {
        let mut parameters = parameters();
        parameters.settings.price_scale = price_scale;
        let tape = tape(legs(&bars), &parameters.settings).unwrap();
        let ledger = traded(&tape, &parameters.rules);
        assert!(ledger.trades.len() > 10);
        for pair in ledger.orders.chunks(4) {
            let decided = tape.place(pair[0].time) - 1;
            let ratio = tape.ratio(decided).unwrap();
            let closes = [0, 1].map(|leg| bars[leg].get(tape.open_time(decided)).traded.unwrap().close);
            let units = pair[1].quantity.abs() / pair[0].quantity.abs();
            let expected = match price_scale {
                PriceScale::Levels => ratio,
                PriceScale::Logs => ratio * closes[0] / closes[1],
            };
            assert!((units / expected - 1.0).abs() < 1e-12, "{units} {expected}");
        }
    }
}

#[test]
fn a_bar_cannot_be_used_before_it_has_closed() {
    // trap "bar visible at its open time": a bar stamped 12:00 decides nothing that is filled before 12:01
    let bars = market(6, 400, 9);
    let parameters = parameters();
    let tape = tape(legs(&bars), &parameters.settings).unwrap();
    let ledger = traded(&tape, &parameters.rules);
    for trade in &ledger.trades {
        let decided = (0..tape.len()).find(|&at| tape.z(at) == Some(trade.entry_z)).unwrap();
        assert!(trade.entry_time >= tape.open_time(decided + 1), "{trade:?}");
    }
}

#[test]
fn closes_alone_cannot_be_filled_at_an_open() {
    let bars = market(7, 60, 0);
    let mut parameters = parameters();
    parameters.settings.pair.y = Symbol::new("PEP").unwrap();
    let legs = Legs { closes_alone: [true, false], ..legs(&bars) };
    assert_eq!(
        check(&parameters, legs).unwrap_err().message,
        "fill next_open needs the open of each bar, and the bars of PEP are closes alone: take fill next_close"
    );
    parameters.rules.fill = FillAt::NextClose;
    assert_eq!(check(&parameters, legs), Ok(()));
    // nor is money of two currencies one sum
    parameters.settings.pair.y = Symbol::new("PEPBTC").unwrap();
    assert!(check(&parameters, legs).unwrap_err().message.contains("priced in BTC"));
    assert!(closes_alone([&Traded { trades: 0, ..one() }]) && !closes_alone([&one()]) && !closes_alone([]));
}

#[test]
fn the_first_z_stands_behind_both_windows() {
    let parameters = parameters();
    let first = |bars: usize| {
        let tape = tape(legs(&market(4, bars, 0)), &parameters.settings).unwrap();
        (0..tape.len()).find(|at| tape.z(*at).is_some())
    };
    // 30 bars of the hedge window, of which the last is the first of 20 of the z window
    assert_eq!((first(48), first(49)), (None, Some(48)));
    assert!(
        parameters
            .no_z(48)
            .starts_with("there are 48 bars, and z needs 49 in which both legs traded: 30 for the hedge")
    );
    assert!(parameters.no_z(49).starts_with("z was defined on none of 49 bars"));
}

#[test]
fn a_close_once_more_without_volume_is_no_trade_to_fill_by() {
    for (seed, volume) in [(3, 1.0), (4, 1.0), (3, 0.0)] {
        let bars = market(seed, 300, 4);
        // as a file without a column of trades has them
        let written = bars.clone().map(|bars| {
            let (mut written, mut last) = (Bars::new(Interval::OneMinute), None);
            for at in 0..i64::try_from(bars.len()).unwrap() {
                let open_time = START + at * Interval::OneMinute.millis();
                let mut bar = bars.get(open_time);
                let still = |close| {
                    let price = Traded { open: close, high: close, low: close, close, ..one() };
                    Traded { trades: 0, volume: DecimalSum::ZERO, ..price }
                };
                bar.traded = match (bar.origin, bar.traded) {
                    (Origin::Missing, _) => None,
                    (_, Some(traded)) => Some(Traded { trades: 0, volume: DecimalSum::of(volume), ..traded }),
                    (_, None) => last.map(still),
                };
                last = bar.traded.map(|traded| traded.close).or(last);
                written.put(open_time, bar);
            }
            written
        });
        let tape = tape(legs(&written), &parameters().settings).unwrap();
        let filled_still =
            |order: &&Order| bars[order.leg as usize].get(order.time).traded.is_none() && !order.stale;
        let ledger = traded(&tape, &parameters().rules);
        assert!(ledger.orders.len() > 20, "{}", ledger.orders.len());
        let fills = ledger.orders.iter().filter(filled_still).count();
        // where no bar has a volume, none of them says that nothing traded
        assert_eq!(fills == 0, volume > 0.0, "{seed} {volume}: {fills}");
    }
}
