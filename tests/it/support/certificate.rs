//! Certificates of servers on the loopback: a good one, and some that nobody must trust.

use std::{net::TcpStream, path::PathBuf, sync::Arc};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};

/// What a server shows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Certificate {
    /// For 127.0.0.1, of our issuer.
    Good,
    /// Of our issuer, for another server.
    Elsewhere,
    /// Ours, but for the year 2020.
    Expired,
    /// Its own issuer.
    Unknown,
    /// For 127.0.0.1, of an issuer between it and the root, which is shown with it.
    Chain,
    /// The same, where that issuer is forgotten.
    Chained,
}

impl Certificate {
    /// For `SSL_CERT_FILE`: a machine that trusts our issuer.
    pub(crate) fn issuer() -> PathBuf {
        file("issuer.pem")
    }

    /// The root of the chain.
    pub(crate) fn root() -> PathBuf {
        file("root.pem")
    }

    /// The issuer between.
    pub(crate) fn between() -> PathBuf {
        file("between.pem")
    }

    /// The server's side of a line under TLS.
    pub(super) fn greet(self, stream: &TcpStream) -> StreamOwned<ServerConnection, &TcpStream> {
        let pem: &[u8] = match self {
            Self::Good => include_bytes!("certificates/good.pem"),
            Self::Elsewhere => include_bytes!("certificates/elsewhere.pem"),
            Self::Expired => include_bytes!("certificates/expired.pem"),
            Self::Unknown => include_bytes!("certificates/unknown.pem"),
            Self::Chain | Self::Chained => include_bytes!("certificates/chained.pem"),
        };
        let mut shown = vec![CertificateDer::from_pem_slice(pem).expect("a certificate")];
        if matches!(self, Self::Chain) {
            let between = include_bytes!("certificates/between.pem");
            shown.push(CertificateDer::from_pem_slice(between).expect("a certificate"));
        }
        let key = PrivateKeyDer::from_pem_slice(pem).expect("its key");
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions of TLS");
        let config = config.with_no_client_auth().with_single_cert(shown, key).expect("a server");
        StreamOwned::new(ServerConnection::new(Arc::new(config)).expect("a line"), stream)
    }
}

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests/it/support/certificates", name].iter().collect()
}
