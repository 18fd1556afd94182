//! One tab's part in its group.

use super::{Carried, ClaimMode, Input, Names, Output};
use crate::alert::Rule;
use crate::messages::event::Fact;
use crate::messages::protocol::{BetweenTabs, PROTOCOL, Role};
use crate::{Command, Event, Settings, UnixMillis};
use core::mem;
use std::collections::VecDeque;

/// A leader sends something four times a second. One that is silent for this many looks, such as a frozen tab,
/// loses its lock to another tab.
const SILENT_LOOKS: u32 = 4;

/// The state of a tab among the others.
#[derive(Debug)]
pub struct Tab<F> {
    part: Part,
    names: Names,
    /// A number unique to this tab.
    own: u64,
    /// `None` before the first settings.
    group: Option<String>,
    /// Counts the groups joined; inputs of an earlier one are ignored.
    turn: u64,
    /// The number of the last lock request.
    locks: u64,
    has_channel: bool,
    /// The settings in force, or those that this tab's page has sent.
    settings: Settings,
    /// The rules in force; empty while unknown.
    rules: Vec<Rule>,
    /// The position that this tab's page follows, in its text form; empty for none.
    position: String,
    /// Data that the last engine left behind, while there is no engine.
    carried: Carried<F>,
    outputs: VecDeque<Output<F>>,
}

/// A tab's part in its group.
#[derive(Debug)]
enum Part {
    /// Nothing: it has no settings yet.
    None,
    /// Finding out whether another tab leads.
    Claiming { lock: u64, commands: Vec<Command> },
    Leading {
        /// `None` if the browser has no locks.
        lock: Option<u64>,
        /// A pending claim to take the lock away, although this tab has come to lead another way.
        taking: Option<u64>,
        followed: bool,
    },
    Following {
        queued: u64,
        /// A pending claim to take the lock away from the leader.
        taking: Option<u64>,
        silent_looks: u32,
        /// The time up to which the leader has reported bars.
        reported_to: Option<UnixMillis>,
        /// Commands that only an engine in this tab can carry out.
        wishes: Vec<Command>,
    },
    /// No part any more: a newer version of the page is open, and this one must not write to its store.
    Outdated,
}

impl<F> Tab<F> {
    /// A tab in no group yet; `own` is a number unique to this tab.
    pub fn new(names: Names, own: u64) -> Self {
        Self {
            part: Part::None,
            names,
            own,
            group: None,
            turn: 0,
            locks: 0,
            has_channel: false,
            settings: Settings::default(),
            rules: Vec::new(),
            position: String::new(),
            carried: Carried::default(),
            outputs: VecDeque::from([Output::SayVersion]),
        }
    }

    /// Takes the oldest pending output.
    pub fn poll(&mut self) -> Option<Output<F>> {
        self.outputs.pop_front()
    }

    /// The settings and the rules in force.
    pub fn in_force(&self) -> (&Settings, &[Rule]) {
        (&self.settings, &self.rules)
    }

    /// Whether this tab leads the group.
    pub fn leads(&self) -> bool {
        matches!(self.part, Part::Leading { .. })
    }

    /// Applies one input. The only way state changes.
    pub fn handle(&mut self, input: Input<F>) {
        match input {
            Input::Command(command) => self.command(command),
            Input::File { import, file } if self.leads() => {
                self.outputs.push_back(Output::HandOver { import, file });
            }
            Input::File { import, file } => self.carried.file = Some((import, file)),
            Input::Event(event) => self.pass_on(event),
            Input::Ended(carried) => self.ended(*carried),
            Input::EngineWanted => self.take_lead(),
            Input::NoChannel { turn } if turn == self.turn => self.has_channel = false,
            Input::Message { turn, message } if turn == self.turn => self.hear(message),
            Input::Look { turn } if turn == self.turn => self.look(),
            Input::Granted { lock } => self.granted(lock),
            Input::Refused { lock } if self.claims(lock) => {
                // without a channel between tabs, each is a group of its own
                if self.has_channel { self.follow() } else { self.lead(None) }
            }
            Input::NoLocks { lock } if self.claims(lock) => self.lead(None),
            Input::TakenAway { lock } => self.taken_away(lock),
            Input::Version(version) => self.version(version),
            // from a group that this tab has left
            Input::NoChannel { .. }
            | Input::Message { .. }
            | Input::Look { .. }
            | Input::Refused { .. }
            | Input::NoLocks { .. } => {}
        }
    }

