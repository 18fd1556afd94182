//! Regressions against the reference data of NIST.

use crate::support::digits;
use spreadscope_stats::{least_squares, ols};

#[test]
fn nist_norris_to_twelve_digits() {
    // NIST StRD, linear regression, Norris: y, x
    let data = [
        (0.1, 0.2),
        (338.8, 337.4),
        (118.1, 118.2),
        (888.0, 884.6),
        (9.2, 10.1),
        (228.1, 226.5),
        (668.5, 666.3),
        (998.5, 996.3),
        (449.1, 448.6),
        (778.9, 777.0),
        (559.2, 558.2),
        (0.3, 0.4),
        (0.1, 0.6),
        (778.1, 775.5),
        (668.8, 666.9),
        (339.3, 338.0),
        (448.9, 447.5),
        (10.8, 11.6),
        (557.7, 556.0),
        (228.3, 228.1),
        (998.0, 995.8),
        (888.8, 887.6),
        (119.6, 120.2),
        (0.3, 0.3),
        (0.6, 0.3),
        (557.6, 556.8),
        (339.3, 339.1),
        (888.0, 887.2),
        (998.5, 999.0),
        (778.9, 779.0),
        (10.2, 11.1),
        (117.6, 118.3),
        (228.9, 229.2),
        (668.4, 669.1),
        (449.2, 448.9),
        (0.2, 0.5),
    ];
    let (y, x): (Vec<f64>, Vec<f64>) = data.into_iter().unzip();
    let fit = ols(&y, &x).unwrap();
    assert!(digits(fit.intercept, -0.262_323_073_774_029) >= 12.0, "{}", fit.intercept);
    assert!(digits(fit.slope, 1.002_116_818_020_45) >= 12.0, "{}", fit.slope);
    assert!(digits(fit.slope_std_error, 0.429_796_848_199_937e-3) >= 12.0, "{}", fit.slope_std_error);
    assert!(digits(fit.residual_std_dev, 0.884_796_396_144_373) >= 12.0, "{}", fit.residual_std_dev);
    assert!(digits(fit.r_squared, 0.999_993_745_883_712) >= 12.0, "{}", fit.r_squared);
}

#[test]
fn nist_regressions_without_intercept_to_fourteen_digits() {
    let x: Vec<f64> = (60..=70).map(f64::from).collect();
    let y: Vec<f64> = (130..=140).map(f64::from).collect();
    let first = least_squares(&y, &[&x]).unwrap();
    assert!(digits(first.coefficients[0], 2.074_380_165_289_26) >= 14.0, "{first:?}");
    assert!(digits(first.std_errors[0], 0.165_289_256_198_347e-1) >= 14.0, "{first:?}");
    let second = least_squares(&[3.0, 4.0, 4.0], &[&[4.0, 5.0, 6.0]]).unwrap();
    assert!(digits(second.coefficients[0], 0.727_272_727_272_727) >= 14.0, "{second:?}");
}

#[test]
fn nist_longley_to_ten_digits() {
    // NIST StRD, linear regression, Longley: y, then six explaining columns
    let data = [
        [60_323.0, 83.0, 234_289.0, 2_356.0, 1_590.0, 107_608.0, 1_947.0],
        [61_122.0, 88.5, 259_426.0, 2_325.0, 1_456.0, 108_632.0, 1_948.0],
        [60_171.0, 88.2, 258_054.0, 3_682.0, 1_616.0, 109_773.0, 1_949.0],
        [61_187.0, 89.5, 284_599.0, 3_351.0, 1_650.0, 110_929.0, 1_950.0],
        [63_221.0, 96.2, 328_975.0, 2_099.0, 3_099.0, 112_075.0, 1_951.0],
        [63_639.0, 98.1, 346_999.0, 1_932.0, 3_594.0, 113_270.0, 1_952.0],
        [64_989.0, 99.0, 365_385.0, 1_870.0, 3_547.0, 115_094.0, 1_953.0],
        [63_761.0, 100.0, 363_112.0, 3_578.0, 3_350.0, 116_219.0, 1_954.0],
        [66_019.0, 101.2, 397_469.0, 2_904.0, 3_048.0, 117_388.0, 1_955.0],
        [67_857.0, 104.6, 419_180.0, 2_822.0, 2_857.0, 118_734.0, 1_956.0],
        [68_169.0, 108.4, 442_769.0, 2_936.0, 2_798.0, 120_445.0, 1_957.0],
        [66_513.0, 110.8, 444_546.0, 4_681.0, 2_637.0, 121_950.0, 1_958.0],
        [68_655.0, 112.6, 482_704.0, 3_813.0, 2_552.0, 123_366.0, 1_959.0],
        [69_564.0, 114.2, 502_601.0, 3_931.0, 2_514.0, 125_368.0, 1_960.0],
        [69_331.0, 115.7, 518_173.0, 4_806.0, 2_572.0, 127_852.0, 1_961.0],
        [70_551.0, 116.9, 554_894.0, 4_007.0, 2_827.0, 130_081.0, 1_962.0],
    ];
    let column = |at: usize| data.iter().map(|row| row[at]).collect::<Vec<f64>>();
    let ones = vec![1.0; data.len()];
    let columns: Vec<Vec<f64>> = std::iter::once(ones).chain((1..7).map(column)).collect();
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let fit = least_squares(&column(0), &slices).unwrap();
    let certified = [
        -3_482_258.634_595_82,
        15.061_872_271_373_3,
        -0.358_191_792_925_910e-1,
        -2.020_229_803_816_83,
        -1.033_226_867_173_59,
        -0.511_041_056_535_807e-1,
        1_829.151_464_613_55,
    ];
    for (got, certified) in fit.coefficients.iter().zip(certified) {
        assert!(digits(*got, certified) >= 10.0, "{got} {certified}");
    }
}
