//! Market time and rules.
