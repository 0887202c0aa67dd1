# shellcheck shell=bash
# Sourced by the checks, in the tree's root: which files there are.

# files PATTERN...: the tree's files whose path matches a git pathspec or, outside a git clone, a
# shell pattern; NUL-terminated.
files() {
  if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files -z --cached --others --exclude-standard -- "$@" |
      while IFS= read -r -d '' file; do if [ -f "$file" ]; then printf '%s\0' "$file"; fi; done
  else
    local pattern conditions=()
    for pattern in "$@"; do conditions+=(-o -path "./$pattern"); done
    find . -path './build*' -prune -o -type f \( "${conditions[@]:1}" \) -printf '%P\0'
  fi
}

# need PROGRAM: skips the check where it is not installed.
need() {
  command -v "$1" >/dev/null && return 0
  echo "paddock-skip: $1 is not installed"
  exit 77
}
