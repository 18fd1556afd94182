//! The heading of a group of numbers, with an "i" that explains them.

use crate::view::numbers::trade::about::GroupAbout;
use leptos::prelude::*;

/// The heading `children`, with the explanation in a native popover.
#[component]
pub fn GroupHead(
    /// The explanation.
    about: GroupAbout,
    children: Children,
) -> impl IntoView {
    let GroupAbout { title, id, told } = about;
    view! {
        <h3 class="evidence-group">
            {children()} " "
            <button class="explain" type="button" popovertarget=id aria-label=format!("What is this? {title}")>
                <span aria-hidden="true">"i"</span>
            </button>
        </h3>
        <div class="explanation" id=id popover="auto" role="dialog" aria-label=title>
            <h2>{title}</h2>
            {told.iter().map(|text| view! { <p>{*text}</p> }).collect_view()}
        </div>
    }
}
