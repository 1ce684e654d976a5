#!/bin/sh
# Prints the SHA-256 of denort as Deno's GitHub release has it, after checking the archive against
# the checksum published beside it. scripts/denort.ts takes it as DENORT_SHA256 for a version that
# versions.env does not pin, and then compares what it downloads from Deno's own site.
#
#   scripts/denort-checksum.sh VERSION x86_64|aarch64
set -eu

version=$1
archive=denort-$2-unknown-linux-gnu.zip
releases=${DENO_RELEASES:-https://github.com/denoland/deno/releases/download}

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
for file in "$archive" "$archive.sha256sum"; do
  curl --fail --silent --show-error --location --retry 3 --output "$file" \
    "$releases/v$version/$file"
done
sha256sum --check --quiet "$archive.sha256sum" >&2
unzip -p "$archive" denort | sha256sum | cut -d ' ' -f 1
