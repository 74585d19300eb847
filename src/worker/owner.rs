//! Who holds a run, for people who look at it.

/// This process: the machine's name and the process number.
pub fn owner() -> String {
    let machine = nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok());
    format!("{}/{}", machine.unwrap_or_else(|| "unnamed".into()), std::process::id())
}
