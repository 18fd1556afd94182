//! Tests of whether a series has a unit root or is stationary.

pub(crate) mod adf;
pub(crate) mod bartlett;
pub(crate) mod break_search;
pub(crate) mod df_gls;
pub(crate) mod error;
pub(crate) mod kpss;
pub(crate) mod kpss_table;
pub(crate) mod lag_regression;
pub(crate) mod level_slope;
pub mod mackinnon;
pub(crate) mod phillips_perron;
pub(crate) mod surface;
pub(crate) mod table;
pub(crate) mod tabulated;
pub(crate) mod zivot_andrews;
pub(crate) mod zivot_andrews_table;
