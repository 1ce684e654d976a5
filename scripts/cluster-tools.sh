#!/bin/sh
# Builds kustomize and Helm as pinned, outside the tree, unless that was done before. Needs Go, and
# prints the directory where they are. With --where it only prints that.
set -eu

# shellcheck source=scripts/versions.env
. "$(dirname "$0")/versions.env"
cache=${XDG_CACHE_HOME:-${HOME:-/var/cache}/.cache}/ovs-mirror-cni
directory=$cache/tools-$KUSTOMIZE-$HELM

if [ "${1:-}" != --where ]; then
  # Go before 1.21, which Debian 12 has, gets no newer one by itself where a module needs it.
  if [ -z "$(go env GOTOOLCHAIN)" ]; then
    toolchain=golang.org/toolchain@v0.0.1-$GO.linux-$(go env GOARCH)
    go mod download "$toolchain"
    toolchain=$(go env GOMODCACHE)/$toolchain
    chmod -R a+x "$toolchain/bin" "$toolchain/pkg/tool"
    PATH=$toolchain/bin:$PATH
  fi
  # What is under the final name is whole.
  for tool in "kustomize=sigs.k8s.io/kustomize/kustomize/v5@$KUSTOMIZE" "helm=helm.sh/helm/v3/cmd/helm@$HELM"; do
    [ ! -x "$directory/${tool%%=*}" ] || continue
    mkdir -p "$directory"
    new=$(mktemp -d "$directory/.new.XXXXXXXX")
    GOBIN=$new GOFLAGS=-buildvcs=false go install "${tool#*=}"
    mv "$new/${tool%%=*}" "$directory/"
    rmdir "$new"
  done
fi
echo "$directory"
