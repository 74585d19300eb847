//! A free port on the loopback that somebody answers, each caller on a thread of its own.

use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// An open port; closed when it is dropped.
pub(super) struct Loopback {
    address: SocketAddr,
    closed: Arc<AtomicBool>,
}

impl Loopback {
    /// Opens a free port, and hands each caller to `serve`.
    pub(super) fn open(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its number");
        let (closed, serve) = (Arc::new(AtomicBool::new(false)), Arc::new(serve));
        let over = Arc::clone(&closed);
        thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                if over.load(Ordering::Relaxed) {
                    return;
                }
                let serve = Arc::clone(&serve);
                thread::spawn(move || serve(caller));
            }
        });
        Self { address, closed }
    }

    /// Host and port.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
        // Wakes the thread, so that it sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}
