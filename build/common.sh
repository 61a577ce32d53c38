# Functions that Orrery's shell scripts share; sourced, never run. POSIX sh.

# The user's cache: everything that is fetched or made once per machine lives below it.
cache=${ORRERY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/orrery}

say() { # one progress line
  printf 'orrery: %s\n' "$*" >&2
}

die() { # one line that says what to do; 125 = the emulator failed, not the guest
  say "$*"
  exit 125
}

have() { # is there such a program?
  command -v "$1" >/dev/null 2>&1
}

# Holds the lock file $1 until unlock or the end of the script, so that two first runs do the work
# once. Without flock(1) both do it: results are put in place by rename, so that is only slower.
lock() {
  mkdir -p "${1%/*}" || die "cannot create ${1%/*}; set ORRERY_CACHE to a folder that can be written"
  have flock || return 0
  exec 9>"$1" || die "cannot write $1; set ORRERY_CACHE to a folder that can be written"
  flock -n 9 || { say "waiting for another set-up to finish"; flock 9; }
}

unlock() {
  exec 9>&-
}

# A fresh temporary folder below the cache (the same file system: rename is atomic), in $scratch;
# removed when the script ends.
make_scratch() {
  mkdir -p "$cache" && scratch=$(mktemp -d "$cache/.new-XXXXXX") || die "cannot write $cache; set ORRERY_CACHE"
  trap 'rm -rf "$scratch"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

# Debian's name for the host's processor.
host_architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) uname -m ;;
  esac
}

# The first source or project file of the program that is newer than the last build, if any. Needs
# $here, the project, and $state, where its builds are; one process, for every start runs it.
newer_source() {
  find "$here/pom.xml" "$here/build/set-up" "$here/build/UpgradeJar.java" "$here/emulator" "$here/devices" "$here/minikernel" \
    \( -name target -o -path '*/src/test' \) -prune \
    -o \( -name pom.xml -o -name set-up -o -name UpgradeJar.java -o -path '*/src/*' \) -newer "$state/built" -print -quit
}

# The applets' names stand in the program one after another, NUL-terminated, from "[" to "zcat".
busybox_applets() { # busybox
  tr '\0' '\n' <"$1" | LC_ALL=C awk '
    /^[][a-z0-9_.+-]+$/ { run = run $0 "\n"; last = $0; next }
    { if (run ~ /^\[\n\[\[\n/ && last == "zcat") { printf "%s", run; exit } run = "" }'
}
