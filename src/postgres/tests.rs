//! Against the real server programs of this machine.

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use super::Server;
use crate::{config::StateDir, db::Connector};

/// A state folder that the server's account can get to, whoever runs the tests.
fn state() -> (tempfile::TempDir, StateDir) {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
    let state = StateDir::new(Some(folder.path()));
    (folder, state)
}

fn pid(state: &StateDir) -> Option<i32> {
    let written = fs::read_to_string(state.postgres().join("data/postmaster.pid")).ok()?;
    let pid: i32 = written.lines().next()?.parse().ok()?;
    Path::new(&format!("/proc/{pid}")).exists().then_some(pid)
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(30), "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

async fn run(server: &Server, sql: &str) -> Vec<tokio_postgres::SimpleQueryMessage> {
    let client = Connector::new(&server.url()).unwrap().client().await.unwrap();
    client.simple_query(sql).await.unwrap()
}

async fn number(server: &Server, sql: &str) -> String {
    let answer = run(server, sql).await;
    let row = answer.into_iter().find_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(ToOwned::to_owned),
        _ => None,
    });
    row.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_role_owns_its_database_and_is_no_superuser_and_nothing_listens_on_tcp() {
    let (_folder, state) = state();
    let server = Server::join(&state, None).unwrap();
    let facts = "SELECT concat_ws(' ', rolsuper, rolcreatedb, rolcreaterole, \
                 (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()), \
                 current_setting('listen_addresses') = '', current_setting('fsync')) \
                 FROM pg_roles WHERE rolname = current_user";
    assert_eq!(number(&server, facts).await, "f t f bluebook t on");
    let superuser = server.url().replace("user=bluebook", "user=postgres");
    assert!(Connector::new(&superuser).unwrap().client().await.is_err(), "the superuser came in");
    server.leave().unwrap();
    assert_eq!(pid(&state), None, "the server was not stopped");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_committed_is_there_after_a_stop_and_a_second_start() {
    let (_folder, state) = state();
    let server = Server::join(&state, None).unwrap();
    run(&server, "CREATE TABLE kept AS SELECT 7 AS seven").await;
    server.leave().unwrap();
    let server = Server::join(&state, None).unwrap();
    assert_eq!(number(&server, "SELECT seven FROM kept").await, "7");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_is_started_again_with_nothing_lost() {
    let (_folder, state) = state();
    let server = Server::join(&state, None).unwrap();
    run(&server, "CREATE TABLE kept AS SELECT 7 AS seven").await;
    let killed = pid(&state).unwrap();
    kill(Pid::from_raw(killed), Signal::SIGKILL).unwrap();
    until("another server runs", || pid(&state).is_some_and(|pid| pid != killed));
    let connector = Connector::new(&server.url()).unwrap();
    let begun = Instant::now();
    while connector.client().await.is_err() {
        assert!(begun.elapsed() < Duration::from_secs(30), "the server lets nobody in");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(number(&server, "SELECT seven FROM kept").await, "7");
    server.leave().unwrap();
    assert_eq!(pid(&state), None);
}

#[test]
fn the_last_of_two_users_stops_the_server() {
    let (_folder, state) = state();
    let (one, two) = std::thread::scope(|scope| {
        let join = || Server::join(&state, None).unwrap();
        let (one, two) = (scope.spawn(join), scope.spawn(join));
        (one.join().unwrap(), two.join().unwrap())
    });
    let running = pid(&state);
    assert!(running.is_some());
    one.leave().unwrap();
    assert_eq!(pid(&state), running, "stopped although somebody used it");
    two.leave().unwrap();
    assert_eq!(pid(&state), None);
}

#[test]
fn a_server_left_behind_by_a_killed_program_is_taken_over_and_stopped_in_the_end() {
    let (_folder, state) = state();
    Server::join(&state, None).unwrap().abandon();
    let left = pid(&state).expect("the server runs on");
    let server = Server::join(&state, None).unwrap();
    assert_eq!(pid(&state), Some(left), "a second server was started");
    server.leave().unwrap();
    assert!(!state.postgres().join("data/postmaster.pid").exists(), "the server was not stopped");
}

#[test]
fn a_pid_file_that_names_a_stranger_does_not_keep_the_server_from_starting() {
    let (_folder, state) = state();
    Server::join(&state, None).unwrap().leave().unwrap();
    let mut stranger = Command::new("sleep").arg("60").spawn().unwrap();
    fs::write(state.postgres().join("data/postmaster.pid"), format!("{}\n", stranger.id())).unwrap();
    let server = Server::join(&state, None);
    stranger.kill().unwrap();
    stranger.wait().unwrap();
    server.unwrap().leave().unwrap();
}

#[test]
fn an_initdb_that_was_killed_leaves_nothing_in_the_way() {
    let (_folder, state) = state();
    fs::create_dir_all(state.postgres().join("data.new/base")).unwrap();
    fs::write(state.postgres().join("data.new/PG_VERSION"), "15\n").unwrap();
    // The folder is the server's own in life; a test run by root made it as root.
    give_to_the_server(&state.postgres());
    Server::join(&state, None).unwrap().leave().unwrap();
}

#[test]
fn a_state_folder_with_a_long_and_odd_path_works_too() {
    let (folder, _) = state();
    let long = folder.path().join("it's a \"path\"").join("long".repeat(20));
    fs::create_dir_all(&long).unwrap();
    let state = StateDir::new(Some(&long));
    let server = Server::join(&state, None).unwrap();
    assert!(server.url().contains("/tmp/bluebook-"), "{}", server.url());
    server.leave().unwrap();
}

fn give_to_the_server(folder: &Path) {
    super::account::Account::find().unwrap().give(folder).unwrap();
}
