//! The "i" beside a number: a popover of the browser's own, so that keys and touch work.

use crate::view::words::{Explanation, Topic};
use leptos::prelude::*;

/// A button that opens the explanation of `topic`.
#[component]
pub fn Explain(topic: Topic) -> impl IntoView {
    let title = topic.explanation().title;
    view! {
        <button
            class="explain"
            type="button"
            popovertarget=topic.id()
            aria-label=format!("What is this? {title}")
        >
            <span aria-hidden="true">"i"</span>
        </button>
    }
}

/// The explanations of all topics, hidden until asked for.
#[component]
pub fn Explanations() -> impl IntoView {
    Topic::ALL.into_iter().map(|topic| view! { <ExplanationBox topic/> }).collect_view()
}

#[component]
fn ExplanationBox(topic: Topic) -> impl IntoView {
    let Explanation { title, what, reading, formula } = topic.explanation();
    view! {
        <div class="explanation" id=topic.id() popover="auto" role="dialog" aria-label=title>
            <h2>{title}</h2>
            <p>{what}</p>
            <p>{reading}</p>
            <p class="formula">{formula}</p>
        </div>
    }
}
