//! Publishers under TLS: whom the system trusts, whom the operator (`--fetch-ca`) or a source (`ca`) trusts beside, and nobody else; and
//! where their redirects lead.

use std::path::PathBuf;

use super::{PATH, definition, things};
use crate::support::{Answer, Certificate, Publisher, Ran, TestHouse};

/// A house whose dataset is asked for at this publisher, and nobody trusts it yet.
fn house(publisher: &Publisher) -> TestHouse {
    let mut house = TestHouse::without_customers();
    house.dataset("things", &definition().replace("http://publisher.test", "https://publisher.test"));
    house.rewrite("publisher.test", publisher);
    publisher.serve(PATH, Answer::ok(things(&["1,one"])));
    house
}

fn trusting(house: &TestHouse, authority: Option<PathBuf>) -> Ran {
    let program = house.program(["ingest", "things"]);
    authority.into_iter().fold(program, |program, file| program.env("BLUEBOOK_FETCH_CA", file)).run()
}

#[test]
fn an_authority_of_the_publishers_own_is_trusted_once_the_operator_names_it() {
    let publisher = Publisher::with_tls(Certificate::Good);
    let house = house(&publisher);
    let told = trusting(&house, None).expect_code(1).stderr();
    let sentence = "cannot fetch https://publisher.test/things.csv: invalid peer certificate: UnknownIssuer. Nothing was \
                    sent: if it is the publisher, name a file with the certificate of its issuer by source.ca, or for all sources by --fetch-ca";
    assert!(told.contains(sentence), "{told}");
    assert_eq!(house.db().text("SELECT state FROM bluebook.runs"), "queued", "it may be mended");
    trusting(&house, Some(Certificate::root())).expect_code(1);
    trusting(&house, Some(Certificate::issuer())).expect_code(0);
    assert_eq!(publisher.asked(PATH), 1, "who is not trusted is asked nothing");
    house.assert_invariants();
}

#[test]
fn a_certificate_that_does_not_fit_is_refused_with_what_would_help() {
    let cases = [
        (Certificate::Expired, Certificate::issuer(), "expired", "the publisher has to renew its certificate"),
        (
            Certificate::Elsewhere,
            Certificate::issuer(),
            "mail.elsewhere.test",
            "write its name as the certificate does",
        ),
        (Certificate::Unknown, Certificate::issuer(), "UnknownIssuer", "the certificate of its issuer by source.ca"),
        (Certificate::Chained, Certificate::root(), "UnknownIssuer", "the one between that it forgets to send"),
    ];
    for (certificate, authority, reason, cure) in cases {
        let publisher = Publisher::with_tls(certificate);
        let house = house(&publisher);
        let told = trusting(&house, Some(authority)).expect_code(1).stderr();
        assert!(told.contains(reason) && told.contains(cure), "{certificate:?}: {told}");
        assert_eq!(publisher.log().len(), 0, "{certificate:?}");
    }
}

#[test]
fn a_chain_that_is_sent_in_part_is_made_whole_by_the_certificate_between() {
    let whole = Publisher::with_tls(Certificate::Chain);
    trusting(&house(&whole), Some(Certificate::root())).expect_code(0);
    let part = Publisher::with_tls(Certificate::Chained);
    trusting(&house(&part), Some(Certificate::between())).expect_code(0);
}

#[test]
fn a_file_without_certificates_is_told_at_once() {
    let publisher = Publisher::with_tls(Certificate::Good);
    let house = house(&publisher);
    let empty = house.dir().join("empty.pem");
    for (content, told) in [("", "there is no certificate in it"), ("-----BEGIN CERTIFICATE-----\nx\n", "")] {
        std::fs::write(&empty, content).unwrap();
        let refused = trusting(&house, Some(empty.clone())).expect_code(1).stderr();
        assert!(refused.contains("--fetch-ca") && refused.contains(told), "{refused}");
    }
    let missing = trusting(&house, Some(house.dir().join("none.pem"))).expect_code(1).stderr();
    assert!(missing.contains("--fetch-ca") && missing.contains("none.pem cannot be used"), "{missing}");
}

#[test]
fn an_authority_that_a_source_names_is_trusted_for_that_source_alone() {
    let publisher = Publisher::with_tls(Certificate::Good);
    let house = house(&publisher);
    let other = definition().replace("http://publisher.test", "https://publisher.test");
    house.dataset("others", &other);
    house.dataset("things", &other.replace("[format]", "ca = \"office.pem\"\n\n[format]"));
    let told = |sentence: &str| {
        let checked = house.run(["check"]).expect_code(1).stdout();
        assert!(checked.contains("parsers/datasets/things.toml") && checked.contains(sentence), "{checked}");
    };
    told("`ca` names office.pem, which stands beside the definition or nowhere: No such file");
    house.write("parsers/datasets/office.pem", "");
    told("there is no certificate in it");
    house.write("parsers/datasets/office.pem", std::fs::read(Certificate::issuer()).unwrap());
    house.run(["ingest", "things"]).expect_code(0);
    let refused = house.run(["ingest", "others"]).expect_code(1).stderr();
    assert!(refused.contains("UnknownIssuer"), "{refused}");
    assert_eq!(publisher.asked(PATH), 1);
    house.assert_invariants();
}

#[test]
fn redirects_lead_five_steps_far_and_never_out_of_encryption() {
    let secure = Publisher::with_tls(Certificate::Good);
    let mut house = house(&secure);
    let plain = Publisher::start();
    house.rewrite("plain.test", &plain);
    house.set("BLUEBOOK_FETCH_CA", Certificate::issuer());
    let more = "redirect_hosts = [\"plain.test\"]\n\n[format]";
    house.dataset(
        "things",
        &definition().replace("http://publisher.test", "https://publisher.test").replace("[format]", more),
    );
    for n in 0..6 {
        secure.serve(&format!("/{n}"), Answer::redirect(&format!("/{}", n + 1)));
    }
    secure.serve("/6", Answer::ok(things(&["1,one"])));
    let too_many = "and that is one redirect too many";
    let cases = [
        ("/2", None),
        ("/1", Some(too_many)),
        (PATH, Some(too_many)),
        ("/things.csv?again", Some(too_many)),
        ("http://plain.test/x", Some("redirects to http://plain.test/x, which is not encrypted any more")),
        ("http://publisher.test/6", Some("which is not encrypted any more")),
        ("https://evil.test/6", Some("redirects to https://evil.test/6, another host")),
        ("//evil.test/6", Some("redirects to https://evil.test/6, another host")),
        ("file:///etc/passwd", Some("redirects to file:///etc/passwd, another host")),
    ];
    secure.serve("/things.csv?again", Answer::redirect(PATH));
    for (to, told) in cases {
        secure.serve(PATH, Answer::redirect(to));
        let ran = house.run(["ingest", "things"]);
        match told {
            None => drop(ran.expect_code(0)),
            Some(told) => {
                let failed = ran.expect_code(1).stderr();
                assert!(failed.contains(told), "{to}: {failed}");
            }
        }
    }
    assert_eq!(plain.log().len(), 0);
    house.assert_invariants();
}
