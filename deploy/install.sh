#!/bin/bash
# Puts the two executables into a node's CNI directory and keeps them there, and before them the
# administrator's policy, where there is one.
#
#   install.sh install     copy what differs, check that it runs here, rename it into place
#   install.sh watch       the same, again as soon as the node's files change, until SIGTERM
#   install.sh check       tell whether the node has them; copies nothing, starts no program
#   install.sh uninstall   remove what this image installed, give back what it replaced
#
# Status 0 if all is well. 75 if the directory could not be written, which may pass and costs little
# to try again, and 1 if anything else is wrong; the node's old files stay then.
set -euo pipefail

# Where the executables come from and go to.
SOURCE_DIR=${SOURCE_DIR:-/opt/ovs-mirror-cni}
TARGET_DIR=${TARGET_DIR:-/host/opt/cni/bin}
# The node's /usr, to check its C library; empty to leave that out.
HOST_USR=${HOST_USR-/host/usr}
# Where the policy comes from and goes to; there is none unless one of them is mounted.
POLICY_SOURCE=${POLICY_SOURCE:-/policy/policy.json}
POLICY_DIR=${POLICY_DIR:-/host/etc/ovs-mirror-cni}
# How long between two looks of watch, in seconds.
POLL_SECONDS=${POLL_SECONDS:-0.5}

EXECUTABLES='ovs-mirror-producer ovs-mirror-consumer'
# Most that an executable may take to answer, in seconds.
PATIENCE=30
# What every version of them has in it, and nobody else's.
OWN_MARK=OVS_MIRROR_CACHE_DIR
CNI_DIRECTORIES='k3s: /var/lib/rancher/k3s/data/cni, OpenShift: /var/lib/cni/bin,'\
' MicroK8s: /var/snap/microk8s/current/opt/cni/bin, RKE2, Flatcar, kubeadm: /opt/cni/bin'

say() { printf '%s\n' "$*"; }

fail() {
  say "error: $*" >&2
  exit "${status:-1}"
}

fail_for_now() { status=75 fail "$@"; }

# One installer at a time works in the directory. A child that outlives its killed installer holds
# the lock too, so nobody takes its file away while it still writes.
lock() {
  [[ -d $TARGET_DIR ]] || fail_for_now "no directory $TARGET_DIR:" \
    "mount the node's CNI directory there ($CNI_DIRECTORIES)"
  exec 9<"$TARGET_DIR"
  flock -n 9 || { say "another installer is at work, waiting for it" && flock 9; }
  trap discard_unfinished EXIT
  discard_unfinished
}

# Takes away what this or an earlier, killed run had not finished.
discard_unfinished() {
  local name
  for name in $EXECUTABLES; do rm -f "$TARGET_DIR/.$name.new."*; done
  rm -f "$POLICY_DIR/.policy.json.new."*
}

# Whether the node has the very file of this image. A symbolic link leads elsewhere on the node
# than it does here, so it never counts.
is_current() {
  local file=$TARGET_DIR/$1
  [[ ! -L $file && -f $file && -x $file ]] && cmp -s "$SOURCE_DIR/$1" "$file"
}

# The same at a glance, without starting a program: an installed file has the date of the image's,
# and whoever writes into it or puts another in its place changes that.
looks_current() {
  local file=$TARGET_DIR/$1 own=$SOURCE_DIR/$1
  [[ ! -L $file && -x $file ]] && is_alike "$file" "$own"
}

is_alike() { [[ -f $1 && -s $1 && ! $1 -nt $2 && ! $1 -ot $2 ]]; }

# The same with the size, as some keep the date. The shell can't tell a size by itself.
seems_current() { looks_current "$1" && is_as_long "$TARGET_DIR/$1" "$SOURCE_DIR/$1"; }

is_as_long() {
  local sizes
  sizes=$(stat -Lc %s "$1" "$2" 2>/dev/null) && [[ ${sizes%%$'\n'*} = "${sizes##*$'\n'}" ]]
}

# Calls a check of an executable for both, and one of the policy where one is wanted.
both() {
  local name
  for name in $EXECUTABLES; do "$1" "$name" || return 1; done
  ! wants_policy || "policy_$1"
}

wants_policy() { [[ -e $POLICY_SOURCE || -d $POLICY_DIR ]]; }

policy_looks_current() {
  local file=$POLICY_DIR/policy.json
  [[ ! -L $file && -O $file ]] && is_alike "$file" "$POLICY_SOURCE"
}

policy_seems_current() {
  policy_looks_current && is_as_long "$POLICY_DIR/policy.json" "$POLICY_SOURCE"
}

