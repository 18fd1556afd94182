//! The only place where the local clock is read.

use spreadscope_engine::UnixMillis;

/// Returns the local time.
pub fn now() -> UnixMillis {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
    UnixMillis(js_sys::Date::now() as i64)
}

/// Returns local time minus UTC at `millis` since 1970, in minutes.
pub fn offset_minutes(millis: f64) -> i32 {
    let offset = js_sys::Date::new(&millis.into()).get_timezone_offset();
    #[expect(clippy::cast_possible_truncation, reason = "a day has 1,440 minutes")]
    let minutes = -offset as i32;
    minutes
}

/// Returns the name of the user's zone, such as `Europe/Berlin`; `None` where the browser does not say.
pub fn zone_name() -> Option<String> {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    js_sys::Reflect::get(&format.resolved_options(), &"timeZone".into()).ok()?.as_string()
}
