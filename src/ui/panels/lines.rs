//! A list of labels and values, as the side panels use it.

use crate::ui::panels::explain::Explain;
use crate::view::numbers::lines::Line;
use leptos::prelude::*;

/// Shows `lines`; only values that have changed are written.
#[component]
pub fn Lines(
    /// The lines to show.
    lines: Memo<Vec<Line>>,
    /// The class of the list.
    class: &'static str,
) -> impl IntoView {
    let items = move || {
        lines
            .get()
            .into_iter()
            .map(|Line { key, label, value, note, topic }| {
                view! {
                    <div class="line" data-line=key>
                        <dt>{label} {topic.map(|topic| view! { <Explain topic/> })}</dt>
                        <dd>{value}</dd>
                        {note.map(|note| view! { <dd class="note">{note}</dd> })}
                    </div>
                }
            })
            .collect_view()
    };
    view! { <dl class=format!("lines {class}")>{items}</dl> }
}
