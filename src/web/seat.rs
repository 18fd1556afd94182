//! This tab's place among the tabs of the same desk.
//!
//! A desk is a source and a pair. One tab leads it: its engine has the socket, asks REST and writes. The others
//! follow: they show what it tells and pass their wishes on to it, so that settings changed in one are changed
//! in all. When the leader is gone the browser names the next one. Tabs on other pairs are desks of their own.

mod staged;

use super::channel::Channel;
use super::host::{Carried, Host};
use super::locks::{self, Held, Place};
use super::replay::Stage;
use super::{clock, timer};
use spreadscope_engine::alert::Rule;
use spreadscope_engine::messages::event::Fact;
use spreadscope_engine::messages::protocol::{BetweenTabs, PROTOCOL, Role, ToPage};
use spreadscope_engine::settings::Source;
use spreadscope_engine::transfer::{Ask, News};
use spreadscope_engine::{Command, Event, Settings, UnixMillis};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

/// A follower looks this often whether it has heard from its leader.
const LISTEN_MILLIS: u32 = 1_000;
/// A leader says something four times a second: one that is silent for so many looks is stopped, a frozen tab
/// for one, and another takes its place.
const SILENT_LOOKS: u32 = 4;

/// A tab's seat. Cloning gives another handle to it.
#[derive(Clone)]
pub struct Seat(Rc<Inner>);

struct Inner {
    tell: Box<dyn Fn(ToPage)>,
    part: RefCell<Part>,
    /// Counts the desks taken up: what belongs to an earlier one is void.
    turn: Cell<u64>,
    /// In force, or asked for by this tab's page.
    settings: RefCell<Settings>,
    /// In force; none while they are not known.
    rules: RefCell<Vec<Rule>>,
    /// As this tab's page has told it; empty where none is followed.
    position: RefCell<String>,
    /// What files have brought in, while there is no engine that has it.
    carried: RefCell<Carried>,
    stage: Stage,
    /// A name that no other tab has.
    own_name: String,
}

/// What this tab does at its desk.
enum Part {
    None,
    /// Asks whether anybody leads.
    Asking {
        desk: String,
        channel: Option<Channel>,
        commands: Vec<Command>,
    },
    Leading {
        desk: String,
        channel: Option<Channel>,
        host: Host,
        followed: bool,
        _held: Option<Held>,
    },
    Following {
        desk: String,
        channel: Channel,
        silent_looks: u32,
        /// Up to where the leader has told of bars.
        told_to: Option<UnixMillis>,
        /// What only an engine of this tab's own can do.
        wishes: Vec<Command>,
        _place: Place,
        _looks: timer::Interval,
    },
}

impl core::fmt::Debug for Seat {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Seat").finish_non_exhaustive()
    }
}

impl Seat {
    /// A seat at no desk yet; what is to be said to this tab's page goes to `tell`.
    pub fn new(tell: impl Fn(ToPage) + 'static) -> Self {
        Self(Rc::new(Inner {
            tell: Box::new(tell),
            part: RefCell::new(Part::None),
            turn: Cell::new(0),
            settings: RefCell::default(),
            rules: RefCell::default(),
            position: RefCell::default(),
            carried: RefCell::default(),
            stage: Stage::default(),
            own_name: js_sys::Math::random().to_string(),
        }))
    }

    /// Takes a command of this tab's page: a replay that is on may take it for itself.
    pub fn command(&self, command: Command) {
        if let Some(command) = self.0.stage.pass_on(self, command) {
            self.obey(command);
        }
    }

    /// Takes a command for the live engine.
    pub(super) fn obey(&self, command: Command) {
        if let Command::Configure(settings) = &command {
            *self.0.settings.borrow_mut() = (**settings).clone();
            let desk = desk_of(settings, &self.0.own_name);
            if self.0.part.borrow().desk() != Some(&desk) {
                return self.sit_down(desk, command);
            }
        }
        if let Command::Follow(position) = &command {
            self.0.position.borrow_mut().clone_from(position);
        }
        let host = match &mut *self.0.part.borrow_mut() {
            Part::None => return,
            Part::Asking { commands, .. } => return commands.push(command),
            // files do not go from one tab to another: the desk comes to the file
            Part::Following { desk, wishes, .. }
                if matches!(command, Command::Import(_) | Command::Backup(_)) =>
            {
                wishes.push(command);
                return self.take_lead(desk.clone());
            }
            Part::Following { channel, .. } => return channel.post(&BetweenTabs::Command(command)),
            Part::Leading { host, .. } => host.clone(),
        };
        host.command(command);
    }

