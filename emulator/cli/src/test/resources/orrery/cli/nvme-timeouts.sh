# Debian's Linux meets commands that time out and a controller that fails, as nvme-timeouts-faults.toml
# plans it. The drive holds the same bytes as its 4 KiB blocks' numbers say. Every step prints
# "ok NAME", or why not. On the kernel's command line: nvme_core.io_timeout=2, admin_timeout=2.
rmmod nvme nvme_core
modprobe nvme # this one reads the kernel's command line

disk=/dev/nvme0n1
appear() {
  tries=100
  while [ ! -b $disk ] && [ $tries -gt 0 ]; do
    tries=$((tries - 1))
    sleep 0.1
  done
  [ -b $disk ]
}

# What the kernel has said since the last step.
news() {
  dmesg | tail -n +$((seen + 1))
}

step() { # name, what the kernel must say (a pattern for each), --, command...
  name=$1
  shift
  wanted=
  while [ "$1" != -- ]; do
    wanted="$wanted$1
"
    shift
  done
  shift
  seen=$(dmesg | wc -l)
  result=ok
  "$@" >/tmp/out 2>&1 || result=FAILED
  printf %s "$wanted" >/tmp/wanted
  while read -r line; do
    news | grep -q "$line" || { echo "the kernel does not say '$line'" >>/tmp/out; result=FAILED; }
  done </tmp/wanted
  [ -n "$wanted" ] || ! news | grep 'nvme.*timeout' >>/tmp/out || result=FAILED
  echo "$result $name"
  [ $result = ok ] || { cat /tmp/out; news; failed=1; }
}

# The bytes of a 4 KiB block of the drive: its number, again and again.
block() { yes "block $1" | head -c 4096; }

reads() { # number
  dd if=$disk bs=4096 skip="$1" count=1 iflag=direct of=/tmp/read 2>/tmp/dd && block "$1" | cmp - /tmp/read
}

writes() { # number
  block "new $1" >/tmp/new
  dd if=/tmp/new of=$disk bs=4096 seek="$1" count=1 oflag=direct 2>/tmp/dd && \
    dd if=$disk bs=4096 skip="$1" count=1 iflag=direct of=/tmp/read 2>/tmp/dd && cmp /tmp/new /tmp/read
}

refuses() { ! reads "$1" && grep -q 'No data available' /tmp/dd; }

# Nobody waits for this command for ever: the admin queue has no abort, so the controller is reset.
vendor() {
  nvme admin-passthru /dev/nvme0 --opcode=0xc1
  reads 901
}

mixed() {
  fio --name=mixed --filename=$disk --direct=1 --ioengine=libaio --iodepth=16 --numjobs=2 --offset=8m \
    --size=2m --offset_increment=4m --rw=randwrite --bs=4k --verify=crc32c --do_verify=1 --verify_fatal=1 \
    --randseed=7
}

failed=0
step appears -- appear
step undisturbed -- reads 100
step read-is-aborted 'QID.*timeout, aborting' 'Abort status: 0x0' -- reads 128
step write-is-aborted 'QID.*timeout, aborting' 'Abort status: 0x0' -- writes 256
step abort-hangs-so-reset 'QID.*timeout, aborting' 'QID.*timeout, reset controller' -- reads 384
step lost-interrupt 'timeout, completion polled' -- reads 512
step fatal-status 'controller is down; will reset: CSTS=0x3' -- reads 640
step late-completion -- reads 768
step transient-error -- reads 896
step medium-error 'critical medium error' -- refuses 900
step admin-timeout 'QID 0 timeout' -- vendor
step under-load 'QID.*timeout, aborting' -- mixed
[ $failed = 0 ] && echo all well
exit $failed
