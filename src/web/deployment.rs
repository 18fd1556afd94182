//! Where this copy of the page lives: names of its own keep it apart from others on the same origin.

use spreadscope_engine::tabs::Names;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    type ImportMeta;
    #[wasm_bindgen(method, getter)]
    fn url(this: &ImportMeta) -> String;
    /// The script that this module was started by, in page and worker the same.
    #[wasm_bindgen(thread_local_v2, js_namespace = import, js_name = meta)]
    static SCRIPT: ImportMeta;
}

/// The address of the script that starts the module.
pub fn script_url() -> String {
    SCRIPT.with(ImportMeta::url)
}

/// The names of this deployment.
pub fn names() -> Names {
    Names::of(&script_url())
}
