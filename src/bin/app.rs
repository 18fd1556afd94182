//! The one program: the page, and the engine in the worker that the page starts with the same module.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    match spreadscope::web::engine::worker_line() {
        Some(line) => spreadscope::web::engine::serve(&line),
        None => spreadscope::ui::mount(),
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This program runs in a browser: cargo xtask serve");
}
