//! Everything public of the statistics crate, on bytes from the fuzzer.
//!
//! ```sh
//! cd src/stats && cargo +nightly fuzz run --dev --features runner surface -- -max_len=3208
//! ```

#![no_main]

#[path = "../surface.rs"]
mod surface;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| surface::exercise(bytes));
