//! The thread that writes the counts down, every few seconds, and sweeps what is too old.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::Attempts;

/// How often rows are swept.
const SWEEP_EVERY: Duration = Duration::from_secs(60 * 60);

/// Tells the thread to stop.
#[derive(Debug, Default)]
struct Ending {
    told: Mutex<bool>,
    heard: Condvar,
}

impl Ending {
    fn tell(&self) {
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.heard.notify_all();
    }

    /// Waits for as long, or until it is told; says whether it was.
    fn wait(&self, pause: Duration) -> bool {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.heard.wait_timeout_while(told, pause, |told| !*told);
        let (told, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *told
    }
}

/// The thread at work.
pub struct AttemptsWorker {
    ending: Arc<Ending>,
    thread: Option<JoinHandle<()>>,
}

impl AttemptsWorker {
    /// Starts it; it writes every `pause`.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn start(attempts: Arc<Attempts>, pause: Duration) -> std::io::Result<Self> {
        let ending = Arc::new(Ending::default());
        let told = Arc::clone(&ending);
        let thread = std::thread::Builder::new()
            .name("attempts".to_owned())
            .spawn(move || work(&attempts, &told, pause))?;
        Ok(Self {
            ending,
            thread: Some(thread),
        })
    }

    /// Has it write down what is left, and ends it.
    pub fn stop(&mut self) {
        self.ending.tell();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the worker of attempts had panicked");
        }
    }
}

impl Drop for AttemptsWorker {
    fn drop(&mut self) {
        self.stop();
    }
}

fn work(attempts: &Attempts, ending: &Ending, pause: Duration) {
    let mut swept: Option<Instant> = None;
    loop {
        let told = ending.wait(pause);
        if let Err(error) = attempts.write_down() {
            tracing::warn!(%error, "attempts cannot be written down yet");
        }
        if told {
            return;
        }
        if swept.is_none_or(|at| at.elapsed() >= SWEEP_EVERY) {
            swept = Some(Instant::now());
            if let Err(error) = attempts.sweep() {
                tracing::warn!(%error, "old attempts cannot be removed yet");
            }
        }
    }
}
