//! Gate in front of a practice marketplace: holds chosen requests, or their answers, until a test releases them.
//!
//! Bytes pass through as they come. The program has one request at a time on a connection, so the bytes after an answer
//! are the next request.

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

/// Held part of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The request; the marketplace has not seen it.
    Request,
    /// The answer; the marketplace has carried out the request.
    Answer,
}

/// A listening gate, closed on drop.
pub(crate) struct Gate {
    pub(crate) origin: String,
    rules: Arc<Mutex<Vec<Arc<Rule>>>>,
    on_refusal: OnRefusal,
    _tasks: JoinSet<()>,
}

/// Action to run once, before an answer of 401 is passed on.
type OnRefusal = Arc<Mutex<Option<Box<dyn FnOnce() + Send>>>>;

/// Rule that holds the request after `skip` matching ones.
struct Rule {
    what: What,
    /// Beginning of the request line.
    method: &'static str,
    /// Part of the request's path.
    path: &'static str,
    skip: usize,
    seen: AtomicUsize,
    held: watch::Sender<bool>,
    barrier: Option<Barrier>,
}

/// A request or answer that is or will be held. On drop it is lost, and its connection closed.
pub(crate) struct Held {
    arrived: watch::Receiver<bool>,
    rule: Arc<Rule>,
    rules: Arc<Mutex<Vec<Arc<Rule>>>>,
}

impl Held {
    /// Waits until it is held.
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
    /// Starts a gate that passes everything to the marketplace at `origin`.
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

    /// Holds `what` of the request with this method and this in its path, after `skip` matching ones.
    pub(crate) fn hold(&self, what: What, method: &'static str, path: &'static str, skip: usize) -> Held {
        let rule = self.add(what, method, path, skip, None);
        Held {
            arrived: rule.held.subscribe(),
            rule,
            rules: Arc::clone(&self.rules),
        }
    }

    /// Runs `act` before the next answer of 401 is passed on.
    pub(crate) fn on_refusal(&self, act: impl FnOnce() + Send + 'static) {
        *self.on_refusal.lock().unwrap() = Some(Box::new(act));
    }

    /// Holds all matching requests until there are `count` of them, then releases them together.
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
    /// Returns the number of earlier matches, if the rule is for the request that these bytes begin.
    fn is_for(&self, bytes: &[u8]) -> Option<usize> {
        let text = String::from_utf8_lossy(bytes);
        let mut words = text.lines().next()?.split(' ');
        let (method, target) = (words.next()?, words.next()?);
        let path = target.split('?').next()?;
        (method == self.method && path.contains(self.path)).then(|| self.seen.fetch_add(1, Ordering::SeqCst))
    }
}

/// Passes bytes both ways until either end closes, or the exchange is held.
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

/// Returns the rule that holds the request that these bytes begin. A gathered request waits here for the others.
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

/// Signals that the request is held, and keeps the connection open until the client is gone.
async fn held(rule: &Rule, mut outside: TcpStream) {
    rule.held.send_replace(true);
    // The client waits for its answer, so its next bytes are the end.
    let _ = outside.read(&mut [0; 1]).await;
}
