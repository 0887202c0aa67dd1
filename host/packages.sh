# shellcheck shell=bash
# What paddock needs from the package manager, named once. Sourced by host/quickstart and tests/run;
# works in bash 3.2 and later. Runs nothing by itself.
#
# Roles: build (compile and run) and test (the suite) are needed; check (lint), clang (clang-tidy,
# sanitizers, fuzzing), engine (the containers') and debian13 (the second root file system) are for the stages of that name.

# role   apt (Debian 12 and 13, Ubuntu 24.04)   dnf (Fedora)              brew
paddock_package_table() {
  cat <<'TABLE'
build    g++                                    gcc-c++                   -
build    cmake                                  cmake                     cmake
build    ninja-build                            ninja-build               ninja
build    ccache                                 ccache                    ccache
build    libboost-dev                           boost-devel               boost
build    libboost-program-options-dev           boost-static              -
build    libtomlplusplus-dev                    tomlplusplus-devel        tomlplusplus
build    libspdlog-dev                          spdlog-devel              spdlog
build    libfmt-dev                             fmt-devel                 fmt
build    libexpected-dev                        expected-devel            tl-expected
build    nlohmann-json3-dev                     json-devel                nlohmann-json
build    libssl-dev                             openssl-devel             openssl
build    libcurl4-openssl-dev                   libcurl-devel             curl
build    libarchive-dev                         libarchive-devel          libarchive
build    -                                      glibc-static              -
build    -                                      libstdc++-static          -
build    bubblewrap                             bubblewrap                -
test     catch2                                 catch-devel               catch2
test     git                                    git-core                  git
test     python3                                python3                   python3
test     procps                                 procps-ng                 -
test     iproute2                               iproute                   -
test     strace                                 strace                    -
check    clang-format                           clang-tools-extra         clang-format
check    codespell                              codespell                 codespell
check    shellcheck                             ShellCheck                shellcheck
clang    clang                                  clang                     llvm
clang    clang-tidy                             clang-tools-extra         -
clang    libclang-rt-dev                        compiler-rt               -
clang    llvm                                   llvm                      -
engine   docker.io                              moby-engine               -
engine   podman                                 podman                    -
engine   runc                                   runc                      -
engine   crun                                   crun                      -
engine   runsc                                  -                         -
engine   uidmap                                 shadow-utils              -
engine   slirp4netns                            slirp4netns               -
engine   netavark                               netavark                  -
engine   iptables                               iptables                  -
engine   openssl                                openssl                   -
engine   docker-registry                        -                         -
engine   curl                                   -                         -
engine   less                                   -                         -
engine   make                                   -                         -
engine   nodejs                                 -                         -
engine   patch                                  -                         -
engine   unzip                                  -                         -
debian13 mmdebstrap                             mmdebstrap                -
debian13 debian-archive-keyring                 debian-keyring            -
TABLE
}

# The package manager of this machine: apt, dnf, brew, or nothing.
paddock_package_manager() {
  if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then echo apt
  elif command -v dnf >/dev/null; then echo dnf
  elif command -v brew >/dev/null; then echo brew
  fi
}

# paddock_packages MANAGER ROLE...: the package names of these roles, one a line.
paddock_packages() {
  local manager=$1 column role
  shift
  case $manager in apt) column=2 ;; dnf) column=3 ;; brew) column=4 ;; *) return 1 ;; esac
  for role in "$@"; do
    paddock_package_table | awk -v role="$role" -v column="$column" \
      '$1 == role && $column != "-" { print $column }'
  done
}

# paddock_missing MANAGER ROLE...: those that are not installed yet.
paddock_missing() {
  local manager=$1 package
  for package in $(paddock_packages "$@"); do
    case $manager in
      apt) dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ;;
      dnf) rpm -q --whatprovides "$package" >/dev/null 2>&1 ;;
      brew) brew list --versions "$package" >/dev/null 2>&1 ;;
    esac || echo "$package"
  done
}

# paddock_install_command MANAGER: what installs packages, less the names.
paddock_install_command() {
  case $1 in
    apt) echo "apt-get install --yes --no-install-recommends" ;;
    dnf) echo "dnf install --assumeyes --setopt=install_weak_deps=False" ;;
    brew) echo "brew install" ;;
  esac
}

# Prints `sudo` where that is how this user becomes root, nothing for root and for brew, and
# fails where there is no way.
paddock_become_root() {
  if [ "$1" = brew ] || [ "$(id -u)" = 0 ]; then return 0; fi
  command -v sudo >/dev/null || return 1
  # Without a terminal nobody can type a password.
  if [ ! -t 0 ] && ! sudo -n true 2>/dev/null; then return 1; fi
  echo sudo
}

# paddock_ask QUESTION: true for yes. Without a terminal the answer is no.
paddock_ask() {
  local answer
  [ -t 0 ] || return 1
  printf '%s [y/N] ' "$1"
  read -r answer || return 1
  case $answer in y | Y | yes | Yes) return 0 ;; *) return 1 ;; esac
}

# paddock_install YES ROLE...: installs what is missing, after asking unless YES is 1.
# Status 1, with the packages and the command on stderr, where this user cannot or will not.
paddock_install() {
  local yes=$1 manager missing prefix command
  shift
  manager=$(paddock_package_manager)
  if [ -z "$manager" ]; then
    echo "no apt, dnf or brew here: trying with what is installed" >&2
    return 0
  fi
  missing=$(paddock_missing "$manager" "$@" | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  missing=${missing% }
  command="$(paddock_install_command "$manager") $missing"
  if ! prefix=$(paddock_become_root "$manager"); then
    printf '%s\n' "error: these packages are missing, and only root can install them:" \
      "  $missing" "hint: have root run: $command" >&2
    return 1
  fi
  command="${prefix:+$prefix }$command"
  printf '%s\n' "to install: $missing" "with:       $command"
  if [ "$yes" != 1 ] && ! paddock_ask "install these packages?"; then
    echo "error: nothing was installed: say yes, or give --yes, or run the command above" >&2
    return 1
  fi
  paddock_run_install "$manager" "$prefix" "$missing"
}

# Quiet when it works; everything that the package manager said when it does not.
paddock_run_install() {
  local manager=$1 prefix=$2 missing=$3 log
  log=$(mktemp)
  if paddock_install_now "$manager" "$prefix" "$missing" >"$log" 2>&1; then
    rm -f "$log"
    return 0
  fi
  cat "$log" >&2
  rm -f "$log"
  echo "error: cannot install: $missing" >&2
  return 1
}

# shellcheck disable=SC2046,SC2086  # the lists and the command are words to split
paddock_install_now() {
  local manager=$1 prefix=$2 missing=$3 environment=
  if [ "$manager" = apt ]; then
    environment="env DEBIAN_FRONTEND=noninteractive"
    # A fresh machine has no lists, an old one has stale ones.
    $prefix apt-get update -qq || echo "package lists could not be refreshed" >&2
  fi
  $prefix $environment $(paddock_install_command "$manager") $missing </dev/null
}
