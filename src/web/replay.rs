//! The replay beside the live engine, whose code is fetched on first use.
#![expect(clippy::unnecessary_wraps, reason = "the error is that of a part which could not be fetched")]

mod deck;
mod opening;

use super::tabs::Tabs;
use deck::Deck;
use spreadscope_engine::messages::event::ReplayNews;
use spreadscope_engine::{Command, Event};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

/// A message between page and live engine that a replay may intercept.
#[derive(Debug)]
pub enum Passing {
    /// The page's command.
    Command(Command),
    /// The live engine's event.
    Event(Event),
}

/// Takes a message, or returns it to be delivered.
pub type Gate = Rc<dyn Fn(Passing) -> Option<Passing>>;

/// The place of a replay between page and live engine; empty until there has been one.
#[derive(Default)]
pub struct Stage(RefCell<Option<Gate>>);

impl core::fmt::Debug for Stage {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Stage").finish_non_exhaustive()
    }
}

impl Stage {
    /// Returns the command if it is for the live engine.
    pub fn pass_on(&self, tabs: &Tabs, command: Command) -> Option<Command> {
        let gate = self.0.borrow().clone();
        match (gate, command) {
            (None, Command::Replay(command)) => {
                let tabs = tabs.clone();
                spawn_local(async move {
                    match code().await {
                        Ok(open) => {
                            tabs.set_the_stage(|| open(&tabs));
                            tabs.command(Command::Replay(command));
                        }
                        Err(_) => tabs.tell(Event::Replay(ReplayNews {
                            refusal: "its code could not be fetched. Is there a network?".to_owned(),
                            ..ReplayNews::default()
                        })),
                    }
                });
                None
            }
            (None, command) => Some(command),
            (Some(gate), command) => match gate(Passing::Command(command))? {
                Passing::Command(command) => Some(command),
                Passing::Event(_) => None,
            },
        }
    }

    /// Returns the live engine's event if it is for the page.
    pub fn let_through(&self, event: Event) -> Option<Event> {
        let gate = self.0.borrow().clone();
        match gate {
            None => Some(event),
            Some(gate) => match gate(Passing::Event(event))? {
                Passing::Event(event) => Some(event),
                Passing::Command(_) => None,
            },
        }
    }

    /// Sets the gate unless there is one.
    pub fn set(&self, gate: impl FnOnce() -> Gate) {
        self.0.borrow_mut().get_or_insert_with(gate);
    }
}

#[wasm_split(replay, fallible)]
fn code() -> Result<fn(&Tabs) -> Gate, SplitLoaderError> {
    Ok(|tabs| Deck::gate(tabs.clone()))
}
