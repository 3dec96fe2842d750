//! The loop: waits for a person, the engine or the time, folds what happened, draws, and carries out effects.
//!
//! Decides nothing about what is shown. Does nothing when nothing happens: it sleeps until there is something to fold, and
//! draws only when the reducer says that the screen shows something else now.

mod drawing;
mod frames;
mod notifier;
mod sessions;

use std::{io, sync::Arc};

use crossterm::event::Event;
use futures_util::{FutureExt, StreamExt};
use ratatui::Terminal;
use tokio::{
    select,
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use frames::Pacing;
pub use sessions::{Open, Opened};

use crate::{
    domain::{stall::Stalls, verdict::Exit},
    engine::{Engine, Snapshot, ports::Clock},
    service::auth::SignInPrompt,
    tui::{
        effect_runner::EffectRunner,
        model::{Model, Setup},
        msg::{Effect, Msg, Now, Reply},
        run::{
            frames::Frames,
            sessions::{News, Session, Wanted},
        },
        terminal::{Canvas, Keyboard},
        update::update,
    },
};

/// The most messages folded into one frame.
const BURST: usize = 256;
/// How many answers wait for a shell that is busy.
const REPLIES: usize = 64;

/// What surrounds a dashboard.
pub struct Surroundings {
    /// What a person types; its end means that the terminal is gone.
    pub input: Box<dyn Keyboard>,
    /// What the system says.
    pub signals: mpsc::Receiver<Signal>,
    /// What a person must do to sign in, while sign-in waits for one.
    pub prompts: watch::Receiver<Option<SignInPrompt>>,
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// Owns every task.
    pub tasks: TaskTracker,
    /// Ends every task.
    pub stop: CancellationToken,
    /// How often to draw at most.
    pub pacing: Pacing,
    /// Opens another profile.
    pub open: Open,
}

/// What the system says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Leave now, with this exit.
    Leave(Exit),
    /// Stop, as `ctrl-z` does.
    Stop,
    /// The process was stopped and goes on; others may have used the terminal.
    Continued,
    /// The window has another size, or had one.
    Resized,
}

/// Why a dashboard ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// A person asked to.
    Quit,
    /// The system asked to.
    Signalled(Exit),
    /// There is no terminal any more.
    TerminalGone,
}

/// What is waited for.
enum Happened {
    Signal(Signal),
    Typed(Option<io::Result<Event>>),
    Drained(io::Result<()>),
    Replied(Reply),
    Known,
    Prompted,
    Aside((usize, News)),
    /// Time alone changes something.
    Due,
}

/// Where a suspension stands that the dashboard asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Suspension {
    None,
    /// To be done before anything else.
    Asked,
    /// The terminal was taken again already, so that hearing of it once more changes nothing.
    Over,
}

/// The dashboard on a terminal.
pub struct Dashboard<B: Canvas> {
    model: Model,
    terminal: Terminal<B>,
    input: Box<dyn Keyboard>,
    signals: mpsc::Receiver<Signal>,
    prompts: watch::Receiver<Option<SignInPrompt>>,
    snapshots: watch::Receiver<Arc<Snapshot>>,
    replies: mpsc::Receiver<Reply>,
    runner: EffectRunner,
    /// What is not shown and goes on.
    aside: Vec<Session>,
    open: Open,
    /// Where to go before anything else.
    wanted: Option<Wanted>,
    clock: Arc<dyn Clock>,
    began: Instant,
    /// The newest moment that the model was told of.
    told: Option<Now>,
    frames: Frames,
    /// Looked at while a question is guarded.
    stalls: Stalls,
    has_begun: bool,
    suspension: Suspension,
    /// What the terminal shows may not be what was drawn.
    repaint: bool,
    left: Option<Left>,
}

