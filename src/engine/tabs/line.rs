//! The page's line to its engine, which runs in a worker if possible, otherwise in the page.
//!
//! The engine greets first, once it listens; until then the page's commands wait. If a worker cannot be
//! started, does not greet or dies, an engine in the page replaces it; one that stops answering is replaced by
//! another worker, once. The user is told.

use crate::messages::protocol::{BUILD, Hello, Role, ToEngine, ToPage};
use crate::{Command, Event, Settings};
use core::mem;
use std::collections::VecDeque;

/// An engine that has not greeted after this long is given up, ms.
pub const GREETING_MILLIS: u32 = 10_000;
/// Time between two pings of the engine, ms.
pub const LOOK_MILLIS: u32 = 2_000;
/// The engine has hung after this many pings without any message from it. Pings are counted rather than time,
/// since a page that sleeps sends none.
const HUNG_LOOKS: u32 = 4;

/// Something that happened to the line.
#[derive(Debug)]
pub enum LineInput {
    /// A command from the page.
    Send(Command),
    /// A message from the engine.
    Message(ToPage),
    /// The engine could not be started, has died, or sends unreadable messages: the reason, as a clause.
    Failed(String),
    /// [`GREETING_MILLIS`] have passed since the start without a greeting.
    Late,
    /// [`LOOK_MILLIS`] have passed since the last look.
    Look,
}

/// An action on the line.
#[derive(Debug, PartialEq)]
pub enum LineOutput {
    /// Abandon the current engine and start another one in a worker.
    StartWorker,
    /// Abandon the current engine and start another one in the page.
    StartInPage,
    /// The engine has greeted: it will not be [late](LineInput::Late).
    Greeted,
    /// Send this to the engine.
    Post(ToEngine),
    /// Abandon the engine without starting another.
    End,
    /// Pass this to the page.
    Tell(LineEvent),
}

/// A message to the page.
#[derive(Debug, PartialEq)]
pub enum LineEvent {
    /// An event from the engine.
    Event(Event),
    /// This tab's role from here on among the tabs of its group.
    Role(Role),
    /// Another engine replaces the current one; the text is for the user.
    Replaced(String),
    /// There is no engine and there will be none; the reason.
    Lost(String),
}

/// The page's end of the line.
#[derive(Debug)]
pub struct Line {
    way: Way,
    in_page: bool,
    /// What a new engine must be sent again: the newest of each kind.
    settings: Box<Settings>,
    rules: Option<Command>,
    watched: Option<Command>,
    position: Option<Command>,
    /// Why the worker could not be used, until the engine in the page has greeted.
    worker_trouble: Option<String>,
    /// Pings since the last message from the engine.
    unanswered: u32,
    /// Whether a hung worker has been replaced.
    replaced: bool,
    outputs: VecDeque<LineOutput>,
}

#[derive(Debug)]
enum Way {
    /// Waiting for the engine's greeting; holds the commands to send then.
    Greeting(Vec<Command>),
    Open,
    None,
}

impl Line {
    /// A line to a worker that is about to be started with `settings`.
    pub fn new(settings: Settings) -> Self {
        let mut line = Self {
            way: Way::None,
            in_page: false,
            settings: Box::new(settings),
            rules: None,
            watched: None,
            position: None,
            worker_trouble: None,
            unanswered: 0,
            replaced: false,
            outputs: VecDeque::new(),
        };
        line.start(LineOutput::StartWorker);
        line
    }

    /// Takes the oldest pending output.
    pub fn poll(&mut self) -> Option<LineOutput> {
        self.outputs.pop_front()
    }

    /// Whether there is an engine that takes files. Before the greeting, or without an engine, the command to
    /// open a file is held back or answered with the reason.
    pub fn takes_files(&self) -> bool {
        matches!(self.way, Way::Open)
    }

