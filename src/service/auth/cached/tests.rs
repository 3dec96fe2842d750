use std::{
    collections::VecDeque,
    sync::atomic::{AtomicUsize, Ordering},
};

use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret as _;
use tokio::sync::Semaphore;

use super::{super::prompt::SignInPrompt, *};
use crate::engine::failure::Class;

/// Issuer that gives scripted answers, or `token-N` for an hour; counts requests, and can be held back.
struct Script {
    answers: Mutex<VecDeque<Answer>>,
    requests: AtomicUsize,
    gate: Semaphore,
    prompts: Prompts,
}

enum Answer {
    /// A token with that lifetime.
    Token(&'static str, SignedDuration),
    Failure(&'static str, Option<Duration>),
    /// A prompt until the gate opens, then a token.
    Prompt,
}

struct Handle(Arc<Script>, Arc<Steady>);

#[async_trait]
impl Issuer for Handle {
    async fn issue(&self) -> Result<Issued, Failure> {
        let Self(script, clock) = self;
        let count = script.requests.fetch_add(1, Ordering::SeqCst);
        let answer = script.answers.lock().unwrap().pop_front();
        let _standing =
            matches!(answer, Some(Answer::Prompt)).then(|| script.prompts.show(prompt(clock.now())));
        script.gate.acquire().await.unwrap().forget();
        let (token, life) = match answer {
            Some(Answer::Failure(what, retry_after)) => {
                return Err(Failure {
                    retry_after,
                    ..lost(what, "do something")
                });
            }
            Some(Answer::Token(token, life)) => (token.to_owned(), life),
            Some(Answer::Prompt) | None => (format!("token-{count}"), SignedDuration::from_hours(1)),
        };
        Ok(Issued::new(&token, Some(clock.now() + life)).unwrap())
    }

    fn advice(&self) -> String {
        "sign in anew".into()
    }
}

fn prompt(now: Timestamp) -> SignInPrompt {
    SignInPrompt {
        user_code: "ABCD".into(),
        verification_uri: "https://microsoft.com/devicelogin".into(),
        message: "enter it".into(),
        expires_at: now,
    }
}

/// Wall clock that follows the paused clock, and can be set.
struct Steady {
    start: Instant,
    jump: Mutex<SignedDuration>,
}

impl Clock for Steady {
    fn now(&self) -> Timestamp {
        let since = SignedDuration::try_from(self.start.elapsed()).unwrap();
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(400_000) + since + *self.jump.lock().unwrap()
    }
}

struct Stage {
    script: Arc<Script>,
    clock: Arc<Steady>,
    source: Arc<Cached>,
}

impl Stage {
    fn new(attendance: Attendance, answers: impl IntoIterator<Item = Answer>) -> Self {
        let prompts = Prompts::new();
        let script = Arc::new(Script {
            answers: Mutex::new(answers.into_iter().collect()),
            requests: AtomicUsize::new(0),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
            prompts: prompts.clone(),
        });
        let clock = Arc::new(Steady {
            start: Instant::now(),
            jump: Mutex::new(SignedDuration::ZERO),
        });
        let issuer = Box::new(Handle(script.clone(), clock.clone()));
        let source = Arc::new(Cached::new(issuer, clock.clone(), prompts, attendance));
        Self {
            script,
            clock,
            source,
        }
    }

    fn elsewhere(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::new(Attendance::Elsewhere, answers)
    }

    /// Holds every answer back until [`Stage::open`].
    fn shut(&self) {
        self.script.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    fn open(&self) {
        self.script.gate.add_permits(1000);
    }

    async fn token(&self) -> String {
        self.source.token().await.unwrap().expose_secret().to_owned()
    }

    async fn failure(&self) -> Failure {
        let failure = self.source.token().await.unwrap_err();
        assert_eq!(failure.class, Class::SignIn);
        failure
    }

    fn requests(&self) -> usize {
        self.script.requests.load(Ordering::SeqCst)
    }
}

async fn pass(seconds: u64) {
    tokio::time::advance(Duration::from_secs(seconds)).await;
    settle().await;
}

/// Lets every task run until it blocks.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn one_request_serves_all_callers() {
    let stage = Stage::elsewhere([]);
    stage.shut();
    let waiting: Vec<_> = (0..16)
        .map(|_| {
            let source = stage.source.clone();
            tokio::spawn(async move { source.token().await.unwrap().expose_secret().to_owned() })
        })
        .collect();
    settle().await;
    assert_eq!(stage.requests(), 1);
    // A caller that gives up does not affect the others.
    waiting[0].abort();
    stage.open();
    for (index, token) in waiting.into_iter().enumerate().skip(1) {
        assert_eq!(token.await.unwrap(), "token-0", "{index}");
    }
    assert_eq!(stage.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn token_is_renewed_five_minutes_early_in_the_background() {
    let stage = Stage::elsewhere([]);
    assert_eq!(stage.token().await, "token-0");
    pass(55 * 60 - 1).await;
    assert_eq!((stage.token().await.as_str(), stage.requests()), ("token-0", 1));
    stage.shut();
    pass(1).await;
    for _ in 0..3 {
        assert_eq!(stage.token().await, "token-0");
    }
    settle().await;
    assert_eq!(stage.requests(), 2);
    stage.open();
    settle().await;
    assert_eq!((stage.token().await.as_str(), stage.requests()), ("token-1", 2));
}

#[tokio::test(start_paused = true)]
async fn failed_early_renewal_keeps_the_live_token() {
    let no = || Answer::Failure("down", None);
    let stage = Stage::elsewhere([
        Answer::Token("first", SignedDuration::from_mins(60)),
        no(),
        no(),
        no(),
        no(),
        no(),
        no(),
        no(),
        no(),
        no(),
        no(),
    ]);
    stage.token().await;
    pass(55 * 60).await;
    for _ in 0..299 {
        assert_eq!(stage.token().await, "first");
        pass(1).await;
    }
    // Pauses are 2, 4, 8, 16, 32, then every 60 s.
    assert_eq!(stage.requests(), 1 + 5 + 4);
    pass(1).await;
    assert_eq!(stage.failure().await.what.as_str(), "down");
}

#[tokio::test(start_paused = true)]
async fn token_expired_during_sleep_is_not_used() {
    let stage = Stage::elsewhere([]);
    stage.token().await;
    // The steady clock stood still.
    *stage.clock.jump.lock().unwrap() = SignedDuration::from_hours(2);
    assert_eq!(stage.token().await, "token-1");
}

#[tokio::test(start_paused = true)]
async fn short_lifetime_or_wrong_clock_causes_no_request_storm() {
    for life in [
        SignedDuration::from_hours(-1),
        SignedDuration::ZERO,
        SignedDuration::from_secs(50),
    ] {
        let stage = Stage::elsewhere((0..9).map(|_| Answer::Token("short", life)));
        for _ in 0..60 {
            assert_eq!(stage.token().await, "short");
            pass(1).await;
        }
        assert!(stage.requests() <= 2, "{life}: {}", stage.requests());
    }
}

#[tokio::test(start_paused = true)]
async fn lost_sign_in_fails_fast_and_backs_off() {
    let stage = Stage::elsewhere((0..7).map(|_| Answer::Failure("no", None)));
    let start = Instant::now();
    let mut instants = Vec::new();
    for _ in 0..182 {
        let requests = stage.requests();
        let failure = stage.failure().await;
        assert_eq!(
            (failure.what.as_str(), failure.advice.as_str()),
            ("no", "do something")
        );
        if stage.requests() > requests {
            instants.push(start.elapsed().as_secs());
        }
        pass(1).await;
    }
    assert_eq!(instants, [0, 2, 6, 14, 30, 62, 122]);
    assert_eq!(stage.token().await, "token-7");
}

#[tokio::test(start_paused = true)]
async fn requested_pause_is_kept_and_not_passed_on() {
    let stage = Stage::elsewhere([Answer::Failure("slowly", Some(Duration::from_secs(40)))]);
    assert_eq!(stage.failure().await.retry_after, None);
    pass(39).await;
    stage.failure().await;
    assert_eq!(stage.requests(), 1);
    pass(1).await;
    assert_eq!(stage.token().await, "token-1");
}

#[tokio::test(start_paused = true)]
async fn hanging_request_delays_callers_two_seconds_at_most() {
    let stage = Stage::elsewhere([Answer::Failure("no", None)]);
    stage.failure().await;
    pass(2).await;
    stage.shut();
    let start = Instant::now();
    assert_eq!(stage.failure().await.what.as_str(), "no");
    assert_eq!(start.elapsed(), LOST_PATIENCE);
}

#[tokio::test(start_paused = true)]
async fn refused_token_is_replaced_once_for_two_callers() {
    let stage = Stage::elsewhere([]);
    stage.token().await;
    stage.source.renew().await.unwrap();
    stage.source.renew().await.unwrap();
    assert_eq!((stage.token().await.as_str(), stage.requests()), ("token-1", 2));
}

#[tokio::test(start_paused = true)]
async fn repeated_refusals_slow_the_requests_down() {
    let stage = Stage::elsewhere([]);
    for _ in 0..300 {
        stage.token().await;
        stage.source.renew().await.unwrap();
        pass(1).await;
    }
    assert!((5..=12).contains(&stage.requests()), "{}", stage.requests());
}

#[tokio::test(start_paused = true)]
async fn same_token_again_is_no_renewal() {
    let same = || Answer::Token("same", SignedDuration::from_hours(1));
    let stage = Stage::elsewhere([same(), same(), same()]);
    stage.token().await;
    let failure = stage.source.renew().await.unwrap_err();
    assert_eq!(
        (failure.class, failure.advice.as_str()),
        (Class::SignIn, "sign in anew")
    );
    // The refused token is not sent again at once, and is tried again after a while.
    assert_eq!(stage.failure().await, failure);
    assert_eq!(stage.source.renew().await.unwrap_err(), failure);
    assert_eq!(stage.requests(), 2);
    pass(4).await;
    assert_eq!(stage.token().await, "same");
}

#[tokio::test(start_paused = true)]
async fn failed_renewal_gives_the_reason() {
    let stage = Stage::elsewhere([
        Answer::Token("first", SignedDuration::from_hours(1)),
        Answer::Failure("signed out", None),
    ]);
    stage.token().await;
    assert_eq!(
        stage.source.renew().await.unwrap_err().what.as_str(),
        "signed out"
    );
    assert_eq!(stage.failure().await.what.as_str(), "signed out");
    pass(2).await;
    assert_eq!(stage.token().await, "token-2");
}

#[tokio::test(start_paused = true)]
async fn prompt_does_not_block_a_dashboard() {
    let stage = Stage::elsewhere([Answer::Prompt]);
    stage.shut();
    let prompts = stage.script.prompts.watch();
    for _ in 0..3 {
        let failure = stage.failure().await;
        assert!(
            failure.advice.as_str().contains("enter the code ABCD"),
            "{failure}"
        );
    }
    assert_eq!((prompts.borrow().is_some(), stage.requests()), (true, 1));
    stage.open();
    settle().await;
    assert_eq!((stage.token().await.as_str(), stage.requests()), ("token-0", 1));
    assert!(prompts.borrow().is_none());
}

#[tokio::test(start_paused = true)]
async fn refused_token_is_not_used_while_waiting_for_the_person() {
    let stage = Stage::elsewhere([
        Answer::Token("first", SignedDuration::from_hours(1)),
        Answer::Prompt,
    ]);
    stage.token().await;
    stage.shut();
    let failure = stage.source.renew().await.unwrap_err();
    assert!(failure.advice.as_str().contains("ABCD"), "{failure}");
    assert_eq!(stage.failure().await, failure);
    assert_eq!(stage.source.renew().await.unwrap_err(), failure);
    stage.open();
    settle().await;
    assert_eq!((stage.token().await.as_str(), stage.requests()), ("token-1", 2));
}

#[tokio::test(start_paused = true)]
async fn verb_waits_for_the_person() {
    let stage = Stage::new(Attendance::Present, [Answer::Prompt]);
    stage.shut();
    let source = stage.source.clone();
    let token = tokio::spawn(async move { source.token().await.unwrap().expose_secret().to_owned() });
    pass(600).await;
    assert!(!token.is_finished() && stage.script.prompts.current().is_some());
    stage.open();
    assert_eq!(token.await.unwrap(), "token-0");
}

#[tokio::test(start_paused = true)]
async fn request_ends_with_the_source() {
    let stage = Stage::elsewhere([Answer::Prompt]);
    stage.shut();
    stage.failure().await;
    let prompts = stage.script.prompts.watch();
    drop(stage.source);
    settle().await;
    assert!(prompts.borrow().is_none());
}

#[tokio::test]
async fn debug_output_hides_the_token() {
    let issued = Issued::new("canary", None).unwrap();
    assert!(!format!("{issued:?}").contains("canary"));
    let stage = Stage::elsewhere([]);
    stage.token().await;
    assert!(!format!("{:?}", stage.source).contains("token-"));
}
