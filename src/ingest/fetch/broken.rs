//! Why a line could not be made or broke, in words.

use std::{error::Error, io};

use rustls::{AlertDescription, CertificateError};

use super::FetchError;

/// An error of the HTTP client, told by its deepest cause: the layers above only say "error sending request", and
/// may repeat the URL with its secrets.
pub(super) fn broken(url: &str, error: reqwest::Error) -> FetchError {
    let error = error.without_url();
    let mut cause: &(dyn Error + 'static) = &error;
    let mut cure = tls(cause).and_then(cure_of);
    while let Some(deeper) = cause.source() {
        cause = deeper;
        cure = cure.or_else(|| tls(cause).and_then(cure_of));
    }
    let (url, reason) = (url.to_owned(), cause.to_string());
    match cure {
        Some(cure) => FetchError::Untrusted { url, reason, cure },
        None => FetchError::Broken { url, reason },
    }
}

/// An error of TLS. What stands in an I/O error is not among its sources, and may be an I/O error itself.
fn tls<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => tls(inner),
        None => error.downcast_ref(),
    }
}

/// What would help, if the publisher's TLS is at fault.
fn cure_of(error: &rustls::Error) -> Option<&'static str> {
    let found = match error {
        rustls::Error::InvalidCertificate(found) => found,
        rustls::Error::PeerIncompatible(_)
        | rustls::Error::AlertReceived(AlertDescription::HandshakeFailure | AlertDescription::ProtocolVersion) => {
            return Some("the publisher offers only kinds of TLS that are out of use, and has to offer a newer one");
        }
        _ => return None,
    };
    Some(match found {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it shows the certificate of another server: write its name as the certificate does"
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the publisher has to renew its certificate"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "compare the clock of this machine with the publisher's"
        }
        CertificateError::UnknownIssuer => {
            "if it is the publisher, name a file with the certificate of its issuer by source.ca, or for all sources by \
             --fetch-ca: that of its own authority, or the one between that it forgets to send"
        }
        _ => "it needs another certificate",
    })
}
