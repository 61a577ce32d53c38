# Debian's Linux and e2fsprogs after, and before, the power goes. The environment says in which
# ROUND this is, from 0 on, and how many files of every earlier one were on the drive for sure:
# SYNCED="12 9". Round 0 makes the file system; LAST=1 only checks.
disk=/dev/nvme0n1
tries=100
while [ ! -b $disk ] && [ $tries -gt 0 ]; do
  tries=$((tries - 1))
  sleep 0.1
done

# Every file differs in length and content; the longer ones are written in several commands.
content() { # round, number
  yes "round $1 file $2 of the power-cut test" | head -c $(($2 % 9 * 17011 + 3000 + $2))
}

fail() {
  echo "FAILED $1"
  dmesg | tail -n 20
  exit 1
}

if [ "$ROUND" = 0 ]; then
  mkfs.ext4 -q -F -J size=4 $disk || fail mkfs
fi
mkdir -p /mnt
mount -t ext4 $disk /mnt || fail mount
if [ "$ROUND" != 0 ]; then
  dmesg | grep -q 'EXT4-fs (nvme0n1): recovery complete' || fail 'the journal was not replayed'
  round=0
  for count in $SYNCED; do
    number=1
    while [ $number -le "$count" ]; do
      content $round $number | cmp -s - /mnt/$round/$number || fail "round $round, file $number is not whole"
      number=$((number + 1))
    done
    round=$((round + 1))
  done
  umount /mnt || fail umount
  e2fsck -f -n $disk >/tmp/out 2>&1 || { cat /tmp/out; fail e2fsck; }
  echo "checked $SYNCED"
  [ -z "${LAST-}" ] || exit 0
  mount -t ext4 $disk /mnt || fail 'second mount'
  previous=$((ROUND - 1))
  rm -rf /mnt/noise /mnt/unsynced
  [ $previous = 0 ] || rm -rf "/mnt/$previous/unsynced"
fi

mkdir "/mnt/$ROUND"
# Writes that nobody waits for, so that the cache is never empty.
noise() {
  while :; do
    head -c 300000 /dev/urandom >/mnt/noise
    i=0
    while [ $i -lt 20 ]; do
      echo $i >/mnt/$ROUND/unsynced.$i
      i=$((i + 1))
    done
    mv /mnt/$ROUND/unsynced.3 /mnt/$ROUND/unsynced.4
    rm /mnt/$ROUND/unsynced.*
  done
}
noise &
number=1
while [ $number -le 400 ]; do
  content "$ROUND" $number | dd of="/mnt/$ROUND/$number" bs=64k conv=fsync 2>/tmp/dd || fail "file $number"
  echo "synced $number"
  number=$((number + 1))
done
fail 'the power was not cut'
