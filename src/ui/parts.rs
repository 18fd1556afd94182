//! The parts of the page that a first visit does not need: each is a file of its own, fetched when it is
//! wanted.
//!
//! `cargo xtask stamp` splits the module at these functions: code used by one of them alone goes into its file,
//! code used by several into a file that they share.
#![expect(clippy::unnecessary_wraps, reason = "the error is that of a part which could not be fetched")]

use crate::ui::alerts::drawer::Rules;
use crate::ui::backtest::Backtest;
use crate::ui::charts::arrange::Arrange;
use crate::ui::controls::export::ExportMenu;
use crate::ui::controls::import::Import;
use crate::ui::controls::pair_picker::PairPicker;
use crate::ui::controls::settings::SettingsForm;
use crate::ui::inspector::Inspector;
use crate::ui::panels::evidence::EvidencePanel;
use crate::ui::panels::explain::Explanation;
use crate::ui::panels::help::{Help, Tour};
use crate::ui::panels::trade::TradePanel;
use crate::ui::panels::watchlist::WatchlistPanel;
use crate::ui::replay::TransportBar;
use crate::ui::scanner::Scanner;
use crate::view::numbers::words::Topic;
use leptos::prelude::*;
use std::pin::Pin;
use std::sync::Arc;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

/// Lays out a part.
pub type Lay = Arc<dyn Fn() -> AnyView + Send + Sync>;
/// A part being fetched; `None` if that failed.
pub type Arrival = Pin<Box<dyn Future<Output = Option<Lay>>>>;

type Code = Pin<Box<dyn Future<Output = Result<fn() -> AnyView, SplitLoaderError>>>>;

/// Returns the arrival of a part from what its code resolves to.
fn arrival(code: impl Future<Output = Result<fn() -> AnyView, SplitLoaderError>> + 'static) -> Arrival {
    of_code(Box::pin(code))
}

/// The common body of all parts, compiled once.
fn of_code(code: Code) -> Arrival {
    Box::pin(async { Some(Arc::new(code.await.ok()?) as Lay) })
}

/// The settings drawer.
pub fn settings() -> Arrival {
    arrival(settings_code())
}

/// The pair picker.
pub fn pair_picker() -> Arrival {
    arrival(pair_picker_code())
}

/// The drawer of alert rules.
pub fn rules() -> Arrival {
    arrival(rules_code())
}

/// The import drawer.
pub fn import() -> Arrival {
    arrival(import_code())
}

/// The menu of charts and panels.
pub fn arrange() -> Arrival {
    arrival(arrange_code())
}

/// The export menu.
pub fn export() -> Arrival {
    arrival(export_code())
}

/// The inspector.
pub fn inspector() -> Arrival {
    arrival(inspector_code())
}

/// The scanner.
pub fn scanner() -> Arrival {
    arrival(scanner_code())
}
/// The backtest page.
pub fn backtest() -> Arrival {
    arrival(backtest_code())
}

/// The watchlist.
pub fn watchlist() -> Arrival {
    arrival(watchlist_code())
}

/// The evidence panel.
pub fn evidence() -> Arrival {
    arrival(evidence_code())
}

/// The trade panel: sizes, costs, and the position that is followed.
pub fn trade() -> Arrival {
    arrival(trade_code())
}

/// The transport of a replay.
pub fn replay() -> Arrival {
    arrival(replay_code())
}

/// The list of keys.
pub fn help() -> Arrival {
    arrival(help_code())
}

/// The tour.
pub fn tour() -> Arrival {
    arrival(tour_code())
}

/// The explanation of `topic`.
pub fn explanation(topic: Topic) -> Arrival {
    Box::pin(async move {
        let explanation = explanation_code().await.ok()?;
        Some(Arc::new(move || explanation(topic)) as Lay)
    })
}

#[wasm_split(forms, fallible)]
fn settings_code() -> Result<fn() -> AnyView, SplitLoaderError> {
    Ok(|| view! { <SettingsForm/> }.into_any())
}

#[wasm_split(forms, fallible)]
fn pair_picker_code() -> Result<fn() -> AnyView, SplitLoaderError> {
    Ok(|| view! { <PairPicker/> }.into_any())
}

#[wasm_split(forms, fallible)]
fn rules_code() -> Result<fn() -> AnyView, SplitLoaderError> {
    Ok(|| view! { <Rules/> }.into_any())
}

#[wasm_split(forms, fallible)]
fn import_code() -> Result<fn() -> AnyView, SplitLoaderError> {
    Ok(|| view! { <Import/> }.into_any())
}

#[wasm_split(forms, fallible)]
fn arrange_code() -> Result<fn() -> AnyView, SplitLoaderError> {
    Ok(|| view! { <Arrange/> }.into_any())
}

#[wasm_split(forms, fallible)]
fn export_code() -> Result<fn() -> AnyView, SplitLoaderError> {
    Ok(|| view! { <ExportMenu/> }.into_any())
}

#[wasm_split(inspector, fallible)]
fn inspector_code() -> Result<fn() -> AnyView, SplitLoaderError> {
    Ok(|| view! { <Inspector/> }.into_any())
}

#[wasm_split(scanner, fallible)]
fn scanner_code() -> Result<fn() -> AnyView, SplitLoaderError> {
    Ok(|| view! { <Scanner/> }.into_any())
}
#[wasm_split(backtest, fallible)]
fn backtest_code() -> Result<fn() -> AnyView, SplitLoaderError> {
    Ok(|| view! { <Backtest/> }.into_any())
}

#[wasm_split(watchlist, fallible)]
fn watchlist_code() -> Result<fn() -> AnyView, SplitLoaderError> {
    Ok(|| view! { <WatchlistPanel/> }.into_any())
}

#[wasm_split(evidence, fallible)]
fn evidence_code() -> Result<fn() -> AnyView, SplitLoaderError> {
    Ok(|| view! { <EvidencePanel/> }.into_any())
}

#[wasm_split(trade, fallible)]
fn trade_code() -> Result<fn() -> AnyView, SplitLoaderError> {
    Ok(|| view! { <TradePanel/> }.into_any())
}

#[wasm_split(replaying, fallible)]
fn replay_code() -> Result<fn() -> AnyView, SplitLoaderError> {
    Ok(|| view! { <TransportBar/> }.into_any())
}

#[wasm_split(reading, fallible)]
fn help_code() -> Result<fn() -> AnyView, SplitLoaderError> {
    Ok(|| view! { <Help/> }.into_any())
}

#[wasm_split(reading, fallible)]
fn tour_code() -> Result<fn() -> AnyView, SplitLoaderError> {
    Ok(|| view! { <Tour/> }.into_any())
}

#[wasm_split(reading, fallible)]
fn explanation_code() -> Result<fn(Topic) -> AnyView, SplitLoaderError> {
    Ok(|topic| view! { <Explanation topic/> }.into_any())
}
