#!/bin/sh
# Builds the image of the installer for both architectures from the archives of a release, pushes
# it, and tells GitHub Actions its digest. Needs VERSION, TOKEN and what Actions sets by itself.
#
#   scripts/push-image.sh NAME DIRECTORY
set -eu

cd "$(dirname "$0")/.."
name=$1
artifacts=$2

for pair in x86_64:amd64 aarch64:arm64; do
  directory=dist/${pair#*:}
  mkdir -p "$directory"
  tar -xzf "$artifacts/ovs-mirror-cni-$VERSION-${pair%:*}.tar.gz" -C "$directory" \
    --strip-components 1 --wildcards '*/ovs-mirror-*'
done

# What the base's tag leads to now is built on, and the image says which that was.
base=$(sed -n 's/^ARG BASE=//p' deploy/Containerfile)
digest=$(docker buildx imagetools inspect "$base" --format '{{json .Manifest}}' | jq -r .digest)

printf %s "$TOKEN" | docker login "${name%%/*}" --username "$GITHUB_ACTOR" --password-stdin
docker buildx create --use --name release
docker buildx build --push --file deploy/Containerfile \
  --platform linux/amd64,linux/arm64 \
  --build-arg "BASE=$base@$digest" \
  --label "org.opencontainers.image.base.name=$base" \
  --label "org.opencontainers.image.base.digest=$digest" \
  --label "org.opencontainers.image.source=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" \
  --label "org.opencontainers.image.version=$VERSION" \
  --tag "$name:$VERSION" --metadata-file dist/image.json --provenance=false .

digest=$(jq -r '."containerimage.digest"' dist/image.json)
{
  echo "name=$name"
  echo "digest=$digest"
  echo "reference=$name@$digest"
} >>"$GITHUB_OUTPUT"
