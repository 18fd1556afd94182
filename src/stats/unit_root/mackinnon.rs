//! MacKinnon's response surfaces: p-values (1994) and critical values (2010) of Dickey-Fuller statistics.
//!
//! `n_variables` is 1 for an observed series, and 2 to 6 for the residual of a regression with that many
//! variables. p-values are asymptotic and critical values are for the given sample, so the two may differ
//! slightly near a level; a verdict should use only one of them.
//!
//! # Source
//! MacKinnon (1994), "Approximate asymptotic distribution functions for unit-root and cointegration tests",
//! JBES 12, tables 3 and 4; MacKinnon (2010), "Critical values for cointegration tests", Queen's Economics
//! Department working paper 1227, tables 1 to 4. For two variables with a constant at 1 %, the second term is
//! the paper's -22.527; statsmodels and arch have -33.527 instead. Checked against statsmodels in
//! `tests/oracle`.

use statrs::distribution::{ContinuousCDF as _, Normal};

/// Deterministic terms of a test regression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// None.
    None,
    /// A constant.
    Constant,
    /// A constant and a linear trend.
    Linear,
    /// A constant, a linear and a quadratic trend.
    Quadratic,
}

impl Trend {
    /// The number of terms.
    pub const fn terms(self) -> usize {
        match self {
            Self::None => 0,
            Self::Constant => 1,
            Self::Linear => 2,
            Self::Quadratic => 3,
        }
    }
}

/// Critical values of a left-tailed statistic: a statistic below them rejects a unit root.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CriticalValues {
    /// At 1 %.
    pub one_percent: f64,
    /// At 5 %.
    pub five_percent: f64,
    /// At 10 %.
    pub ten_percent: f64,
}

/// Most variables for which there are p-value surfaces.
pub const MOST_VARIABLES: usize = 6;

/// Asymptotic p-value of `statistic`, in `[0, 1]`; `None` if `n_variables` is not 1 to 6 or the statistic is
/// NaN.
///
/// `p = Phi(c0 + c1 t + c2 t^2 (+ c3 t^3))`, with one polynomial for the left tail and one for the rest.
pub fn p_value(statistic: f64, trend: Trend, n_variables: usize) -> Option<f64> {
    let PValueSurface { lowest, highest, turn, left, rest } =
        surfaces(trend).get(n_variables.checked_sub(1)?)?;
    if statistic.is_nan() {
        return None;
    }
    if statistic > *highest {
        return Some(1.0);
    }
    if statistic < *lowest {
        return Some(0.0);
    }
    let coefficients: &[f64] = if statistic <= *turn { left } else { rest };
    Some(Normal::standard().cdf(polynomial(coefficients, statistic)))
}

fn surfaces(trend: Trend) -> &'static [PValueSurface] {
    match trend {
        Trend::None => &P_NONE,
        Trend::Constant => &P_CONSTANT,
        Trend::Linear => &P_LINEAR,
        Trend::Quadratic => &P_QUADRATIC,
    }
}

/// The smallest positive p-value of the surface, at the lowest statistic that it covers; below that,
/// [`p_value`] is 0. `None` if `n_variables` is not 1 to 6.
pub fn smallest_p_value(trend: Trend, n_variables: usize) -> Option<f64> {
    let surface = surfaces(trend).get(n_variables.checked_sub(1)?)?;
    p_value(surface.lowest, trend, n_variables)
}

/// Critical values for a regression with `observations` observations; `None` if the paper has no table: without
/// a constant for more than one variable, and beyond 6 variables.
///
/// `b0 + b1/T + b2/T^2 + b3/T^3`.
pub fn critical_values(trend: Trend, n_variables: usize, observations: usize) -> Option<CriticalValues> {
    let table: &[[[f64; 4]; 3]] = match trend {
        Trend::None => &CRITICAL_NONE,
        Trend::Constant => &CRITICAL_CONSTANT,
        Trend::Linear => &CRITICAL_LINEAR,
        Trend::Quadratic => &CRITICAL_QUADRATIC,
    };
    let levels = table.get(n_variables.checked_sub(1)?)?;
    let [one_percent, five_percent, ten_percent] =
        levels.map(|terms| polynomial(&terms, 1.0 / observations as f64));
    Some(CriticalValues { one_percent, five_percent, ten_percent })
}

