# SPDX-License-Identifier: MIT
"""KVM or emulation: decided by a real trial boot, once for each host boot, QEMU and kernel."""

import os
import subprocess
import sys
from pathlib import Path

from vmrunner import paths, qemu, stamp

TRIAL_SECONDS = 20


def trial(images):
    """Whether a stock kernel reaches its first process under KVM. The device node alone proves nothing."""
    command = ["qemu-system-x86_64", *qemu.machine("kvm", False, 1, "512M", False), "-no-reboot",
               "-kernel", str(images.kernel), "-initrd", str(images.initramfs),
               "-append", f"{qemu.KERNEL_ARGUMENTS} tessera.trial"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=TRIAL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False
    return b"tessera-trial-ok" in done.stdout


def circumstances(images):
    """What the verdict on a kernel holds for: this boot of the host, this QEMU, this very image."""
    emulator = os.stat("/usr/bin/qemu-system-x86_64")
    boot = Path("/proc/sys/kernel/random/boot_id").read_text()
    return stamp.digest(boot, emulator.st_size, emulator.st_mtime_ns, images.kernel.stat().st_mtime_ns)


def choose(images):
    """"kvm" or "tcg"; TESSERA_ACCEL overrides."""
    forced = os.environ.get("TESSERA_ACCEL", "auto")
    if forced in ("kvm", "tcg"):
        return forced
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "tcg"

    def make(path):
        print("== trying KVM with a short boot", file=sys.stderr, flush=True)
        path.write_text("kvm" if trial(images) else "tcg")

    # A file for each kernel: two that take turns must not be tried again at each turn.
    verdict = paths.IMAGES / f"accel-{images.kernel.name}"
    return stamp.ensure(verdict, circumstances(images), make).read_text()
