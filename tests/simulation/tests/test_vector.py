# SPDX-License-Identifier: MIT
"""Strips of VECTOR programs."""

import unittest

from simulation.sku import SKUS
from simulation.vector import Vector, epilogue, strips

EDGE = SKUS["edge"]


class Strips(unittest.TestCase):
    """Edge executes 192 operations a cycle."""

    def test_dense_tensor_is_one_row(self):
        # 10 x 100 elements merge: 1,000 / 192 = 5.2.
        self.assertEqual(strips((10, 100), [(100, 1), (100, 1)], EDGE), 6)

    def test_rows_that_do_not_merge_have_strips_of_their_own(self):
        # The input's rows lie 128 apart: ten rows of one strip.
        self.assertEqual(strips((10, 100), [(100, 1), (128, 1)], EDGE), 10)

    def test_inner_dimensions_merge_without_the_outer_one(self):
        # 4 x 10 x 100: the inner two merge to 1,000, in six strips, four times.
        self.assertEqual(strips((4, 10, 100), [(1000, 100, 1), (2000, 100, 1)], EDGE), 24)

    def test_outer_dimensions_merge_without_the_inner_one(self):
        # The input's rows lie 128 apart: 4 x 10 rows of one strip.
        self.assertEqual(strips((4, 10, 100), [(1000, 100, 1), (1280, 128, 1)], EDGE), 40)

    def test_no_element_is_no_strip(self):
        self.assertEqual(strips((0,), [(1,)], EDGE), 0)

    def test_one_element_is_a_strip(self):
        self.assertEqual(strips((1, 1), [(1, 1)], EDGE), 1)

    def test_broadcast_column_does_not_merge(self):
        self.assertEqual(strips((10, 100), [(100, 1), (1, 0)], EDGE), 10)

    def test_scalar_merges(self):
        self.assertEqual(strips((10, 100), [(100, 1), (0, 0)], EDGE), 6)

    def test_weights_add(self):
        # ADD 1, EXP 8, DIV 4.
        self.assertEqual(Vector(("ADD", "EXP", "DIV")).weight, 13)

    def test_program_without_operations_costs_a_cycle_a_strip(self):
        self.assertEqual(epilogue(Vector(), 193, EDGE), 2)

    def test_missing_epilogue_costs_nothing(self):
        self.assertEqual(epilogue(None, 193, EDGE), 0)


if __name__ == "__main__":
    unittest.main()
