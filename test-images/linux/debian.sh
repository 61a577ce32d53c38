# Debian's arm64 kernels, fetched once and unpacked in the cache. Sourced after build/common.sh and
# build/apt.sh by the scripts beside it.

kernel_versions="6.1 6.12 7.2"
kernel_layout=1 # counts up when unpack_kernel changes, so that cached kernels are made anew

suite_of() { # kernel version
  case $1 in
    6.1) echo bookworm ;;
    6.12) echo trixie ;;
    7.2) echo sid ;;
    *) return 1 ;;
  esac
}

# A suite's kernel of today may be newer than the one that was asked for.
tell_version() { # kernel version, release
  case $2 in
    "$1".*) ;;
    *) say "Debian's $(suite_of "$1") has Linux $2 now, so that is taken for $1" ;;
  esac
}

# Leaves the folder of a kernel in $kernel: Image, release, and modules/ as below /lib/modules/RELEASE.
find_kernel() { # version, "update" or nothing
  kernel_suite=$(suite_of "$1") || die "no kernel $1 here; name one of $kernel_versions"
  kernel_request=$cache/linux/requests/$1-$kernel_layout
  if [ -z "${2-}" ] && [ -r "$kernel_request" ] && kernel=$(cat "$kernel_request") && [ -d "$kernel" ]; then
    return
  fi
  lock "$cache/lock"
  if [ -n "${2-}" ] || [ ! -r "$kernel_request" ] || ! kernel=$(cat "$kernel_request") || [ ! -d "$kernel" ]; then
    fetch_kernel "$1" "${2-}"
  fi
  unlock
}

fetch_kernel() { # version, "update" or nothing
  have dpkg-deb || die "dpkg-deb is missing: install dpkg"
  apt_open "$kernel_suite" arm64
  [ -z "${2-}" ] || apt_update || die "cannot fetch the package lists of $kernel_suite: $(apt_reason)"
  apt_has_lists || apt_update || die "cannot fetch the package lists of $kernel_suite: $(apt_reason)"
  resolve_kernel || { apt_update && resolve_kernel; } || die "cannot find Debian's arm64 kernel in $kernel_suite: $(apt_reason)"
  kernel=$cache/linux/$(echo "$kernel_debs" | sed -n 's/^linux-image-[^_]*_\(.*\)_arm64.deb$/\1/p' | head -n 1)-$kernel_layout
  if [ ! -d "$kernel" ]; then
    say "fetching Debian's arm64 kernel $1 (about 100 MB, once)"
    download_kernel || { apt_update && resolve_kernel && download_kernel; } || die "cannot fetch Debian's arm64 kernel: $(apt_reason)"
    say "unpacking it"
    [ -n "${scratch-}" ] || make_scratch
    unpack_kernel "$scratch/kernel"
    tell_version "$1" "$(cat "$scratch/kernel/release")"
    mkdir -p "$cache/linux"
    mv "$scratch/kernel" "$kernel"
  fi
  mkdir -p "${kernel_request%/*}"
  echo "$kernel" >"$kernel_request.new$$"
  mv "$kernel_request.new$$" "$kernel_request"
}

# Only what a kernel consists of: the rest of what apt would install belongs to a whole system.
resolve_kernel() {
  kernel_debs=$(apt_resolve linux-image-arm64 | grep '^linux-\(image\|binary\|modules\|base\)-[0-9]')
  [ -n "$kernel_debs" ]
}

