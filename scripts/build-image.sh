#!/bin/sh
# Builds the image of the installer for both architectures from the archives of a release, as a file
# that a node without a registry can import, and tells GitHub Actions its digest. Needs docker with
# buildx, jq and VERSION; neither a registry's password nor one that can be written to.
#
#   scripts/build-image.sh NAME DIRECTORY FILE
set -eu

cd "$(dirname "$0")/.."
# shellcheck source=scripts/versions.env
. scripts/versions.env
name=$1
artifacts=$2
file=$3

for pair in x86_64:amd64 aarch64:arm64; do
  directory=dist/${pair#*:}
  mkdir -p "$directory"
  tar -xzf "$artifacts/ovs-mirror-cni-$VERSION-${pair%:*}.tar.gz" -C "$directory" \
    --strip-components 1 --wildcards '*/ovs-mirror-producer' '*/ovs-mirror-consumer' '*/man1/*'
done

# What the base's tag leads to now is built on, and the image says which that was.
base=$(sed -n 's/^ARG BASE=//p' deploy/Containerfile)
digest=$(docker buildx imagetools inspect "$base" --format '{{json .Manifest}}' | jq -r .digest)

docker buildx create --use --name release --driver-opt "image=$BUILDKIT"
docker buildx build --file deploy/Containerfile \
  --platform linux/amd64,linux/arm64 \
  --build-arg "BASE=$base@$digest" \
  --label "org.opencontainers.image.base.name=$base" \
  --label "org.opencontainers.image.base.digest=$digest" \
  --label "org.opencontainers.image.source=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" \
  --label "org.opencontainers.image.version=$VERSION" \
  --output "type=oci,name=$name:$VERSION,dest=$file" --metadata-file dist/image.json \
  --provenance=false .

digest=$(jq -r '."containerimage.digest"' dist/image.json)
{
  echo "name=$name"
  echo "digest=$digest"
  echo "reference=$name@$digest"
} >>"$GITHUB_OUTPUT"
