//! A house of its own for each test: database, state folder, home and settings.

use std::{
    cell::OnceCell,
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
};

use super::{Cluster, Daemon, Db, Program, Publisher, Ran, Wire, program::Running};

/// Where the product's definitions stand.
const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

/// A database, a state folder and a home that no other test knows.
pub(crate) struct TestHouse {
    dir: PathBuf,
    url: String,
    settings: BTreeMap<&'static str, OsString>,
    rewrites: Vec<String>,
    allowed: Vec<String>,
    db: OnceCell<Db>,
    own: Option<Box<Cluster>>,
}

impl TestHouse {
    /// On the shared server, with the system's tables and the customer tables, and the product's definitions.
    pub(crate) fn new() -> Self {
        Self::on(None, "whole")
    }

    /// The same without the customer tables.
    pub(crate) fn without_customers() -> Self {
        Self::on(None, "bare")
    }

    /// With a database that has nothing in it at all.
    pub(crate) fn empty() -> Self {
        Self::on(None, "template1")
    }

    /// On a server of its own, which the test may stop: see [`TestHouse::server`].
    pub(crate) fn with_own_server() -> Self {
        Self::on(Some(Box::new(Cluster::start())), "whole")
    }

    fn on(own: Option<Box<Cluster>>, template: &str) -> Self {
        let cluster = own.as_deref().unwrap_or_else(|| Cluster::shared());
        let url = cluster.url(&cluster.create(template));
        let dir = tempfile::Builder::new().prefix("house-").tempdir_in(cluster.folder()).expect("a folder").keep();
        let settings = BTreeMap::from([
            ("DATABASE_URL", url.clone().into()),
            ("BLUEBOOK_STATE_DIR", dir.join("state").into()),
            ("BLUEBOOK_HOME", dir.join("home").into()),
            ("BLUEBOOK_LISTEN", "127.0.0.1:0".into()),
            ("BLUEBOOK_LOG", "info,bluebook=debug".into()),
            ("BLUEBOOK_LOG_FORMAT", "text".into()),
            ("BLUEBOOK_FETCH_DISTANCE_MS", "0".into()),
            ("HOME", dir.clone().into()),
        ]);
        let house = Self { dir, url, settings, rewrites: vec![], allowed: vec![], db: OnceCell::new(), own };
        house.furnish();
        house
    }

    /// The product's definitions, but nothing that is ever due.
    fn furnish(&self) {
        let (from, home) = (Path::new(REPOSITORY), self.home());
        for part in ["admin.toml", "parsers/datasets", "templates/reports"] {
            copy(&from.join(part), &home.join(part));
        }
        self.schedules("");
    }

    /// Calls a command and waits for its end.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Ran {
        self.program(args).run()
    }

    /// A command to be called, for more flags or variables.
    pub(crate) fn program<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Program {
        Program::of(self, args)
    }

    /// Calls a command and goes on.
    pub(crate) fn spawn<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Running {
        self.program(args).spawn(self.server())
    }

    /// Starts a daemon. May be called again: daemons share database and state folder.
    #[track_caller]
    pub(crate) fn serve(&self) -> Daemon {
        self.program(["serve"]).serve(self.server())
    }

    /// Starts a daemon with more arguments.
    #[track_caller]
    pub(crate) fn serve_with<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Daemon {
        let args = args.into_iter().map(|arg| arg.as_ref().to_owned());
        self.program(std::iter::once("serve".into()).chain(args)).serve(self.server())
    }

    /// A session with the database, opened when first asked for.
    pub(crate) fn db(&self) -> &Db {
        self.db.get_or_init(|| Db::connect(&self.url))
    }

    /// `DATABASE_URL`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The server that the database lives on.
    pub(crate) fn server(&self) -> &Cluster {
        self.own.as_deref().unwrap_or_else(|| Cluster::shared())
    }

    /// The folder that all of the house stands in; programs are called in it.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The folder of definitions.
    pub(crate) fn home(&self) -> PathBuf {
        self.dir.join("home")
    }

    /// The state folder.
    pub(crate) fn state(&self) -> PathBuf {
        self.dir.join("state")
    }

    /// Takes over a copy of another house's archive.
    pub(crate) fn inherit_archive(&self, of: &Self) {
        copy(&of.state().join("archive"), &self.state().join("archive"));
    }

    /// What the program's environment says.
    pub(crate) fn settings(&self) -> &BTreeMap<&'static str, OsString> {
        &self.settings
    }

    /// Sets a variable for all programs that are called from now on.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<OsString>) {
        self.settings.insert(name, value.into());
    }

    /// Programs reach the database through this line from now on; the test itself does not.
    pub(crate) fn connect_through(&mut self, wire: &Wire) {
        let database = self.db().text("SELECT current_database()");
        self.set("DATABASE_URL", wire.url(&database));
    }

    /// Requests for `host` go to the publisher, which is let in as an operator would let it in.
    pub(crate) fn rewrite(&mut self, host: &str, publisher: &Publisher) {
        self.rewrites.push(format!("{host}={}", publisher.url("")));
        self.set("BLUEBOOK_FETCH_REWRITE", self.rewrites.join(","));
        self.allow(publisher);
    }

    /// Lets a publisher in under its own address.
    pub(crate) fn allow(&mut self, publisher: &Publisher) {
        self.allowed.push(publisher.address().to_string());
        self.set("BLUEBOOK_FETCH_ALLOW", self.allowed.join(","));
    }

    /// Writes schedules.toml.
    pub(crate) fn schedules(&self, text: &str) {
        self.write("schedules.toml", text);
    }

    /// Writes a dataset's definition.
    pub(crate) fn dataset(&self, name: &str, text: &str) {
        self.write(&format!("parsers/datasets/{name}.toml"), text);
    }

    /// Writes a file of the home folder.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.home().join(path);
        fs::create_dir_all(path.parent().expect("a path in a folder")).expect("a folder");
        fs::write(path, text).expect("a file in the home folder");
    }

    /// Reads a file of the home folder.
    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.home().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}

impl Drop for TestHouse {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// A file or a whole folder; what does not exist is left out.
fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder of the repository").flatten() {
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else if from.exists() {
        fs::create_dir_all(to.parent().expect("a path in a folder")).expect("a folder");
        fs::copy(from, to).expect("a file of the repository");
    }
}
