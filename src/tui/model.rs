//! What the dashboard knows and shows. It changes in `update` alone, and is drawn by `view` alone.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use ratatui::layout::{Rect, Size};

mod batch;
mod cancel_stats;
mod copying;
mod dialog;
mod history;
mod list;
mod notice;
mod notifier;
mod palette;
mod preferences;
mod profiles;
mod recipients;
mod setup;
mod status_target;
mod trouble;
mod viewport_report;

pub use crate::settings::{ProfileSummary, ReadOnly};
pub use crate::tui::theme::Capabilities;
pub(crate) use batch::Batch;
pub(crate) use cancel_stats::CancelStats;
pub use copying::Clip;
pub(crate) use copying::{Copying, Piece, copyable};
pub(crate) use dialog::Dialog;
pub(crate) use history::History;
pub(crate) use list::{Chosen, Letter, List};
pub(crate) use notice::Notice;
pub(crate) use notifier::{Notifier, Pending, fitting, title};
pub(crate) use palette::{Typed, found};
pub use preferences::Preferences;
pub(crate) use profiles::{Profiles, Stand};
pub(crate) use recipients::Recipients;
pub use setup::Setup;
pub(crate) use status_target::{StatusTarget, Told};
pub(crate) use viewport_report::ViewportReport;

use crate::{
    domain::{
        cancellation::Cancellation,
        ids::{CancellationId, OfferId, PublisherId},
        offer::Offer,
        remote::Remote,
        target::Scope,
        text::SafeText,
        time::Now,
    },
    engine::{Snapshot, Tracked},
    presentation::{Requests, story_of},
    proposal::Guard,
    service::auth::SignInPrompt,
    tui::{
        keymap::{Command, Place},
        layout::{self, Panes, Wants},
        theme::Theme,
    },
};

/// Everything on the screen, and what it takes to answer the next key.
#[derive(Clone, Debug)]
pub struct Model {
    pub(crate) setup: Setup,
    pub(crate) size: Size,
    pub(crate) now: Now,
    pub(crate) known: Arc<Snapshot>,
    pub(crate) list: List,
    pub(crate) focus: Focus,
    /// The selected cancellation; the newest, until its pane was entered.
    pub(crate) watched: Option<CancellationId>,
    /// What the status pane tells of.
    pub(crate) status_target: StatusTarget,
    /// How far the status pane is scrolled.
    pub(crate) scrolled: usize,
    /// What lies over the panes, the last on top.
    pub(crate) overlays: Vec<Overlay>,
    pub(crate) requests: Requests,
    /// What was confirmed together, the newest last.
    pub(crate) batches: Vec<Batch>,
    /// One sentence in the footer's place, until the next key or until its time is over.
    pub(crate) notice: Option<Notice>,
    /// What a person must do to sign in, while sign-in waits for one.
    pub(crate) prompt: Option<SignInPrompt>,
    /// Why what was open before is not followed; none when it is.
    pub(crate) unresumed: Option<SafeText>,
    /// Which publishers this sign-in may see, where the profile names none.
    pub(crate) publishers: Remote<Vec<PublisherId>>,
    /// How many cancellations are on their way at profiles that are not shown.
    pub(crate) elsewhere: usize,
    pub(crate) viewport_report: ViewportReport,
    /// How long cancellations took before.
    pub(crate) cancel_stats: CancelStats,
    /// What a person was told beyond the screen.
    pub(crate) notifier: Notifier,
    /// The number of the newest look; answers to older ones are dropped.
    pub(crate) ticket: u64,
}

/// The pane that keys act on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Focus {
    #[default]
    Offers,
    Status,
    Cancellations,
}

/// Something over the panes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Overlay {
    /// All keys.
    Help { scrolled: usize },
    /// All that is known of an offer, or of one cancellation on it.
    Details {
        offer: OfferId,
        cancellation: Option<CancellationId>,
        scrolled: usize,
    },
    /// Every cancellation that this machine knows.
    History(History),
    /// All of one of them.
    Record {
        cancellation: Arc<Cancellation>,
        scrolled: usize,
    },
    /// Where one can be: the profiles, and the publishers of this one.
    Profiles(Profiles),
    /// Whether to cancel.
    Confirmation(Box<Dialog>),
    /// The commands of the place below, by their names.
    Palette(Typed),
    /// What can be copied.
    Copying(Copying),
}

impl Model {
    /// `offer` at the service and publisher that are shown.
    pub(crate) fn scope<'a>(&'a self, offer: &'a OfferId) -> Scope<'a> {
        Scope {
            origin: &self.setup.origin,
            publisher: &self.setup.publisher,
            offer,
        }
    }

