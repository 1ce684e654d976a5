#!/bin/sh
# Lints .github/workflows with actionlint (needs Go; uses shellcheck if there is one) and zizmor
# (needs Python's venv).
set -eu

ACTIONLINT=v1.7.12
ZIZMOR=1.32.0

cd "$(dirname "$0")/.."
go run "github.com/rhysd/actionlint/cmd/actionlint@$ACTIONLINT"

environment=$(mktemp -d)
trap 'rm -rf "$environment"' EXIT
python3 -m venv "$environment"
"$environment/bin/pip" install --quiet --disable-pip-version-check "zizmor==$ZIZMOR"
"$environment/bin/zizmor" --offline --persona pedantic --quiet .
