//! A real Chromium, driven through its driver, and what a person does with it.

mod driver;

use std::{process::Child, time::Duration};

use driver::Special;
use fantoccini::{Client, ClientBuilder, Locator, elements::Element};
use hyper_util::client::legacy::connect::HttpConnector;
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{block_on, eventually};

const PATIENCE: Duration = Duration::from_secs(10);
const AXE: &str = include_str!("../../vendor/axe-core/axe.min.js");
const RUN_AXE: &str = include_str!("axe.js");

/// A browser window with a profile of its own. Dropped, it is closed.
pub(crate) struct Browser {
    client: Client,
    driver: Child,
    site: String,
    _profile: TempDir,
}

impl Browser {
    /// Opens a window on nothing yet; paths are those of `site`.
    pub(crate) fn open(site: &str) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let (driver, port) = driver::start();
        let capabilities = driver::capabilities(&profile);
        let client = block_on(async move {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(capabilities).connect(&format!("http://127.0.0.1:{port}")).await
        });
        let client = client.expect("Chromium starts");
        let browser = Self { client, driver, site: site.to_owned(), _profile: profile };
        browser.desktop();
        browser.scheme("light");
        browser
    }

    /// Goes to a page of the site.
    #[track_caller]
    pub(crate) fn goto(&self, path: &str) {
        let url = format!("{}{path}", self.site);
        self.drive(async move |client| client.goto(&url).await).expect("the page loads");
    }

    /// Path and query of the page that is shown.
    pub(crate) fn path(&self) -> String {
        let url = self.drive(async move |client| client.current_url().await).expect("a page is shown");
        url[url::Position::BeforePath..].to_owned()
    }

    /// Waits until a page is shown whose path starts like this.
    #[track_caller]
    pub(crate) fn wait_for_path(&self, start: &str) {
        eventually(PATIENCE, &format!("the page {start} instead of {}", self.path()), || {
            self.path().starts_with(start).then_some(())
        });
    }

    /// The text of the first element that a CSS selector finds, waiting for one.
    #[track_caller]
    pub(crate) fn text(&self, css: &str) -> String {
        self.with(css, async |element: Element| element.text().await)
    }

    /// The text of the whole page as it is seen.
    #[track_caller]
    pub(crate) fn page(&self) -> String {
        self.text("body")
    }

    /// Waits until the page shows this text.
    #[track_caller]
    pub(crate) fn wait_for_text(&self, text: &str) {
        let seen = || self.try_with("body", async |body: Element| body.text().await).unwrap_or_default();
        eventually(PATIENCE, &format!("{text:?} on {}:\n{}", self.path(), seen()), || {
            seen().contains(text).then_some(())
        });
    }

    /// Whether there is such an element now.
    pub(crate) fn has(&self, css: &str) -> bool {
        self.try_with(css, async |_| Ok(())).is_some()
    }

    /// Whether there is such an element and it can be seen.
    pub(crate) fn shows(&self, css: &str) -> bool {
        self.try_with(css, async |element: Element| element.is_displayed().await).unwrap_or(false)
    }

    /// An attribute of an element, waiting for one.
    #[track_caller]
    pub(crate) fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.with(css, |element| {
            let name = name.to_owned();
            async move { element.attr(&name).await }
        })
    }

    /// The value of a field.
    #[track_caller]
    pub(crate) fn value(&self, css: &str) -> String {
        self.with(css, async |element: Element| element.prop("value").await).unwrap_or_default()
    }

    /// Clicks an element, waiting for one.
    #[track_caller]
    pub(crate) fn click(&self, css: &str) {
        self.with(css, async |element: Element| element.click().await);
    }

    /// Replaces what stands in a field.
    #[track_caller]
    pub(crate) fn fill(&self, css: &str, text: &str) {
        self.with(css, |field| {
            let text = text.to_owned();
            async move {
                field.clear().await?;
                field.send_keys(&text).await
            }
        });
    }

    /// Presses keys where the focus is.
    pub(crate) fn press(&self, keys: &str) {
        let keys = keys.to_owned();
        let pressed = async move |client: Client| client.active_element().await?.send_keys(&keys).await;
        self.drive(pressed).expect("keys can be pressed");
    }

    /// Runs a script in the page; it must `return` what it found.
    #[track_caller]
    pub(crate) fn script(&self, script: &str) -> Value {
        let script = script.to_owned();
        self.drive(async move |client| client.execute(&script, vec![]).await).expect("the script runs")
    }

    /// A desktop's window.
    pub(crate) fn desktop(&self) {
        self.screen(1280, 900, false);
    }

    /// A phone's screen.
    pub(crate) fn phone(&self) {
        self.screen(390, 844, true);
    }

    /// `light` or `dark`, as the person's system prefers it. Nothing moves, so that colours are what they are at once.
    pub(crate) fn scheme(&self, scheme: &str) {
        let features = [("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")];
        let features = features.map(|(name, value)| json!({"name": name, "value": value}));
        self.devtools("Emulation.setEmulatedMedia", &json!({"features": features}));
    }

    /// Turns the page's own scripts off, or on again.
    pub(crate) fn scripts(&self, on: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", &json!({"value": !on}));
    }

    /// What axe-core has against the page: one line for each violation and place.
    #[track_caller]
    pub(crate) fn axe(&self) -> Vec<String> {
        let is_there = self.script("return typeof axe === 'object'") == true;
        let script = if is_there { RUN_AXE.to_owned() } else { format!("{AXE};{RUN_AXE}") };
        let found = self.drive(async move |client| client.execute_async(&script, vec![]).await).expect("axe runs");
        serde_json::from_value(found).expect("axe.js gives an array of lines")
    }

    /// What the console complains of since it was last asked: script errors, policy violations, what is missing. A form
    /// that is answered with its mistakes (422) is no complaint.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let log = self.command("se/log", &json!({"type": "browser"}));
        let lines = log.as_array().cloned().unwrap_or_default();
        let severe = lines.into_iter().filter(|line| line["level"] == "SEVERE").map(|line| line["message"].to_string());
        severe.filter(|message| !message.contains("the server responded with a status of 422")).collect()
    }

    /// Takes a picture of the page for whoever must find out what went wrong; says where it is.
    fn picture(&self) -> String {
        let file = format!("{}/browser-{}.png", env!("CARGO_TARGET_TMPDIR"), self.driver.id());
        let taken = self.drive(async move |client| client.screenshot().await);
        taken.map_or_else(
            |error| error.to_string(),
            |png| std::fs::write(&file, png).map_or_else(|e| e.to_string(), |()| file),
        )
    }

    fn screen(&self, width: u32, height: u32, mobile: bool) {
        let screen = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile});
        self.devtools("Emulation.setDeviceMetricsOverride", &screen);
    }

    fn devtools(&self, method: &str, parameters: &Value) {
        self.command("goog/cdp/execute", &json!({"cmd": method, "params": parameters}));
    }

    /// A command of the driver's own.
    fn command(&self, path: &'static str, body: &Value) -> Value {
        let command = Special { path, body: body.to_string() };
        self.drive(async move |client| client.issue_cmd(command).await).expect("the driver obeys")
    }

    /// Does something with an element, waiting for it; tries again when the page changes meanwhile.
    #[track_caller]
    fn with<T, F>(&self, css: &str, act: impl Fn(Element) -> F) -> T
    where
        T: Send + 'static,
        F: Future<Output = Result<T, fantoccini::error::CmdError>> + Send + 'static,
    {
        eventually(PATIENCE, &format!("`{css}` on {}", self.path()), || self.try_with(css, &act))
    }

    fn try_with<T, F>(&self, css: &str, act: impl Fn(Element) -> F) -> Option<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, fantoccini::error::CmdError>> + Send + 'static,
    {
        let css = css.to_owned();
        let element = self.drive(async move |client| client.find(Locator::Css(&css)).await).ok()?;
        block_on(act(element)).ok()
    }

    fn drive<T, F>(&self, act: impl FnOnce(Client) -> F) -> T
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        block_on(act(self.client.clone()))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("---- the browser showed {}\n{:?}\n{}", self.path(), self.complaints(), self.picture());
        }
        let client = self.client.clone();
        let _ = block_on(async move { client.close().await });
        let group = Pid::from_raw(self.driver.id().try_into().expect("a process number"));
        let _ = killpg(group, Signal::SIGKILL);
        let _ = self.driver.wait();
    }
}
