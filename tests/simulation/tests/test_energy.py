# SPDX-License-Identifier: MIT
"""Energy of nodes."""

import unittest

from simulation.energy import Amounts, picojoules

CONSTANTS = Amounts(products=100, vector=50, scratchpad=10, memory=4000, link=9000, cycles=20)


class Energy(unittest.TestCase):
    """energy.picojoules()"""

    def test_sum_is_rounded_up_once(self):
        # 3 x 100 + 5 x 50 + 7 x 10 + 1 x 20 = 640 fJ.
        self.assertEqual(picojoules(Amounts(3, 5, 7, cycles=1), CONSTANTS), 1)

    def test_whole_picojoules_stay(self):
        self.assertEqual(picojoules(Amounts(products=10), CONSTANTS), 1)
        self.assertEqual(picojoules(Amounts(products=1000010), CONSTANTS), 100001)

    def test_memory_and_link(self):
        # 64 x 4 + 64 x 9.
        self.assertEqual(picojoules(Amounts(memory=64, link=64), CONSTANTS), 832)

    def test_voltage_counts_twice_for_work_and_once_for_idling(self):
        # At half the voltage: 1,000 x 100 / 4 + 1,000 x 20 / 2 fJ.
        self.assertEqual(picojoules(Amounts(products=1000, cycles=1000), CONSTANTS, 400, 800), 35)


if __name__ == "__main__":
    unittest.main()
