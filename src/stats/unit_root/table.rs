//! Response surfaces of the Phillips-Perron rho statistic and of the DF-GLS statistic.
//!
//! # Source
//! arch 8.0.0 (NCSA licence), which simulated them after MacKinnon (1994, 2010), with 500 exercises of 250,000
//! replications for the former. For GLS around a constant, the limit is the Dickey-Fuller distribution without
//! a constant.

/// A p-value `Phi(polynomial)` in two pieces, and critical values `b0 + b1/T + b2/T^2 + b3/T^3`.
pub(crate) struct Surface {
    /// Below it p is 0.
    pub(crate) lowest: f64,
    /// Above it p is 1.
    pub(crate) highest: f64,
    /// The left-tail polynomial holds up to here.
    pub(crate) turn: f64,
    /// In the statistic or, for rho, in the logarithm of its absolute value.
    pub(crate) left: &'static [f64],
    /// In the statistic.
    pub(crate) rest: [f64; 4],
    /// At 1, 5 and 10 %.
    pub(crate) critical: [[f64; 4]; 3],
}

/// Phillips-Perron rho without deterministic terms.
pub(crate) const RHO_NONE: Surface = Surface {
    lowest: f64::NEG_INFINITY,
    highest: f64::INFINITY,
    turn: -1.791_46,
    left: &[0.058_72, -0.696_33, 0.024_71, -0.042_83],
    rest: [0.566_81, 0.675_44, 0.068_81, 0.002_35],
    critical: [
        [-13.304_99, 331.553_85, -8_807.110_08, 88_544.766_48],
        [-7.829_57, 222.755_48, -5_863.149_98, 58_024.482_95],
        [-5.574_86, 170.790_65, -4_422.480_27, 43_264.682_44],
    ],
};

/// Phillips-Perron rho with a constant.
pub(crate) const RHO_CONSTANT: Surface = Surface {
    lowest: f64::NEG_INFINITY,
    highest: f64::INFINITY,
    turn: -5.047_09,
    left: &[1.942_05, -1.476_77, 0.211_63, -0.062_88],
    rest: [1.700_59, 0.494_65, 0.026_36, 0.000_55],
    critical: [
        [-20.625_8, 119.286_19, -442.995_17, 1_082.922_2],
        [-14.094_57, 58.461_06, -164.086_84, 479.029_08],
        [-11.251_18, 38.487_86, -87.628_53, 246.935_31],
    ],
};

/// Phillips-Perron rho with a constant and a linear trend.
pub(crate) const RHO_LINEAR: Surface = Surface {
    lowest: f64::NEG_INFINITY,
    highest: f64::INFINITY,
    turn: -9.227_66,
    left: &[4.055_96, -2.341_28, 0.414_03, -0.083_12],
    rest: [2.603_23, 0.392_17, 0.013_21, 0.000_19],
    critical: [
        [-29.356_8, 232.332_49, -1_171.214_47, 3_166.836_31],
        [-21.710_85, 130.158_94, -504.952_64, 1_170.381_09],
        [-18.244_75, 93.258_96, -305.145_09, 581.029_63],
    ],
};

/// DF-GLS around a constant.
pub(crate) const GLS_CONSTANT: Surface = Surface {
    lowest: -17.561_302_895_074_206,
    highest: 13.365_361_509_140_614,
    turn: -0.479_507_609_171_467_4,
    left: &[0.674_227_39, 1.254_758_26, 0.035_725_09],
    rest: [0.506_124_97, 0.983_056_64, -0.056_485_25, 0.001_408_75],
    critical: [
        [-2.567_817_93, -20.557_539_2, 182.727_674, -1_778.666_64],
        [-1.943_633_25, -21.727_274_6, 260.815_068, -2_269.149_16],
        [-1.619_982_41, -23.273_470_8, 306.474_378, -2_574.835_57],
    ],
};

/// DF-GLS around a constant and a linear trend.
pub(crate) const GLS_LINEAR: Surface = Surface {
    lowest: -13.681_153_542_634_465,
    highest: 8.737_433_837_283_56,
    turn: -2.196_040_436_540_13,
    left: &[2.387_676_85, 1.574_547_37, 0.057_544_39],
    rest: [2.605_614_21, 1.678_502_24, 0.037_359_9, -0.010_179_36],
    critical: [
        [-3.406_891_34, -21.699_712_42, 27.262_959_39, -816.844_047_72],
        [-2.846_771_78, -19.691_093_64, 84.766_413_6, -799.407_224_01],
        [-2.558_907_07, -19.426_219_91, 116.537_597_52, -840.313_428_47],
    ],
};
