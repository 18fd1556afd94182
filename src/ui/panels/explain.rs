//! The "i" beside a number: a native popover, so that keys and touch work.

use crate::ui::on_demand::Opened;
use crate::ui::reactive::memo;
use crate::ui::state::use_desk;
use crate::view::numbers::words::Topic;
use crate::view::numbers::worked::{self, Worked};
use leptos::prelude::*;

/// A button that opens the explanation of `topic`.
#[component]
pub fn Explain(topic: Topic) -> impl IntoView {
    let title = topic.title();
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

/// The contents of an explanation's popover.
#[component]
pub fn Explanation(topic: Topic) -> impl IntoView {
    let desk = use_desk();
    let told = move || topic.explanation(desk.settings.with(|settings| settings.price_scale));
    let Opened { open, .. } = expect_context();
    // computed only while it is open
    let now = memo(move |_| {
        desk.shown.track();
        open.get().then(|| desk.model.with_value(|model| worked::worked(topic, model))).flatten()
    });
    let part = move |of: fn(Worked) -> String| now.get().map(of);
    view! {
            <h2>{topic.title()}</h2>
            <p>{move || told().what}</p>
            <p>{move || told().reading}</p>
            <p class="formula">{move || told().formula}</p>
            <p class="formula worked" data-worked=topic.id() hidden=move || now.with(Option::is_none)>
                {move || part(|now| now.formula)}
            </p>
            <p class="note" hidden=move || now.with(Option::is_none)>{move || part(|now| now.basis)}</p>
    }
}
