//! One session a profile: what is shown is one of them, and the others go on following what they follow.
//!
//! An engine is never given up while the dashboard runs, and there is never a second one for what has one already.

use std::{collections::BTreeSet, sync::Arc};

use futures_util::future::{pending, select_all};
use tokio::{
    select,
    sync::{mpsc, watch},
};
use tokio_util::sync::CancellationToken;

use super::{Dashboard, REPLIES, notifier};
use crate::{
    domain::{
        ids::{CancellationId, PublisherId},
        text::SafeText,
    },
    engine::{Engine, Snapshot},
    service::auth::SignInPrompt,
    tui::{
        effect_runner::EffectRunner,
        model::{Model, Setup, fitting},
        msg::{Effect, Msg, Now, Reply},
        terminal::Canvas,
        update::{profiles, update},
    },
};

/// A profile that was opened for a dashboard.
pub struct Opened {
    /// What the dashboard shows of it.
    pub setup: Setup,
    /// Its engine, which was told nothing yet.
    pub engine: Engine,
    /// What a person must do to sign in there.
    pub prompts: watch::Receiver<Option<SignInPrompt>>,
}

/// Opens a profile by its name and, where the profile names none, with this publisher; or says why that cannot be. Asks
/// nobody and waits for nothing.
pub type Open = Box<dyn Fn(&SafeText, Option<&PublisherId>) -> Result<Opened, SafeText> + Send>;

/// Where to go next.
pub(super) struct Wanted {
    pub(super) profile: SafeText,
    pub(super) publisher: Option<PublisherId>,
}

/// A session that is not shown.
pub(super) struct Session {
    model: Model,
    prompts: watch::Receiver<Option<SignInPrompt>>,
    snapshots: watch::Receiver<Arc<Snapshot>>,
    replies: mpsc::Receiver<Reply>,
    runner: EffectRunner,
    has_begun: bool,
    /// What was known when its news were told last.
    told: Arc<Snapshot>,
}

/// What happened in a session that is not shown.
pub(super) enum News {
    Known(Arc<Snapshot>),
    Prompted(Option<SignInPrompt>),
    Replied(Reply),
}

impl Session {
    /// A session of what was opened, beside the one that `runner` are of.
    fn of(opened: Opened, beside: &EffectRunner) -> Self {
        let (sender, replies) = mpsc::channel(REPLIES);
        Self {
            prompts: opened.prompts,
            snapshots: opened.engine.snapshots(),
            replies,
            runner: EffectRunner {
                engine: opened.engine,
                timeout: opened.setup.timeout,
                replies: sender,
                finding: CancellationToken::new(),
                ..beside.clone()
            },
            model: Model::new(opened.setup),
            has_begun: false,
            told: Arc::default(),
        }
    }

    /// Whether it shows what is wanted.
    fn is(&self, wanted: &Wanted) -> bool {
        let setup = &self.model.setup;
        let publisher = wanted.publisher.as_ref();
        setup.profile == wanted.profile && publisher.is_none_or(|wanted| wanted.is(&setup.publisher))
    }

    /// The cancellations that are on their way in it.
    fn following(&self) -> impl Iterator<Item = &CancellationId> {
        let all = self.told.cancellations.iter();
        all.filter(|tracked| tracked.is_in_progress())
            .map(|tracked| &tracked.cancellation.id)
    }

    /// Nobody looks at it any more: it asks for nothing but what it follows.
    fn rest(&self) {
        self.runner.engine.rest_catalogue();
        self.runner.finding.cancel();
    }

    /// The next thing that happens in it.
    async fn news(&mut self) -> News {
        select! {
            biased;
            Some(reply) = self.replies.recv() => News::Replied(reply),
            Ok(()) = self.snapshots.changed() => News::Known(self.snapshots.borrow_and_update().clone()),
            Ok(()) = self.prompts.changed() => News::Prompted(self.prompts.borrow_and_update().clone()),
            else => pending().await,
        }
    }

    /// Takes news, and returns what of them counts for whoever looks elsewhere.
    fn hear(&mut self, news: News, now: Now) -> Option<SafeText> {
        match news {
            News::Known(known) => {
                let before = std::mem::replace(&mut self.told, known);
                profiles::news(&before, &self.told)
            }
            News::Prompted(prompt) => prompt.map(|prompt| format!("to sign in, {prompt}").into()),
            News::Replied(reply) => {
                let why = match &reply {
                    Reply::StartError { target, why } => Some(format!("{}: {why}", target.offer).into()),
                    _ => None,
                };
                update(&mut self.model, Msg::Clock(now));
                let outcome = update(&mut self.model, Msg::Reply(reply));
                // Of what else it asks for, nothing is wanted of who is not looked at.
                if outcome.effects.contains(&Effect::LoadPrecedent) {
                    self.runner.load_precedent();
                }
                why
            }
        }
    }
}

