//! The crate against outside sources: reference libraries through `tests/fixtures/oracle`, and NIST's data.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod cointegration;
mod cointegration_family;
mod cointegration_fixture;
mod hedge;
mod mean_reversion;
mod multiple_testing;
mod nist;
mod performance;
mod regression;
mod rolling;
mod support;
mod unit_root;
mod unit_root_family;
