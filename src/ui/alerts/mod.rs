//! Alert rules and the ways that alerts take to the user.

pub mod announcer;
pub mod delivery;
pub mod drawer;
pub mod edge_fields;
pub mod rule_card;
pub mod rule_form;
