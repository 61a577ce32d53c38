# What the scripts have in common by which Debian's Linux judges the NVMe controller. They read it
# first, and end with "verdict".
failed=0

# Prints "ok NAME", or why not.
step() { # name, command...
  name=$1
  shift
  if "$@" >/tmp/out 2>&1; then
    echo "ok $name"
  else
    echo "FAILED $name (status $?)"
    tail -n 40 /tmp/out
    dmesg | tail -n 20
    failed=1
  fi
}

# Waits until the command succeeds, ten seconds at most.
soon() {
  tries=100
  until "$@"; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || return 1
    sleep 0.1
  done
}

verdict() {
  [ $failed = 0 ] && echo all well
  exit $failed
}
