//! This tab among the tabs: does what [`Tab`] says, with the browser's locks and channels and this tab's
//! engine.

mod staged;

use super::channel::Channel;
use super::host::Host;
use super::locks::{self, ClaimMode, HeldLock, Place};
use super::performing::Performing;
use super::replay::Stage;
use super::{clock, deployment, timer};
use spreadscope_engine::messages::protocol::{ToPage, decode, encode};
use spreadscope_engine::tabs::{self, Input, Output, Tab, version};
use spreadscope_engine::{Command, Event};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

/// Interval at which a follower checks that its leader is alive.
const LOOK_MILLIS: u32 = 1_000;

/// This tab. Clones share one tab.
#[derive(Clone)]
pub struct Tabs(Rc<Inner>);

struct Inner {
    tell: Box<dyn Fn(ToPage)>,
    tab: RefCell<Tab<Blob>>,
    performing: Performing,
    stage: Stage,
    host: RefCell<Option<Host>>,
    versions: RefCell<Option<Channel>>,
    /// The group's name and channel.
    group: RefCell<String>,
    channel: RefCell<Option<Channel>>,
    /// Granted a moment ago; released unless it is kept.
    granted: RefCell<Option<HeldLock>>,
    held: RefCell<Option<HeldLock>>,
    queue: RefCell<Option<Place>>,
    looks: RefCell<Option<timer::Interval>>,
}

impl core::fmt::Debug for Tabs {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Tabs").finish_non_exhaustive()
    }
}

impl Tabs {
    /// Makes a tab that is in no group yet; messages to its page go to `tell`.
    pub fn new(tell: impl Fn(ToPage) + 'static) -> Self {
        let names = deployment::names();
        let versions = names.versions();
        let tabs = Self(Rc::new(Inner {
            tell: Box::new(tell),
            tab: RefCell::new(Tab::new(names, js_sys::Math::random().to_bits())),
            performing: Performing::default(),
            stage: Stage::default(),
            host: RefCell::default(),
            versions: RefCell::default(),
            group: RefCell::default(),
            channel: RefCell::default(),
            granted: RefCell::default(),
            held: RefCell::default(),
            queue: RefCell::default(),
            looks: RefCell::default(),
        }));
        let of_versions = tabs.clone();
        let channel = Channel::open(&versions, move |bytes| {
            if let Some(version) = version::read(bytes) {
                of_versions.input(Input::Version(version));
            }
        });
        *tabs.0.versions.borrow_mut() = channel.ok();
        tabs.perform_all();
        tabs
    }

    /// Takes a command of this tab's page; a running replay may take it instead.
    pub fn command(&self, command: Command) {
        if let Some(command) = self.0.stage.pass_on(self, command) {
            self.input(Input::Command(command));
        }
    }

    /// Takes a file that this tab's page hands over.
    pub fn take_file(&self, import: u64, file: Blob) {
        self.input(Input::File { import, file });
    }

    fn input(&self, input: Input<Blob>) {
        self.0.tab.borrow_mut().handle(input);
        self.perform_all();
    }

    fn perform_all(&self) {
        let Inner { performing, tab, .. } = &*self.0;
        performing.all(|| tab.borrow_mut().poll(), |output| self.perform(output));
    }

    fn perform(&self, output: Output<Blob>) {
        let inner = &*self.0;
        match output {
            Output::Tell(event) => self.tell_live(event),
            Output::TellRole(role) => (inner.tell)(ToPage::Role(role)),
            Output::Order(command) => {
                if let Some(host) = self.host() {
                    host.command(command);
                }
            }
            Output::Post(message) => {
                if let Some(channel) = &*inner.channel.borrow() {
                    channel.post(&encode(&message));
                }
            }
            Output::HandOver { import, file } => {
                if let Some(host) = self.host() {
                    host.take_file(import, file);
                }
            }
            Output::Start(carried) => {
                let tabs = self.clone();
                let seed = clock::now().0.unsigned_abs();
                let host = Host::new(seed, move |event| tabs.input(Input::Event(event)));
                host.take_up(*carried);
                *inner.host.borrow_mut() = Some(host);
            }
            Output::End { write } => self.end(write),
            Output::Enter { turn, group } => self.enter(turn, group),
            Output::Claim { lock, mode } => self.claim(lock, mode),
            Output::Keep { lock } => self.keep(lock),
            Output::Release => {
                *inner.held.borrow_mut() = None;
                self.leave_queue();
            }
            Output::Look { turn } => {
                let looks = self.clone();
                let every = timer::every(LOOK_MILLIS, move || looks.input(Input::Look { turn }));
                *inner.looks.borrow_mut() = Some(every);
            }
            Output::SayVersion => {
                if let Some(versions) = &*inner.versions.borrow() {
                    versions.post(&version::ours());
                }
            }
        }
    }

    fn host(&self) -> Option<Host> {
        self.0.host.borrow().clone()
    }

    fn end(&self, write: bool) {
        let Some(host) = self.0.host.take() else { return };
        let carried = host.carry();
        if write {
            host.command(Command::Flush);
        }
        host.stop();
        self.input(Input::Ended(Box::new(carried)));
    }

    fn enter(&self, turn: u64, group: String) {
        let tabs = self.clone();
        let channel = Channel::open(&group, move |bytes| {
            if let Ok(message) = decode(bytes) {
                tabs.input(Input::Message { turn, message });
            }
        });
        *self.0.group.borrow_mut() = group;
        let is_open = channel.is_ok();
        *self.0.channel.borrow_mut() = channel.ok();
        if !is_open {
            self.input(Input::NoChannel { turn });
        }
    }

    fn claim(&self, lock: u64, mode: tabs::ClaimMode) {
        let mode = match mode {
            tabs::ClaimMode::IfFree => ClaimMode::IfFree,
            tabs::ClaimMode::TakeAway => ClaimMode::TakeAway,
            tabs::ClaimMode::InTurn => {
                let Ok(place) = Place::new() else { return };
                let signal = place.signal();
                *self.0.queue.borrow_mut() = Some(place);
                ClaimMode::InTurn(signal)
            }
        };
        let at_once = matches!(mode, ClaimMode::IfFree);
        let (tabs, group) = (self.clone(), self.0.group.borrow().clone());
        spawn_local(async move {
            match locks::claim(&group, mode).await {
                Ok(Some(held)) => {
                    *tabs.0.granted.borrow_mut() = Some(held);
                    tabs.input(Input::Granted { lock });
                    *tabs.0.granted.borrow_mut() = None;
                }
                Ok(None) => tabs.input(Input::Refused { lock }),
                Err(_) if at_once => tabs.input(Input::NoLocks { lock }),
                // the place in the queue was left
                Err(_) => {}
            }
        });
    }

    fn keep(&self, lock: u64) {
        let Some(held) = self.0.granted.take() else { return };
        let (taken_away, tabs) = (held.taken_away(), self.clone());
        spawn_local(async move {
            if taken_away.await {
                tabs.input(Input::TakenAway { lock });
            }
        });
        *self.0.held.borrow_mut() = Some(held);
        self.leave_queue();
    }

    fn leave_queue(&self) {
        *self.0.queue.borrow_mut() = None;
        // the call may come from one of the checks, which must return before it is dropped
        let looks = self.0.looks.take();
        spawn_local(async move { drop(looks) });
    }

    /// Sends `event` to this tab's page.
    pub(super) fn tell(&self, event: Event) {
        (self.0.tell)(ToPage::Event(event));
    }
}
