#!/usr/bin/env bash
# Runs the tests with packets, and the demo, on each version of Open vSwitch that is named, or on
# all that scripts/openvswitch.sh has. Needs the executables in dist/.
set -euo pipefail
cd "$(dirname "$0")/.."

programs=$(scripts/openvswitch.sh "$@")
for directory in $programs; do
  echo "== $("$directory/ovs-vswitchd" --version | head -n 1)"
  PATH="$directory:$PATH" scripts/deno test --allow-all --parallel \
    tests/{switch/{packets,forwarding,remote,by_hand},project/demo,cni/filter,deploy/{examples,update,recorder}}_test.ts
done
