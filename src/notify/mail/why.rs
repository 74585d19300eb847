//! Why a mail could not be handed over, and what would help.

use std::{error::Error, io};

use rustls::CertificateError;

/// The error and its causes on one line.
pub(super) fn sentence(error: &(dyn Error + 'static)) -> String {
    let (mut text, mut cause) = (error.to_string(), error.source());
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = inner.source();
    }
    if let Some(cure) = certificate(error).map(cure) {
        text = format!("{text}. Nothing was sent, as this may not be your server: {cure}");
    }
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// What is wrong with the server's certificate, if that is what it is about.
fn certificate<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a CertificateError> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        // What stands in an I/O error is not among its sources.
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let found = inner.and_then(|inner| inner.downcast_ref()).or_else(|| error.downcast_ref());
        if let Some(rustls::Error::InvalidCertificate(found)) = found {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

fn cure(found: &CertificateError) -> &'static str {
    match found {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "write the name that stands in its certificate into --smtp-url"
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate must be renewed where the server runs"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "compare the clock of this machine with the server's"
        }
        CertificateError::UnknownIssuer => {
            "if it is, add the certificate of its issuer to those that this system trusts, or name a file with it in \
             SSL_CERT_FILE"
        }
        _ => "it needs another certificate",
    }
}
