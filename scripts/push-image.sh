#!/bin/sh
# Pushes an image that build-image.sh made, all architectures as they are. Needs docker, skopeo,
# TOKEN and what GitHub Actions sets by itself.
#
#   scripts/push-image.sh FILE NAME:VERSION DIGEST
set -eu

file=$1
tag=$2
digest=$3

printf %s "$TOKEN" | docker login "${tag%%/*}" --username "$GITHUB_ACTOR" --password-stdin
pushed=$(mktemp)
trap 'rm -f "$pushed"' EXIT
skopeo copy --all --preserve-digests --digestfile "$pushed" "oci-archive:$file" "docker://$tag"
if [ "$(cat "$pushed")" != "$digest" ]; then
  echo "$tag has digest $(cat "$pushed"), and what was built $digest" >&2
  exit 1
fi
