#!/bin/sh
# Compares the checksums of denort that versions.env pins with those of Deno's GitHub releases.
# Status 1 if one differs, or can't be had.
#
#   scripts/denort-pins.sh [NAME…]    such as DENORT_2_7_11_X86_64; all of them without a name
set -eu

cd "$(dirname "$0")"
names=${*:-$(sed -n 's/^\(DENORT_[0-9][0-9_]*_[A-Z0-9_]*\)=.*/\1/p' versions.env)}

status=0
for name in $names; do
  pinned=$(sed -n "s/^$name=//p" versions.env)
  case $name in
  *_X86_64) arch=x86_64 ;;
  *_AARCH64) arch=aarch64 ;;
  *) arch= ;;
  esac
  version=$(echo "$name" | sed 's/^DENORT_//; s/_\(X86_64\|AARCH64\)$//' | tr _ .)
  released=$(./denort-checksum.sh "$version" "$arch") || released="not to be had"
  if [ "$released" = "$pinned" ]; then
    echo "$name is what Deno's release has"
  else
    echo "error: $name is $pinned in versions.env, and $released in Deno's release" >&2
    status=1
  fi
done
exit $status
