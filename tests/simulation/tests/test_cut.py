# SPDX-License-Identifier: MIT
"""Long vector parts, and what the steps of other commands decide at their edges."""

import unittest

from simulation.attention import Attention
from simulation.blocks import Blocks
from simulation.gemm import Gemm
from simulation.move import reach
from simulation.reduce import Normalize, Reduce
from simulation.sku import SKUS
from simulation.tensor import SCRATCHPAD, Tensor
from simulation.tile import alone
from simulation.vector import Vector

EDGE = SKUS["edge"]


class Cuts(unittest.TestCase):
    """A vector part of more than 2^14 cycles."""

    def product(self, weight):
        """192 x 96 outputs: 96 strips of `weight` cycles, an input of the epilogue."""
        a, b, d = (Tensor("int8", extent, space=SCRATCHPAD) for extent in ((192, 32), (32, 96), (192, 96)))
        post = Vector(("POW",) * (weight // 16), (Tensor("int8", (192, 96)),))
        return Gemm(EDGE, a, b, d, Blocks(192, 96, 32), post).command()

    def test_parts_are_steps_of_their_own(self):
        # 96 x 192 = 18,432 cycles: two parts of 9,216.
        command = self.product(192)
        self.assertEqual([step.vector for step in command.steps], [9216, 9216])
        self.assertEqual([step.store is None for step in command.steps], [True, False])
        self.assertEqual([(step.drains, step.closes) for step in command.steps], [(True, False), (False, True)])
        self.assertIs(command.steps[0].loads[0].last, command.steps[1])

    def test_cutting_takes_no_time(self):
        # The same part in one piece: 2^15 are allowed.
        command = self.product(192)
        ring = command.working_set
        cut = alone(EDGE, [command, self.product(192)], ring)[0]
        wide = EDGE.changed(block_cycles_log2=15)
        whole = []
        for _ in range(2):
            product = self.product(192).source
            product.sku = wide
            whole.append(product.command())
        self.assertEqual(len(whole[0].steps), 1)
        self.assertEqual(cut, alone(wide, whole, ring)[0])


class Edges(unittest.TestCase):
    """Empty rows, passes, pads."""

    def test_reduction_of_nothing_stores(self):
        reduce = Reduce(EDGE, Tensor("int8", (8, 0)), Tensor("fp32", (8, 1)), (1,), (4, 16))
        self.assertEqual([step.store.walk.bursts for step in reduce.command().steps], [1, 1])

    def test_strict_deviation_has_a_third_pass_for_the_output(self):
        # 4 x 192 elements a block, two blocks a row: 2 x 768 / 192 = 8 cycles in two passes, 4 + 4 in the third.
        x = Tensor("fp32", (4, 384))
        steps = Normalize(EDGE, x, x, (1,), (4, 192), "STANDARD", strict=True).command().steps
        self.assertEqual([step.vector for step in steps], [8, 8, 8, 8, 8, 8])
        steps = Normalize(EDGE, x, x, (1,), (4, 384), "STANDARD", strict=True).command().steps
        self.assertEqual([step.vector for step in steps], [36])

    def test_what_a_move_reads_outside(self):
        # Indices -3 to 2 of ten elements; 8 to 12.
        found = [(reach(mode, -3, 6, 10), reach(mode, 8, 5, 10)) for mode in ("CONSTANT", "EDGE", "REFLECT", "WRAP")]
        self.assertEqual(found, [((0, 3), (8, 2)), ((0, 3), (8, 2)), ((0, 4), (6, 4)), ((0, 10), (0, 10))])

    def test_rows_without_keys_are_stored(self):
        # Batch index 1 has no key: one step without array part.
        q, k = Tensor("fp16", (2, 1, 8, 32)), Tensor("fp16", (2, 1, 16, 32))
        steps = Attention(EDGE, q, k, k, q, Blocks(8, 16, 32), lengths=(16, 0)).command().steps
        self.assertEqual([(step.array > 0, step.store is not None) for step in steps],
                         [(True, False), (True, True), (False, True)])

    def test_causal_mask_counts_from_the_last_key_of_a_batch_index(self):
        # Eight queries of 24 keys see from 17 on all blocks of 8; of 16 keys two blocks.
        q, k = Tensor("fp16", (2, 1, 8, 32)), Tensor("fp16", (2, 1, 24, 32))
        attention = Attention(EDGE, q, k, k, q, Blocks(8, 8, 32), causal=True, lengths=(24, 16))
        self.assertEqual([len(attention.key_blocks(batch, 0, 8)) for batch in (0, 1)], [3, 2])


if __name__ == "__main__":
    unittest.main()