    /// Applies one input. The only way state changes.
    pub fn handle(&mut self, input: LineInput) {
        match input {
            LineInput::Send(command) => self.send(command),
            LineInput::Message(message) => {
                self.unanswered = 0;
                match message {
                    ToPage::Pong => {}
                    ToPage::Hello(hello) => self.greeted(&hello),
                    ToPage::Event(event) => self.tell(LineEvent::Event(event)),
                    ToPage::Role(role) => self.tell(LineEvent::Role(role)),
                }
            }
            LineInput::Failed(reason) => self.give_up(&reason),
            LineInput::Late if matches!(self.way, Way::Greeting(_)) => {
                self.give_up("it did not start in time");
            }
            LineInput::Late => {}
            LineInput::Look => self.look(),
        }
    }

    fn tell(&mut self, event: LineEvent) {
        self.outputs.push_back(LineOutput::Tell(event));
    }

    fn start(&mut self, how: LineOutput) {
        let first = Command::Configure(self.settings.clone());
        let others = [&self.rules, &self.watched, &self.position].into_iter().flatten().cloned();
        self.way = Way::Greeting([first].into_iter().chain(others).collect());
        self.unanswered = 0;
        self.outputs.push_back(how);
    }

    fn send(&mut self, command: Command) {
        match &command {
            Command::Configure(settings) => self.settings.clone_from(settings),
            Command::SetRules(_) => self.rules = Some(command.clone()),
            Command::Watch(_) => self.watched = Some(command.clone()),
            Command::Follow(_) => self.position = Some(command.clone()),
            _ => {}
        }
        match &mut self.way {
            Way::Greeting(waiting) => waiting.push(command),
            Way::Open => self.outputs.push_back(LineOutput::Post(ToEngine::Command(command))),
            // the user has been told
            Way::None => {}
        }
    }

    fn greeted(&mut self, hello: &Hello) {
        if *hello != Hello::ours() {
            // the module that would be loaded into the page is the same one
            return self
                .lose(format!("page and engine are of different versions ({BUILD} and {})", hello.build));
        }
        self.worker_trouble = None;
        if let Way::Greeting(waiting) = mem::replace(&mut self.way, Way::Open) {
            self.outputs.push_back(LineOutput::Greeted);
            let commands = waiting.into_iter().map(ToEngine::Command);
            let messages = [ToEngine::Hello(Hello::ours())].into_iter().chain(commands);
            self.outputs.extend(messages.map(LineOutput::Post));
        }
    }

    fn look(&mut self) {
        if self.unanswered >= HUNG_LOOKS {
            return self.hung();
        }
        if self.takes_files() {
            self.unanswered += 1;
            self.outputs.push_back(LineOutput::Post(ToEngine::Ping));
        }
    }

    /// Replaces a worker that does not answer, once.
    fn hung(&mut self) {
        let secs = LOOK_MILLIS * HUNG_LOOKS / 1_000;
        if self.in_page || mem::replace(&mut self.replaced, true) {
            return self.lose(format!("it has not answered for {secs} s, not for the first time"));
        }
        self.start(LineOutput::StartWorker);
        self.tell(LineEvent::Replaced(format!(
            "The engine did not answer for {secs} s and was started again: no alert could fire meanwhile. \
             Missed bars are requested from the exchange."
        )));
    }

    /// Abandons the engine: a worker in favour of its module in the page, that one for good.
    fn give_up(&mut self, reason: &str) {
        if mem::replace(&mut self.in_page, true) {
            // if the engine in the page fails too, the reason includes why there was no worker
            let both = self.worker_trouble.take().map(|worker| format!("{worker}; {reason}"));
            return self.lose(both.unwrap_or_else(|| reason.to_owned()));
        }
        self.worker_trouble = Some(reason.to_owned());
        self.start(LineOutput::StartInPage);
        self.tell(LineEvent::Replaced(format!(
            "The engine runs inside the page, because its worker could not be used ({reason}). \
             Everything works; charts may stutter while they are drawn. Reload to try the worker again."
        )));
    }

    fn lose(&mut self, reason: String) {
        self.way = Way::None;
        self.unanswered = 0;
        self.outputs.push_back(LineOutput::End);
        self.tell(LineEvent::Lost(reason));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &mut Line, input: LineInput) -> Vec<LineOutput> {
        line.handle(input);
        core::iter::from_fn(|| line.poll()).collect()
    }

    fn hello() -> LineInput {
        LineInput::Message(ToPage::Hello(Hello::ours()))
    }

