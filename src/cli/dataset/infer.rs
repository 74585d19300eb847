//! `bluebook dataset infer`

use std::{
    fs::{self, File},
    io::{self, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow};
use parsers::{
    Dataset, ReadSeek,
    infer::{self, Asked, Beside, Inferred},
};
use url::Url;

use crate::{
    boot::{self, House},
    cli::{Exit, out},
    config::{Home, Settings},
    ingest::{
        Fetcher,
        fetch::{Ask, InTurn, Means, Turn, Validators},
    },
    job::{DatasetName, parted, secrets},
};

/// A file's most likely descriptions.
const BESIDE: &[&str] = &["datapackage.json", "csv-metadata.json", "metadata.json"];

/// Which file, and what to do with what is found.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The file to look at, or where it is published.
    #[arg(value_name = "FILE|URL")]
    from: String,
    /// The dataset's name; else one is made of the file's.
    #[arg(long)]
    name: Option<DatasetName>,
    /// A Data Package or CSV on the Web metadata that says what the columns mean; one beside the file is found by itself.
    #[arg(long, value_name = "PATH")]
    beside: Option<PathBuf>,
    /// Write parsers/datasets/NAME.toml and a fixture cut from the file. Nothing is overwritten.
    #[arg(long)]
    write: bool,
}

/// A file at hand.
struct Found {
    file: File,
    /// Its own name.
    name: String,
    url: String,
}

pub(super) async fn run(settings: Settings, args: Args) -> anyhow::Result<Exit> {
    let home = settings.home();
    let found = find(settings, &args.from).await?;
    let asked = asked(&args, &found)?;
    let (looked, name) = (asked.clone(), found.name.clone());
    let inferred = tokio::task::spawn_blocking(move || infer::infer(&looked, &|| again(&found.file))).await?;
    let inferred = inferred.with_context(|| format!("cannot propose a definition for {name}"))?;
    if args.write {
        write(&home, &asked.name, &inferred)?;
    } else {
        out::line(inferred.definition.trim_end());
    }
    tell(&inferred);
    if args.write {
        next(&args, &asked.name);
    }
    Ok(if inferred.rejected == 0 { Exit::Good } else { Exit::Failed })
}

/// The file from its start on. It is read by one reader at a time.
fn again(file: &File) -> io::Result<Box<dyn ReadSeek>> {
    let mut file = file.try_clone()?;
    file.rewind()?;
    Ok(Box::new(file))
}

/// The file, fetched into the archive if it is not on this machine.
async fn find(settings: Settings, from: &str) -> anyhow::Result<Found> {
    if let Some(url) = from.parse::<Url>().ok().filter(|url| matches!(url.scheme(), "http" | "https")) {
        return fetch(settings, &url).await;
    }
    let cannot = || format!("cannot read {from}");
    let path = fs::canonicalize(from).with_context(cannot)?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let url = Url::from_file_path(&path).map_or_else(|()| String::new(), String::from);
    Ok(Found { file: File::open(&path).with_context(cannot)?, name, url })
}

async fn fetch(settings: Settings, url: &Url) -> anyhow::Result<Found> {
    boot::install_tls();
    let archive = House::archive(&settings)?;
    let (fetcher, stranger) = (Fetcher::new(&settings)?, stranger(url)?);
    let manner = fetcher.manner(&stranger.source.asking(None)?)?;
    let (known, bytes) = (&Validators::default(), stranger.source.max_bytes);
    let ask = Ask { url: url.as_str(), manner: &manner, known, bytes };
    let in_turn: InTurn<'_> = &|_host, _held| Box::pin(async { Ok(Turn::default()) });
    let came = fetcher.fetch(&stranger, ask, Means { archive: &archive, watch: &|_, _| (), in_turn }).await?;
    let new = came.file.context("the publisher sent no file")?;
    let kept = archive.keep(new.incoming).await?;
    out::note(format_args!("fetched {} bytes; the archive keeps them as {}", kept.bytes, kept.sha256));
    Ok(Found { file: archive.read(&kept.sha256).await?, name: new.name, url: url.as_str().to_owned() })
}

/// A dataset of which nothing is known but its URL: it is fetched with the limits that every dataset has by itself.
fn stranger(url: &Url) -> anyhow::Result<Dataset> {
    let text = include_str!("infer/stranger.toml").replace("{url}", url.as_str());
    let dataset = Dataset::parse("the file asked for", "stranger".parse()?, &text);
    dataset
        .map_err(|mistakes| anyhow!("{}", mistakes.iter().map(|m| m.message.as_str()).collect::<Vec<_>>().join("; ")))
}

