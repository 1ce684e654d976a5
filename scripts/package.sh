#!/bin/sh
# Builds what a release has for one architecture: an archive with the executables, their manual pages,
# the documents and what is in deploy/ and examples/, and the executables' bill of materials.
#
#   scripts/package.sh [x86_64|aarch64] [DIRECTORY]
#
# GZIP_LEVEL=-1 packs in a hurry.
set -eu

cd "$(dirname "$0")/.."
arch=${1:-$(uname -m)}
out=${2:-dist/release}

version=$(sed -n 's/^ *"version": "\(.*\)",$/\1/p' deno.json)
name=ovs-mirror-cni-$version-$arch
stage=$out/$name

rm -rf "$stage"
mkdir -p "$stage"
scripts/deno run -A scripts/build.ts --arch "$arch" --out "$stage"
scripts/deno run -A scripts/man.ts "$stage/man1"
# The documents link to each other and to these directories.
git ls-files -z README.md CHANGELOG.md CONTRIBUTING.md LICENSE bench/README.md bench/results docs \
  deploy examples | tar --create --null --files-from=- | tar --extract --directory "$stage"
scripts/deno run -A scripts/sbom.ts --arch "$arch" >"$out/$name.cdx.json"

# Neither who packs nor when gets into the archive, so the same files give the same bytes.
date=$(git log -1 --format=%cI)
tar --create --sort=name --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime="$date" \
  --directory "$out" "$name" | gzip "${GZIP_LEVEL:---best}" --no-name >"$out/$name.tar.gz"
echo "$out/$name.tar.gz"
