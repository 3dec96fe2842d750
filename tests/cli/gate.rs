//! A gate before a practice marketplace: it holds chosen requests, or their answers, for as long as a test wants.
//!
//! It passes bytes on as they come. The program asks one thing at a time on a connection, so what follows an answer is
//! the next request.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Barrier, watch},
    task::JoinSet,
};

/// What is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The request; the marketplace has not seen it.
    Request,
    /// The answer; the marketplace has done what was asked.
    Answer,
}

/// A gate that listens. It closes once this is dropped.
pub(crate) struct Gate {
    pub(crate) origin: String,
    rules: Arc<Mutex<Vec<Arc<Rule>>>>,
    on_refusal: OnRefusal,
    _tasks: JoinSet<()>,
}

/// What is done, once, before an answer of 401 is passed on.
type OnRefusal = Arc<Mutex<Option<Box<dyn FnOnce() + Send>>>>;

/// Holds the request that comes after `skip` others like it.
struct Rule {
    what: What,
    /// How its request line begins.
    method: &'static str,
    /// What is in its path.
    path: &'static str,
    skip: usize,
    seen: AtomicUsize,
    held: watch::Sender<bool>,
    barrier: Option<Barrier>,
}

/// Something that is held, now or once it comes. What is held when this is dropped is lost, and its connection closed.
pub(crate) struct Held {
    arrived: watch::Receiver<bool>,
    rule: Arc<Rule>,
    rules: Arc<Mutex<Vec<Arc<Rule>>>>,
}

impl Held {
    /// Resolves once it is held.
    pub(crate) async fn arrived(&mut self) {
        super::runner::soon(self.arrived.wait_for(|held| *held))
            .await
            .unwrap();
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.rules
            .lock()
            .unwrap()
            .retain(|rule| !Arc::ptr_eq(rule, &self.rule));
    }
}

impl Gate {
    /// Begins to pass on everything to the marketplace at `origin`.
    pub(crate) async fn before(origin: &str) -> Self {
        let inside = origin.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let rules: Arc<Mutex<Vec<Arc<Rule>>>> = Arc::default();
        let mut tasks = JoinSet::new();
        let known = Arc::clone(&rules);
        let on_refusal = OnRefusal::default();
        let refused = Arc::clone(&on_refusal);
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((outside, _)) = listener.accept().await {
                let inside = TcpStream::connect(&inside).await.unwrap();
                connections.spawn(pass(outside, inside, Arc::clone(&known), Arc::clone(&refused)));
            }
        });
        Self {
            origin,
            rules,
            on_refusal,
            _tasks: tasks,
        }
    }

    /// From now on holds `what` of the request with this method and this in its path, after `skip` others like it.
    pub(crate) fn hold(&self, what: What, method: &'static str, path: &'static str, skip: usize) -> Held {
        let rule = self.add(what, method, path, skip, None);
        Held {
            arrived: rule.held.subscribe(),
            rule,
            rules: Arc::clone(&self.rules),
        }
    }

    /// Does this before the next answer of 401 is passed on.
    pub(crate) fn on_refusal(&self, act: impl FnOnce() + Send + 'static) {
        *self.on_refusal.lock().unwrap() = Some(Box::new(act));
    }

    /// From now on holds every such request until there are `count` of them, then lets them all go at once.
    pub(crate) fn gather(&self, count: usize, method: &'static str, path: &'static str) {
        self.add(What::Request, method, path, count, Some(Barrier::new(count)));
    }

    fn add(
        &self,
        what: What,
        method: &'static str,
        path: &'static str,
        skip: usize,
        barrier: Option<Barrier>,
    ) -> Arc<Rule> {
        let rule = Arc::new(Rule {
            what,
            method,
            path,
            skip,
            seen: AtomicUsize::new(0),
            held: watch::Sender::new(false),
            barrier,
        });
        self.rules.lock().unwrap().push(Arc::clone(&rule));
        rule
    }
}

impl Rule {
    /// Whether it concerns the request that these bytes begin, of which `seen` like it came before.
    fn is_for(&self, bytes: &[u8]) -> Option<usize> {
        let text = String::from_utf8_lossy(bytes);
        let mut words = text.lines().next()?.split(' ');
        let (method, target) = (words.next()?, words.next()?);
        let path = target.split('?').next()?;
        (method == self.method && path.contains(self.path)).then(|| self.seen.fetch_add(1, Ordering::SeqCst))
    }
}

/// Passes both ways until either end closes, or something is held.
async fn pass(
    mut outside: TcpStream,
    mut inside: TcpStream,
    rules: Arc<Mutex<Vec<Arc<Rule>>>>,
    on_refusal: OnRefusal,
) {
    let (mut request, mut answer) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let mut holds_answer: Option<Arc<Rule>> = None;
    loop {
        let (is_request, read) = tokio::select! {
            read = outside.read(&mut request) => (true, read),
            read = inside.read(&mut answer) => (false, read),
        };
        let Ok(count @ 1..) = read else { return };
        let passed = if is_request {
            match meet(&rules, &request[..count]).await {
                Some(rule) if rule.what == What::Request => return held(&rule, outside).await,
                Some(rule) => holds_answer = Some(rule),
                None => {}
            }
            inside.write_all(&request[..count]).await
        } else if let Some(rule) = holds_answer {
            return held(&rule, outside).await;
        } else {
            let is_refusal = answer.starts_with(b"HTTP/1.1 401");
            if is_refusal && let Some(act) = on_refusal.lock().unwrap().take() {
                act();
            }
            outside.write_all(&answer[..count]).await
        };
        if passed.is_err() {
            return;
        }
    }
}

/// The rule that holds the request that these bytes begin. One that is to be gathered waits here for the others.
async fn meet(rules: &Mutex<Vec<Arc<Rule>>>, bytes: &[u8]) -> Option<Arc<Rule>> {
    let known = rules.lock().unwrap().clone();
    for rule in known {
        match (rule.is_for(bytes), &rule.barrier) {
            (Some(seen), Some(barrier)) if seen < rule.skip => {
                barrier.wait().await;
            }
            (Some(seen), None) if seen == rule.skip => return Some(rule),
            _ => {}
        }
    }
    None
}

/// Says that it is held, and keeps the connection open until whoever asked is gone.
async fn held(rule: &Rule, mut outside: TcpStream) {
    rule.held.send_replace(true);
    // It waits for its answer, so the next that comes is its end.
    let _ = outside.read(&mut [0; 1]).await;
}
