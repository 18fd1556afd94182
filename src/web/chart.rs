//! The few plotly.js calls that the page needs, with errors as values and columns as typed arrays.

use super::reason;
use crate::view::charts::figure::{Columns, Figure};
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

    #[wasm_bindgen(js_namespace = Plotly, js_name = toImage, catch)]
    fn to_image(figure: &JsValue, options: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = Plotly, catch)]
    fn purge(element: &HtmlElement) -> Result<(), JsValue>;
}

/// The script, beside the page.
const SCRIPT: &str = "./plotly-lines-3.7.0.min.js";

/// No modebar, links or gestures of Plotly's: the page has its own range and crosshair.
const CONFIG: &str = r#"{"staticPlot":true,"displayModeBar":false,"displaylogo":false,"responsive":false,"doubleClick":false,"showTips":false}"#;

/// Height of a picture's title, in pixels.
const PICTURE_TITLE_PIXELS: usize = 20;

/// Distance of the first line's baseline from the top of a picture, in pixels.
const PICTURE_BASELINE_PIXELS: f64 = 17.0;

thread_local! {
    static SCRIPT_LOADING: RefCell<Option<Promise>> = const { RefCell::new(None) };
}

/// Loads plotly.js once, however often it is asked for.
///
/// # Errors
/// A sentence to show when the file could not be loaded.
pub async fn load() -> Result<(), String> {
    let loading =
        SCRIPT_LOADING.with(|loading| loading.borrow_mut().get_or_insert_with(insert_script).clone());
    let loaded = JsFuture::from(loading).await;
    loaded.map(drop).map_err(|_event| {
        "The charts could not be loaded (plotly-lines-3.7.0.min.js). Reload the page to try again.".to_owned()
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
            // a second rejection has no effect
            drop(reject.call0(&JsValue::NULL));
        }
    })
}

/// A chart in an element of the page; dropping it removes it.
#[derive(Debug)]
pub struct Chart {
    element: HtmlElement,
    traces: Vec<Trace>,
    drawn: bool,
}

/// A trace as Plotly holds it: its columns are refilled for each drawing, and replaced when their length
/// changes.
#[derive(Debug)]
struct Trace {
    json: String,
    object: JsValue,
    x: Float64Array,
    y: Float64Array,
}

impl Chart {
    /// Makes a chart that has not been drawn yet.
    pub fn new(element: HtmlElement) -> Self {
        Self { element, traces: Vec::new(), drawn: false }
    }

    /// Draws the figure: the first time in full, later by replacing data and layout and redrawing.
    ///
    /// # Errors
    /// A sentence to show.
    pub fn draw(&mut self, figure: &Figure) -> Result<(), String> {
        self.try_draw(figure)
            .map_err(|error| format!("The chart could not be drawn: {}", reason::clause(&error)))
    }

    /// Returns the chart as last drawn, with `title` above it, as the data URL of a PNG at twice its size.
    ///
    /// # Errors
    /// A clause for a message.
    pub fn picture(&self, title: &str, ground: &str) -> impl Future<Output = Result<String, String>> + use<> {
        let promise = self.request_picture(title, ground);
        async move {
            let refused =
                |error: JsValue| format!("the picture could not be made: {}", reason::clause(&error));
            let url = JsFuture::from(promise.map_err(refused)?).await.map_err(refused)?;
            url.as_string().ok_or_else(|| "the picture could not be made".to_owned())
        }
    }

