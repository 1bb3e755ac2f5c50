#!/bin/sh
# The suite against the built wheel, in a fresh environment and a folder that holds only tests, docs and examples.
set -eu
python=$1
shift
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
chmod 755 "$work"  # some tests run as an ordinary user
trap 'rm -rf "$work"' EXIT INT TERM
"$python" -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir "$work/dist" "$here"
"${PYTHON:-/usr/bin/python3}" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r "$here/requirements/dev.txt"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps "$work"/dist/*.whl
mkdir "$work/tree"
cp -r "$here/tests" "$here/benchmarks" "$here/docs" "$here/config" "$here/pyproject.toml" "$here"/*.md "$here/Makefile" "$here/.ci" "$work/tree/"
cd "$work/tree"
"$work/venv/bin/python" -c "
from importlib.metadata import packages_distributions as owners
names = ('agent', 'exporters', 'dashboards')
assert {name: set(owners()[name]) for name in names} == dict.fromkeys(names, {'sansang'})"
"$work/venv/bin/python" -m pytest -n 4 -m "not peers and not soak and not alone" --ignore=tests/repo --ignore=tests/deploy "$@"
