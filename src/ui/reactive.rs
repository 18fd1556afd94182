//! Memos and effects whose code is there once for each type of value, where Leptos's own have it for each closure.

use leptos::prelude::*;

type Derive<T> = Box<dyn Fn(Option<&T>) -> T + Send + Sync>;

/// A memo of what `derive` gives, which is passed what it gave before.
pub fn memo<T>(derive: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    of_box(Box::new(derive))
}

fn of_box<T: PartialEq + Send + Sync + 'static>(derive: Derive<T>) -> Memo<T> {
    Memo::new(derive)
}

/// Runs `run` soon, and whenever what it has read changes.
pub fn effect(run: impl FnMut() + 'static) {
    run_box(Box::new(run));
}

fn run_box(run: Box<dyn FnMut()>) {
    Effect::new(run);
}