/// The next thing that happens in one of `sessions`, and in which.
pub(super) async fn news(sessions: &mut [Session]) -> (usize, News) {
    let waiting = sessions
        .iter_mut()
        .enumerate()
        .map(|(at, session)| Box::pin(async move { (at, session.news().await) }));
    select_all(waiting).await.0
}

impl<B: Canvas> Dashboard<B>
where
    B::Error: Send + Sync + 'static,
{
    /// Begins what the session that is shown is for. Only after its first frame: nothing may keep that waiting.
    pub(super) fn begin(&mut self) {
        self.has_begun = true;
        if self.model.setup.has_publisher() {
            self.runner.engine.keep_catalogue();
            self.runner.resume();
        } else {
            self.runner.find_publishers();
        }
    }

    /// Shows another session, which is opened if there is none.
    pub(super) fn switch(&mut self, wanted: Wanted) {
        let at = self.aside.iter().position(|session| session.is(&wanted));
        let session = if let Some(at) = at {
            self.aside.swap_remove(at)
        } else {
            match (self.open)(&wanted.profile, wanted.publisher.as_ref()) {
                Ok(opened) => Session::of(opened, &self.runner),
                Err(why) => {
                    let profile = wanted.profile;
                    return self.fold(Msg::Reply(Reply::NotSwitched { profile, why }));
                }
            }
        };
        self.show(session);
    }

    fn show(&mut self, mut session: Session) {
        let to = &mut session.model;
        to.notice = self.model.notice.take();
        if to.setup.profile == self.model.setup.profile {
            to.publishers = self.model.publishers.clone();
        }
        // What a person was told was told by this terminal, whichever profile it was about.
        to.notifier = std::mem::take(&mut self.model.notifier);
        to.notifier.moved();
        // Its catalogue rested, and has forgotten what was looked at.
        to.viewport_report = crate::tui::model::ViewportReport::default();
        self.swap(&mut session);
        session.rest();
        if session.model.setup.has_publisher() {
            self.aside.push(session);
        }
        if self.has_begun {
            self.runner.engine.keep_catalogue();
        }
        self.model.elsewhere = self.following();
        self.caught_up();
    }

    fn swap(&mut self, session: &mut Session) {
        use std::mem::swap;
        swap(&mut self.model, &mut session.model);
        swap(&mut self.prompts, &mut session.prompts);
        swap(&mut self.snapshots, &mut session.snapshots);
        swap(&mut self.replies, &mut session.replies);
        swap(&mut self.runner, &mut session.runner);
        swap(&mut self.has_begun, &mut session.has_begun);
        // Not the newest: what ended since the screen learned last has yet to be told.
        session.told = Arc::clone(&session.model.known);
    }

    /// What has happened while it was not shown, or before it was ever.
    fn caught_up(&mut self) {
        let size = self.model.size();
        self.told = None;
        self.tell_time();
        self.learn();
        self.hear();
        let now = self.terminal.size().unwrap_or(size);
        self.apply(Msg::Terminal(crossterm::event::Event::Resize(
            now.width, now.height,
        )));
        self.frames.want();
    }

    /// Takes what happened in a session that is not shown.
    pub(super) fn hear_aside(&mut self, (at, news): (usize, News)) {
        self.tell_time();
        let (Some(session), Some(now)) = (self.aside.get_mut(at), self.told) else {
            return;
        };
        let news = session.hear(news, now);
        if let Some(ended) = self.model.notifier.ended(&session.told) {
            // As that profile wants it told.
            let bytes = notifier::tell(&session.model.setup.preferences, &fitting(&session.model, &ended));
            self.terminal.backend_mut().say(&bytes);
        }
        let profile = session.model.setup.profile.clone();
        self.tell_elsewhere(profile, news);
    }

    fn tell_elsewhere(&mut self, profile: SafeText, news: Option<SafeText>) {
        let following = self.following();
        self.apply(Msg::Elsewhere {
            profile,
            news,
            following,
        });
    }

    /// How many cancellations are on their way at profiles that are not shown.
    fn following(&self) -> usize {
        // Two profiles of one publisher follow the same.
        let following: BTreeSet<_> = self.aside.iter().flat_map(Session::following).collect();
        let is_elsewhere = |id: &&&CancellationId| self.model.known.cancellation(id).is_none();
        following.iter().filter(is_elsewhere).count()
    }
}
