//! Slippage by recorded books.

use super::*;
use crate::bars::HalfSpreads;
use proptest::prelude::*;

fn by_book() -> Rules {
    Rules { slippage_by: SlippageBy::HalfSpread, slippage_bps: 7.0, ..rules() }
}

/// In at the open of the third bar, out at that of the fifth.
fn in_and_out() -> Tape {
    tape_of(&[at(0.0), at(-2.0), at(-1.0), at(0.1), at(0.0), at(0.0)])
}

/// Price, slippage in money and whether by a book, of each order.
fn fills(ledger: &Ledger) -> Vec<(f64, f64, bool)> {
    ledger.orders.iter().map(|order| (order.price, order.slippage, order.by_book)).collect()
}

#[test]
fn a_fill_at_the_open_pays_the_half_spread_of_the_last_book_before_it() {
    // y is bought at 100 with a book of 4 bps, x sold at 50 with one of 10; out again by a book of 6, and without one
    let tape = in_and_out()
        .with_books(0, &[Some(1.0), Some(4.0), Some(99.0), Some(6.0), Some(99.0)])
        .with_books(1, &[None, Some(10.0), Some(99.0), None, Some(99.0)]);
    let ledger = traded(&tape, &by_book());
    let (y, x) = (10_000.0 / 101.0, 10_000.0 / 101.0);
    let expected = [
        (100.0 * 1.0004, y * 100.0 * 0.0004, true),
        (50.0 * 0.999, x * 50.0 * 0.001, true),
        (100.0 * 0.9994, y * 100.0 * 0.0006, true),
        (50.0 * 1.0007, x * 50.0 * 0.0007, false),
    ];
    for (found, (price, slippage, by_book)) in fills(&ledger).into_iter().zip(expected) {
        assert!((found.0 - price).abs() < 1e-12 && (found.1 - slippage).abs() < 1e-12, "{found:?} {price}");
        assert_eq!(found.2, by_book);
    }
    let trade = ledger.trades[0];
    let paid: f64 = expected.iter().map(|(_, slippage, _)| slippage).sum();
    assert!((trade.slippage - paid).abs() < 1e-12);
    assert!((trade.net - (trade.gross - paid)).abs() < 1e-12);
    assert_eq!(
        fills_by_book(&by_book(), &ledger.orders).unwrap(),
        "Slippage is the recorded half-spread: 3 of 4 fills had a book, the rest cost 7 bps."
    );
}

#[test]
fn a_fill_at_a_close_pays_that_of_the_last_book_before_the_close() {
    let books: Vec<Option<f64>> = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0].map(Some).into();
    let tape = in_and_out().with_books(0, &books);
    let paid = |fill| {
        let ledger = traded(&tape, &Rules { fill, ..by_book() });
        let of_y = ledger.orders.into_iter().filter(|order| order.leg == OrderLeg::Y);
        of_y.map(|order| (1e4 * order.slippage / (101.0 * order.quantity.abs())).round())
            .collect::<Vec<f64>>()
    };
    // decided in the second and in the fourth bar
    assert_eq!((paid(FillAt::SameClose), paid(FillAt::NextClose)), (vec![2.0, 4.0], vec![3.0, 5.0]));
    // what the end of the data closes is filled at the last close
    let open = traded(&tape_of(&[at(0.0), at(-2.0), at(-1.0), at(-1.0)]).with_books(0, &books), &by_book());
    let last = open.orders[2];
    assert_eq!((last.reason, last.by_book), (Reason::EndOfData, true));
    assert!((last.price - 101.0 * (1.0 - 4e-4)).abs() < 1e-12);
}

#[test]
fn a_loss_that_closes_counts_what_the_book_would_cost() {
    let reason = |books: f64| {
        let tape = tape_of(&[at(2.0), at(2.0), at(2.0), at(2.0)]).with_books(0, &[Some(books); 4]);
        // at the closes y has lost 99.01 and x won 49.5; each bps of y costs about a unit to leave
        let rules = Rules { max_loss: Some(60.0), slippage_bps: 0.0, ..by_book() };
        traded(&tape, &rules).trades[0].reason_out
    };
    assert_eq!([4.0, 8.0].map(reason), [Reason::EndOfData, Reason::Loss]);
}

#[test]
fn without_books_or_where_they_are_not_asked_for_the_bps_count() {
    let plain = traded(&in_and_out(), &Rules { slippage_by: SlippageBy::Bps, ..by_book() });
    let without = traded(&in_and_out(), &by_book());
    assert_eq!(without, plain);
    assert!(
        fills_by_book(&by_book(), &without.orders)
            .unwrap()
            .contains("none of 4 fills had a book, each cost 7 bps")
    );
    let books = in_and_out().with_books(0, &[Some(50.0); 6]).with_books(1, &[Some(50.0); 6]);
    let rules = Rules { slippage_by: SlippageBy::Bps, ..by_book() };
    assert_eq!(traded(&books, &rules), plain);
    assert_eq!(fills_by_book(&rules, &plain.orders), None);
    assert_eq!(fills_by_book(&by_book(), &[]), None);
    assert!(fills_by_book(&by_book(), &traded(&books, &by_book()).orders).unwrap().contains("all 4 fills"));
}

/// The markets of a seed with a book of each leg in most bars.
fn with_books(seed: u64) -> [Bars; 2] {
    let mut random = Random::new(seed);
    market(seed, 400, 0).map(|bars| {
        let first = bars.first().unwrap();
        let book = |at: i64| (first + at * 60_000, 3.0 * random.unit());
        let books = (0..400).filter(|at| at % 7 != 3).map(book).collect();
        bars.with_half_spreads(HalfSpreads::new(books))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn legs_that_change_places_take_their_books_with_them(seed in 0_u64..1_000) {
        let [y, x] = with_books(seed);
        let costs = |pair: &[Bars; 2], signs: f64| {
            let tape = tape(legs(pair), &parameters().settings).unwrap();
            let z: Vec<Option<f64>> =
                (0..tape.len()).map(|at| Some(signs * 3.0 * (at as f64 / 9.0).sin())).collect();
            let tape = tape.with_signal(&z, &vec![Some(1.0); 400]);
            let rules = Rules { sizing: Sizing::DollarNeutral, ..by_book() };
            let ledger = traded(&tape, &rules);
            (ledger.orders.len(), ledger.orders.iter().map(|order| order.slippage).sum::<f64>())
        };
        let (orders, paid) = costs(&[y.clone(), x.clone()], 1.0);
        let (mirrored, paid_mirrored) = costs(&[x, y], -1.0);
        prop_assert!(orders > 20 && orders == mirrored);
        prop_assert!((paid - paid_mirrored).abs() < 1e-9 * paid, "{} {}", paid, paid_mirrored);
    }

    #[test]
    fn books_make_no_number_undefined_and_a_shorter_tape_pays_the_same(seed in 0_u64..1_000) {
        let pair = with_books(seed);
        let parameters = Parameters { rules: Rules { entry_z: 1.2, ..by_book() }, ..parameters() };
        let tape = tape(legs(&pair), &parameters.settings).unwrap();
        let whole = traded(&tape, &parameters.rules);
        prop_assert!(whole.orders.iter().any(|order| order.by_book));
        prop_assert!(whole.orders.iter().all(|order| order.price.is_finite() && order.slippage.is_finite()));
        prop_assert!(whole.equity.iter().all(|worth| worth.is_finite()));
        for bars in [120, 333] {
            let found = truncation(legs(&pair), &parameters, &whole, bars).unwrap();
            prop_assert_eq!(found.differs, None);
        }
    }
}
