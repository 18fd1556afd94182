//! The page: what it shows (`view`), how it is laid out (`ui`) and the browser beneath it (`web`).
//!
//! The one decision of this crate: everything that can be wrong about a number on the screen is decided in
//! `view`, which is pure and tested natively; `ui` and `web` exist on wasm32 alone and hold layout and
//! browser calls. An engine event goes through `view::Model::apply`; the screen shows the model as of the
//! last refresh, so a thousand trades a second cost no more drawing than one.
//!
//! Imports: `ui` → `view` → `spreadscope_engine`; `ui` and the program → `web` → `spreadscope_engine`. From
//! `view`, `web` takes only what it hands to the browser: figures, colours, chimes, notices. Only `web` touches
//! the browser, and only `view` builds figures.

pub mod view;

#[cfg(target_arch = "wasm32")]
pub mod ui;
#[cfg(target_arch = "wasm32")]
pub mod web;