    fn claims(&self, lock: u64) -> bool {
        matches!(self.part, Part::Claiming { lock: claimed, .. } if claimed == lock)
    }

    fn command(&mut self, command: Command) {
        if matches!(self.part, Part::Outdated) {
            return;
        }
        if let Command::Configure(settings) = &command {
            let group = self.names.group(settings, self.own);
            self.settings.clone_from(settings);
            if self.group.as_ref() != Some(&group) {
                return self.enter(group, command);
            }
        }
        if let Command::Follow(position) = &command {
            self.position.clone_from(position);
        }
        match &mut self.part {
            Part::None | Part::Outdated => {}
            Part::Claiming { commands, .. } => commands.push(command),
            // files cannot be passed between tabs, so the lead moves to the tab with the file
            Part::Following { wishes, .. } if matches!(command, Command::Import(_) | Command::Backup(_)) => {
                wishes.push(command);
                self.take_lead();
            }
            Part::Following { .. } => self.outputs.push_back(Output::Post(BetweenTabs::Command(command))),
            Part::Leading { .. } => self.outputs.push_back(Output::Order(command)),
        }
    }

    /// Leaves the current group and requests the lock of another.
    fn enter(&mut self, group: String, first: Command) {
        self.leave(true);
        self.turn += 1;
        self.has_channel = true;
        self.group = Some(group.clone());
        self.outputs.push_back(Output::Release);
        self.outputs.push_back(Output::Enter { turn: self.turn, group });
        let lock = self.claim(ClaimMode::IfFree);
        self.part = Part::Claiming { lock, commands: vec![first] };
    }

    fn claim(&mut self, mode: ClaimMode) -> u64 {
        self.locks += 1;
        self.outputs.push_back(Output::Claim { lock: self.locks, mode });
        self.locks
    }

    /// Ends the current part, and the engine if there is one.
    fn leave(&mut self, write: bool) -> Part {
        if self.leads() {
            self.outputs.push_back(Output::End { write });
        }
        mem::replace(&mut self.part, Part::None)
    }

    fn granted(&mut self, granted: u64) {
        match &mut self.part {
            Part::Claiming { lock, .. } if *lock == granted => self.lead(Some(granted)),
            Part::Following { queued, taking, .. } if *queued == granted || *taking == Some(granted) => {
                self.lead(Some(granted));
            }
            // this tab has claimed the lock, and has come to lead another way in the meantime
            Part::Leading { lock, taking, .. } if *taking == Some(granted) => {
                (*lock, *taking) = (Some(granted), None);
                self.outputs.push_back(Output::Keep { lock: granted });
            }
            _ => {}
        }
    }

    fn lead(&mut self, lock: Option<u64>) {
        let (commands, followed, taking) = match mem::replace(&mut self.part, Part::None) {
            Part::Following { reported_to, wishes, taking, .. } => {
                self.carried.reported_to = reported_to;
                (self.resume(wishes), true, taking.filter(|taking| Some(*taking) != lock))
            }
            Part::Claiming { commands, .. } => {
                let followed = commands.contains(&Command::Resync);
                (commands, followed, None)
            }
            other => {
                self.part = other;
                return;
            }
        };
        self.part = Part::Leading { lock, taking, followed };
        if let Some(lock) = lock {
            self.outputs.push_back(Output::Keep { lock });
        }
        self.outputs.push_back(Output::Start(Box::new(mem::take(&mut self.carried))));
        self.outputs.push_back(Output::TellRole(Role::Leader));
        self.outputs.extend(commands.into_iter().map(Output::Order));
    }

    /// Commands for an engine that takes over from another tab's.
    fn resume(&self, wishes: Vec<Command>) -> Vec<Command> {
        let mut commands = vec![Command::Configure(Box::new(self.settings.clone()))];
        // before the first bars, or rules that hold already would fire again
        if !self.rules.is_empty() {
            commands.push(Command::SetRules(self.rules.clone()));
        }
        if !self.position.is_empty() {
            commands.push(Command::Follow(self.position.clone()));
        }
        commands.extend(wishes);
        commands
    }