impl<B: Canvas> Dashboard<B>
where
    B::Error: Send + Sync + 'static,
{
    /// A dashboard that has drawn nothing yet. Must be made inside a runtime.
    #[must_use]
    pub fn new(setup: Setup, engine: Engine, terminal: Terminal<B>, around: Surroundings) -> Self {
        let (sender, replies) = mpsc::channel(REPLIES);
        let began = Instant::now();
        Self {
            terminal,
            input: around.input,
            signals: around.signals,
            prompts: around.prompts,
            snapshots: engine.snapshots(),
            replies,
            runner: EffectRunner {
                timeout: setup.timeout,
                engine,
                tasks: around.tasks,
                stop: around.stop,
                replies: sender,
                finding: CancellationToken::new(),
            },
            aside: Vec::new(),
            open: around.open,
            wanted: None,
            model: Model::new(setup),
            clock: around.clock,
            began,
            told: None,
            frames: Frames::new(around.pacing, began),
            stalls: Stalls::default(),
            has_begun: false,
            suspension: Suspension::None,
            repaint: false,
            left: None,
        }
    }

    /// Runs until it is left. May be dropped at any await and run again.
    ///
    /// # Errors
    /// When the terminal takes no frame any more, and nothing said that it would go.
    pub async fn run(&mut self) -> io::Result<Left> {
        loop {
            if let Err(error) = self.turn().await {
                // Whoever gives the terminal back says so first, so that a frame that fails for it is no error.
                while let Ok(signal) = self.signals.try_recv() {
                    self.obey(signal)?;
                }
                if self.left.is_none() {
                    return Err(error);
                }
            }
            if let Some(left) = self.left {
                return Ok(left);
            }
        }
    }

    /// The terminal, as drawn.
    pub fn terminal(&mut self) -> &mut Terminal<B> {
        &mut self.terminal
    }

    /// Draws what is due, waits for something to happen, and folds it.
    async fn turn(&mut self) -> io::Result<()> {
        if self.suspension == Suspension::Asked {
            self.suspension = Suspension::Over;
            self.terminal.backend_mut().suspend()?;
            self.resized()?;
        }
        if let Some(wanted) = self.wanted.take() {
            self.switch(wanted);
        }
        if self.terminal.backend().is_drained() && self.frames.is_due(Instant::now()) {
            if self.model.is_about_to_tell() && self.input.is_waiting() {
                self.fold(Msg::Disturbed);
            }
            self.draw()?;
        }
        if !self.has_begun {
            self.begin();
        }
        self.happen().await?;
        self.burst()?;
        self.tell_all_read();
        Ok(())
    }

    /// Waits for one thing to happen and folds it.
    async fn happen(&mut self) -> io::Result<()> {
        let _ = self.look_at_clocks();
        let is_drained = self.terminal.backend().is_drained();
        let frame = self.frames.next().filter(|_| is_drained);
        let look = self.stalls.next().map(|at| self.began + at);
        let deadline = frame.into_iter().chain(look).chain(self.wake_at()).min();
        let happened = select! {
            biased;
            Some(signal) = self.signals.recv() => Happened::Signal(signal),
            event = self.input.next() => Happened::Typed(event),
            drained = self.terminal.backend_mut().drained(), if !is_drained => Happened::Drained(drained),
            Some(reply) = self.replies.recv() => Happened::Replied(reply),
            Ok(()) = self.snapshots.changed() => Happened::Known,
            Ok(()) = self.prompts.changed() => Happened::Prompted,
            news = sessions::news(&mut self.aside), if !self.aside.is_empty() => Happened::Aside(news),
            () = sleep_until(deadline.unwrap_or(self.began)), if deadline.is_some() => Happened::Due,
        };
        let stood_still = self.look_at_clocks().is_none();
        match happened {
            // Typed while nobody could read what was on the screen by then.
            Happened::Typed(Some(Ok(_))) if stood_still => {}
            Happened::Typed(event) => self.read(event),
            Happened::Signal(signal) => self.obey(signal)?,
            Happened::Drained(drained) => {
                drained?;
                self.tell_painted();
            }
            Happened::Replied(reply) => self.fold(Msg::Reply(reply)),
            Happened::Known => self.learn(),
            Happened::Prompted => self.hear(),
            Happened::Aside(news) => self.hear_aside(news),
            Happened::Due => self.tell_time(),
        }
        Ok(())
    }

    /// Folds what has happened meanwhile, so that a burst costs one frame.
    fn burst(&mut self) -> io::Result<()> {
        for _ in 0..BURST {
            // Before more of what was typed is taken, because that may have to be dropped.
            let _ = self.look_at_clocks();
            if self.left.is_some() || self.suspension == Suspension::Asked || self.wanted.is_some() {
                break;
            } else if let Ok(signal) = self.signals.try_recv() {
                self.obey(signal)?;
            } else if let Some(event) = self.input.next().now_or_never() {
                self.read(event);
            } else if let Ok(reply) = self.replies.try_recv() {
                self.fold(Msg::Reply(reply));
            } else if self.snapshots.has_changed().unwrap_or(false) {
                self.learn();
            } else if self.prompts.has_changed().unwrap_or(false) {
                self.hear();
            } else {
                break;
            }
        }
        Ok(())
    }

    fn obey(&mut self, signal: Signal) -> io::Result<()> {
        match signal {
            Signal::Leave(exit) => self.left = Some(Left::Signalled(exit)),
            Signal::Stop => self.suspension = Suspension::Asked,
            Signal::Continued if self.suspension == Suspension::Over => self.suspension = Suspension::None,
            Signal::Continued => {
                self.terminal.backend_mut().retake()?;
                self.resized()?;
            }
            Signal::Resized => self.resized()?,
        }
        Ok(())
    }

    /// Nothing that was on the screen can have been read as it is now, whatever its size is by now.
    fn resized(&mut self) -> io::Result<()> {
        let size = self.terminal.size().map_err(io::Error::other)?;
        self.read(Some(Ok(Event::Resize(size.width, size.height))));
        Ok(())
    }

    fn read(&mut self, event: Option<io::Result<Event>>) {
        match event {
            Some(Ok(event)) => {
                if matches!(event, Event::Resize(..)) {
                    // Even to the size of the last frame: in between the window may have been smaller.
                    self.lose_screen();
                }
                self.fold(Msg::Terminal(event));
            }
            Some(Err(error)) => {
                tracing::warn!(%error, "the terminal cannot be read");
                self.left = Some(Left::TerminalGone);
            }
            None => self.left = Some(Left::TerminalGone),
        }
    }

    fn learn(&mut self) {
        let snapshot = Arc::clone(&self.snapshots.borrow_and_update());
        self.fold(Msg::Known(snapshot));
    }

    fn hear(&mut self) {
        let prompt = self.prompts.borrow_and_update().clone();
        self.fold(Msg::Prompted(prompt));
    }

    /// Folds a message, after the time when that has gone on.
    fn fold(&mut self, msg: Msg) {
        self.tell_time();
        self.apply(msg);
    }

    /// Whether a question may count on this process not having stood still; the moment at which that was so.
    ///
    /// After a stall what waits on the terminal is dropped, and the question has to be left alone anew.
    fn look_at_clocks(&mut self) -> Option<Now> {
        let now = self.now();
        if !self.model.is_guarded() {
            self.stalls.pause();
        } else if self.stalls.look(now.mono, now.wall) {
            tracing::info!("this process stood still while a question was open");
            self.input.forget();
            self.fold(Msg::Disturbed);
            return None;
        }
        Some(now)
    }

    /// Tells a question that nothing waits that was typed before it came this far.
    fn tell_all_read(&mut self) {
        // In this order: what is typed after that moment is typed later than what is told.
        let Some(now) = self.look_at_clocks() else {
            return;
        };
        if self.model.is_guarded() && !self.input.is_waiting() {
            self.tell(now);
            self.apply(Msg::AllRead);
        }
    }

    fn now(&self) -> Now {
        Now {
            wall: self.clock.now(),
            mono: self.began.elapsed(),
        }
    }

    fn tell_time(&mut self) {
        self.tell(self.now());
    }

    fn tell(&mut self, now: Now) {
        if self.told != Some(now) {
            self.told = Some(now);
            self.apply(Msg::Clock(now));
        }
    }

    fn apply(&mut self, msg: Msg) {
        let outcome = update(&mut self.model, msg);
        if outcome.redraw {
            self.frames.want();
        }
        for effect in outcome.effects {
            self.carry_out(effect);
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Look { ticket, offer } => self.runner.look(ticket, offer),
            Effect::Cancel(request) => self.runner.cancel(*request),
            Effect::Resume => self.runner.resume(),
            Effect::Follow { id } => self.runner.follow(id),
            Effect::LoadHistory => self.runner.load_history(),
            Effect::LoadPrecedent => self.runner.load_precedent(),
            Effect::FindPublishers => self.runner.find_publishers(),
            Effect::Switch { profile, publisher } => self.wanted = Some(Wanted { profile, publisher }),
            Effect::Refresh => self.runner.engine.refresh(),
            Effect::Attend(attention) => self.runner.engine.attend(attention),
            Effect::Suspend => self.suspension = Suspension::Asked,
            Effect::Repaint => self.lose_screen(),
            Effect::Copy(clip) => {
                let bytes = notifier::copy(&self.model.setup.preferences, &clip);
                self.terminal.backend_mut().say(&bytes);
            }
            Effect::Tell(text) => {
                let bytes = notifier::tell(&self.model.setup.preferences, &text);
                self.terminal.backend_mut().say(&bytes);
            }
            Effect::Title(text) => self.terminal.backend_mut().title(&text),
            Effect::Quit => self.left = Some(Left::Quit),
        }
    }

    /// When time alone changes the screen. An instant that the model was told of already wakes nobody again.
    fn wake_at(&self) -> Option<Instant> {
        let told = self.told.map_or(std::time::Duration::ZERO, |now| now.mono);
        let wake_at = self.model.wake_at().filter(|wake_at| *wake_at > told)?;
        Some(self.began + wake_at)
    }
}

#[cfg(test)]
mod tests;
