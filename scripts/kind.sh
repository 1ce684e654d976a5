#!/bin/sh
# A cluster in Docker with Open vSwitch, Multus, ovs-cni and this project, and the example of an
# intrusion detection system. Passes if that gets to see what the web servers send, and if ovs-cni's
# DaemonSet does not get its way. Needs Docker, Go and curl.
#
#   scripts/kind.sh [--keep]
set -eu

cd "$(dirname "$0")/.."
# shellcheck source=scripts/versions.env
. scripts/versions.env
cluster=ovs-mirror
node=$cluster-control-plane
work=$(mktemp -d)
tools=$(scripts/cluster-tools.sh)
export PATH="$PATH:$tools:$work" KUBECONFIG="$work/kubeconfig"

finish() {
  status=$?
  if [ "$status" != 0 ]; then
    kubectl get pods --all-namespaces --output wide || true
    kubectl get events --all-namespaces --field-selector type=Warning || true
    kubectl -n kube-system logs -l app.kubernetes.io/name=ovs-mirror-cni --all-containers --prefix || true
  fi
  [ "${keep:-}" ] || kind delete cluster --name "$cluster"
  rm -rf "$work"
  exit "$status"
}
keep=${1:-}
trap finish EXIT

until_true() {
  for _ in $(seq 60); do
    if "$@"; then return; fi
    sleep 2
  done
  echo "waited in vain for: $*" >&2
  return 1
}

in_node() { docker exec "$node" "$@"; }

GOBIN=$work go install "sigs.k8s.io/kind@$KIND"
kind create cluster --name "$cluster" --image "$KIND_NODE" --wait 3m

# A bridge in user space needs no module of the host's kernel.
in_node apt-get update -qq
in_node apt-get install -qq -y --no-install-recommends openvswitch-switch
in_node systemctl disable --now openvswitch-switch.service
in_node /usr/share/openvswitch/scripts/ovs-ctl --no-ovs-vswitchd --system-id=random start
in_node ovs-vswitchd --detach --pidfile --log-file
in_node ovs-vsctl add-br br1 -- set bridge br1 datapath_type=netdev

# Multus with the memory that docs/OPERATIONS.md tells of.
curl -fsSL "https://raw.githubusercontent.com/k8snetworkplumbingwg/multus-cni/$MULTUS/deployments/multus-daemonset-thick.yml" |
  sed -e "s/:snapshot-thick/:$MULTUS_IMAGE/" -e 's/memory: "50Mi"/memory: "256Mi"/' -e 's/cpu: "100m"/cpu: "1"/' |
  kubectl apply -f -
curl -fsSL "https://raw.githubusercontent.com/k8snetworkplumbingwg/ovs-cni/$OVS_CNI_COMMIT/examples/ovs-cni.yml" |
  kubectl apply -f -

make image IMAGE=registry.example/ovs-mirror-cni
kind load docker-image --name "$cluster" \
  "registry.example/ovs-mirror-cni:$(sed -n 's/^appVersion: //p' deploy/helm/Chart.yaml)"
helm install ovs-mirror-cni deploy/helm --namespace kube-system \
  --set metrics.enabled=true,metrics.podMonitor=false

for daemonset in kube-multus-ds ovs-cni-amd64 ovs-mirror-cni; do
  kubectl -n kube-system rollout status daemonset "$daemonset" --timeout 5m
done

# ovs-cni copies its files over ours at each start.
kubectl -n kube-system delete pod -l app=ovs-cni
kubectl -n kube-system rollout status daemonset ovs-cni-amd64 --timeout 5m
is_ours() { in_node /opt/cni/bin/ovs-mirror-producer --version | grep -q '^ovs-mirror-producer '; }
until_true is_ours
in_node ls -l /opt/cni/bin

kubectl apply -f examples/ids.yaml
kubectl -n ids wait deployment --all --for condition=Available --timeout 5m
web=$(kubectl -n ids get pods -l app=web --output name | head -n 1)
other=$(kubectl -n ids get pods -l app=web --output name | tail -n 1)
address=$(kubectl -n ids exec "$other" -- hostname -I | tr ' ' '\n' | grep '^10\.100\.')
sees() {
  kubectl -n ids exec "$web" -- curl -fsS -o /dev/null "http://$address/" &&
    kubectl -n ids logs deployment/ids | grep -q "$address.80: Flags"
}
until_true sees

cp deploy/kubectl-ovs_mirror "$work"
kubectl ovs-mirror show
kubectl ovs-mirror lint
echo "the IDS sees what the web servers send"
