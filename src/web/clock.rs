//! The only place where the local clock is read.

use spreadscope_engine::UnixMillis;

/// Local time now.
pub fn now() -> UnixMillis {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
    UnixMillis(js_sys::Date::now() as i64)
}
