#!/bin/sh
# Puts the two executables into a node's CNI directory and keeps them there.
#
#   install.sh install     copy what differs, check that it runs here, rename it into place
#   install.sh watch       the same, again whenever the node's files change, until SIGTERM
#   install.sh uninstall   remove what this image installed
#
# Each ends with status 1 and a message when something is wrong; the node's old files stay then.
set -eu

# Where the executables come from and go to.
SOURCE_DIR=${SOURCE_DIR:-/opt/ovs-mirror-cni}
TARGET_DIR=${TARGET_DIR:-/host/opt/cni/bin}
# The node's /usr, to check its C library; empty to leave that out.
HOST_USR=${HOST_USR-/host/usr}
POLL_SECONDS=${POLL_SECONDS:-60}

EXECUTABLES='ovs-mirror-producer ovs-mirror-consumer'
# Most that an executable may take to answer, in seconds.
PATIENCE=30

say() { printf '%s\n' "$*"; }

fail() {
  say "error: $*" >&2
  exit 1
}

# Takes away what this or an earlier, killed run had not finished.
discard_unfinished() {
  for name in $EXECUTABLES; do rm -f "$TARGET_DIR/.$name.new."*; done
}

# Whether the node has the very file of this image. A symbolic link leads elsewhere on the node
# than it does here, so it never counts.
is_current() {
  file=$TARGET_DIR/$1
  [ ! -L "$file" ] && [ -f "$file" ] && [ -x "$file" ] && cmp -s "$SOURCE_DIR/$1" "$file"
}

# Copies an executable beside its place, and sets $new to the copy's path.
stage() {
  new=$(mktemp "$TARGET_DIR/.$1.new.XXXXXXXX") ||
    fail "cannot write to $TARGET_DIR: mount the node's CNI directory there, writable by root"
  cp "$SOURCE_DIR/$1" "$new" || fail "cannot copy $1 to $TARGET_DIR: is the disk full?"
  chmod 0755 "$new"
  # Else a power failure could leave an empty file under the final name.
  sync "$new"
}

# The container shares the node's kernel and architecture, so what runs here passes for those.
check_runs() {
  status=0
  answer=$(timeout "$PATIENCE" env -i CNI_COMMAND=VERSION "$1" </dev/null 2>&1) || status=$?
  case $status:$answer in
  0:*'"supportedVersions"'*) ;;
  *) fail "$2 does not run on this node ($(uname -m), status $status): $answer" ;;
  esac
}

# The container brings its own C library. The node's is asked by the node's own loader whether it
# has all that the executable needs.
check_libraries() {
  [ -n "$HOST_USR" ] || return 0
  path=
  loader=
  for directory in "$HOST_USR/lib/$(uname -m)-linux-gnu" "$HOST_USR/lib64" "$HOST_USR/lib"; do
    path=$path${path:+:}$directory
    for file in "$directory"/ld-linux-*.so.*; do
      if [ -z "$loader" ] && [ -x "$file" ]; then loader=$file; fi
    done
  done
  [ -n "$loader" ] || fail "no glibc under $HOST_USR: the executables need it." \
    "If this node has it elsewhere, set HOST_USR to nothing to leave out this check"
  needed=$("$loader" --inhibit-cache --library-path "$path" --list "$1" 2>&1) ||
    fail "$2 does not fit this node's C library: $needed"
  lacking=$(say "$needed" | grep '=>' | grep -vF "=> $HOST_USR/") || return 0
  fail "this node lacks libraries that $2 needs: $lacking"
}

version_of() { timeout "$PATIENCE" env -i "$1" --version </dev/null; }

# Installs what differs: both executables are copied and checked before either is renamed.
install_all() {
  [ -d "$TARGET_DIR" ] || fail "no directory $TARGET_DIR: mount the node's CNI directory there"
  discard_unfinished
  staged=
  for name in $EXECUTABLES; do
    if is_current "$name"; then continue; fi
    stage "$name"
    check_runs "$new" "$name"
    check_libraries "$new" "$name"
    staged="$staged $name=$new"
  done
  for pair in $staged; do
    name=${pair%%=*}
    new=${pair#*=}
    version=$(version_of "$new")
    mv -fT "$new" "$TARGET_DIR/$name" || fail "cannot replace $TARGET_DIR/$name"
    say "installed $version"
  done
}

# Changes whenever a file of the node is written, replaced, renamed or given other rights.
fingerprint() {
  for name in $EXECUTABLES; do
    stat -c '%n %i %s %f %z' "$TARGET_DIR/$name" 2>/dev/null || say "$name is missing"
  done
}

# The fingerprint is taken before the files are compared, so that no change in between is missed.
watch() {
  seen=
  while :; do
    now=$(fingerprint)
    if [ "$now" != "$seen" ]; then install_all; fi
    seen=$now
    # In the background, so that a signal is answered at once.
    sleep "$POLL_SECONDS" &
    wait $!
  done
}

uninstall() {
  for name in $EXECUTABLES; do
    if is_current "$name"; then
      rm -f "$TARGET_DIR/$name"
      say "removed $name"
    else
      say "left alone: $TARGET_DIR/$name is missing, or not the file of this image"
    fi
  done
}

trap discard_unfinished EXIT
trap 'exit 143' INT TERM
case ${1:-} in
install) install_all ;;
watch)
  trap 'exit 0' INT TERM
  watch
  ;;
uninstall) uninstall ;;
*) fail "usage: install.sh install|watch|uninstall" ;;
esac
