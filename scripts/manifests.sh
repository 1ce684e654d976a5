#!/bin/sh
# Writes what a release has for clusters: for each platform a manifest that installs and one that
# uninstalls, and the Helm chart, all with the image by its digest. Needs kustomize and Helm.
#
#   scripts/manifests.sh NAME@DIGEST DIRECTORY
set -eu

cd "$(dirname "$0")/.."
image=$1
mkdir -p "$2"
out=$(cd "$2" && pwd)
name=${image%@*}
digest=${image#*@}
version=$(sed -n 's/^version: //p' deploy/helm/Chart.yaml)

overlay=$(mktemp -d)
trap 'rm -rf "$overlay"' EXIT
# kustomize takes no paths from the root on.
deploy=$(realpath --relative-to="$(realpath "$overlay")" deploy)
render() {
  {
    printf '%s\n' 'apiVersion: kustomize.config.k8s.io/v1beta1' 'kind: Kustomization' \
      "resources: [$deploy/install]" 'components:'
    for component in "$@"; do echo "  - $deploy/components/$component"; done
    printf '%s\n' 'images:' '  - name: registry.example/ovs-mirror-cni' \
      "    newName: $name" "    digest: $digest"
  } >"$overlay/kustomization.yaml"
  kustomize build "$overlay"
}

for platform in '' flatcar k3s microk8s openshift rke2; do
  base=$out/ovs-mirror-cni-$version${platform:+-$platform}
  # shellcheck disable=SC2086 # there may be none
  render $platform >"$base.yaml"
  # shellcheck disable=SC2086
  render $platform uninstall >"$base-uninstall.yaml"
done

cp -R deploy/helm "$overlay/ovs-mirror-cni"
sed -i -e "s|^  repository: .*|  repository: $name|" -e "s|^  digest: .*|  digest: $digest|" \
  "$overlay/ovs-mirror-cni/values.yaml"
helm package --destination "$out" "$overlay/ovs-mirror-cni"
