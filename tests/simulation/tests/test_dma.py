# SPDX-License-Identifier: MIT
"""Copies of a DMA engine, on 64 bytes a cycle of local memory and 16 of the link."""

import unittest

from simulation.device import Device
from simulation.dma import Dma, bursts
from simulation.sku import SKUS
from simulation.tensor import LOCAL, MEMORY

SKU = SKUS["server"].changed(memory_mb_s=64000, link_mb_s=16000, khz=1000000)


class Copies(unittest.TestCase):
    """32 cycles before each."""

    def ends(self, *copies):
        """The ends of some copies in a row."""
        engine = Dma(Device(SKU))
        for copy in copies:
            engine.copy(*copy)
        engine.device.run()
        return engine.ends

    def test_copy_over_the_link(self):
        # 6,400 bytes at 16.
        self.assertEqual(self.ends(((MEMORY, 0), (LOCAL, 0), 6400)), [432])

    def test_copy_inside_of_a_memory(self):
        # At half of 64.
        self.assertEqual(self.ends(((LOCAL, 0), (LOCAL, 1 << 20), 6400)), [232])

    def test_fill(self):
        self.assertEqual(self.ends((None, (LOCAL, 0), 6400)), [132])

    def test_worse_aligned_side_counts(self):
        # 64 bytes from address 32 are two bursts: 128 bytes at 16.
        self.assertEqual(self.ends(((MEMORY, 32), (LOCAL, 0), 64)), [40])

    def test_address_in_a_burst(self):
        # 65 bytes from address 63 lie in two bursts, from 64 on too; from 62 in two.
        self.assertEqual([bursts(63, 65), bursts(64, 65), bursts(62, 3), bursts(8, 57)], [2, 2, 2, 2])

    def test_copies_in_a_row(self):
        self.assertEqual(self.ends((None, (LOCAL, 0), 6400), (None, (LOCAL, 0), 6400)), [132, 264])


if __name__ == "__main__":
    unittest.main()
