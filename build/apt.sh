# Debian packages of any suite and architecture by the host's own apt-get, with lists, status and
# download folders of their own below the cache: the system's are neither read nor written. The
# system's mirror, proxies and keyrings are reused. Sourced after common.sh.

# The keyring that ships with every Debian; where it is missing apt trusts what the system trusts.
debian_keyring=${ORRERY_DEBIAN_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}

# The Debian mirror of the system's own sources; $1 = archive: "debian" or "debian-security".
system_mirror() {
  apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep "/$1/\{0,1\}\$" | head -n 1
}

# The sources of a suite: itself and, where the suite has them, its updates and security archive.
debian_sources() { # suite, architecture
  mirror=${ORRERY_DEBIAN_MIRROR:-$(system_mirror debian)}
  [ -n "$mirror" ] || return 1
  options="arch=$2"
  [ -r "$debian_keyring" ] && options="$options signed-by=$debian_keyring"
  echo "deb [$options] $mirror $1 main"
  case $1 in sid | unstable | testing | experimental) return 0 ;; esac
  echo "deb [$options] $mirror $1-updates main"
  security=${ORRERY_DEBIAN_SECURITY_MIRROR:-$(system_mirror debian-security)}
  [ -z "$security" ] || echo "deb [$options] $security $1-security main"
}

# Prepares apt's own folders for a suite and architecture; then `apt` and $apt_archives work on them.
apt_open() { # suite, architecture
  have apt-get || die "apt-get is missing here, so Debian's packages cannot be fetched; do this step on a Debian-like host"
  apt_state=$cache/apt/$1-$2
  apt_archives=$apt_state/cache/archives
  mkdir -p "$apt_state/lists/partial" "$apt_archives/partial" || die "cannot write $apt_state; set ORRERY_CACHE"
  : >"$apt_state/status"
  debian_sources "$1" "$2" >"$apt_state/sources.list" \
    || die "the system's apt sources name no Debian mirror; set ORRERY_DEBIAN_MIRROR to one"
  # Hooks of the system's configuration would work on the system's lists, hence the clears.
  cat >"$apt_state/apt.conf" <<CONF
#clear APT::Architectures;
#clear APT::Update;
#clear APT::Install;
#clear DPkg::Pre-Install-Pkgs;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
APT::Architecture "$2";
APT::Architectures { "$2"; };
APT::Install-Recommends "0";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
Dir::State "$apt_state";
Dir::State::lists "$apt_state/lists";
Dir::State::status "$apt_state/status";
Dir::Cache "$apt_state/cache";
Dir::Cache::archives "$apt_archives";
Dir::Etc::sourcelist "$apt_state/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Binary::apt-get::APT::Keep-Downloaded-Packages "1";
CONF
}

apt() { # the system's apt-get on the folders that apt_open prepared
  apt-get -q -y -c "$apt_state/apt.conf" "$@"
}

# Has this suite's package lists? A fetch makes them; they are renewed only on demand.
apt_has_lists() {
  [ -e "$apt_state/lists/complete" ]
}

apt_update() {
  say "fetching Debian's package lists (${apt_state##*/})"
  apt update >"$apt_state/log" 2>&1 && ! grep -q '^[EW]: Failed' "$apt_state/log" && : >"$apt_state/lists/complete"
}

# Resolves packages: prints the files of a whole install, one a line, as apt names them in its
# archive folder (a version's colon is written %3a).
apt_resolve() { # package...
  apt install --simulate "$@" 2>"$apt_state/log" \
    | sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*\[\([a-z0-9]*\)\]).*/\1_\2_\3.deb/p' | sed 's/:/%3a/g' | sort
}

# Downloads packages with all they depend on into $apt_archives.
apt_download() { # package...
  apt install --download-only "$@" >"$apt_state/log" 2>&1
}

# Why the last step failed, as one line.
apt_reason() {
  sed -n 's/^E: //p' "$apt_state/log" | head -n 1
}

# Resolves and downloads, with lists made if there are none and renewed once if they turn out to be
# too old; leaves the sorted file names in $apt_files.
apt_fetch() { # package...
  if ! apt_has_lists; then
    apt_update || return 1
  elif apt_files=$(apt_resolve "$@") && [ -n "$apt_files" ] && apt_download "$@"; then
    return 0
  else
    apt_update || return 1
  fi
  apt_files=$(apt_resolve "$@")
  [ -n "$apt_files" ] && apt_download "$@"
}