    fn follow(&mut self) {
        let commands = match self.leave(false) {
            Part::Claiming { commands, .. } => commands,
            _ => Vec::new(),
        };
        self.outputs.push_back(Output::Release);
        self.outputs.push_back(Output::Post(BetweenTabs::Join));
        let queued = self.claim(ClaimMode::InTurn);
        self.outputs.push_back(Output::Look { turn: self.turn });
        self.outputs.push_back(Output::TellRole(Role::Follower));
        self.part =
            Part::Following { queued, taking: None, silent_looks: 0, reported_to: None, wishes: Vec::new() };
        // the leader's settings are in force; commands that this tab sent after its own are passed on
        for command in commands.into_iter().skip(1) {
            self.command(command);
        }
    }

    fn taken_away(&mut self, taken: u64) {
        match &mut self.part {
            // taken away by this tab itself
            Part::Leading { lock, taking: Some(_), .. } if *lock == Some(taken) => *lock = None,
            Part::Leading { lock, .. } if *lock == Some(taken) => self.follow(),
            _ => {}
        }
    }

    /// Keeps the data that an engine left behind for the next one.
    fn ended(&mut self, carried: Carried<F>) {
        self.carried = carried;
        if matches!(self.part, Part::Following { .. })
            && let Some(news) = self.carried.leave_file()
        {
            self.outputs.push_back(Output::Tell(Event::Import(news)));
        }
    }

    /// Calls a leader that has been silent, and finally takes over.
    fn look(&mut self) {
        let Part::Following { silent_looks, .. } = &mut self.part else { return };
        *silent_looks += 1;
        let silent = *silent_looks;
        if silent > 1 {
            self.outputs.push_back(Output::Post(BetweenTabs::Join));
        }
        if silent >= SILENT_LOOKS {
            self.take_lead();
        }
    }

    /// Requests to take the lead from the current leader; does nothing in a tab that does not follow.
    fn take_lead(&mut self) {
        if matches!(self.part, Part::Following { taking: None, .. }) {
            let claimed = self.claim(ClaimMode::TakeAway);
            if let Part::Following { taking, .. } = &mut self.part {
                *taking = Some(claimed);
            }
        }
    }

    /// Passes an event of this tab's engine to its page and to the following tabs.
    fn pass_on(&mut self, event: Event) {
        self.note(&event);
        let own = matches!(event, Event::Import(_) | Event::Backup(_));
        if matches!(self.part, Part::Leading { followed: true, .. }) && !own {
            self.outputs.push_back(Output::Post(BetweenTabs::Event(event.clone())));
        }
        self.outputs.push_back(Output::Tell(event));
    }

    /// Takes a message from another tab of the group.
    fn hear(&mut self, message: BetweenTabs) {
        match (&mut self.part, message) {
            (Part::Claiming { commands, .. }, BetweenTabs::Join) => commands.push(Command::Resync),
            (Part::Leading { followed, .. }, BetweenTabs::Join) => {
                *followed = true;
                self.outputs.push_back(Output::Order(Command::Resync));
            }
            (Part::Leading { .. }, BetweenTabs::Command(command)) => {
                self.outputs.push_back(Output::Order(command));
            }
            (Part::Following { silent_looks, reported_to, .. }, BetweenTabs::Event(event)) => {
                *silent_looks = 0;
                if let Event::Fact { fact: Fact::Rows { rows, .. }, .. } = &event
                    && let Some(row) = rows.last()
                {
                    *reported_to = Some(row.open_time + self.settings.interval.millis());
                }
                self.note(&event);
                self.outputs.push_back(Output::Tell(event));
            }
            _ => {}
        }
    }

    /// Remembers what a later leader's engine must be sent.
    fn note(&mut self, event: &Event) {
        match event {
            Event::Fact { fact: Fact::Configured(settings), .. } => self.settings.clone_from(settings),
            Event::Fact { fact: Fact::Rules(rules), .. } => self.rules.clone_from(rules),
            _ => {}
        }
    }

    /// Two versions of the page are open: the older one writes its pending changes and steps down.
    fn version(&mut self, version: u16) {
        if version < PROTOCOL {
            // it was opened later and has not received this tab's number
            self.outputs.push_back(Output::SayVersion);
        } else if version > PROTOCOL && !matches!(self.part, Part::Outdated) {
            self.leave(true);
            self.part = Part::Outdated;
            self.outputs.push_back(Output::Release);
            self.outputs.push_back(Output::TellRole(Role::Outdated));
        }
    }
}
