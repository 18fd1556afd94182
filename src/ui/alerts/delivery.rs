//! How alerts reach the user, each way with a button to try it.

use crate::ui::alerts::announcer::use_announcer;
use crate::view::alert::delivery::{Delivery, permission_words};
use leptos::prelude::*;
use spreadscope_engine::alert::Direction;

/// The switches.
#[component]
pub fn DeliveryFields() -> impl IntoView {
    let announcer = use_announcer();
    let delivery = announcer.delivery;
    let words =
        move || permission_words(announcer.permission.get(), delivery.with(|delivery| delivery.desktop));
    let try_sound = move |direction| move |_| announcer.try_sound(direction);
    view! {
        <fieldset class="delivery">
            <legend>"How alerts reach you"</legend>
            <p class="field-hint">"Alerts always appear over the page and in the list. All of this works while the tab is in the background."</p>
            <label class="radio">
                <input
                    type="checkbox"
                    data-delivery="badge"
                    prop:checked=move || delivery.with(|delivery| delivery.badge)
                    on:change:target=move |event| announcer.choose(Delivery { badge: event.target().checked(), ..delivery.get_untracked() })
                />
                "Count in the tab's title while it is hidden"
            </label>
            <div class="delivery-sound">
                <label class="radio">
                    <input
                        type="checkbox"
                        data-delivery="sound"
                        prop:checked=move || delivery.with(|delivery| delivery.sound)
                        on:change:target=move |event| announcer.choose(Delivery { sound: event.target().checked(), ..delivery.get_untracked() })
                    />
                    "Sound: a chime for each direction"
                </label>
                <button class="quiet" type="button" data-action="chime-up" on:click=try_sound(Direction::Above)>"Play up"</button>
                <button class="quiet" type="button" data-action="chime-down" on:click=try_sound(Direction::Below)>"Play down"</button>
            </div>
            <label class="radio">
                <input
                    type="checkbox"
                    data-delivery="desktop"
                    aria-describedby="notification-words"
                    prop:checked=move || delivery.with(|delivery| delivery.desktop)
                    on:change:target=move |event| {
                        if event.target().checked() {
                            announcer.want_desktop();
                            // the switch is on only once the browser has agreed
                            event.target().set_checked(delivery.with_untracked(|delivery| delivery.desktop));
                        } else {
                            announcer.choose(Delivery { desktop: false, ..delivery.get_untracked() });
                        }
                    }
                />
                "Desktop notification"
            </label>
            <p class="field-hint" id="notification-words" role="status" data-permission="">{words}</p>
        </fieldset>
    }
}
