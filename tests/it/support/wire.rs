//! The line between the program and PostgreSQL, for tests that cut it at the worst moment.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpStream},
    os::unix::net::UnixStream,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
};

use super::{Cluster, loopback::Loopback};

/// A line that hands everything through until it is told to cut; gone when it is dropped.
pub(crate) struct Wire {
    port: Loopback,
    state: Arc<State>,
}

struct State {
    socket: PathBuf,
    /// Once a session has sent this, its next COMMIT reaches the server, but no answer comes back.
    marked: Mutex<Option<String>>,
    cuts: AtomicU32,
}

impl Wire {
    /// A line to that server.
    pub(crate) fn to(cluster: &Cluster) -> Self {
        let (marked, cuts) = (Mutex::default(), AtomicU32::default());
        let state = Arc::new(State { socket: cluster.folder().join(".s.PGSQL.5432"), marked, cuts });
        let line = Arc::clone(&state);
        let port = Loopback::open(move |program| line.connect(program));
        Self { port, state }
    }

    /// `DATABASE_URL` through this line.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgresql://bluebook@{}/{database}?sslmode=disable", self.port.address())
    }

    /// Loses the answer to the next COMMIT of any session that sends `mark` before it. Once.
    pub(crate) fn lose_commit_after(&self, mark: &str) {
        *self.state.marked.lock().unwrap() = Some(mark.to_owned());
    }

    /// How many answers were lost.
    pub(crate) fn cuts(&self) -> u32 {
        self.state.cuts.load(Ordering::Relaxed)
    }
}

impl State {
    fn connect(&self, program: TcpStream) {
        let Ok(server) = UnixStream::connect(&self.socket) else { return };
        let deaf = Arc::new(AtomicBool::new(false));
        let (from_server, to_program) = (server.try_clone().expect("a socket"), program.try_clone().expect("a socket"));
        let ear = Arc::clone(&deaf);
        thread::spawn(move || answers(from_server, to_program, &ear));
        let _ = self.requests(program, &server, &deaf);
        let _ = server.shutdown(Shutdown::Both);
    }

    /// From the program to the server, watching for the mark and the COMMIT after it.
    fn requests(&self, mut program: TcpStream, mut server: &UnixStream, deaf: &AtomicBool) -> io::Result<()> {
        let (mut buffer, mut marked) = (vec![0; 64 * 1024], false);
        loop {
            let read = program.read(&mut buffer)?;
            if read == 0 {
                return Ok(());
            }
            let sent = String::from_utf8_lossy(&buffer[..read]).into_owned();
            marked |= self.marked.lock().unwrap().as_ref().is_some_and(|mark| sent.contains(mark.as_str()));
            if marked && sent.contains("COMMIT") && self.marked.lock().unwrap().take().is_some() {
                deaf.store(true, Ordering::Relaxed);
                self.cuts.fetch_add(1, Ordering::Relaxed);
            }
            server.write_all(&buffer[..read])?;
        }
    }
}

/// From the server to the program, until an answer is to be lost: then the line goes dead as soon as it comes.
fn answers(mut server: UnixStream, mut program: TcpStream, deaf: &AtomicBool) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read) = server.read(&mut buffer) {
        let lost = deaf.load(Ordering::Relaxed);
        if read == 0 || lost || program.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = program.shutdown(Shutdown::Both);
}
