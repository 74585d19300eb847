//! Starting Chromium's driver, and what it is told.

use std::{
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;
use url::{ParseError, Url};

/// A command that the `WebDriver` standard does not have, but Chromium's driver does.
#[derive(Debug)]
pub(super) struct Special {
    pub(super) path: &'static str,
    pub(super) body: String,
}

impl WebDriverCompatibleCommand for Special {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.clone()))
    }
}

/// Starts the driver on a port that it chooses.
pub(super) fn start() -> (Child, u16) {
    let mut command = Command::new("chromedriver");
    command.arg("--port=0").process_group(0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut driver = command.spawn().unwrap_or_else(|error| {
        panic!(
            "{error}: the browser tests need Chromium and its driver (Debian: apt-get install chromium chromium-driver)"
        )
    });
    let mut stdout = driver.stdout.take().expect("its output");
    let port = BufReader::new(&mut stdout)
        .lines()
        .map_while(Result::ok)
        .find_map(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok());
    driver.stdout = Some(stdout);
    (driver, port.expect("chromedriver says its port"))
}

/// The browser that is asked for: no window, a profile of its own, and nobody to talk to but the site.
pub(super) fn capabilities(profile: &TempDir) -> Capabilities {
    let chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let binary = chromium.map(PathBuf::from).into_iter().find(|path| path.exists());
    let binary = binary.expect("Chromium is installed (Debian: apt-get install chromium chromium-driver)");
    let mut flags = vec![
        "--headless=new".to_owned(),
        format!("--user-data-dir={}", profile.path().display()),
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1".to_owned(),
    ];
    flags.extend(
        ["disable-background-networking", "disable-component-update", "disable-default-apps", "disable-dev-shm-usage"]
            .iter()
            .chain(&["disable-extensions", "disable-gpu", "disable-sync", "no-first-run", "hide-scrollbars"])
            .map(|flag| format!("--{flag}")),
    );
    if nix::unistd::geteuid().is_root() {
        flags.push("--no-sandbox".to_owned());
    }
    let capabilities = json!({
        "goog:chromeOptions": {"binary": binary, "args": flags},
        "goog:loggingPrefs": {"browser": "ALL"},
        "timeouts": {"script": 60_000, "pageLoad": 30_000},
    });
    capabilities.as_object().expect("an object").clone()
}
