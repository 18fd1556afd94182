//! Memos and effects compiled once per type of value, where Leptos compiles its own once per closure.

use leptos::prelude::*;

type Derive<T> = Box<dyn Fn(Option<&T>) -> T + Send + Sync>;

/// Returns a memo of `derive`, which receives its previous result.
pub fn memo<T>(derive: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    of_box(Box::new(derive))
}

fn of_box<T: PartialEq + Send + Sync + 'static>(derive: Derive<T>) -> Memo<T> {
    Memo::new(derive)
}

/// Calls `run` soon, and whenever a signal that it has read changes.
pub fn effect(run: impl FnMut() + 'static) {
    run_box(Box::new(run));
}

fn run_box(run: Box<dyn FnMut()>) {
    Effect::new(run);
}
