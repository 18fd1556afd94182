//! The one program. It is the page; the engine's worker, which the page starts with the same module; and the
//! workers that the engine starts with it.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    if !spreadscope::web::engine::serve_as_worker() {
        spreadscope::ui::mount();
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This program runs in a browser: cargo xtask serve");
}
