//! The engine behind its line: in a worker, or in the page where no worker can be had.

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        console_error_panic_hook::set_once();
        spreadscope::web::engine::serve();
    }
}
