# SPDX-License-Identifier: MIT
"""How a run ended. Below 240 it is the guest command's own exit status."""

KERNEL_LOG = 240   # the command ended, but the kernel log holds a complaint
PANIC = 241        # the guest's kernel panicked
TIMEOUT = 242      # --timeout passed
NO_STATUS = 243    # the guest stopped without saying how the command ended
SETUP = 244        # an image, QEMU or a virtual NPU could not be made or started
UNLOAD = 245       # the module could not be unloaded after the command
NPU_DIED = 246     # a virtual NPU ended by itself or reported an error

MEANING = {
    KERNEL_LOG: "the kernel log holds complaints",
    PANIC: "the guest's kernel panicked",
    TIMEOUT: "the time limit passed",
    NO_STATUS: "the guest stopped without reporting the command's status",
    SETUP: "the guest could not be started",
    UNLOAD: "tessera.ko could not be unloaded after the command",
    NPU_DIED: "a virtual NPU ended unexpectedly",
}


class RunError(Exception):
    """What went wrong, with the exit status that says so."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
