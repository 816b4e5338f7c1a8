# SPDX-License-Identifier: MIT
"""Which kernel messages fail a run."""

import unittest

from vmrunner import klog

COMPLAINTS = {
    "warning": [
        "WARNING: CPU: 1 PID: 312 at drivers/gpu/drm/drm_gem.c:1012 drm_gem_object_release+0x2b/0x40 [drm]",
        "WARNING: possible circular locking dependency detected",
    ],
    "bug": [
        "BUG: kernel NULL pointer dereference, address: 0000000000000010",
        "kernel BUG at mm/slub.c:553!",
        "BUG: sleeping function called from invalid context at kernel/locking/mutex.c:585",
        "BUG kmalloc-64 (Tainted: G           OE     ): Poison overwritten",
    ],
    "oops": [
        "Oops: 0002 [#1] PREEMPT SMP NOPTI",
        "Oops: general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1]",
    ],
    "panic": ["Kernel panic - not syncing: Fatal exception in interrupt"],
    "refcount": [
        "refcount_t: underflow; use-after-free.",
        "refcount_t: addition on 0; use-after-free.",
    ],
    "list": ["list_del corruption. prev->next should be ffff88800abc, but was dead000000000100"],
    "locking": [
        "possible recursive locking detected",
        "INFO: trying to register non-static key.",
    ],
    "leak": [
        "[drm:drm_mm_takedown [drm]] *ERROR* Memory manager not clean during takedown.",
        "slab tessera_job: 3 objects remaining",
        "kmem_cache_destroy tessera_fence: Slab cache still has objects when called from exit+0x10",
        "Objects remaining in drm_sched_fence on __kmem_cache_shutdown()",
        "unreferenced object 0xffff888104a5c000 (size 128):",
    ],
    "sanitizer": ["UBSAN: shift-out-of-bounds in kernel/tessera/mmu.c:120:17"],
    "stall": [
        "INFO: task tessera-run:412 blocked for more than 120 seconds.",
        "rcu: INFO: rcu_preempt self-detected stall on CPU",
        "watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [kworker/0:1:13]",
    ],
    "dma": [
        "tessera 0000:01:00.0: DMA-API: device driver failed to check map error[device address=0x0]",
        "DMAR: [DMA Read NO_PASID] Request device [01:00.0] fault addr 0xfff00000 [fault reason 0x06]",
    ],
    "slab": ["Slab corruption (Tainted: G): tessera_job start=ffff888, len=192"],
    "probe": ["tessera 0000:01:00.0: Driver probe function unexpectedly returned 1"],
    "irq": ["irq 24: nobody cared (try booting with the \"irqpoll\" option)"],
}

HARMLESS = [
    "Linux version 6.12.100+deb13-amd64 (debian-kernel@lists.debian.org)",
    "kfence: initialized - using 2097152 bytes for 255 objects at 0x0000000012345678-0x0000000087654321",
    "tessera 0000:01:00.0: firmware 0.1.0 ready",
    "[drm] Initialized tessera 0.1.0 for 0000:01:00.0 on minor 0",
    "tessera: loading out-of-tree module taints kernel.",
    "tessera: module verification failed: signature and/or required key missing - tainting kernel",
    "Oopsie is not a kernel message",
    "x86/mm: Checked W+X mappings: passed, no W+X pages found.",
    "SLUB: HWalign=64, Order=0-3, MinObjects=0, CPUs=2, Nodes=1",
    "rcu: Hierarchical SRCU implementation.",
    "Spectre V2 : Vulnerable",
]


class Complaints(unittest.TestCase):
    """complaint()"""

    def test_each_kind_matches_its_examples(self):
        for kind, lines in COMPLAINTS.items():
            for line in lines:
                with self.subTest(kind=kind, line=line):
                    self.assertTrue(klog.matches(kind, line))
                    self.assertIsNotNone(klog.complaint(line))

    def test_every_kind_has_an_example(self):
        self.assertEqual(set(COMPLAINTS), set(klog.COMPLAINTS))

    def test_lets_harmless_lines_pass(self):
        for line in HARMLESS:
            with self.subTest(line=line):
                self.assertIsNone(klog.complaint(line))


class Records(unittest.TestCase):
    """text_of_record()"""

    def test_shows_the_time_and_the_text(self):
        self.assertEqual(klog.text_of_record("6,339,5140900,-;hello; world"), "[    5.140900] hello; world")

    def test_drops_device_properties(self):
        self.assertIsNone(klog.text_of_record(" SUBSYSTEM=pci"))

    def test_keeps_what_is_not_a_record(self):
        self.assertEqual(klog.text_of_record("plain text"), "plain text")


if __name__ == "__main__":
    unittest.main()
