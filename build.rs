//! Builds again when a file comes or goes among those that are compiled in: the macros that embed them watch only the
//! files that they found.

fn main() {
    for folder in ["migrations", "templates"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