    fn configure() -> LineOutput {
        LineOutput::Post(ToEngine::Command(Command::Configure(Box::default())))
    }

    /// A line to a worker that has greeted.
    fn open() -> Line {
        let mut line = Line::new(Settings::default());
        assert_eq!(line.poll(), Some(LineOutput::StartWorker));
        said(&mut line, hello());
        line
    }

    /// The outputs about losing or replacing the engine, without their texts.
    fn fate(outputs: &[LineOutput]) -> Vec<&'static str> {
        let of = |output: &LineOutput| match output {
            LineOutput::StartWorker => Some("worker"),
            LineOutput::StartInPage => Some("in page"),
            LineOutput::End => Some("end"),
            LineOutput::Tell(LineEvent::Replaced(_)) => Some("replaced"),
            LineOutput::Tell(LineEvent::Lost(_)) => Some("lost"),
            _ => None,
        };
        outputs.iter().filter_map(of).collect()
    }

    #[test]
    fn what_is_said_before_the_greeting_waits_for_it_behind_the_settings() {
        let mut line = Line::new(Settings::default());
        assert_eq!(line.poll(), Some(LineOutput::StartWorker));
        assert!(!line.takes_files());
        assert_eq!(said(&mut line, LineInput::Send(Command::RunTests)), []);
        let post = |message| LineOutput::Post(message);
        let run_tests = ToEngine::Command(Command::RunTests);
        assert_eq!(
            said(&mut line, hello()),
            [LineOutput::Greeted, post(ToEngine::Hello(Hello::ours())), configure(), post(run_tests)]
        );
        assert!(line.takes_files());
        assert_eq!(said(&mut line, LineInput::Late), []);
    }

    #[test]
    fn a_worker_that_fails_or_is_late_is_left_for_the_page_and_that_one_for_good() {
        for trouble in [|| LineInput::Failed("it died".to_owned()), || LineInput::Late] {
            let mut line = Line::new(Settings::default());
            line.poll();
            assert_eq!(fate(&said(&mut line, trouble())), ["in page", "replaced"]);
            assert_eq!(fate(&said(&mut line, trouble())), ["end", "lost"]);
            assert_eq!(said(&mut line, LineInput::Send(Command::RunTests)), []);
        }
    }

    #[test]
    fn a_worker_that_stops_answering_is_replaced_once_and_told_what_is_in_force() {
        let mut line = open();
        let in_force =
            [Command::SetRules(Vec::new()), Command::Watch(Vec::new()), Command::Follow(String::new())];
        for command in &in_force {
            said(&mut line, LineInput::Send(command.clone()));
        }
        let hang = |line: &mut Line| {
            for _ in 0..HUNG_LOOKS {
                assert_eq!(said(line, LineInput::Look), [LineOutput::Post(ToEngine::Ping)]);
            }
            said(line, LineInput::Look)
        };
        assert_eq!(fate(&hang(&mut line)), ["worker", "replaced"]);
        let told = said(&mut line, hello());
        let again = in_force.map(|command| LineOutput::Post(ToEngine::Command(command)));
        assert_eq!(told[2], configure());
        assert_eq!(told[3..], again);
        assert_eq!(fate(&hang(&mut line)), ["end", "lost"]);
    }

    #[test]
    fn one_word_of_the_engine_is_enough_not_to_be_taken_for_hung() {
        let mut line = open();
        for _ in 0..20 {
            for _ in 0..HUNG_LOOKS {
                assert_eq!(fate(&said(&mut line, LineInput::Look)), [""; 0]);
            }
            said(&mut line, LineInput::Message(ToPage::Pong));
        }
    }

    #[test]
    fn an_engine_of_another_version_is_left_and_no_other_is_started() {
        for other in
            [Hello { protocol: 1, ..Hello::ours() }, Hello { build: "x".to_owned(), ..Hello::ours() }]
        {
            let mut line = Line::new(Settings::default());
            line.poll();
            let told = said(&mut line, LineInput::Message(ToPage::Hello(other)));
            assert_eq!(fate(&told), ["end", "lost"]);
        }
    }
}
