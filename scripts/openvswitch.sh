#!/usr/bin/env bash
# Unpacks other versions of Open vSwitch, from Debian's suites, beside the system: nothing is
# installed. Prints for each version asked for a directory with its programs, to be put first in PATH.
#
#   scripts/openvswitch.sh [VERSION...]      all of them without one
#
# What was unpacked stays in OVS_VERSIONS_DIR (default: below ~/.cache) and is used again.
set -euo pipefail
shopt -s nullglob

declare -A suites=([2.15]=bullseye [3.1]=bookworm [3.5]=trixie [4.0]=sid)
cache=${OVS_VERSIONS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/ovs-mirror-cni/openvswitch}

fail() {
  echo "$*" >&2
  exit 1
}

# The archive that this machine has its packages from, if it is a Debian.
archive() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' | head -n 1 |
    grep . || echo http://deb.debian.org/debian
}

# apt's settings for one suite: the system's, but with lists, cache and state of its own, and
# nothing installed, so that all that is needed comes from that suite.
write_settings() {
  local suite=$1 keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -r "$keyring" ] || fail "$keyring missing: apt-get install debian-archive-keyring"
  mkdir -p lists/partial archives/partial root/usr/lib/openvswitch-common
  : >status
  echo "deb [signed-by=$keyring] $(archive) $suite main" >sources.list
  cat >apt.conf <<END
#clear APT::Update::Post-Invoke-Success;
Dir::State "$PWD";
Dir::State::status "$PWD/status";
Dir::Cache "$PWD";
Dir::Etc::sourcelist "$PWD/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
END
}

# Downloads the switch and the libraries that apt resolves for it. Other packages that it depends on
# (Python, systemd, perl) are of no use to its programs.
download() {
  apt-get -c apt.conf -qq update
  mapfile -t packages < <(apt-get -c apt.conf -qq --simulate install openvswitch-switch |
    sed -n 's/^Inst \(\(lib\|openvswitch-\)[^ ]*\) (\([^ ]*\) .*/\1=\3/p')
  [ ${#packages[@]} -gt 0 ] || fail "apt finds no openvswitch-switch"
  (cd archives && apt-get -c ../apt.conf -qq download "${packages[@]}")
}

# Makes links that point into the system point into what was unpacked, and links what bullseye would
# link at installation (elsewhere there is no such file).
turn_links() {
  find root -type l -lname '/*' | while read -r link; do
    ln -sfn "$PWD/root$(readlink "$link")" "$link"
  done
  find "$PWD"/root/usr/lib/openvswitch-common -name 'lib*.so.*' | while read -r library; do
    ln -sf "$library" root/usr/lib/*-linux-gnu
  done
}

# Makes a command of each program, which its own loader runs with its own libraries and data.
write_commands() {
  local root=$PWD/root loader libraries program
  loader=$(printf '%s\n' "$root"{,/usr}/lib/*-linux-gnu/ld-linux*.so.* | head -n 1)
  libraries=$(printf '%s\n' "$root"{,/usr}/lib/*-linux-gnu | paste -s -d :)
  mkdir bin
  for program in "$root"/usr/{bin,sbin,lib/openvswitch-*}/ov*; do
    [ "$(head -c 4 "$program" | tail -c 3)" = ELF ] || continue
    cat >"bin/${program##*/}" <<END
#!/bin/sh
export OVS_PKGDATADIR='$root/usr/share/openvswitch'
exec '$loader' --library-path '$libraries' '$program' "\$@"
END
  done
  chmod +x bin/*
}

# Fails if a program does not run, or is of another version than the suite had so far.
check() {
  local version=$1 program found
  for program in ovsdb-tool ovsdb-server ovs-vswitchd ovs-vsctl ovs-appctl; do
    found=$("bin/$program" --version | sed -n '1s/.* //p')
    [[ $found == "$version".* ]] || fail "$program is not $version but ${found:-does not run}"
  done
}

unpack() {
  local version=$1 directory=$2 suite=${suites[$1]-} package
  [ -n "$suite" ] || fail "no suite has Open vSwitch $version, only: ${!suites[*]}"
  echo "Open vSwitch $version from Debian $suite is being unpacked into $directory" >&2
  rm -rf "$directory" && mkdir -p "$directory" && cd "$directory"
  write_settings "$suite"
  download >&2
  for package in archives/*.deb; do dpkg-deb -x "$package" root; done
  turn_links
  rm -rf lists archives ./*.bin
  write_commands
  check "$version"
  touch complete
}

[ $# -gt 0 ] || mapfile -t all < <(printf '%s\n' "${!suites[@]}" | sort -V)
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
for version in "${@:-${all[@]}}"; do
  directory=$cache/$version
  [ -e "$directory/complete" ] || (unpack "$version" "$directory")
  echo "$directory/bin"
done
