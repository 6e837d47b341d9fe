//! Traces: sent to the collector that was named, and to nobody else.

#[cfg(not(feature = "otel"))]
#[test]
fn a_program_that_cannot_send_traces_says_so_rather_than_send_none() {
    let dir = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_sangsaeng"))
        .current_dir(dir.path())
        .arg("migrate")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    let named = said.contains("OTEL_EXPORTER_OTLP_ENDPOINT") && said.contains("the feature otel");
    assert!(named, "{said}");
}

#[cfg(feature = "otel")]
mod sent {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::sync::mpsc;
    use std::time::{Duration, Instant};

    use serde_json::json;

    use crate::support::program::{Desk, Server};

    const EMAIL: &str = "canary-first@test.example";
    const PASSWORD: &str = "three blue mandarins";
    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    /// A bound on a wait: longer is a hang.
    const PATIENCE: Duration = Duration::from_secs(20);

    /// Takes what is posted, and says that all is well.
    fn take(stream: TcpStream, taken: &mpsc::Sender<(String, Vec<u8>)>) -> Option<()> {
        let mut answers = stream.try_clone().ok()?;
        let mut reader = BufReader::new(stream);
        loop {
            let (mut head, mut length) = (String::new(), 0);
            while !head.ends_with("\r\n\r\n") {
                let mut line = String::new();
                if reader.read_line(&mut line).ok()? == 0 {
                    return None;
                }
                let lower = line.to_ascii_lowercase();
                if let Some(bytes) = lower.strip_prefix("content-length:") {
                    length = bytes.trim().parse().ok()?;
                }
                head.push_str(&line);
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).ok()?;
            taken.send((head, body)).ok()?;
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            answers.write_all(answer).ok()?;
        }
    }

    /// A collector: its address, and what came.
    fn collector() -> (String, mpsc::Receiver<(String, Vec<u8>)>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (sender, taken) = mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let sender = sender.clone();
                std::thread::spawn(move || take(stream.unwrap(), &sender));
            }
        });
        (address, taken)
    }

    fn desk() -> Desk {
        let desk = Desk::new();
        let made = desk.create_user(EMAIL, PASSWORD);
        assert!(made.status.success(), "{made:?}");
        desk
    }

    fn telling(endpoint: String) -> Desk {
        desk().with("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
    }

    fn log_in(server: &Server) {
        let body = json!({ "email": EMAIL, "password": PASSWORD });
        let agent: ureq::Agent = ureq::Agent::config_builder().build().into();
        let answer = agent
            .post(format!("http://{}/v1/auth/login", server.address))
            .header("content-type", "application/json")
            .header("traceparent", format!("00-{TRACE}-00f067aa0ba902b7-01"))
            .header("x-request-id", "the-request")
            .send(body.to_string());
        assert_eq!(answer.unwrap().status(), 200);
    }

    /// Whether the program has a thread that sends traces.
    fn sends(server: &Server) -> bool {
        let threads = format!("/proc/{}/task", server.pid());
        std::fs::read_dir(threads).unwrap().any(|thread| {
            let name = std::fs::read_to_string(thread.unwrap().path().join("comm"));
            name.is_ok_and(|name| name.starts_with("OpenTelemetry"))
        })
    }

    fn holds(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn a_request_is_told_with_its_steps_under_its_callers_trace_and_nothing_of_who_asked() {
        let (address, taken) = collector();
        let desk = telling(address);
        let server = Server::start(&desk, &[]);
        log_in(&server);
        // A thread has its name only once it runs.
        let patience = Instant::now() + PATIENCE;
        while !sends(&server) {
            assert!(Instant::now() < patience, "nothing is sent");
            std::thread::yield_now();
        }
        let ready = ureq::get(format!("http://{}/readyz", server.address)).call();
        assert_eq!(ready.unwrap().status(), 200);
        assert_eq!(server.terminate(), 0);
        let sent: Vec<_> = taken.try_iter().collect();
        assert!(sent[0].0.starts_with("POST /v1/traces "), "{}", sent[0].0);
        let bytes: Vec<u8> = sent.into_iter().flat_map(|(_, body)| body).collect();
        for name in [
            "log_in",
            "read",
            "write",
            "waiting",
            "group",
            "decide",
            "commit",
            "the-request",
        ] {
            assert!(holds(&bytes, name.as_bytes()), "{name}");
        }
        let trace = u128::from_str_radix(TRACE, 16).unwrap().to_be_bytes();
        let spans = bytes.windows(16).filter(|bytes| *bytes == trace).count();
        assert!(spans >= 6, "{spans} spans of the caller's trace");
        for secret in [EMAIL, "canary", PASSWORD, "127.0.0.1"] {
            assert!(!holds(&bytes, secret.as_bytes()), "{secret}");
        }
    }

    #[test]
    fn without_a_collector_nothing_is_sent() {
        let desk = desk();
        let server = Server::start(&desk, &[]);
        log_in(&server);
        assert!(!sends(&server));
        assert_eq!(server.terminate(), 0);
    }

    #[test]
    fn a_collector_that_never_answers_keeps_nobody() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", silent.local_addr().unwrap());
        let desk = telling(address);
        let server = Server::start(&desk, &[]);
        for _ in 0..3 {
            log_in(&server);
        }
        assert_eq!(server.terminate(), 0);
    }

    #[test]
    fn a_collector_is_named_by_a_plain_address() {
        let dir = tempfile::tempdir().unwrap();
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_sangsaeng"))
            .current_dir(dir.path())
            .arg("migrate")
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", "https://u:secret@here")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(
            said.contains("http://HOST:PORT") && !said.contains("secret"),
            "{said}"
        );
    }
}
