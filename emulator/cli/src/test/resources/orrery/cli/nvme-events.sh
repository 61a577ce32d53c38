# Debian's Linux is told of what happens to its drive, as nvme-events-faults.toml plans it: each
# nvme verify of one of the first blocks makes something happen. Two namespaces of one controller, of
# 16 MiB and 8 MiB. On the kernel's command line: iomem=relaxed, or nobody may map registers.
. /orrery/steps.sh

happens() { nvme verify /dev/nvme0n1 -s "$1" -c 0; }
is_there() { [ -b /dev/nvme0n1 ] && [ -b /dev/nvme0n2 ]; }
is_gone() { [ ! -e /sys/block/nvme0n2 ]; }
sectors() { [ "$(cat /sys/block/nvme0n2/size)" = "$1" ]; }

shrinks() { happens 1 && soon sectors 2048; }
grows() { happens 2 && soon sectors 16384; }
goes() { happens 3 && soon is_gone && happens 9; }
comes() { happens 4 && soon is_there && soon sectors 16384; }
forgets() { nvme changed-ns-list-log /dev/nvme0 && ! nvme changed-ns-list-log /dev/nvme0 | grep -q 0x2; }
warms() { happens 5 && nvme smart-log /dev/nvme0 | grep -q '350' && nvme smart-log /dev/nvme0 | grep -q 'critical_warning.*: 0x2'; }

effects() { nvme effects-log /dev/nvme0 >/tmp/effects && grep -q 'Write' /tmp/effects; }

# As Debian's nvme-cli shows them on the mini-kernel, too.
registers() {
  nvme show-regs /dev/nvme0 >/tmp/regs && grep -q '^version *: 20000' /tmp/regs &&
    grep -q '^cap *: 84008300a010fff' /tmp/regs && grep -q '^crto *: a$' /tmp/regs &&
    grep -q '^csts *: 1$' /tmp/regs
}


# Linux 6.1 only asks for the reset; the drive has lost its addresses then, and a rescan gives it others.
subsystem() {
  nvme subsystem-reset /dev/nvme0 && [ "$(cat /sys/bus/pci/devices/$pci/config | od -An -tu2 -j4 -N2)" -eq 0 ] &&
    echo 1 >/sys/bus/pci/devices/$pci/remove && echo 1 >/sys/bus/pci/rescan &&
    soon is_there && dd if=/dev/nvme0n1 of=/dev/null bs=1M count=4 iflag=direct
}

step appears soon is_there
pci=$(basename "$(readlink -f /sys/class/nvme/nvme0/device)")
step effects effects
step registers registers
step shrinks shrinks
step grows grows
step detached goes
step attached comes
step list-is-read forgets
step warms-up warms
step subsystem-reset subsystem
verdict
