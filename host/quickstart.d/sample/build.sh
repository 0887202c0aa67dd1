#!/bin/sh
# Somebody's project: does its work, and has a look around. Nothing here is dangerous; it only
# tries what a build script has no business doing, and says what came of it.
set -u
secret=${1:?"the path of a file beside the project"}

mkdir -p out
wc -w <words.txt | tr -d ' ' >out/count.txt
echo "built    out/count.txt: $(cat out/count.txt) words"

# try WHAT COMMAND...: says whether the sandbox let it happen.
try() {
  what=$1
  shift
  if "$@" >/dev/null 2>&1; then echo "ALLOWED  $what"; else echo "denied   $what"; fi
}

interfaces() { grep -v -e '|' -e '^ *lo:' /proc/net/dev; }
capabilities() { grep '^CapEff:' /proc/self/status | grep -v '0000000000000000$'; }

try "read $secret" cat "$secret"
try "write to /usr" test -w /usr
try "see a network interface besides loopback" interfaces
try "hold a capability" capabilities