/// By Horner's rule, lowest power first.
pub(crate) fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

struct PValueSurface {
    /// Below it p is 0.
    lowest: f64,
    /// Above it p is 1.
    highest: f64,
    /// The left-tail polynomial holds up to here.
    turn: f64,
    left: [f64; 3],
    rest: [f64; 4],
}

const P_NONE: [PValueSurface; MOST_VARIABLES] = [
    PValueSurface {
        lowest: -19.04,
        highest: f64::INFINITY,
        turn: -1.04,
        left: [0.6344, 1.2378, 0.032_496],
        rest: [0.4797, 0.935_57, -0.069_99, 0.033_066],
    },
    PValueSurface {
        lowest: -19.62,
        highest: 1.51,
        turn: -1.53,
        left: [1.9129, 1.3857, 0.035_322],
        rest: [1.5578, 0.8558, -0.2083, -0.033_549],
    },
    PValueSurface {
        lowest: -21.21,
        highest: 0.86,
        turn: -2.68,
        left: [2.7648, 1.4502, 0.034_186],
        rest: [2.2268, 0.680_93, -0.323_62, -0.054_448],
    },
    PValueSurface {
        lowest: -23.25,
        highest: 0.88,
        turn: -3.09,
        left: [3.4336, 1.4835, 0.0319],
        rest: [2.7654, 0.645_02, -0.308_11, -0.044_946],
    },
    PValueSurface {
        lowest: -21.63,
        highest: 1.05,
        turn: -3.07,
        left: [4.0999, 1.5533, 0.0359],
        rest: [3.2684, 0.680_51, -0.267_78, -0.034_972],
    },
    PValueSurface {
        lowest: -25.74,
        highest: 1.24,
        turn: -3.77,
        left: [4.5388, 1.5344, 0.029_807],
        rest: [3.7268, 0.7167, -0.236_48, -0.028_288],
    },
];

const P_CONSTANT: [PValueSurface; MOST_VARIABLES] = [
    PValueSurface {
        lowest: -18.83,
        highest: 2.74,
        turn: -1.61,
        left: [2.1659, 1.4412, 0.038_269],
        rest: [1.7339, 0.932_02, -0.127_45, -0.010_368],
    },
    PValueSurface {
        lowest: -18.86,
        highest: 0.92,
        turn: -2.62,
        left: [2.92, 1.5012, 0.039_796],
        rest: [2.1945, 0.646_95, -0.291_98, -0.042_377],
    },
    PValueSurface {
        lowest: -23.48,
        highest: 0.55,
        turn: -3.13,
        left: [3.4699, 1.4856, 0.031_64],
        rest: [2.5893, 0.451_68, -0.365_29, -0.050_074],
    },
    PValueSurface {
        lowest: -28.07,
        highest: 0.61,
        turn: -3.47,
        left: [3.9673, 1.4777, 0.026_315],
        rest: [3.0387, 0.454_52, -0.336_66, -0.041_921],
    },
    PValueSurface {
        lowest: -25.96,
        highest: 0.79,
        turn: -3.78,
        left: [4.5509, 1.5338, 0.029_545],
        rest: [3.5049, 0.520_98, -0.291_58, -0.033_468],
    },
    PValueSurface {
        lowest: -23.27,
        highest: 1.0,
        turn: -3.93,
        left: [5.1399, 1.6036, 0.034_445],
        rest: [3.9489, 0.589_33, -0.253_59, -0.027_21],
    },
];

