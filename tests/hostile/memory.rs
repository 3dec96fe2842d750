//! Memory use for endless answers, as the system measures it.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use flate2::{Compression, write::GzEncoder};

use crate::bench::Bench;

/// Maximum size of a list that is read.
const LIMIT: usize = 32 << 20;

/// Starts a service with gzip-compressed JSON answers: `offers` for the list of offers, `others` for the rest.
fn packed(offers: &str, others: &str) -> String {
    let [offers, others] = [offers, others].map(|body| zip(body.as_bytes()));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 8192];
            let read = stream.read(&mut request).unwrap_or(0);
            let is_list = String::from_utf8_lossy(&request[..read]).contains("/offers?");
            let body = if is_list { &offers } else { &others };
            let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Encoding: gzip";
            let _ = write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n", body.len());
            let _ = stream.write_all(body);
        }
    });
    origin
}

/// Starts a service that answers each look with `head`, then with `more` while the client reads; counts the bytes.
fn serving(head: &'static str, first: Vec<u8>, more: Vec<u8>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let written = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&written);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 8192];
            let _ = stream.read(&mut request);
            let _ =
                stream.write_all(format!("HTTP/1.1 200 OK\r\nConnection: close\r\n{head}\r\n").as_bytes());
            let _ = stream.write_all(&first);
            while !more.is_empty() && stream.write_all(&more).is_ok() {
                count.fetch_add(more.len(), Ordering::SeqCst);
            }
        }
    });
    (origin, written)
}

/// Returns the peak memory in bytes of the dashboard until it shows `expected`.
fn peak(origin: &str, expected: &str) -> usize {
    let mut bench = Bench::run_with(
        &[],
        &[
            ("COUNTERMAND_BASE_URL", origin),
            ("COUNTERMAND_TOKEN", "a-token"),
            ("COUNTERMAND_PUBLISHER", "contoso"),
        ],
    );
    bench.wait_for(expected);
    let status = fs::read_to_string(format!("/proc/{}/status", bench.process())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    let kib: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    bench.send("\x03");
    assert_eq!(bench.exit_code(), 0);
    kib << 10
}

fn zipped(mib: usize) -> Vec<u8> {
    zip(&vec![b' '; mib << 20])
}

fn zip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Returns a list of maximum length, with elements from `element`.
fn full(element: impl Fn(usize) -> String) -> String {
    let mut list = format!("[{ONE}");
    for next in (0..).map(element) {
        if list.len() + next.len() + 2 > LIMIT {
            break;
        }
        list.push(',');
        list.push_str(&next);
    }
    list.push(']');
    list
}

/// An offer and an operation that are in flight.
const ONE: &str = r#"{"id":"contoso-vm","status":"quietly","submissionState":"quietly"}"#;

#[test]
fn endless_answer_uses_no_more_memory_than_its_limit() {
    let json = "Content-Type: application/json\r\n";
    let packed = "Content-Type: application/json\r\nContent-Encoding: gzip\r\n";
    let (plain, _) = serving(json, br#"[{"id":"contoso-vm"}]"#.to_vec(), Vec::new());
    let plain = peak(&plain, "contoso-vm");
    let blanks = vec![b' '; 1 << 16];
    let (endless, written) = serving(json, b"[".to_vec(), blanks);
    let bomb = zipped(256);
    assert!(bomb.len() < 2 << 20, "small on the wire: {}", bomb.len());
    for (origin, what) in [
        (endless, "endless"),
        (serving(packed, bomb, Vec::new()).0, "bomb"),
    ] {
        let peak = peak(&origin, "MiB that are read of it");
        // A growing buffer is copied into a larger one.
        assert!(
            peak < plain + 2 * LIMIT,
            "{what}: {} MiB beside {} MiB",
            peak >> 20,
            plain >> 20
        );
    }
    // Bytes in transit when the client stopped reading count too.
    assert!(
        written.load(Ordering::SeqCst) < 2 * LIMIT,
        "it was left at its limit"
    );
}

#[test]
fn list_elements_use_little_memory_beyond_their_bytes() {
    let one = format!("[{ONE}]");
    let plain = peak(&packed(&one, &one), "quietly");
    let same = |element: &'static str| full(|_| element.to_owned());
    let bare = |n| format!(r#"{{"id":"{n}"}}"#);
    // Each of these is displayed as `<U+00AD>`, in four times its bytes.
    let soft = "\u{ad}".repeat(140);
    let named = |n| format!(r#"{{"id":"{n}","definition":{{"displayText":"{soft}"}}}}"#);
    let running = |n| format!(r#"{{"id":"{n}","submissionState":"running"}}"#);
    for (offers, others, expected) in [
        (same("1"), one.clone(), "contoso-vm"),
        (same("{}"), one.clone(), "contoso-vm"),
        (full(bare), one.clone(), "more offers than are read"),
        (full(named), one.clone(), "more offers than are read"),
        (one.clone(), same("null"), "quietly"),
        (one.clone(), same("{}"), "more operations than are read"),
        (one.clone(), full(running), "more operations than are read"),
    ] {
        let peak = peak(&packed(&offers, &others), expected);
        // The bytes of the answer, and the data kept from it.
        assert!(
            peak < plain + 3 * LIMIT,
            "{:?}: {} MiB beside {} MiB",
            [&offers, &others].map(|body| body.chars().skip(70).take(30).collect::<String>()),
            peak >> 20,
            plain >> 20
        );
    }
}
