//! No bytes, read as settings and numbers, make the crate panic or return a number that is not finite.

#[path = "../fuzz/surface.rs"]
mod surface;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

proptest! {
    // the same cases each time; the fuzzer looks for new ones
    #![proptest_config(ProptestConfig { cases: 400, rng_seed: RngSeed::Fixed(20_240_809), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered_soundly(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        surface::exercise(&bytes);
    }

    #[test]
    fn small_and_tied_numbers_are_answered_soundly(
        kinds in prop::array::uniform2(1_u8..4), rest in prop::collection::vec(0_u8..8, 0..400),
    ) {
        surface::exercise(&[&kinds[..], &rest].concat());
    }

    #[test]
    fn numbers_of_any_size_are_answered_soundly(
        settings in prop::array::uniform6(any::<u8>()),
        numbers in prop::collection::vec(prop_oneof![
            prop::num::f64::NORMAL, prop::num::f64::SUBNORMAL, prop::num::f64::ANY, -2.0..2.0_f64,
        ], 0..120),
    ) {
        let [_, _, window, lags, terms, _] = settings;
        let mut bytes = vec![0, 0, window, lags, terms, 0];
        bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        surface::exercise(&bytes);
    }
}