# Puts the policy in its place, whole and only if it is one that the plugins take; the one before
# stays otherwise. Called where errors end nothing by themselves.
install_policy() {
  local file=$POLICY_DIR/policy.json why new
  if policy_seems_current && cmp -s "$POLICY_SOURCE" "$file"; then return; fi
  [[ -f $POLICY_SOURCE && -d $POLICY_DIR ]] ||
    fail "no policy to install: mount it at $POLICY_SOURCE, and the node's directory at $POLICY_DIR"
  why=$(timeout -k 1 "$PATIENCE" env -i "$SOURCE_DIR/ovs-mirror-producer" \
    lint --policy "$POLICY_SOURCE" 2>&1 </dev/null) || fail "the policy is none that the plugins take: $why"
  [[ $(stat -c %u "$POLICY_DIR") = 0 && ! $(stat -c %A "$POLICY_DIR") =~ ^.....w|^........w ]] ||
    fail "no policy counts in $POLICY_DIR: make that root's, and let nobody else write there"
  new=$(mktemp "$POLICY_DIR/.policy.json.new.XXXXXXXX" 2>/dev/null) ||
    fail_for_now "cannot write the policy to $POLICY_DIR: mount the node's directory there, writable by root"
  { cp "$POLICY_SOURCE" "$new" && cmp -s "$POLICY_SOURCE" "$new" && chmod 0644 "$new" &&
    touch -r "$POLICY_SOURCE" "$new" && sync "$new" && mv -fT "$new" "$file"; } ||
    fail "cannot replace $file: is the disk full, or that a directory?"
  say "installed the policy"
}

# Refuses to copy what has no room, since a failed copy costs the node a hundred megabytes of writes.
check_room() {
  local room size
  room=$(($(stat -f -c '%a * %S' "$TARGET_DIR")))
  size=$(stat -c %s "$SOURCE_DIR/$1")
  ((room >= size)) || fail_for_now "no room for $1 in $TARGET_DIR: it takes $size bytes"
}

# Copies an executable beside its place, and sets $new to the copy's path.
stage() {
  check_room "$1"
  if ! new=$(mktemp "$TARGET_DIR/.$1.new.XXXXXXXX" 2>/dev/null); then
    [[ $(stat -c %h "$TARGET_DIR") != 0 ]] ||
      fail "the node's directory was removed, and $TARGET_DIR leads to the removed one"
    fail_for_now "cannot write to $TARGET_DIR: mount the node's CNI directory there, writable by root"
  fi
  cp "$SOURCE_DIR/$1" "$new" || fail "cannot copy $1 to $TARGET_DIR: is the disk full?"
  chmod 0755 "$new"
  touch -r "$SOURCE_DIR/$1" "$new"
  # Else a power failure could leave an empty file under the final name.
  sync "$new"
}

