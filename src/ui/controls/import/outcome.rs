//! The outcome of an import.

use crate::view::files::import::words;
use leptos::prelude::*;
use spreadscope_engine::transfer::news::Report;

/// What was imported, and each refused row.
#[component]
pub fn Done(report: Report) -> impl IntoView {
    let sentences =
        words::done(&report).into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view();
    let rows = report.rows;
    let refused = report.refusals.count;
    let shown = report.refusals.first.len();
    let heading = match refused {
        0 => None,
        all if all > shown as u64 => Some(format!("Rows that were refused, the first {shown} of {all}")),
        _ => Some("Rows that were refused".to_owned()),
    };
    let list = report.refusals.first.into_iter().map(|refusal| {
        view! { <li><span class="line-number">"line " {refusal.line}</span> " " {refusal.reason}</li> }
    });
    let list = list.collect_view();
    view! {
        <h3>{report.name}</h3>
        <div data-import-rows=rows data-import-refused=refused>{sentences}</div>
        {heading.map(|heading| view! { <h4>{heading}</h4> })}
        <ol class="refusals" tabindex="0" aria-label="Rows that were refused">{list}</ol>
    }
}

/// Why nothing was imported.
#[component]
pub fn Problem(reason: String) -> impl IntoView {
    view! { <p class="problem" role="alert">"Nothing was imported: " {reason} "."</p> }
}
