//! The worker: the engine behind its port.

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        console_error_panic_hook::set_once();
        spreadscope::web::port::serve_worker();
    }
}
