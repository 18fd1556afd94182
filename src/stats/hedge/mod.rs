//! All ways to hedge y with x, behind one type.

pub(crate) mod method;
pub(crate) mod model;
pub(crate) mod spec;
