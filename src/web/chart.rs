//! The few calls of plotly.js that are needed, with errors as values and columns as typed arrays.

use crate::view::figure::{Columns, Figure};
use js_sys::{Array, Float64Array, JSON, Promise, Reflect};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Plotly, js_name = newPlot, catch)]
    fn new_plot(
        element: &HtmlElement,
        data: &JsValue,
        layout: &JsValue,
        config: &JsValue,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = Plotly, catch)]
    fn redraw(element: &HtmlElement) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = Plotly, catch)]
    fn purge(element: &HtmlElement) -> Result<(), JsValue>;
}

/// The file that lies beside the page.
const SCRIPT: &str = "./plotly-basic-3.7.0.min.js";

/// No modebar, no links, no gestures of its own: range and crosshair are ours.
const CONFIG: &str = r#"{"staticPlot":true,"displayModeBar":false,"displaylogo":false,"responsive":false,"doubleClick":false,"showTips":false}"#;

thread_local! {
    static SCRIPT_LOADING: RefCell<Option<Promise>> = const { RefCell::new(None) };
}

/// Loads plotly.js once, however often it is asked for.
///
/// # Errors
/// The sentence to show when the file cannot be had.
pub async fn load() -> Result<(), String> {
    let loading =
        SCRIPT_LOADING.with(|loading| loading.borrow_mut().get_or_insert_with(insert_script).clone());
    let loaded = JsFuture::from(loading).await;
    loaded.map(drop).map_err(|_event| {
        "The charts could not be loaded (plotly-basic-3.7.0.min.js). Reload the page to try again.".to_owned()
    })
}

fn insert_script() -> Promise {
    Promise::new(&mut |resolve, reject| {
        let inserted = (|| {
            let document = web_sys::window()?.document()?;
            let script: web_sys::HtmlScriptElement =
                document.create_element("script").ok()?.dyn_into().ok()?;
            script.set_src(SCRIPT);
            script.set_onload(Some(&resolve));
            script.set_onerror(Some(&reject));
            document.head()?.append_child(&script).ok()
        })();
        if inserted.is_none() {
            // a promise that is turned down twice is turned down once
            drop(reject.call0(&JsValue::NULL));
        }
    })
}

/// A chart in an element of the page; dropping it takes it away.
#[derive(Debug)]
pub struct Chart {
    element: HtmlElement,
    drawn: bool,
}

impl Chart {
    /// A chart that has not been drawn yet.
    pub fn new(element: HtmlElement) -> Self {
        Self { element, drawn: false }
    }

    /// Draws the figure: at first whole, then by putting data and layout in place and redrawing.
    ///
    /// # Errors
    /// Plotly's words.
    pub fn draw(&mut self, figure: &Figure) -> Result<(), String> {
        self.try_draw(figure).map_err(|error| format!("The chart could not be drawn: {error:?}"))
    }

    fn try_draw(&mut self, figure: &Figure) -> Result<(), JsValue> {
        let layout = JSON::parse(&figure.layout)?;
        let data = Array::new();
        for (trace, columns) in figure.traces.iter().zip(&figure.columns) {
            data.push(&with_columns(trace, columns)?);
        }
        // the plot is synchronous for these traces; its promise holds nothing more to wait for
        if self.drawn {
            Reflect::set(&self.element, &"data".into(), &data)?;
            Reflect::set(&self.element, &"layout".into(), &layout)?;
            redraw(&self.element).map(drop)
        } else {
            drop(new_plot(&self.element, &data, &layout, &JSON::parse(CONFIG)?)?);
            self.drawn = true;
            Ok(())
        }
    }
}

impl Drop for Chart {
    fn drop(&mut self) {
        if self.drawn {
            // an element that Plotly no longer knows has nothing left to free
            drop(purge(&self.element));
        }
    }
}

fn with_columns(trace: &str, columns: &Columns) -> Result<JsValue, JsValue> {
    let trace = JSON::parse(trace)?;
    Reflect::set(&trace, &"x".into(), &Float64Array::from(columns.x.as_slice()))?;
    Reflect::set(&trace, &"y".into(), &Float64Array::from(columns.y.as_slice()))?;
    Ok(trace)
}