const P_LINEAR: [PValueSurface; MOST_VARIABLES] = [
    PValueSurface {
        lowest: -16.18,
        highest: 0.7,
        turn: -2.89,
        left: [3.2512, 1.6047, 0.049_588],
        rest: [2.5261, 0.616_54, -0.379_56, -0.060_285],
    },
    PValueSurface {
        lowest: -21.15,
        highest: 0.63,
        turn: -3.19,
        left: [3.6646, 1.5419, 0.036_448],
        rest: [2.85, 0.5272, -0.366_22, -0.051_695],
    },
    PValueSurface {
        lowest: -25.37,
        highest: 0.71,
        turn: -3.5,
        left: [4.0983, 1.5173, 0.029_898],
        rest: [3.221, 0.5255, -0.326_85, -0.041_501],
    },
    PValueSurface {
        lowest: -26.63,
        highest: 0.93,
        turn: -3.65,
        left: [4.5844, 1.5338, 0.028_796],
        rest: [3.652, 0.597_58, -0.274_83, -0.032_081],
    },
    PValueSurface {
        lowest: -26.53,
        highest: 1.19,
        turn: -3.8,
        left: [5.0722, 1.5634, 0.029_472],
        rest: [4.0712, 0.664_28, -0.234_64, -0.025_46],
    },
    PValueSurface {
        lowest: -26.18,
        highest: 1.42,
        turn: -4.36,
        left: [5.53, 1.5914, 0.030_392],
        rest: [4.4735, 0.717_57, -0.206_81, -0.021_196],
    },
];

const P_QUADRATIC: [PValueSurface; MOST_VARIABLES] = [
    PValueSurface {
        lowest: -17.17,
        highest: 0.54,
        turn: -3.21,
        left: [4.0003, 1.658, 0.048_288],
        rest: [3.0778, 0.495_29, -0.414_77, -0.059_359],
    },
    PValueSurface {
        lowest: -21.1,
        highest: 0.79,
        turn: -3.51,
        left: [4.3534, 1.6016, 0.037_947],
        rest: [3.4713, 0.5967, -0.325_07, -0.042_286],
    },
    PValueSurface {
        lowest: -24.33,
        highest: 1.08,
        turn: -3.81,
        left: [4.7343, 1.5768, 0.032_396],
        rest: [3.8637, 0.678_52, -0.262_86, -0.031_381],
    },
    PValueSurface {
        lowest: -24.03,
        highest: 1.43,
        turn: -3.83,
        left: [5.214, 1.6077, 0.033_449],
        rest: [4.2736, 0.761_99, -0.215_34, -0.024_026],
    },
    PValueSurface {
        lowest: -24.33,
        highest: 3.49,
        turn: -4.12,
        left: [5.6481, 1.6274, 0.033_455],
        rest: [4.6679, 0.826_18, -0.1822, -0.019_147],
    },
    PValueSurface {
        lowest: -28.22,
        highest: 1.92,
        turn: -4.63,
        left: [5.9296, 1.5929, 0.028_223],
        rest: [5.0009, 0.837_35, -0.169_94, -0.016_928],
    },
];

const CRITICAL_NONE: [[[f64; 4]; 3]; 1] = [[
    [-2.565_74, -2.2358, -3.627, 0.0],
    [-1.941, -0.2686, -3.365, 31.223],
    [-1.616_82, 0.2656, -2.714, 25.364],
]];

const CRITICAL_CONSTANT: [[[f64; 4]; 3]; 6] = [
    [
        [-3.430_35, -6.5393, -16.786, -79.433],
        [-2.861_54, -2.8903, -4.234, -40.04],
        [-2.566_77, -1.5384, -2.809, 0.0],
    ],
    [
        [-3.896_44, -10.9519, -22.527, 0.0],
        [-3.336_13, -6.1101, -6.823, 0.0],
        [-3.044_45, -4.2412, -2.72, 0.0],
    ],
    [
        [-4.293_74, -14.4354, -33.195, 47.433],
        [-3.740_66, -8.5632, -10.852, 27.982],
        [-3.452_18, -6.2143, -3.718, 0.0],
    ],
    [[-4.643_32, -18.1031, -37.972, 0.0], [-4.096, -11.2349, -11.175, 0.0], [-3.8102, -8.3931, -4.137, 0.0]],
    [
        [-4.957_56, -21.8883, -45.142, 0.0],
        [-4.415_19, -14.0405, -12.575, 0.0],
        [-4.131_57, -10.7417, -3.784, 0.0],
    ],
    [
        [-5.245_68, -25.6688, -57.737, 88.639],
        [-4.706_93, -16.9178, -17.492, 60.007],
        [-4.425_01, -13.1875, -5.104, 27.877],
    ],
];

