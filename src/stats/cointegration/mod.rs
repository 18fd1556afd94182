//! Tests of cointegration.

pub(crate) mod cointegrating_regression;
pub(crate) mod engle_granger;
pub(crate) mod johansen;
pub(crate) mod johansen_sides;
pub(crate) mod johansen_tables;
pub(crate) mod phillips_ouliaris;
pub(crate) mod phillips_ouliaris_tables;
pub(crate) mod rolling_engle_granger;
