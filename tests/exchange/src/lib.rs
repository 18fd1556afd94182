//! The stand-in exchange.
