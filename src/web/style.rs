//! Stylesheets of a part of the page, applied when the part is loaded.

use js_sys::{Array, Function, Object, Reflect};
use std::cell::RefCell;
use wasm_bindgen::{JsCast as _, JsValue};

thread_local! {
    static ADOPTED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Applies the rules of `text` under `name`, once, for as long as the page lives. The page's policy forbids
/// inline styles; a stylesheet made by a script is not one.
///
/// # Errors
/// A clause: the browser cannot make stylesheets.
pub fn adopt(name: &'static str, text: &str) -> Result<(), String> {
    if ADOPTED.with_borrow(|adopted| adopted.contains(&name)) {
        return Ok(());
    }
    try_adopt(text).map_err(|error| super::reason::clause(&error))?;
    ADOPTED.with_borrow_mut(|adopted| adopted.push(name));
    Ok(())
}

fn try_adopt(text: &str) -> Result<(), JsValue> {
    let window: JsValue = web_sys::window().ok_or("no window")?.into();
    let make: Function = Reflect::get(&window, &"CSSStyleSheet".into())?.dyn_into()?;
    let sheet: Object = Reflect::construct(&make, &Array::new())?.dyn_into()?;
    let replace: Function = Reflect::get(&sheet, &"replaceSync".into())?.dyn_into()?;
    replace.call1(&sheet, &text.into())?;
    let document = Reflect::get(&window, &"document".into())?;
    let name = JsValue::from("adoptedStyleSheets");
    let sheets = Array::from(&Reflect::get(&document, &name)?);
    sheets.push(&sheet);
    Reflect::set(&document, &name, &sheets).map(drop)
}