    /// Takes a file that this tab's page hands over.
    pub fn take_file(&self, import: u64, file: Blob) {
        match &*self.0.part.borrow() {
            Part::Leading { host, .. } => host.take_file(import, file),
            _ => self.0.carried.borrow_mut().file = Some((import, file)),
        }
    }

    /// Leaves the desk there was and asks for the lead of another.
    fn sit_down(&self, desk: String, first: Command) {
        self.leave();
        self.0.turn.set(self.0.turn.get() + 1);
        let turn = self.0.turn.get();
        let seat = self.clone();
        let channel = Channel::open(&desk, move |message| seat.hear(turn, message)).ok();
        let alone = channel.is_none();
        *self.0.part.borrow_mut() = Part::Asking { desk: desk.clone(), channel, commands: vec![first] };
        let seat = self.clone();
        spawn_local(async move {
            match locks::ask(&desk, locks::Ask::IfFree).await {
                Ok(Some(held)) => seat.lead(turn, Some(held)),
                Ok(None) if !alone => seat.follow(turn),
                // a browser without locks or without a line between tabs: each tab is a desk of its own
                Ok(None) | Err(_) => seat.lead(turn, None),
            }
        });
    }

    /// Ends the part there was; an engine writes what it has not written yet.
    fn leave(&self) -> Part {
        self.end(Host::finish)
    }

    /// Ends the part there was, if it was the lead without writing anything: another tab has it and writes, and what
    /// a tab held that was asleep is older than that.
    fn lose(&self) -> Part {
        self.end(Host::stop)
    }

    fn end(&self, engine: impl FnOnce(&Host)) -> Part {
        let old = self.0.part.replace(Part::None);
        if let Part::Leading { host, .. } = &old {
            *self.0.carried.borrow_mut() = host.carry();
            engine(host);
        }
        old
    }

    fn lead(&self, turn: u64, held: Option<Held>) {
        let leads = matches!(*self.0.part.borrow(), Part::Leading { .. });
        if turn != self.0.turn.get() || leads {
            return;
        }
        if let Some(held) = &held {
            let (taken_away, seat) = (held.taken_away(), self.clone());
            spawn_local(async move {
                if taken_away.await {
                    seat.follow(turn);
                }
            });
        }
        let seat = self.clone();
        let host = Host::new(clock::now().0.unsigned_abs(), move |event| seat.say(event));
        let settings = self.0.settings.borrow().clone();
        // before the first bars, or rules that hold already would fire again
        let rules = Some(self.0.rules.borrow().clone()).filter(|rules| !rules.is_empty());
        let configure = Command::Configure(Box::new(settings));
        let position = Command::Follow(self.0.position.borrow().clone());
        let resume = [configure].into_iter().chain(rules.map(Command::SetRules)).chain([position]);
        let (desk, channel, commands, followed) = match self.leave() {
            Part::Asking { desk, channel, commands } => {
                let followed = commands.contains(&Command::Resync);
                (desk, channel, commands, followed)
            }
            Part::Following { desk, channel, told_to, wishes, .. } => {
                self.0.carried.borrow_mut().told_to = told_to;
                (desk, Some(channel), resume.chain(wishes).collect(), true)
            }
            Part::None | Part::Leading { .. } => return,
        };
        *self.0.part.borrow_mut() =
            Part::Leading { desk, channel, host: host.clone(), followed, _held: held };
        host.take_up(self.0.carried.take());
        (self.0.tell)(ToPage::Role(Role::Leader));
        for command in commands {
            host.command(command);
        }
    }

    fn follow(&self, turn: u64) {
        if turn != self.0.turn.get() {
            return;
        }
        let (desk, channel, commands) = match self.lose() {
            Part::Asking { desk, channel: Some(channel), commands } => (desk, channel, commands),
            Part::Leading { desk, channel: Some(channel), .. } => {
                self.leave_file();
                (desk, channel, Vec::new())
            }
            Part::None | Part::Asking { .. } | Part::Leading { .. } | Part::Following { .. } => return,
        };
        let Ok(place) = Place::new() else { return };
        channel.post(&BetweenTabs::Join);
        let signal = place.signal();
        let seat = self.clone();
        let looks = timer::every(LISTEN_MILLIS, move || seat.look(turn));
        let name = desk.clone();
        *self.0.part.borrow_mut() = Part::Following {
            desk,
            channel,
            silent_looks: 0,
            told_to: None,
            wishes: Vec::new(),
            _place: place,
            _looks: looks,
        };
        (self.0.tell)(ToPage::Role(Role::Follower));
        // the leader's settings are in force; what this tab asked for after its own is passed on
        for command in commands.into_iter().skip(1) {
            self.command(command);
        }
        let seat = self.clone();
        spawn_local(async move {
            if let Ok(held) = locks::ask(&name, locks::Ask::InTurn(signal)).await {
                seat.lead(turn, held);
            }
        });
    }

