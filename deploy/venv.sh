#!/bin/sh
# deploy/venv.sh run|dev: make .venv hold what requirements/<name>.lock lists; quick when it does already.
#
# The lock files name no package registry: pip and uv use the ones this machine is set up for. Every file is checked
# against its hash. What is installed is remembered as a copy of the lock in .venv, so a new checkout time means nothing.
set -eu
cd "$(dirname "$0")/.."
lock=requirements/$1.lock
python=.venv/bin/python
wanted='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if command -v "$candidate" >/dev/null && "$candidate" -c "$wanted" 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    if command -v "${PYTHON:-python3}" >/dev/null; then
        say "gridgov needs Python 3.11, 3.12 or 3.13; ${PYTHON:-python3} is $("${PYTHON:-python3}" -V 2>&1)."
        say "Install one of them, or name it: make run PYTHON=/path/to/python3.12"
    else
        say "gridgov needs Python 3.11, 3.12 or 3.13, and there is no ${PYTHON:-python3} here."
        say "On Debian and Ubuntu: apt-get install python3 python3-venv"
    fi
    return 1
}

make_venv() {
    base=$(find_python)
    say "making .venv with $("$base" -V) ..."
    if command -v uv >/dev/null && uv venv --quiet --no-python-downloads --seed --python "$base" .venv; then
        return
    fi
    if ! "$base" -m venv --clear .venv; then
        rm -rf .venv
        say "Python's venv module is incomplete. On Debian and Ubuntu: apt-get install python3-venv"
        return 1
    fi
}

install() {
    say "installing $(grep -c '^[a-zA-Z0-9].*==' "$lock") packages from $lock (only the first time, and when it changes) ..."
    if command -v uv >/dev/null; then
        if uv pip install --python "$python" --require-hashes --no-deps -r "$lock"; then return; fi
        say "uv could not do it (is it set up for this machine's package registry?); trying pip."
    fi
    "$python" -m pip install --disable-pip-version-check --require-hashes --no-deps -r "$lock"
}

if [ -e .venv ] && [ ! -w .venv ]; then
    say ".venv belongs to $(stat -c %U .venv 2>/dev/null || echo 'another user') and cannot be changed by $(id -un)."
    say "Run as that user, or remove it (make clean, with that user's rights) and start again."
    exit 1
fi
if ! "$python" -c "$wanted" 2>/dev/null; then
    rm -rf .venv
    make_venv
fi
cmp -s "$lock" ".venv/installed-$1.lock" && exit 0
install
cp "$lock" ".venv/installed-$1.lock"
# The development list holds all of the others (tests/up/test_locks.py), so it stands for them too.
[ "$1" != dev ] || cp requirements/run.lock .venv/installed-run.lock
