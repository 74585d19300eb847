#!/bin/sh
# Installs what `make demo` and `make test` need beyond a Rust toolchain, and only what is missing.
#
#   packaging/install-tools.sh demo    PostgreSQL's server programs, time zones, a C compiler
#   packaging/install-tools.sh test    the same, Chromium with its driver, Python as another reader, and a clock to set
#
# Where all is there already, nothing is asked of the network and no right is needed.
set -eu

purpose=${1:-demo}
missing=

need() { # need PACKAGE CONDITION...: the package, unless the condition holds
    package=$1
    shift
    "$@" || missing="$missing $package"
}

has() { command -v "$1" >/dev/null 2>&1; }

has_server() {
    for folder in ${PG_BINDIR:-/usr/lib/postgresql/*/bin}; do
        [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && return 0
    done
    has initdb && has postgres
}

has_python() { python3 -c 'import ensurepip, venv' >/dev/null 2>&1; }

need postgresql has_server
need tzdata test -e /usr/share/zoneinfo/Europe/Madrid
need "gcc libc6-dev" has cc
if [ "$purpose" = test ]; then
    need chromium has chromium
    need chromium-driver has chromedriver
    need "python3 python3-venv" has_python
    need faketime has faketime
fi
[ -n "$missing" ] || exit 0

say_what_is_missing() {
    echo "This machine lacks:$missing (Debian's names). $1" >&2
    exit 1
}

has apt-get || say_what_is_missing "Install them with this system's package manager, then try again."
root=
if [ "$(id -u)" -ne 0 ]; then
    has sudo || say_what_is_missing "As root: apt-get install$missing"
    root=sudo
fi

echo "Installing$missing" >&2

# Debian's server package would make and start a cluster of its own; nobody asked for one.
no_cluster=/etc/postgresql-common/createcluster.d/bluebook.conf
$root mkdir -p "${no_cluster%/*}"
echo "create_main_cluster = false" | $root tee "$no_cluster" >/dev/null
trap '$root rm -f "$no_cluster"; $root rmdir --ignore-fail-on-non-empty "${no_cluster%/*}"' EXIT

# $missing is a list of words, and so is "$root env".
install() {
    # shellcheck disable=SC2086
    $root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $missing
}
# The lists of packages are fetched only if those at hand do not do.
install || { $root apt-get update && install; } || say_what_is_missing "apt-get could not install them; see above."