# Runs a file as a CNI plugin, as a runtime would; sets $answer to what it says.
answers() {
  local code=0
  answer=$(LC_ALL=C timeout -k 1 "$PATIENCE" env -i CNI_COMMAND=VERSION "$1" </dev/null 2>&1 |
    head -c 1000 | tr -d '\0') || code=$?
  [[ $code = 0 && $answer = *'"supportedVersions"'* ]] && return
  answer=${answer#"env: '$1': "}
  ((code != 124 && code != 137)) || answer="no answer within $PATIENCE seconds"
  answer="status $code: ${answer//"$1"/it}"
  return 1
}

# A container has the limits of the daemon that started it, as the plugins have that it calls. With
# fewer addresses than the executables reserve, in random places, some calls start and others not.
ADDRESSES_KB=$((48 * 1024 * 1024))
check_addresses() {
  local limit && limit=$(ulimit -v)
  [[ $limit = unlimited ]] || ((limit >= ADDRESSES_KB)) ||
    fail "the container runtime has a limit of $limit kB of addresses (ulimit -v, LimitAS=):" \
      "take it away, the executables reserve $ADDRESSES_KB kB and use few of them"
}

# The container shares the node's kernel and architecture, so what runs here passes for those.
check_runs() {
  answers "$1" && return
  local why=$answer
  if answers "$SOURCE_DIR/$2"; then
    fail "$2 runs, but not in the node's CNI directory: is that mounted noexec? ($why)"
  fi
  fail "$2 does not run on this node, $(uname -m): is the image made for another? ($why)"
}

# The container brings its own C library. The node's is asked by the node's own loader whether it
# has all that the executable needs.
check_libraries() {
  [[ -n $HOST_USR ]] || return 0
  local path='' loader='' directory file needed lacking
  for directory in "$HOST_USR/lib/$(uname -m)-linux-gnu" "$HOST_USR/lib64" "$HOST_USR/lib"; do
    path=$path${path:+:}$directory
    for file in "$directory"/ld-linux-*.so.*; do
      if [[ -z $loader && -x $file ]]; then loader=$file; fi
    done
  done
  [[ -n $loader ]] || fail "no glibc under $HOST_USR: the executables need it." \
    "If this node has it elsewhere, set HOST_USR to nothing to leave out this check"
  needed=$("$loader" --inhibit-cache --library-path "$path" --list "$1" 2>&1) ||
    fail "$2 does not fit this node's C library: $needed"
  lacking=$(grep '=>' <<<"$needed" | grep -vF "=> $HOST_USR/") || return 0
  fail "this node lacks libraries that $2 needs: $lacking"
}

# Whose a file is, as far as it tells: programs in Go carry the name of their package. Where a link
# leads on the node can't be seen from here.
whose() {
  [[ ! -L $1 ]] || { echo "a symbolic link" && return; }
  grep -qaF "$OWN_MARK" "$1" && echo "another version of this project" && return
  LC_ALL=C grep -aoPm1 'path\t\K[\w.-]+(/[\w.-]+)+' "$1" | head -n 1 | head -c 200 || echo unknown
}

# Keeps somebody else's working plugin that is about to be replaced. A file that is being written
# is busy and does not run; as the same file under another name it becomes whole by itself.
keep_other() {
  local file=$TARGET_DIR/$1 kept=$TARGET_DIR/.$1.other owner
  [[ -f $file || -L $file ]] || return 0
  if ! [[ -L $file ]] && ! answers "$file" && [[ $answer != *"Text file busy"* ]]; then
    say "$1 on this node was nothing that runs ($answer)"
    return
  fi
  owner=$(whose "$file") || owner=unknown
  [[ $owner != another* ]] || { say "$1 on this node was $owner" && return; }
  ln -fPT "$file" "$kept" 2>/dev/null || cp -dpfT "$file" "$kept" || return 0
  say "$1 on this node was somebody else's ($owner), kept as ${kept##*/}"
}

# Replaces the executables that are named: all are copied and checked before any is renamed.
replace() {
  local name
  declare -A staged=()
  for name in "$@"; do
    stage "$name"
    check_addresses
    check_runs "$new" "$name"
    check_libraries "$new" "$name"
    staged[$name]=$new
  done
  for name in "$@"; do
    keep_other "$name"
    mv -fT "${staged[$name]}" "$TARGET_DIR/$name" || fail "cannot replace $TARGET_DIR/$name"
    say "installed $(timeout "$PATIENCE" env -i "$SOURCE_DIR/$name" --version </dev/null)"
  done
}

# Installs what differs. What does so at a glance comes first, as a node may be waiting for it.
install_all() {
  local name suspects=() others=() policy=0
  lock
  # Without a policy that is wanted nothing new may run; with an old one, executables have to be right.
  ! wants_policy || (install_policy) || policy=$?
  [[ $policy = 0 || -e $POLICY_DIR/policy.json ]] || exit "$policy"
  for name in $EXECUTABLES; do
    seems_current "$name" || suspects+=("$name")
  done
  replace "${suspects[@]}"
  for name in $EXECUTABLES; do
    is_current "$name" || others+=("$name")
  done
  replace "${others[@]}"
  ((${#suspects[@]} + ${#others[@]} == 0)) || [[ -e $TARGET_DIR/ovs ]] ||
    say "warning: no ovs is beside them." \
      "Is this where this node's runtime looks for CNI plugins ($CNI_DIRECTORIES)?"
  return "$policy"
}

# Looks at the node's files until SIGTERM. Looking starts no program but at each twentieth look, for
# the sizes; only a change starts an installer. A failure that goes on is said once, and tried less and less often if trying is costly.
watch() {
  trap 'exit 0' INT TERM
  local never pause=$POLL_SECONDS output code said='' failures=0 looks=0
  exec {never}<> <(:)
  while :; do
    read -rt "$pause" -u "$never" || :
    pause=$POLL_SECONDS
    if ((looks++ % 20)); then both looks_current; else both seems_current; fi && continue
    code=0
    output=$("$BASH" "$0" install 2>&1) || code=$?
    [[ $code != 0 && $output = "$said" ]] || say "$output"
    said=$output
    [[ $output != *"leads to the removed one"* ]] || exit 1
    failures=$((code == 1 ? failures + 1 : 0))
    ((failures == 0)) || pause=$((failures < 5 ? 1 << failures : 30))
    # Two installers of different versions would replace each other's files without a rest.
    [[ $output != *"was another version of this project"* ]] || pause=30
  done
}

uninstall() {
  local name file kept
  lock
  for name in $EXECUTABLES; do
    file=$TARGET_DIR/$name
    kept=$TARGET_DIR/.$name.other
    if ! is_current "$name"; then
      say "left alone: $TARGET_DIR/$name is missing, or not the file of this image"
    elif [[ -L $kept ]] || { [[ -f $kept ]] && answers "$kept"; }; then
      mv -fT "$kept" "$file"
      say "gave back $name of before ($(whose "$file"))"
    else
      rm -f "$file"
      say "removed $name"
    fi
    rm -f "$kept"
  done
  # Last, as calls have to be refused until there is nobody to call.
  ! wants_policy || uninstall_policy
}

uninstall_policy() {
  local file=$POLICY_DIR/policy.json
  if [[ ! -L $file && -f $file ]] && cmp -s "$POLICY_SOURCE" "$file"; then
    rm -f "$file"
    say "removed the policy"
  else
    say "left alone: $file is missing, or not the policy of this release"
  fi
}

trap 'exit 143' INT TERM
case ${1:-} in
install) install_all ;;
watch) watch ;;
check) both seems_current || fail "the node has not both executables of this image, or not its policy" ;;
uninstall) uninstall ;;
*) fail "usage: install.sh install|watch|check|uninstall" ;;
esac