download_kernel() {
  for deb in $kernel_debs; do
    [ -r "$apt_archives/$deb" ] || (
      name=${deb%%_*} rest=${deb#*_}
      cd "$apt_archives/partial" && apt download "$name=$(echo "${rest%_*}" | sed 's/%3a/:/')" >"$apt_state/log" 2>&1 && mv "$deb" ..
    ) || return 1
  done
}

unpack_kernel() { # new folder
  mkdir "$1" "$1/all"
  for deb in $kernel_debs; do
    dpkg-deb --fsys-tarfile "$apt_archives/$deb" \
      | tar -x -C "$1/all" --no-same-owner --exclude='*/dtb' --exclude=./usr/share --exclude='./usr/lib/linux-image-*' \
      || die "cannot unpack $deb; remove $apt_archives/$deb and start again"
  done
  set -- "$1" "$1"/all/boot/vmlinu* "$1"/all/usr/lib/modules/*/vmlinu*
  for file in "$@"; do [ ! -f "$file" ] || mv "$file" "$1/Image"; done
  set -- "$1" "$1"/all/lib/modules/* "$1"/all/usr/lib/modules/*
  for folder in "$@"; do
    [ "$folder" != "$1" ] && [ -d "$folder" ] || continue
    basename "$folder" >"$1/release"
    mv "$folder" "$1/modules"
  done
  rm -rf "$1/all"
  [ -r "$1/Image" ] && [ -d "$1/modules/kernel" ] || die "Debian's kernel packages look different now: no kernel or modules in them"
}

# Modules: files below $kernel/modules/kernel, kept as they are or compressed by xz or zstd.

module_file() { # name -> its file, or nothing
  # A module's name has underscores where its file may have hyphens.
  find "$kernel/modules/kernel" -name "$(echo "$1" | sed 's/[-_]/[-_]/g').ko*" | head -n 1
}

module_cat() { # file
  case $1 in
    *.xz) have xz || die "xz is missing: install xz-utils"; xz -dc "$1" ;;
    *.zst) have zstd || die "zstd is missing: install zstd"; zstd -dcq "$1" ;;
    *) cat "$1" ;;
  esac
}

module_is_builtin() { # name
  grep -q "/$(echo "$1" | sed 's/[-_]/[-_]/g')\.ko\$" "$kernel/modules/modules.builtin"
}

# Copies a module and all that it needs, unpacked, into a folder in the layout of /lib/modules/RELEASE,
# and appends their names to the lists there: modules.load, in loading order, and modules.dep.
add_module() { # name, folder
  case " ${modules_done-} " in *" $1 "*) return 0 ;; esac
  modules_done="${modules_done-} $1"
  file=$(module_file "$1")
  if [ -z "$file" ]; then
    module_is_builtin "$1" && return 0
    die "the kernel $(cat "$kernel/release") has no module $1"
  fi
  path=${file#"$kernel/modules/"}
  path=${path%.xz} path=${path%.zst}
  mkdir -p "$2/${path%/*}"
  module_cat "$file" >"$2/$path" || die "cannot unpack $file; remove $kernel and start again"
  info=$(tr '\0' '\n' <"$2/$path" | LC_ALL=C sed -n '/^depends=/p;/^softdep=/p;/^alias=/p')
  needs=$(echo "$info" | sed -n 's/^depends=//p' | tr ',-' ' _')
  echo "$info" | sed -n "s/^alias=\(.*\)/alias \1 $1/p" >>"$2/modules.alias"
  add_needed "$1" "$2" "$path" "$needs" "$(echo "$info" | sed -n 's/^softdep=pre: //p' | sed 's/post:.*//')"
}

add_needed() { # name, folder, path, needed modules, modules better loaded before
  set -- "$1" "$2" "$3" "$4" "$5" ''
  for need in $4; do add_module "$need" "$2"; done
  for need in $5; do
    need=$(echo "${need#crypto-}" | tr - _)
    for try in "$need" "${need}_generic"; do
      [ -z "$(module_file "$try")" ] || add_module "$try" "$2"
    done
  done
  for need in $4; do
    file=$(module_file "$need")
    file=${file#"$kernel/modules/"} file=${file%.xz}
    [ -z "$file" ] || set -- "$1" "$2" "$3" "$4" "$5" "$6 ${file%.zst}"
  done
  echo "$3" >>"$2/modules.load"
  echo "$3:$6" >>"$2/modules.dep"
}
