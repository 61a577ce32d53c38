# Debian's Linux, nvme-cli, fio and e2fsprogs judge the NVMe controller. Drives: two namespaces of
# the first controller (64 MiB and 32 MiB). Every step prints "ok NAME", or why not.
. /orrery/steps.sh

refused() { ! "$@"; }

# The command succeeds and says something that matches.
says() { # pattern, command...
  pattern=$1
  shift
  "$@" >/tmp/said 2>&1 && grep -q "$pattern" /tmp/said && return 0
  echo "'$*' does not say '$pattern':"
  cat /tmp/said
  return 1
}

identify() {
  says '^ver *: 0x20000' nvme id-ctrl /dev/nvme0 && says '^nn *: 2' nvme id-ctrl /dev/nvme0 &&
    says 'lbads:9.*in use' nvme id-ns /dev/nvme0n1 && says '1\]:0x2' nvme list-ns /dev/nvme0 &&
    says uuid nvme ns-descs /dev/nvme0n1 && says dmrsl nvme nvm-id-ctrl /dev/nvme0 &&
    says nstat nvme cmdset-ind-id-ns /dev/nvme0 -n 1
}

logs() {
  says 'Supported' nvme supported-log-pages /dev/nvme0 && says error_count nvme error-log /dev/nvme0 &&
    says 303 nvme smart-log /dev/nvme0 && says '1\.0' nvme fw-log /dev/nvme0 &&
    says Write nvme effects-log /dev/nvme0 -c 0 && says . nvme fid-support-effects-log /dev/nvme0
}

features() {
  for id in 1 2 4 6 7 8 9 0xa 0xb 0xc 0xe 0x16 0x81; do
    says . nvme get-feature /dev/nvme0 -f $id || return 1
  done
  says . nvme get-feature /dev/nvme0 -f 5 -n 1 && says . nvme set-feature /dev/nvme0 -f 6 -v 0 &&
    says 'value:0*$' nvme get-feature /dev/nvme0 -f 6 && says . nvme set-feature /dev/nvme0 -f 6 -v 1
}

errors() {
  before=$(nvme smart-log /dev/nvme0 | sed -n 's/^num_err_log_entries.*: //p')
  refused nvme admin-passthru /dev/nvme0 --opcode=0xc1 && refused nvme read /dev/nvme0n1 -s 99999999 -c 0 -z 512
  after=$(nvme smart-log /dev/nvme0 | sed -n 's/^num_err_log_entries.*: //p')
  [ $((after - before)) = 2 ] && nvme error-log /dev/nvme0 -e 1 | grep -q 'error_count.*[1-9]'
}

commands() {
  head -c 4096 /dev/urandom >/tmp/block
  nvme write /dev/nvme0n2 -s 8 -c 7 -z 4096 -d /tmp/block && nvme compare /dev/nvme0n2 -s 8 -c 7 -z 4096 -d /tmp/block &&
    nvme verify /dev/nvme0n2 -s 8 -c 7 && nvme copy /dev/nvme0n2 --sdlba=64 --slbs=8 --blocks=7 &&
    nvme compare /dev/nvme0n2 -s 64 -c 7 -z 4096 -d /tmp/block && nvme write-zeroes /dev/nvme0n2 -s 8 -c 7 &&
    refused nvme compare /dev/nvme0n2 -s 8 -c 7 -z 4096 -d /tmp/block && nvme flush /dev/nvme0n2 -n 2 &&
    nvme dsm /dev/nvme0n2 -n 2 -d -s 64 -b 8 && refused nvme compare /dev/nvme0n2 -s 64 -c 7 -z 4096 -d /tmp/block
}

queues() {
  [ "$(grep -c 'nvme0q[1-9]' /proc/interrupts)" -ge "$(nproc)" ]
}

verify() {
  fio --name=verify --filename=/dev/nvme0n1 --direct=1 --ioengine=libaio --iodepth=32 --numjobs=4 \
    --size=8m --offset_increment=16m --rw=randwrite --bsrange=512-64k --verify=crc32c --do_verify=1 \
    --verify_fatal=1 --randseed=7 --group_reporting
}

format() {
  nvme format /dev/nvme0n2 --lbaf=1 --force && nvme id-ns /dev/nvme0n2 | grep -q 'lbads:12.*in use' &&
    [ "$(cat /sys/block/nvme0n2/queue/logical_block_size)" = 4096 ] &&
    dd if=/dev/nvme0n2 bs=1M count=1 iflag=direct | cmp -n 1048576 - /dev/zero
}

fill() {
  mkfs.ext4 -q -F /dev/nvme0n1 && mkdir -p /mnt && mount -t ext4 /dev/nvme0n1 /mnt &&
    dd if=/dev/urandom of=/mnt/file bs=1M count=24 && sha256sum /mnt/file >/tmp/sum && sync && umount /mnt &&
    e2fsck -f -n /dev/nvme0n1 && mount -t ext4 /dev/nvme0n1 /mnt && sha256sum -c /tmp/sum && fstrim /mnt && umount /mnt &&
    e2fsck -f -n /dev/nvme0n1
}

is_there() { [ -b /dev/nvme0n1 ]; }

reset() {
  nvme reset /dev/nvme0 && dd if=/dev/nvme0n1 of=/dev/null bs=1M count=4 iflag=direct
}

remount() {
  echo 1 >/sys/class/nvme/nvme0/device/remove && echo 1 >/sys/bus/pci/rescan && soon is_there &&
    dd if=/dev/nvme0n1 of=/dev/null bs=1M count=4 iflag=direct
}

step appears soon is_there
step identify identify
step logs logs
step features features
step errors errors
step queues queues
step commands commands
step verify verify
step format format
step reset reset
step remove-and-rescan remount
step ext4 fill
verdict
