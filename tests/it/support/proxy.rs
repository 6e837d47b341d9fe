//! A network between a server and its database that obeys: it stalls, it cuts, it loses answers.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;

use sangsaeng::db::Url;

use super::{PATIENCE, World};

/// What a commit meets with, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It never arrives, and the connection is cut.
    Lost,
    /// It takes effect, and the connection is cut before its answer is through.
    Unanswered,
    /// It takes effect, but from then on nothing gets through.
    Stalled,
}

/// Carries bytes between servers and the database of a world.
pub struct Proxy {
    url: Url,
    address: std::net::SocketAddr,
    net: Arc<Net>,
    listening: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Net {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    stalled: bool,
    refusing: bool,
    over: bool,
    next_commit: Option<Fate>,
    lines: Vec<Arc<Line>>,
    most: usize,
    made: usize,
}

/// A connection with both of its ends.
struct Line {
    client: TcpStream,
    database: TcpStream,
    /// Whether the database is not to be heard any more.
    deaf: AtomicBool,
}

impl Proxy {
    /// Stands before the database of a world; `None` where that is a file.
    pub fn before(world: &World) -> Option<Self> {
        let Url::Postgres(server) = world.url() else {
            return None;
        };
        let (head, tail) = server.url().split_once('@').unwrap();
        let (there, name) = tail.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let net = Arc::new(Net::default());
        let (theirs, there) = (Arc::clone(&net), there.to_owned());
        let listening = std::thread::spawn(move || theirs.listen(&listener, &there));
        // In the clear, so that commits can be told from the rest.
        let here = format!("{head}@{address}/{name}?sslmode=disable");
        Some(Self {
            url: Url::parse(&here).unwrap(),
            address,
            net,
            listening: Some(listening),
        })
    }

    /// The database as it is reached from here.
    pub fn url(&self) -> Url {
        self.url.clone()
    }

    /// From now on nothing gets through, and nobody is told.
    pub fn stall(&self) {
        self.net.state().stalled = true;
    }

    /// What was held up gets through, and all that follows.
    pub fn resume(&self) {
        self.net.state().stalled = false;
        self.net.changed.notify_all();
    }

    /// Waits until nothing gets through any more.
    pub fn wait_until_stalled(&self) {
        let state = self.net.state();
        let flowing = |state: &mut State| !state.stalled;
        let waited = self
            .net
            .changed
            .wait_timeout_while(state, PATIENCE, flowing);
        assert!(!waited.unwrap().1.timed_out(), "nothing stalls");
    }

    /// Ends every connection; new ones are refused until [`Proxy::mend`].
    pub fn cut(&self) {
        let mut state = self.net.state();
        state.refusing = true;
        for line in state.lines.drain(..) {
            line.cut();
        }
        drop(state);
        self.net.changed.notify_all();
    }

    /// New connections get through.
    pub fn mend(&self) {
        self.net.state().refusing = false;
    }

    /// What the next commit meets with.
    pub fn next_commit(&self, fate: Fate) {
        self.net.state().next_commit = Some(fate);
    }

    /// The most connections that there were at a time.
    pub fn most(&self) -> usize {
        self.net.state().most
    }

    /// How many connections were made in all.
    pub fn made(&self) -> usize {
        self.net.state().made
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.net.state().over = true;
        self.cut();
        // Whoever listens looks up.
        drop(TcpStream::connect(self.address));
        self.listening.take().unwrap().join().unwrap();
    }
}

impl Net {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn listen(self: &Arc<Self>, listener: &TcpListener, there: &str) {
        for client in listener.incoming() {
            let client = client.unwrap();
            let mut state = self.state();
            if state.over {
                return;
            }
            if state.refusing {
                continue;
            }
            let database = TcpStream::connect(there).unwrap();
            let deaf = AtomicBool::new(false);
            let line = Arc::new(Line {
                client,
                database,
                deaf,
            });
            state.lines.push(Arc::clone(&line));
            state.most = state.most.max(state.lines.len());
            state.made += 1;
            drop(state);
            for up in [true, false] {
                let (net, line) = (Arc::clone(self), Arc::clone(&line));
                std::thread::spawn(move || {
                    net.carry(&line, up);
                    line.cut();
                    net.state().lines.retain(|other| !Arc::ptr_eq(other, &line));
                });
            }
        }
    }

    /// Carries bytes one way until either end closes.
    fn carry(&self, line: &Line, up: bool) {
        let (mut from, mut to) = match up {
            true => (&line.client, &line.database),
            false => (&line.database, &line.client),
        };
        let mut bytes = [0; 16_384];
        loop {
            let Ok(length @ 1..) = from.read(&mut bytes) else {
                return;
            };
            let message = &bytes[..length];
            match up.then(|| self.fate_of(message)).flatten() {
                Some(Fate::Lost) => return,
                Some(Fate::Unanswered) => line.deaf.store(true, Ordering::SeqCst),
                Some(Fate::Stalled) => {
                    // What is said is heard; the answer is what waits.
                    self.state().stalled = true;
                    self.changed.notify_all();
                    if to.write_all(message).is_err() {
                        return;
                    }
                    continue;
                }
                None => {}
            }
            self.wait_while_stalled(line);
            let unheard = !up && line.deaf.load(Ordering::SeqCst);
            if unheard || to.write_all(message).is_err() {
                return;
            }
        }
    }

    fn fate_of(&self, message: &[u8]) -> Option<Fate> {
        let commits = message.windows(7).any(|window| window == b"COMMIT\0");
        commits.then(|| self.state().next_commit.take()).flatten()
    }

    fn wait_while_stalled(&self, line: &Line) {
        let held_up = |state: &mut State| {
            let open = state.lines.iter().any(|other| std::ptr::eq(&**other, line));
            state.stalled && open
        };
        drop(self.changed.wait_while(self.state(), held_up).unwrap());
    }
}

impl Line {
    fn cut(&self) {
        for end in [&self.client, &self.database] {
            // It may be closed already.
            drop(end.shutdown(Shutdown::Both));
        }
    }
}