    /// A dashboard that knows nothing yet. Until the terminal tells its size it is taken for 80×24.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        Self {
            setup,
            size: Size::new(80, 24),
            now: Now {
                wall: Timestamp::UNIX_EPOCH,
                mono: Duration::ZERO,
            },
            known: Arc::default(),
            list: List::default(),
            focus: Focus::default(),
            watched: None,
            status_target: StatusTarget::default(),
            scrolled: 0,
            overlays: Vec::new(),
            requests: Requests::default(),
            batches: Vec::new(),
            notice: None,
            prompt: None,
            unresumed: None,
            publishers: Remote::default(),
            elsewhere: 0,
            viewport_report: ViewportReport::default(),
            cancel_stats: CancelStats::default(),
            notifier: Notifier::default(),
            ticket: 0,
        }
    }

    /// The terminal's size as last told.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// When, on the monotonic clock, a [`Msg::Clock`] changes the screen, arms a dialog or has an effect; none while
    /// nothing waits for time.
    ///
    /// [`Msg::Clock`]: crate::tui::msg::Msg::Clock
    #[must_use]
    pub fn wake_at(&self) -> Option<Duration> {
        let dialog = self.confirmation().and_then(Dialog::wake_at);
        let beat = self.is_counting().then(|| self.next_beat());
        let notice = self.notice.as_ref().and_then(Notice::wake_at);
        [
            self.viewport_report.wake_at(),
            self.status_target.wake_at(),
            dialog,
            notice,
            beat,
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Whether something on the screen counts seconds.
    pub(crate) fn is_counting(&self) -> bool {
        !self.requests.asked.is_empty()
            || self
                .known
                .cancellations
                .iter()
                .any(|tracked| tracked.is_in_progress())
    }

    /// When the wall clock shows another second.
    fn next_beat(&self) -> Duration {
        let past = u32::try_from(self.now.wall.subsec_nanosecond().rem_euclid(1_000_000_000)).unwrap_or(0);
        self.now.mono + Duration::from_nanos(1_000_000_000 - u64::from(past))
    }

    /// The confirmation, if it is on top.
    pub(crate) fn confirmation(&self) -> Option<&Dialog> {
        match self.overlays.last() {
            Some(Overlay::Confirmation(dialog)) => Some(dialog),
            _ => None,
        }
    }

    /// The same, to be changed.
    pub(crate) fn confirmation_mut(&mut self) -> Option<&mut Dialog> {
        match self.overlays.last_mut() {
            Some(Overlay::Confirmation(dialog)) => Some(dialog),
            _ => None,
        }
    }

    /// Whether a question is on the screen that keys may answer, or could before long: then it matters whether this process
    /// stood still, and whether anything that was typed has not been told yet.
    #[must_use]
    pub fn is_guarded(&self) -> bool {
        self.guard().is_some_and(Guard::is_watched)
    }

    /// Whether the next frame is the first that tells how to answer the question on the screen.
    pub(crate) fn is_about_to_tell(&self) -> bool {
        self.guard().is_some_and(Guard::is_about_to_tell)
    }

    /// What guards the question on top, if there is one.
    pub(crate) fn guard(&self) -> Option<&Guard> {
        self.confirmation().map(|dialog| &dialog.proposal.guard)
    }

    /// Where the next key is pressed.
    pub(crate) fn place(&self) -> Place {
        self.place_under(&self.overlays)
    }

    /// Where one comes back to when what is on top is closed.
    pub(crate) fn place_below(&self) -> Place {
        self.place_under(self.overlays.split_last().map_or(&[], |(_, below)| below))
    }

    fn place_under(&self, overlays: &[Overlay]) -> Place {
        match overlays.last() {
            Some(Overlay::Help { .. }) => Place::Help,
            Some(Overlay::Palette(_)) => Place::Palette,
            Some(Overlay::Copying(_)) => Place::Copying,
            Some(Overlay::Details { .. }) => Place::Details,
            Some(Overlay::History(_)) => Place::History,
            Some(Overlay::Record { .. }) => Place::Record,
            Some(Overlay::Profiles(_)) => Place::Profiles,
            Some(Overlay::Confirmation(dialog)) => dialog.place(),
            None if self.list.is_typing => Place::Filter,
            None => match self.focus {
                Focus::Offers => Place::Offers,
                Focus::Status => Place::Status,
                Focus::Cancellations => Place::Cancellations,
            },
        }
    }

    /// The parts of a screen of `area`.
    pub(crate) fn panes(&self, area: Rect) -> Option<Panes> {
        layout::panes(
            area,
            Wants {
                banner: self.setup.banner.is_some(),
                narrowed: self.list.has_a_say(),
                offers: self.list.total,
                troubles: self.troubles(),
                cancellations: self.known.cancellations.len(),
            },
        )
    }

    /// The parts of the screen as the terminal told its size.
    pub(crate) fn own_panes(&self) -> Panes {
        self.panes(self.area()).unwrap_or_default()
    }

    /// The whole screen.
    pub(crate) fn area(&self) -> Rect {
        Rect::new(0, 0, self.size.width, self.size.height)
    }

    /// The offer with this id, as the service last told of it.
    pub(crate) fn offer(&self, id: &OfferId) -> Option<&Arc<Offer>> {
        // Nearly always it is the selected one, and the list is long.
        let selected = self.list.rows.get(self.list.cursor);
        if let Some(offer) = selected.filter(|offer| !self.list.is_held && offer.id == *id) {
            return Some(offer);
        }
        self.known.offers.value()?.iter().find(|offer| offer.id == *id)
    }

    /// The selected cancellation, and where it stands in the list.
    pub(crate) fn watched(&self) -> Option<(usize, &Arc<Tracked>)> {
        let all = &self.known.cancellations;
        let at = self
            .watched
            .as_ref()
            .and_then(|id| all.iter().position(|tracked| tracked.cancellation.id == *id))
            .unwrap_or(0);
        all.get(at).map(|tracked| (at, tracked))
    }

    /// The selected offer; none while the list is narrowed to others. One that is gone stays selected, so that it can be
    /// said to be gone.
    pub(crate) fn selected(&self) -> Option<&OfferId> {
        let selected = self.list.selected.as_ref()?;
        let is_hidden = self.list.position().is_none() && self.offer(selected).is_some();
        (!is_hidden).then_some(selected)
    }

    /// The offer that keys act on.
    pub(crate) fn pointed(&self) -> Option<&OfferId> {
        if let Some(Overlay::Details { offer, .. }) = self.overlays.last() {
            return Some(offer);
        }
        match self.focus {
            Focus::Cancellations => self
                .watched()
                .map(|(_, tracked)| &tracked.cancellation.request.target.offer),
            Focus::Offers | Focus::Status => self.selected(),
        }
    }

    /// What the status pane is to tell of.
    pub(crate) fn selection(&self) -> Told {
        let cancellation = match self.focus {
            Focus::Cancellations => self.watched().map(|(_, tracked)| &tracked.cancellation),
            Focus::Offers | Focus::Status => None,
        };
        Told {
            offer: cancellation
                .map(|cancellation| cancellation.request.target.offer.clone())
                .or_else(|| self.selected().cloned()),
            cancellation: cancellation.map(|cancellation| cancellation.id.clone()),
        }
    }

    /// The cancellation that keys act on, as the newest of all that is known of it.
    pub(crate) fn pointed_cancellation(&self) -> Option<&Cancellation> {
        let tracked = match self.overlays.last() {
            Some(Overlay::History(history)) => return history.selected().map(|told| self.newest(told)),
            Some(Overlay::Record { cancellation, .. }) => return Some(self.newest(cancellation)),
            Some(Overlay::Details {
                cancellation: Some(id),
                ..
            }) => self.known.cancellation(id).map(|tracked| &**tracked),
            None if self.focus == Focus::Cancellations => self.watched().map(|(_, tracked)| &**tracked),
            _ => story_of(&self.known, self.pointed()?),
        };
        tracked.map(|tracked| &tracked.cancellation)
    }

    /// What is known by now of a cancellation that the journal told of.
    pub(crate) fn newest<'a>(&'a self, told: &'a Cancellation) -> &'a Cancellation {
        match self.known.cancellation(&told.id) {
            Some(tracked) if tracked.cancellation.newest() >= told.newest() => &tracked.cancellation,
            _ => told,
        }
    }

    /// How many offers have something in flight, and how many of those are being cancelled.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let in_progress = || {
            let all = self.known.cancellations.iter();
            all.filter(|tracked| tracked.is_in_progress())
        };
        let is_told = |target| in_progress().any(|tracked| tracked.cancellation.request.target.is(target));
        // The snapshot may tell of one before the engine has said that it began.
        let asked = self.requests.asked.iter().filter(|asked| !is_told(&asked.target));
        (self.list.in_flight, in_progress().count() + asked.count())
    }

    /// The key of a command, as sentences name it; where it has none, how the palette is told.
    pub(crate) fn key(&self, command: Command) -> String {
        let key = self.setup.preferences.keymap.key(command);
        key.unwrap_or_else(|| format!(":{}", command.name()))
    }

    /// The key that quits from where one is; there always is one.
    pub(crate) fn way_out(&self) -> String {
        let keymap = &self.setup.preferences.keymap;
        let key = keymap.key_at(self.place(), Command::Quit);
        key.unwrap_or_else(|| self.key(Command::QuitNow))
    }

    /// The styles of this terminal.
    pub(crate) fn theme(&self) -> Theme {
        Theme::new(self.setup.look, self.setup.preferences.palette)
    }
}
