//! A source's own authority: certificates in a file beside the definition.

use std::{fs, path::Path};

use parsers::{Dataset, Diagnostic};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};

use super::whole;

/// The dataset with the certificates that its source trusts.
pub(super) fn with_authority(folder: &Path, mut dataset: Dataset) -> Result<Dataset, Vec<Diagnostic>> {
    if let Some(authority) = &mut dataset.source.ca {
        let file = &authority.file;
        authority.pem = certificates(&folder.join(file)).map_err(|reason| {
            let message = format!("`ca` names {file}, which stands beside the definition or nowhere: {reason}");
            vec![whole(&format!("parsers/datasets/{}.toml", dataset.name), message)]
        })?;
    }
    Ok(dataset)
}

fn certificates(file: &Path) -> Result<Vec<u8>, String> {
    let pem = fs::read(file).map_err(|error| error.to_string())?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match found {
        Ok(found) if found.is_empty() => Err("there is no certificate in it".to_owned()),
        Ok(_) => Ok(pem),
        Err(error) => Err(error.to_string()),
    }
}
