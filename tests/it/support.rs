//! What every integration test stands on.
//!
//! ```ignore
//! #[test]
//! fn a_release_is_published() {
//!     let house = TestHouse::new();                              // database, state folder and home of its own
//!     let publisher = Publisher::start();                        // a real HTTP server that can misbehave
//!     publisher.serve("/list.csv", Answer::ok("id,name\n1,one\n").etag("\"v1\""));
//!     house.dataset("things", &things_toml("http://publisher.test/list.csv"));
//!     house.rewrite("publisher.test", &publisher);               // let in as an operator would
//!     let ran = house.run(["ingest", "things", "--json"]).expect_code(0);
//!     assert_eq!(ran.json()["inserted"], 1);
//!     assert_eq!(house.db().dump("data.things"), ["1|one"]);
//!     house.assert_invariants();
//! }
//! ```
//!
//! * **Everything blocks.** Plain `#[test]` functions; database and HTTP are driven by one background runtime, so the
//!   helpers may also be called from a `#[tokio::test]` where an async library (the browser's) asks for one.
//! * **PostgreSQL**: one private server per run of this binary ([`Cluster::shared`]), a database per test cloned from a
//!   migrated template. A test that stops the server starts one of its own ([`TestHouse::with_own_server`]). A guard
//!   process takes servers and programs down when this process ends, however it ends.
//! * **Home**: the product's definitions copied into a temporary folder with an *empty* schedules.toml: nothing is due
//!   unless the test says so ([`TestHouse::schedules`]), and nothing ever asks a live site.
//! * **The program**: [`TestHouse::run`] for commands, [`TestHouse::serve`] for the daemon, whose log is printed when
//!   the test fails. The environment is empty but for the settings given.
//! * **Waiting**: [`eventually`] polls with a deadline. There are no sleeps in tests.

mod answer;
mod browser;
mod certificate;
mod cluster;
mod daemon;
mod database;
mod house;
mod invariants;
mod loopback;
mod post_office;
mod program;
mod publisher;
mod runtime;
mod sample;
mod selftest;
mod things;
mod venv;
mod visitor;
mod wait;
mod wire;

pub(crate) use answer::{Answer, Gate};
pub(crate) use browser::Browser;
pub(crate) use certificate::Certificate;
pub(crate) use cluster::{Cluster, binaries};
pub(crate) use daemon::Daemon;
pub(crate) use database::{Db, assert_same_rows};
pub(crate) use house::TestHouse;
pub(crate) use post_office::{Letter, Post, PostOffice};
pub(crate) use program::{Program, Ran, Running};
pub(crate) use publisher::Publisher;
pub(crate) use runtime::block_on;
pub(crate) use sample::one_in_five;
pub(crate) use things::{things_csv, things_rows, things_toml};
pub(crate) use venv::venv;
pub(crate) use visitor::{Page, Visitor};
pub(crate) use wait::eventually;
pub(crate) use wire::Wire;
