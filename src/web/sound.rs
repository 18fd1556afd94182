//! Tones, made by an oscillator: no files.

use super::{reason, timer};
use crate::view::alert::delivery::Note;
use std::cell::RefCell;
use wasm_bindgen::JsValue;
use web_sys::{AudioContext, AudioContextState};

/// Loudness of a tone, 0 to 1.
const GAIN: f32 = 0.15;
/// Length of a tone's ramps: one that begins or ends abruptly clicks.
const RAMP_SECS: f64 = 0.015;
/// A browser that permits sound has started playing by then.
const BEGUN_MILLIS: u32 = 500;

thread_local! {
    static CONTEXT: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// Enables sound. To be called within a click or a key press: browsers stay silent before the first.
///
/// # Errors
/// A clause for a message.
pub fn unlock() -> Result<(), String> {
    context().map(drop).map_err(words)
}

/// Plays `notes` one after the other; calls `on_silence` with the reason if the browser does not let them
/// sound.
pub fn play(notes: &[Note], on_silence: impl FnOnce(String) + 'static) {
    let context = match context() {
        Ok(context) => context,
        Err(error) => return on_silence(words(error)),
    };
    if let Err(error) = schedule(&context, notes) {
        return on_silence(words(error));
    }
    timer::after(BEGUN_MILLIS, move || {
        if context.state() != AudioContextState::Running {
            on_silence("the browser plays nothing before the first click on the page".to_owned());
        }
    })
    .forget();
}

fn context() -> Result<AudioContext, JsValue> {
    let context = CONTEXT.with_borrow_mut(|kept| match kept {
        Some(context) => Ok(context.clone()),
        None => Ok::<_, JsValue>(kept.insert(AudioContext::new()?).clone()),
    })?;
    if context.state() == AudioContextState::Suspended {
        // the outcome shows in the context's state
        drop(context.resume()?);
    }
    Ok(context)
}

fn schedule(context: &AudioContext, notes: &[Note]) -> Result<(), JsValue> {
    let mut start = context.current_time() + RAMP_SECS;
    for note in notes {
        let end = start + f64::from(note.secs);
        let oscillator = context.create_oscillator()?;
        oscillator.frequency().set_value(note.hertz);
        let gain = context.create_gain()?;
        let level = gain.gain();
        level.set_value_at_time(0.0, start)?;
        level.linear_ramp_to_value_at_time(GAIN, start + RAMP_SECS)?;
        level.set_value_at_time(GAIN, end - RAMP_SECS)?;
        level.linear_ramp_to_value_at_time(0.0, end)?;
        oscillator.connect_with_audio_node(&gain)?;
        gain.connect_with_audio_node(&context.destination())?;
        oscillator.start_with_when(start)?;
        oscillator.stop_with_when(end)?;
        start = end;
    }
    Ok(())
}

fn words(error: impl Into<JsValue>) -> String {
    format!("this browser makes no sound: {}", reason::clause(&error.into()))
}
