//! Where this copy of the page is served from: its own names keep it apart from others on the same origin.

use spreadscope_engine::tabs::Names;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    type ImportMeta;
    #[wasm_bindgen(method, getter)]
    fn url(this: &ImportMeta) -> String;
    /// The script that started this module, the same in page and worker.
    #[wasm_bindgen(thread_local_v2, js_namespace = import, js_name = meta)]
    static SCRIPT: ImportMeta;
}

/// Returns the address of the script that starts the module.
pub fn script_url() -> String {
    SCRIPT.with(ImportMeta::url)
}

/// Returns the names of this deployment.
pub fn names() -> Names {
    Names::of(&script_url())
}