const CRITICAL_LINEAR: [[[f64; 4]; 3]; 6] = [
    [
        [-3.958_77, -9.0531, -28.428, -134.155],
        [-3.410_49, -4.3904, -9.036, -45.374],
        [-3.127_05, -2.5856, -3.925, -22.38],
    ],
    [
        [-4.327_62, -15.4387, -35.679, 0.0],
        [-3.780_57, -9.5106, -12.074, 0.0],
        [-3.496_31, -7.0815, -7.538, 21.892],
    ],
    [
        [-4.663_05, -18.7688, -49.793, 104.244],
        [-4.1189, -11.8922, -19.031, 77.332],
        [-3.835_11, -9.0723, -8.504, 35.403],
    ],
    [
        [-4.9694, -22.4694, -52.599, 51.314],
        [-4.428_71, -14.5876, -18.228, 39.647],
        [-4.146_33, -11.25, -9.873, 54.109],
    ],
    [
        [-5.252_76, -26.2183, -59.631, 50.646],
        [-4.715_37, -17.3569, -22.66, 91.359],
        [-4.434_22, -13.6078, -10.238, 76.781],
    ],
    [
        [-5.517_27, -29.976, -75.222, 202.253],
        [-4.982_28, -20.305, -25.224, 132.03],
        [-4.702_33, -16.1253, -9.836, 94.272],
    ],
];

const CRITICAL_QUADRATIC: [[[f64; 4]; 3]; 6] = [
    [
        [-4.371_13, -11.5882, -35.819, -334.047],
        [-3.832_39, -5.9057, -12.49, -118.284],
        [-3.553_26, -3.6596, -5.293, -63.559],
    ],
    [
        [-4.692_76, -20.2284, -64.919, 88.884],
        [-4.153_87, -13.3114, -28.402, 72.741],
        [-3.873_46, -10.4637, -17.408, 66.313],
    ],
    [
        [-4.990_71, -23.5873, -76.924, 184.782],
        [-4.453_11, -15.7732, -32.316, 122.705],
        [-4.1728, -12.4909, -17.912, 83.285],
    ],
    [
        [-5.2678, -27.2836, -78.971, 137.871],
        [-4.732_44, -18.4833, -31.875, 111.817],
        [-4.452_68, -14.7199, -17.969, 101.92],
    ],
    [
        [-5.528_26, -30.9051, -92.49, 248.096],
        [-4.994_91, -21.236, -37.685, 194.208],
        [-4.715_87, -17.082, -18.631, 136.672],
    ],
    [
        [-5.773_79, -34.701, -105.937, 393.991],
        [-5.242_17, -24.2177, -39.153, 232.528],
        [-4.963_97, -19.6064, -18.858, 174.919],
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_rise_with_the_statistic_and_more_variables_ask_for_more() {
        for trend in [Trend::None, Trend::Constant, Trend::Linear, Trend::Quadratic] {
            let path: Vec<f64> = (-60..10).map(|t| p_value(f64::from(t) / 10.0, trend, 1).unwrap()).collect();
            assert!(path.windows(2).all(|pair| pair[0] <= pair[1] + 1e-3), "{trend:?}");
            assert!(p_value(-3.0, trend, 1) < p_value(-3.0, trend, 2));
        }
        assert_eq!(p_value(f64::NEG_INFINITY, Trend::Constant, 2), Some(0.0));
        for trend in [Trend::None, Trend::Constant, Trend::Linear, Trend::Quadratic] {
            let smallest = smallest_p_value(trend, 2).unwrap();
            assert!(0.0 < smallest && smallest < 1e-12, "{trend:?}: {smallest:e}");
        }
        assert_eq!((p_value(f64::NAN, Trend::Constant, 1), p_value(-3.0, Trend::Constant, 7)), (None, None));
    }

    #[test]
    fn the_papers_value_stands_where_the_libraries_have_a_slip() {
        let critical = critical_values(Trend::Constant, 2, 60).unwrap();
        let by_hand = -3.89644 - 10.9519 / 60.0 - 22.527 / 3_600.0;
        assert!((critical.one_percent - by_hand).abs() < 1e-12, "{critical:?}");
        assert_eq!(critical_values(Trend::None, 2, 100), None);
    }
}
