#!/bin/sh
# What `make lint` looks at beyond `make test`. A tool that is not installed is named, not passed over in silence.
set -u

failed=0
has() { command -v "$1" >/dev/null 2>&1; }

look() { # look TOOL PACKAGE COMMAND...
    tool=$1
    package=$2
    shift 2
    if has "$tool"; then
        echo "· $*"
        "$@" || failed=1
    else
        echo "· $tool is not installed, so \`$*\` was not run: $package"
    fi
}

look cargo-deny "cargo install cargo-deny" cargo deny --locked check
look cargo-audit "cargo install cargo-audit" cargo audit
look cargo-machete "cargo install cargo-machete" cargo machete
look shellcheck "apt-get install shellcheck" shellcheck packaging/install-tools.sh packaging/lint.sh packaging/fuzz.sh packaging/exposure.sh
look systemd-analyze "apt-get install systemd" packaging/exposure.sh packaging/bluebook.service
exit "$failed"
