#!/bin/sh
# Feeds the readers with what no publisher has sent yet: packaging/fuzz.sh SECONDS [TARGET …], all targets without one.
# Seeds are the fixtures; what is found lies under fuzz/artifacts and becomes a fixture.
set -eu
cd "$(dirname "$0")/../fuzz"

if ! cargo fuzz --version >/dev/null 2>&1; then
    echo "make fuzz needs cargo-fuzz: cargo install cargo-fuzz --locked" >&2
    exit 1
fi

seconds=${1:-600}
[ $# -gt 0 ] && shift
# Names of targets are words, and each is one argument.
# shellcheck disable=SC2046
[ $# -gt 0 ] || set -- $(sed -n 's/^name = "\([a-z]*\)"$/\1/p' Cargo.toml)

# The sanitizers and libFuzzer's instrumentation are flags that the stable compiler knows and keeps for itself.
export RUSTC_BOOTSTRAP=1
for target; do
    mkdir -p "corpus/$target"
    echo "== $target, $seconds s"
    cargo fuzz run "$target" "corpus/$target" ../parsers/fixtures/*/ -- \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=65536 -print_final_stats=1
done
