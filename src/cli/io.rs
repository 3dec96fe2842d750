//! Where a verb writes, and whom it may ask.

use std::io::{self, Write};

use jiff::tz::TimeZone;

use crate::domain::verdict::Exit;

/// The handles of a verb.
pub struct Io<'a> {
    /// Results: what a script reads.
    pub out: &'a mut dyn Write,
    /// Errors and what a question is about: what a person reads.
    pub err: &'a mut dyn Write,
    /// Who answers questions; none where there is no terminal.
    pub ask: Option<&'a mut dyn Ask>,
    /// The zone that times of day are shown in.
    pub zone: TimeZone,
}

/// Someone who answers a question.
pub trait Ask {
    /// Puts `question`, then `cue` once it can be answered, and returns the line that answers it.
    ///
    /// What was typed before the question was there, or before anybody can have read it, is no answer to it: drop it,
    /// and let the question stand. This may block its thread.
    ///
    /// # Errors
    /// When there is no answer. One of the kind [`io::ErrorKind::Interrupted`] means that a signal came instead.
    fn ask(&mut self, question: &str, cue: &str) -> io::Result<String>;
}

/// There is no point in writing more results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gone {
    /// Their reader has gone away, and has what it wanted.
    Closed,
    /// They cannot be written, as on a disk that is full.
    Lost,
}

impl Io<'_> {
    /// Writes `text`, which ends its own lines, so that its reader has it at once.
    ///
    /// A pipe that was closed is silent; any other reason is told.
    pub(crate) fn write(&mut self, text: &str) -> Result<(), Gone> {
        let written = self
            .out
            .write_all(text.as_bytes())
            .and_then(|()| self.out.flush());
        written.map_err(|error| {
            if error.kind() == io::ErrorKind::BrokenPipe {
                return Gone::Closed;
            }
            self.complain(&format!("the results cannot be written: {error}"));
            Gone::Lost
        })
    }

    /// Writes all the results of a verb that ends with `exit`, and returns how it ends then.
    pub(crate) fn finish(&mut self, text: &str, exit: Exit) -> Exit {
        match self.write(text) {
            Err(Gone::Lost) => exit.max(Exit::Failure),
            Ok(()) | Err(Gone::Closed) => exit,
        }
    }

    /// Tells an error. Where even that cannot be written, there is nobody left to tell.
    pub(crate) fn complain(&mut self, error: &str) {
        self.remark(&format!("countermand: {error}"));
    }

    /// Writes a line for a person, beside the results.
    pub(crate) fn remark(&mut self, line: &str) {
        let _ = writeln!(self.err, "{line}").and_then(|()| self.err.flush());
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::VecDeque;

    use super::*;

    /// Answers from a list, and remembers the questions.
    #[derive(Default)]
    pub(crate) struct Scripted {
        pub(crate) answers: VecDeque<io::Result<String>>,
        pub(crate) questions: Vec<String>,
    }

    impl Scripted {
        pub(crate) fn answering(answer: &str) -> Self {
            Self {
                answers: [Ok(answer.to_owned())].into(),
                questions: Vec::new(),
            }
        }
    }

    impl Ask for Scripted {
        fn ask(&mut self, question: &str, cue: &str) -> io::Result<String> {
            self.questions.push(format!("{question}{cue}"));
            self.answers
                .pop_front()
                .unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()))
        }
    }

    /// A writer that fails as it is told to.
    pub(crate) struct Broken(pub(crate) io::ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What a verb wrote, in text.
    pub(crate) fn text(bytes: &[u8]) -> &str {
        std::str::from_utf8(bytes).unwrap()
    }

    #[test]
    fn only_a_closed_pipe_is_silent() {
        for (kind, gone, exit) in [
            (io::ErrorKind::BrokenPipe, Gone::Closed, Exit::Done),
            (io::ErrorKind::StorageFull, Gone::Lost, Exit::Failure),
        ] {
            let mut err = Vec::new();
            let mut io = Io {
                out: &mut Broken(kind),
                err: &mut err,
                ask: None,
                zone: TimeZone::UTC,
            };
            assert_eq!(io.write("x\n"), Err(gone));
            assert_eq!(io.finish("x\n", Exit::Done), exit);
            assert_eq!(err.is_empty(), gone == Gone::Closed, "{kind:?}");
        }
    }
}