    /// Leaves the file on its way in: this tab has no engine any more that could read it.
    fn leave_file(&self) {
        let mut carried = self.0.carried.borrow_mut();
        let Some((import, _)) = carried.file.take() else { return };
        let mut left = Vec::new();
        carried.imports.ask(Ask::Cancel { import }, &mut left);
        if !left.is_empty() {
            let reason = "another tab of this pair leads now; nothing of the file was taken".to_owned();
            (self.0.tell)(ToPage::Event(Event::Import(News::Failed { import, reason })));
        }
    }

    /// Knocks again at a leader that has not been heard, and in the end takes its place.
    fn look(&self, turn: u64) {
        if turn != self.0.turn.get() {
            return;
        }
        let Part::Following { desk, channel, silent_looks, .. } = &mut *self.0.part.borrow_mut() else {
            return;
        };
        *silent_looks += 1;
        if *silent_looks > 1 {
            channel.post(&BetweenTabs::Join);
        }
        if *silent_looks == SILENT_LOOKS {
            self.take_lead(desk.clone());
        }
    }

    /// Leads the desk from here on, whoever did before.
    fn take_lead(&self, desk: String) {
        let (seat, turn) = (self.clone(), self.0.turn.get());
        spawn_local(async move {
            if let Ok(held) = locks::ask(&desk, locks::Ask::TakeAway).await {
                seat.lead(turn, held);
            }
        });
    }

    /// What the engine of this tab says, to its page and to the tabs that follow.
    fn say(&self, event: Event) {
        self.note(&event);
        let own = matches!(event, Event::Import(_) | Event::Backup(_));
        if let (Part::Leading { channel: Some(channel), followed: true, .. }, false) =
            (&*self.0.part.borrow(), own)
        {
            channel.post(&BetweenTabs::Event(event.clone()));
        }
        self.tell_live(event);
    }

    /// What another tab says.
    fn hear(&self, turn: u64, message: BetweenTabs) {
        if turn != self.0.turn.get() {
            return;
        }
        let (host, command) = match (&mut *self.0.part.borrow_mut(), message) {
            (Part::Asking { commands, .. }, BetweenTabs::Join) => return commands.push(Command::Resync),
            (Part::Leading { host, followed, .. }, BetweenTabs::Join) => {
                *followed = true;
                (host.clone(), Command::Resync)
            }
            (Part::Leading { host, .. }, BetweenTabs::Command(command)) => (host.clone(), command),
            (Part::Following { silent_looks, told_to, .. }, BetweenTabs::Event(event)) => {
                *silent_looks = 0;
                self.note(&event);
                if let Event::Fact { fact: Fact::Rows { rows, .. }, .. } = &event
                    && let Some(row) = rows.last()
                {
                    *told_to = Some(row.open_time + self.0.settings.borrow().interval.millis());
                }
                return self.tell_live(event);
            }
            _ => return,
        };
        host.command(command);
    }

    /// Keeps what the engine of a next leader must be told.
    fn note(&self, event: &Event) {
        match event {
            Event::Fact { fact: Fact::Configured(settings), .. } => {
                *self.0.settings.borrow_mut() = (**settings).clone();
            }
            Event::Fact { fact: Fact::Rules(rules), .. } => self.0.rules.borrow_mut().clone_from(rules),
            _ => {}
        }
    }
}

impl Part {
    fn desk(&self) -> Option<&String> {
        match self {
            Self::None => None,
            Self::Asking { desk, .. } | Self::Leading { desk, .. } | Self::Following { desk, .. } => {
                Some(desk)
            }
        }
    }
}

/// The desk's name for locks and lines: tabs of another protocol have another, they would not understand.
fn desk_of(settings: &Settings, own_name: &str) -> String {
    // a recording is this tab's alone
    if settings.source == Source::Recording {
        return format!("spreadscope/{PROTOCOL}/recording/{own_name}");
    }
    let venue = settings.source.venue().unwrap_or_default();
    format!("spreadscope/{PROTOCOL}/{venue}/{}/{}", settings.pair.y, settings.pair.x)
}
