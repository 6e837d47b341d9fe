//! A primary with a hot standby, both of a test's own.

use std::sync::Arc;
use std::time::Duration;

use diesel::{QueryableByName, RunQueryDsl, sql_query};
use sangsaeng::access::keys::KeyRing;
use sangsaeng::clock::SteeredClock;
use sangsaeng::db::Url;
use sangsaeng::db::standby::Wanted;
use sangsaeng::http::state::Limits;

use super::cluster::{self, Cluster};
use super::{Place, TODAY, World, morning, template};

#[derive(QueryableByName)]
struct Text {
    #[diesel(sql_type = diesel::sql_types::Text)]
    value: String,
}

/// A primary and what follows it.
pub struct Pair {
    /// Takes the writes.
    pub primary: Cluster,
    /// Follows.
    pub standby: Cluster,
}

impl Pair {
    /// Starts both, with books that have a user for each role; nothing in a run on the embedded
    /// engine, which has no standbys.
    pub fn start() -> Option<Self> {
        if !cluster::is_asked_for() {
            return None;
        }
        let primary = Cluster::start();
        let url = Url::parse(&primary.url("postgres")).unwrap();
        template::fill(&url, &url);
        let standby = primary.standby();
        Some(Self { primary, standby })
    }

    /// A server over the primary that reads from the standby while it trails so many seconds at
    /// most.
    pub fn world(&self, lag: u64) -> World {
        let dir = tempfile::tempdir().unwrap();
        let [primary, standby] =
            [&self.primary, &self.standby].map(|of| Url::parse(&of.url("postgres")).unwrap());
        let keys = Arc::new(KeyRing::create(&dir.path().join("keys")).unwrap());
        let clock = Arc::new(SteeredClock::at(morning(TODAY)));
        let mut world = World::of(dir, Place::Shared(primary.clone(), primary), clock, keys);
        world.standby = Some(Wanted {
            url: standby,
            lag: Duration::from_secs(lag),
        });
        world.start(Limits::default());
        world
    }

    /// Waits until the standby shows all that is on the primary now.
    pub fn wait_until_replayed(&self) {
        let now: Text = sql_query("SELECT pg_current_wal_flush_lsn()::text AS value")
            .get_result(&mut self.primary.connect())
            .unwrap();
        let mut standby = self.standby.connect();
        let question = format!(
            "SELECT (pg_last_wal_replay_lsn() >= '{}')::text AS value",
            now.value
        );
        for _ in 0..3_000 {
            let shown: Text = sql_query(&question).get_result(&mut standby).unwrap();
            if shown.value == "true" {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the standby does not follow");
    }

    /// Holds the standby where it is: it receives, and shows nothing more.
    pub fn hold(&self) {
        self.standby.run("SELECT pg_wal_replay_pause()");
    }

    /// Lets it go on.
    pub fn let_go(&self) {
        self.standby.run("SELECT pg_wal_replay_resume()");
    }
}
