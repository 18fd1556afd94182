//! The offer of a new version of the page.

use crate::ui::state::use_desk;
use leptos::prelude::*;

/// The offer to load the new version; nothing while there is none.
#[component]
pub fn UpdateOffer() -> impl IntoView {
    let desk = use_desk();
    let take = move |_| {
        if let Some(update) = desk.notes.update.get_untracked() {
            update.take();
        }
    };
    view! {
        <div class="toasts update" role="status">
            <Show when=move || desk.notes.update.with(Option::is_some)>
                <div class="toast" data-update="">
                    <p>"A new version of Spreadscope is available."</p>
                    <button class="primary" type="button" data-action="update" on:click=take>"Reload"</button>
                    <button
                        class="quiet"
                        type="button"
                        aria-label="Later"
                        on:click=move |_| desk.notes.update.set(None)
                    >
                        "×"
                    </button>
                </div>
            </Show>
        </div>
    }
}
