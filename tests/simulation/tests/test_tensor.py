# SPDX-License-Identifier: MIT
"""Operands: sizes of elements, addresses of boxes."""

import unittest

from simulation.tensor import BITS, Tensor, dense
from simulation.walk import Walk


class Tensors(unittest.TestCase):
    """tensor.Tensor"""

    def test_sizes_of_types(self):
        by_size = {bits: {name for name in BITS if BITS[name] == bits} for bits in set(BITS.values())}
        self.assertEqual(by_size, {4: {"int4", "uint4", "fp4"}, 8: {"fp8", "int8", "uint8", "bool", "e8m0"},
                                   16: {"fp16", "bf16", "int16", "uint16"}, 32: {"fp32", "int32", "uint32"},
                                   64: {"int64", "uint64"}})

    def test_last_dimension_is_innermost(self):
        self.assertEqual(dense((2, 3, 4)), (12, 4, 1))

    def test_box_begins_at_its_indices(self):
        # Byte 4,064 of a tensor at 64 is the burst 64 and the half of 65.
        tensor = Tensor("fp16", (100, 32), address=64)
        self.assertEqual(tensor.box((63, 16), (2, 16)), ((64 + 63 * 64 + 32) * 8, [(2, 512), (16, 16)]))
        self.assertEqual(tensor.walk((63, 16), (2, 16)), Walk(2))

    def test_page_of_a_slot_counts(self):
        # Two bursts 128 bytes apart, in one page or in two.
        for address, pages in ((0, 0), (3968, 1)):
            tensor = Tensor("int8", (2, 64), (128, 1), address)
            self.assertEqual(tensor.walk((0, 0), (2, 64)), Walk(2, 1, pages))


if __name__ == "__main__":
    unittest.main()