fn asked(args: &Args, found: &Found) -> anyhow::Result<Asked> {
    let name = match &args.name {
        Some(name) => name.clone(),
        None => {
            infer::name(&found.name).with_context(|| format!("{:?} makes no name: say one by --name", found.name))?
        }
    };
    let beside = description(args).map(|path| described(&path, &found.name)).transpose()?.flatten().unwrap_or_default();
    let (url, secrets) = without_secrets(&found.url);
    for (parameter, secret) in &secrets {
        out::note(format_args!("{parameter} is a secret: keep it as {secret}, for the definition is read by many"));
    }
    Ok(Asked { name, url, secrets, beside })
}

/// What a description says of the file, if it is one of this file.
fn described(path: &Path, file: &str) -> anyhow::Result<Option<Beside>> {
    let json = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let beside = Beside::parse(&json, file)?;
    match beside {
        Some(_) => out::note(format_args!("what {} says is in it, too", path.display())),
        None => out::note(format_args!("{} does not describe a file {file}, and is not used", path.display())),
    }
    Ok(beside)
}

/// The URL without its secrets, and the parameters that they were, each with a name to keep it by.
fn without_secrets(url: &str) -> (String, Vec<(String, String)>) {
    let Some(whole) = Url::parse(url).ok().filter(|whole| !secrets(whole).is_empty()) else {
        return (url.to_owned(), Vec::new());
    };
    let (plain, parameters) = parted(&whole);
    let kept = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let named = |parameter: String| (parameter.clone(), parameter.chars().map(kept).collect());
    (plain.into(), parameters.into_iter().map(named).collect())
}

/// The description that was given, or one that lies beside the file.
fn description(args: &Args) -> Option<PathBuf> {
    args.beside.clone().or_else(|| beside(&args.from))
}

fn beside(file: &str) -> Option<PathBuf> {
    let here = Path::new(file);
    let folder = here.parent().filter(|_| here.is_file())?;
    let own = PathBuf::from(format!("{file}-metadata.json"));
    let mut named = std::iter::once(own).chain(BESIDE.iter().map(|name| folder.join(name)));
    named.find(|path| path.is_file())
}

fn write(home: &Home, name: &DatasetName, inferred: &Inferred) -> anyhow::Result<()> {
    let cannot = |folder: &Path| format!("cannot make the folder {}", folder.display());
    fs::create_dir_all(home.datasets()).with_context(|| cannot(&home.datasets()))?;
    let definition = home.datasets().join(format!("{name}.toml"));
    new_file(&definition, inferred.definition.as_bytes())?;
    if let Some(fixture) = &inferred.fixture {
        let folder = home.fixtures().join(name.as_str());
        fs::create_dir_all(&folder).with_context(|| cannot(&folder))?;
        new_file(&folder.join(&fixture.name), &fixture.bytes)?;
    }
    Ok(())
}

/// What a person does now, in the words to type.
fn next(args: &Args, name: &DatasetName) {
    let at_hand = !args.from.contains("://");
    let file = if at_hand { format!(" --file {:?}", args.from) } else { String::new() };
    out::note("next: in the definition, look at each line that says GUESS, and fill in what is \"not said yet\"; then");
    out::note("  bluebook check");
    out::note(format_args!("  bluebook ingest {name}{file}"));
    if at_hand {
        out::note("before it gets a schedule, say as `url` in [source] where the file is published");
    }
}

fn new_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let cannot = || format!("cannot write {}", path.display());
    let made = File::create_new(path).with_context(|| {
        if path.exists() {
            format!("{} is there already, and is not overwritten: remove it, or say another --name", path.display())
        } else {
            cannot()
        }
    });
    made?.write_all(bytes).with_context(cannot)?;
    out::line(path.display());
    Ok(())
}

/// How the file fares with the definition, beside the result.
fn tell(inferred: &Inferred) {
    let Inferred { rows, rejected, reject, .. } = inferred;
    out::note(format_args!("read by this definition, the file has {rows} rows and {rejected} rejects"));
    if let Some(reject) = reject {
        let place = reject.line.map_or_else(|| format!("record {}", reject.record), |line| format!("line {line}"));
        let column = reject.column.as_deref().unwrap_or("the record");
        out::note(format_args!("the first of them, {place}: {column} {}", reject.reason));
        let change = match &reject.column {
            Some(column) => format!("`type` or `nulls` of {column} in [columns]"),
            None => "`quoting`, `ragged` or `footer` in [format]".to_owned(),
        };
        out::note(format_args!(
            "so its release would be held: change {change}, or allow some by `max_rejected` in [expect]"
        ));
    }
    if inferred.fixture.is_none() {
        out::note("no fixture was cut: no rule makes a small file of this large one that reads alike; cut one by hand");
    }
}
