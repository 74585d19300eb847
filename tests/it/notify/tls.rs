//! Mail under TLS: to the server whose certificate is good, and to nobody else.

use super::{SOON, Scene};
use crate::support::{Certificate, PostOffice, eventually};

/// What is wrong with each, and what would help.
const BAD: [(Certificate, &str, &str); 3] = [
    (Certificate::Elsewhere, "mail.elsewhere.test", "write the name that stands in its certificate into --smtp-url"),
    (Certificate::Expired, "expired", "its certificate must be renewed where the server runs"),
    (Certificate::Unknown, "UnknownIssuer", "name a file with it in SSL_CERT_FILE"),
];

const LOGIN: &str = "ops:xyzzy-password";

/// Mails go through this URL from now on, on a machine that trusts our issuer.
fn through(mut scene: Scene, office: &PostOffice, url: String) -> Scene {
    scene = scene.mails(office);
    scene.house.set("BLUEBOOK_SMTP_URL", url);
    scene.house.set("SSL_CERT_FILE", Certificate::issuer());
    scene
}

#[test]
fn a_server_whose_certificate_is_good_gets_mails() {
    let (tls, starttls) = (PostOffice::with_tls(Certificate::Good), PostOffice::with_starttls(Certificate::Good));
    let mut scene = Scene::new();
    for (office, url) in [(&tls, tls.url_within_tls(LOGIN)), (&starttls, starttls.url_with_tls(LOGIN))] {
        scene = through(scene, office, url);
        scene.house.run(["notify", "test"]).expect_code(0);
        assert_eq!(office.letters().len(), 1);
        assert!(office.said().iter().any(|line| line.starts_with("AUTH")), "{:?}", office.said());
    }
}

#[test]
fn a_server_whose_certificate_is_bad_gets_no_mail_and_no_password() {
    let mut scene = Scene::new();
    for (certificate, what, cure) in BAD {
        let (tls, starttls) = (PostOffice::with_tls(certificate), PostOffice::with_starttls(certificate));
        for (office, url) in [(&tls, tls.url_within_tls(LOGIN)), (&starttls, starttls.url_with_tls(LOGIN))] {
            scene = through(scene, office, url);
            let told = scene.house.run(["notify", "test"]).expect_code(1).stdout();
            assert!(told.contains(what) && told.contains(cure), "{certificate:?}: {told}");
            assert!(office.letters().is_empty(), "{certificate:?}");
            let more = office.said().into_iter().find(|line| !line.starts_with("EHLO") && line != "STARTTLS");
            assert_eq!(more, None, "{certificate:?}");
        }
    }
}

#[test]
fn a_mail_stays_owed_until_the_certificate_is_renewed() {
    let (expired, renewed) = (PostOffice::with_tls(Certificate::Expired), PostOffice::with_tls(Certificate::Good));
    let scene = Scene::new();
    let scene = through(scene, &expired, expired.url_within_tls(LOGIN));
    scene.fail();
    let daemon = scene.house.serve();
    eventually(SOON, "the failure is recorded", || {
        let error = scene.house.db().column("SELECT error FROM bluebook.notices WHERE not_before > now()");
        error.iter().any(|error| error.contains("must be renewed")).then_some(())
    });
    assert_eq!((scene.notices(), expired.letters().len()), (vec!["pending 1".to_owned()], 0));
    daemon.terminate(SOON);
    let scene = through(scene, &renewed, renewed.url_within_tls(LOGIN));
    let _daemon = scene.house.serve();
    scene.wait_is_over();
    scene.until(&["sent 2"]);
    assert_eq!(renewed.letters().len(), 1);
}
