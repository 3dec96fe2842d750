//! `history`: every cancellation that this machine knows, newest first; the audit log. Asks the journal alone: no service,
//! no token, no settings.

pub(crate) mod text;

use crate::{
    cli::{Io, args::HistoryArgs, offers::array},
    domain::{cancellation::Cancellation, ids::CancellationId, verdict::Exit},
    engine::{
        FollowError,
        ports::{Journal, JournalFailure},
    },
    presentation::Record,
};

/// Tells the history, or with an id all that is known of that one cancellation.
pub async fn run(journal: &dyn Journal, args: &HistoryArgs, io: &mut Io<'_>) -> Exit {
    let read = match &args.cancellation {
        Some(id) => one(journal, id).await,
        None => journal.history(args.limit.unwrap_or(u32::MAX)).await,
    };
    let cancellations = match read {
        Ok(cancellations) => cancellations,
        Err(failure) => {
            io.complain(&failure.to_string());
            return Exit::Failure;
        }
    };
    if let (Some(id), []) = (&args.cancellation, &cancellations[..]) {
        io.complain(&FollowError::NoSuch(id.shown()).to_string());
        return Exit::Usage;
    }
    let mut exit = Exit::Done;
    for failure in journal.unreadable().await {
        io.complain(&failure.to_string());
        exit = Exit::Failure;
    }
    let told = match (&cancellations[..], &args.cancellation) {
        (all, _) if args.json => array(all.iter().map(Record::of)),
        ([one], Some(_)) => text::story(one, &io.zone),
        (all, _) => text::list(all, &io.zone),
    };
    io.finish(&told, exit)
}

async fn one(journal: &dyn Journal, id: &CancellationId) -> Result<Vec<Cancellation>, JournalFailure> {
    let facts = journal.facts(id, 0).await?;
    Ok(Cancellation::fold(id.clone(), facts).into_iter().collect())
}

#[cfg(test)]
mod tests;
