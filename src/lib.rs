//! Spreadscope.