    fn request_picture(&self, title: &str, ground: &str) -> Result<Promise, JsValue> {
        let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into());
        // a copy, so that the chart on the screen keeps its size and stays without a title
        let layout = JSON::parse(&String::from(JSON::stringify(&get(&self.element, "layout")?)?))?;
        let options = JSON::parse(r#"{"format":"png","scale":2}"#)?;
        for size in ["width", "height"] {
            Reflect::set(&options, &size.into(), &get(&layout, size)?)?;
        }
        let room = (PICTURE_TITLE_PIXELS * title.lines().count()) as f64;
        let height = get(&layout, "height")?.as_f64().unwrap_or_default() + room;
        Reflect::set(&options, &"height".into(), &height.into())?;
        Reflect::set(&layout, &"height".into(), &height.into())?;
        let margin = get(&layout, "margin")?;
        let top = get(&margin, "t")?.as_f64().unwrap_or_default() + room;
        Reflect::set(&margin, &"t".into(), &top.into())?;
        // by the first line's baseline: from "top", Plotly puts the baseline where the line should begin
        let heading = JSON::parse(
            r#"{"x":0.01,"xanchor":"left","yref":"container","yanchor":"bottom","font":{"size":13}}"#,
        )?;
        let y = 1.0 - PICTURE_BASELINE_PIXELS / height;
        Reflect::set(&heading, &"y".into(), &y.into())?;
        Reflect::set(&heading, &"text".into(), &title.replace('\n', "<br>").into())?;
        Reflect::set(&layout, &"title".into(), &heading)?;
        Reflect::set(&layout, &"paper_bgcolor".into(), &ground.into())?;
        let figure = js_sys::Object::new();
        Reflect::set(&figure, &"data".into(), &get(&self.element, "data")?)?;
        Reflect::set(&figure, &"layout".into(), &layout)?;
        to_image(&figure, &options)
    }

    fn try_draw(&mut self, figure: &Figure) -> Result<(), JsValue> {
        let layout = JSON::parse(&figure.layout)?;
        let data = self.fill(figure)?;
        // these traces are plotted synchronously, so the promise needs no waiting for
        if self.drawn {
            if let Some(data) = data {
                Reflect::set(&self.element, &"data".into(), &data)?;
            }
            Reflect::set(&self.element, &"layout".into(), &layout)?;
            redraw(&self.element).map(drop)
        } else {
            let data = data.unwrap_or_default();
            drop(new_plot(&self.element, &data, &layout, &JSON::parse(CONFIG)?)?);
            self.drawn = true;
            Ok(())
        }
    }

    /// Writes the columns into the traces, and rebuilds all traces when their number or kind has changed.
    fn fill(&mut self, figure: &Figure) -> Result<Option<Array>, JsValue> {
        let same = self.drawn && self.traces.iter().map(|trace| &trace.json).eq(&figure.traces);
        if same {
            for (trace, columns) in self.traces.iter_mut().zip(&figure.columns) {
                trace.fill(columns)?;
            }
            return Ok(None);
        }
        self.traces = figure
            .traces
            .iter()
            .zip(&figure.columns)
            .map(|(json, columns)| Trace::new(json, columns))
            .collect::<Result<_, _>>()?;
        Ok(Some(self.traces.iter().map(|trace| &trace.object).collect()))
    }
}

impl Trace {
    fn new(json: &str, columns: &Columns) -> Result<Self, JsValue> {
        let object = JSON::parse(json)?;
        let [x, y] = [&columns.x, &columns.y].map(|column| Float64Array::from(column.as_slice()));
        Reflect::set(&object, &"x".into(), &x)?;
        Reflect::set(&object, &"y".into(), &y)?;
        Ok(Self { json: json.to_owned(), object, x, y })
    }

    fn fill(&mut self, columns: &Columns) -> Result<(), JsValue> {
        for (name, array, column) in [("x", &mut self.x, &columns.x), ("y", &mut self.y, &columns.y)] {
            if array.length() as usize == column.len() {
                array.copy_from(column);
            } else {
                *array = Float64Array::from(column.as_slice());
                Reflect::set(&self.object, &name.into(), array)?;
            }
        }
        Ok(())
    }
}

impl Drop for Chart {
    fn drop(&mut self) {
        if self.drawn {
            // an element that Plotly no longer knows holds nothing to free
            drop(purge(&self.element));
        }
    }
}
