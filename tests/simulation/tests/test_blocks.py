# SPDX-License-Identifier: MIT
"""Steps of GEMM: orders, loads, time of the array, the ring. The class is edge: 32 x 32 weights, three rows a cycle."""

import unittest

from simulation.blocks import Blocks, Index
from simulation.gemm import Gemm
from simulation.sku import SKUS
from simulation.steps import Refused
from simulation.tensor import SCRATCHPAD, Tensor
from simulation.tile import alone
from simulation.vector import Vector

EDGE = SKUS["edge"]
POST = Vector(("RESCALE",))


def gemm(m, n, k, blocks, a="int8", b="int8", batch=(), batch_b=None, space="memory", **fields):
    """A product of dense operands."""
    batch_b = batch if batch_b is None else batch_b
    return Gemm(EDGE, Tensor(a, batch + (m, k), space=space), Tensor(b, batch_b + (k, n), space=space),
                Tensor("int8", batch + (m, n), space=space), blocks, **fields)


def loads(product):
    """Loads of a and of b."""
    every = [load.tensor for step in product.steps() for load in step.loads]
    return sum(tensor is product.a for tensor in every), sum(tensor is product.b for tensor in every)


class Loads(unittest.TestCase):
    """Two blocks of m, three of n, three of k: 18 steps."""

    def count(self, order, bk=32, **fields):
        """Loads of a and b."""
        return loads(gemm(96, 96, 96, Blocks(48, 32, bk, order), **fields))

    def test_blocks_of_k_change_in_every_step(self):
        self.assertEqual(self.count("OUTPUT_N"), (18, 18))
        self.assertEqual(self.count("OUTPUT_M"), (18, 18))

    def test_resident_a_is_loaded_once(self):
        self.assertEqual(self.count("A_RESIDENT"), (6, 18))

    def test_resident_b_is_loaded_once(self):
        self.assertEqual(self.count("B_RESIDENT"), (18, 9))

    def test_one_block_of_k_stays_while_the_inner_loop_runs(self):
        # Six steps: n outer, m inner: b changes with n only.
        self.assertEqual(self.count("OUTPUT_N", bk=96), (6, 3))
        # m outer, n inner.
        self.assertEqual(self.count("OUTPUT_M", bk=96), (2, 6))

    def test_broadcast_batch_is_the_same_block(self):
        # One block of each in every of four batch indices; b has one.
        whole = Blocks(96, 96, 96)
        self.assertEqual(loads(gemm(96, 96, 96, whole, batch=(4,), batch_b=(1,))), (4, 1))

    def test_blocks_lie_where_their_batch_index_does(self):
        # b [2, 3, 64, 64] in pages of its own: batch (1, 2) is the sixth; its bursts follow each other.
        product = gemm(64, 64, 64, Blocks(64, 64, 64), batch=(2, 3))
        self.assertEqual(product.batch(product.b, Index(5, 0, 0, 0)), (1, 2))
        self.assertEqual([product.batch(product.b, Index(i, 0, 0, 0)) for i in (0, 2, 3)], [(0, 0), (0, 2), (1, 0)])

    def test_row_counts_are_loaded_first_and_held_to_the_end(self):
        # Three batch indices; the counts are 12 bytes: one burst, 64 bytes of the ring.
        rows = Tensor("int32", (3,), address=1 << 20)
        product = gemm(64, 64, 64, Blocks(64, 64, 64), batch=(3,), rows=rows, row_counts=(64, 0, 64))
        command = product.command()
        self.assertIs(command.steps[0].loads[0].tensor, rows)
        self.assertIs(command.steps[0].loads[0].last, command.steps[-1])
        self.assertEqual((len(command.steps), command.working_set - product.working_set()), (2, 64))

    def test_row_counts_of_a_command_without_rows_are_loaded(self):
        rows = Tensor("int32", (1,), address=1 << 20)
        product = gemm(64, 64, 64, Blocks(64, 64, 64), batch=(1,), rows=rows, row_counts=(0,))
        self.assertEqual([len(step.loads) for step in product.command().steps], [1])

    def test_scales_come_with_their_block(self):
        # K = 128 in two blocks, a scale for 32 of k: two rows of 64 bytes in fp16 each: two bursts, at each of four
        # loads of b; of a block's 64 x 32 weights 32 bursts.
        scale = Tensor("fp16", (4, 64), address=1 << 20)
        product = gemm(32, 64, 128, Blocks(32, 32, 64), "fp16", "int8", scale=scale, block=32)
        steps = product.steps()
        bursts = [[load.walk.bursts for load in step.loads if load.tensor is scale] for step in steps]
        self.assertEqual(bursts, [[2]] * 4)
        # The second block of k begins with the third row.
        first, second = (step.loads[2] for step in steps[:2])
        self.assertIs(first.last, steps[0])
        self.assertIs(second.last, steps[1])

    def test_input_of_the_epilogue_is_loaded_when_its_box_changes(self):
        # Two blocks of m, three of n. A bias along n changes with n only, one along m with m; a residual in each block.
        along_n, along_m = Tensor("int32", (96, 96), (0, 1)), Tensor("int32", (96, 96), (1, 0))
        residual = Tensor("int8", (96, 96))
        for order, counts in (("OUTPUT_N", (3, 6, 6)), ("OUTPUT_M", (6, 2, 6))):
            post = Vector(("ADD", "ADD", "ADD"), (along_n, along_m, residual))
            steps = gemm(96, 96, 96, Blocks(48, 32, 96, order), post=post).steps()
            every = [load.tensor for step in steps for load in step.loads]
            self.assertEqual(tuple(sum(one is tensor for one in every) for tensor in post.inputs), counts, order)

    def test_input_of_the_epilogue_is_held_to_the_last_block_that_uses_it(self):
        bias = Tensor("int32", (96, 96), (0, 1))
        steps = gemm(96, 64, 32, Blocks(48, 32, 32), post=Vector(("ADD",), (bias,))).steps()
        held = [[load.tensor for load in step.frees if load.release == "vector"] for step in steps]
        self.assertEqual([len(loads) for loads in held], [0, 1, 0, 1])

    def test_scratchpad_operands_take_no_load(self):
        steps = gemm(96, 96, 96, Blocks(48, 32, 32), space=SCRATCHPAD).steps()
        self.assertEqual([len(step.loads) for step in steps], [0] * 18)

    def test_static_operand_is_loaded_first(self):
        product = gemm(96, 96, 96, Blocks(96, 96, 96))
        product.b = Tensor("int8", (96, 96), static=True)
        self.assertEqual([load.static for load in product.steps()[0].loads], [True, False])

    def test_rows_beyond_the_count_are_no_steps(self):
        # Of two batch indices with four blocks of 24 rows: 25 rows are two of them, 0 none.
        product = gemm(96, 96, 96, Blocks(24, 96, 96), batch=(2,), row_counts=(25, 0))
        self.assertEqual(len(product.steps()), 2)

    def test_kept_block_is_held_until_the_last_inner_turn(self):
        # b (k = 0, n = 0) is used in the steps of both m: 0 and 3.
        steps = gemm(96, 96, 96, Blocks(48, 32, 32, "B_RESIDENT")).steps()
        self.assertIs(steps[0].loads[1].last, steps[3])


class Array(unittest.TestCase):
    """Cycles of the array part; 64 more in the first step."""

    def array(self, m, n, k, a="int8", b="int8"):
        """The array part of a product of one block, filling aside."""
        return gemm(m, n, k, Blocks(m, n, k), a, b).steps()[0].array - 64

    def test_three_rows_a_cycle(self):
        # 2 x 2 arrays of weights, 100 / 3 = 34 cycles each.
        self.assertEqual(self.array(100, 64, 64), 136)

    def test_few_rows_stream_weights(self):
        # One row: 32 x 32 bytes at 64 a cycle are 16 cycles, four times.
        self.assertEqual(self.array(1, 64, 64), 64)

    def test_four_bit_weights_stream_in_half_the_time(self):
        self.assertEqual(self.array(1, 64, 64, b="int4"), 32)

    def test_products_of_four_bits_have_twice_the_rows(self):
        # 64 rows: one block of k; 64 x 32 half bytes are 16 cycles.
        self.assertEqual(self.array(1, 32, 64, a="int4", b="int4"), 16)

    def test_sixteen_bits_have_half_the_rows(self):
        # 64 / 16 = 4 blocks of k of 34 cycles.
        self.assertEqual(self.array(100, 32, 64, a="fp16", b="fp16"), 136)

    def test_fp32_has_two_rows(self):
        # 32 blocks of k of 34 cycles.
        self.assertEqual(self.array(100, 32, 64, a="fp32", b="fp32"), 1088)

    def test_strict_products_of_floating_types_take_four_times(self):
        # 4 x 136, the filling once; integers are exact anyway.
        for kind, cycles in (("fp16", 544), ("int16", 136)):
            product = gemm(100, 32, 64, Blocks(100, 32, 64), kind, kind, strict=True)
            self.assertEqual(product.steps()[0].array, cycles + 64)

    def test_narrow_blocks_use_whole_columns(self):
        self.assertEqual(self.array(100, 1, 32), 34)

    def test_product_over_nothing_has_a_step(self):
        self.assertEqual(len(gemm(96, 96, 0, Blocks(96, 96, 32)).steps()), 1)


class Ring(unittest.TestCase):
    """What a command needs of the ring."""

    def working_set(self, *extents, **fields):
        """Bytes."""
        product = gemm(*extents, **fields)
        return product.command().working_set

    def test_two_blocks_of_each(self):
        # Accumulator and output 5 x 48 x 32 = 7,680; a 2 x 48 x 32 = 3,072; b 2 x 32 x 32 = 2,048.
        self.assertEqual(self.working_set(96, 96, 96, Blocks(48, 32, 32)), 12800)

    def test_kept_operand_with_all_its_k_once(self):
        # 7,680 + 3,072 + 3 x 1,024.
        self.assertEqual(self.working_set(96, 96, 96, Blocks(48, 32, 32, "B_RESIDENT")), 13824)

    def test_scratchpad_operands_do_not_count(self):
        self.assertEqual(self.working_set(96, 96, 96, Blocks(48, 32, 32), space=SCRATCHPAD), 7680)

    def test_inputs_of_the_epilogue_count(self):
        # A bias of 32 int32 is 128 bytes.
        bias = Tensor("int32", (96, 96), (0, 1))
        self.assertEqual(self.working_set(96, 96, 96, Blocks(48, 32, 32), post=Vector(("ADD",), (bias,))), 12928)

    def test_sixteen_bit_integers_accumulate_in_eight_bytes(self):
        # (8 + 1) x 48 x 32; a and b of two bytes.
        self.assertEqual(self.working_set(96, 96, 96, Blocks(48, 32, 32), a="int16", b="int16"), 24064)

    def test_scales_count_with_their_block(self):
        # Without scales 6 x 32 x 32 + 2 x 32 x 64 x 2 + 2 x 64 x 32 = 14,336 (d is int8: 5 x 32 x 32 = 5,120 in place
        # of 6,144): 17,408 in all; the scales of a block are 2 x 32 fp16, twice.
        scale = Tensor("fp16", (4, 64))
        plain = gemm(32, 64, 128, Blocks(32, 32, 64), "fp16", "int8")
        scaled = gemm(32, 64, 128, Blocks(32, 32, 64), "fp16", "int8", scale=scale, block=32)
        self.assertEqual(scaled.command().working_set - plain.command().working_set, 2 * 128)

    def test_held_bytes_are_rounded_up_to_bursts(self):
        self.assertEqual([Tensor("int8", (n,)).held((n,)) for n in (1, 64, 65)], [64, 64, 128])

    def test_too_small_a_ring_refuses(self):
        product = gemm(96, 96, 96, Blocks(48, 32, 32))
        product.command(12800)
        with self.assertRaisesRegex(Refused, "COMMAND"):
            product.command(12799)

    def test_blocks_that_do_not_fit_the_array_refuse(self):
        for blocks in (Blocks(48, 33, 32), Blocks(48, 32, 33)):
            with self.assertRaisesRegex(Refused, "COMMAND"):
                gemm(96, 96, 96, blocks).command()

    def test_too_long_an_array_part_refuses(self):
        # 32 columns, 32 rows of blocks: 1,023 x 16 cycles and 64 for filling are 16,432; 16,384 may be.
        with self.assertRaisesRegex(Refused, "COMMAND"):
            gemm(1, 32, 1023 * 32, Blocks(1, 32, 1023 * 32)).command()
        # 1,020 x 16 + 64.
        gemm(1, 32, 1020 * 32, Blocks(1, 32, 1020 * 32)).command()

    def test_block_of_all_columns_needs_no_multiple(self):
        gemm(1, 33, 33, Blocks(1, 33, 33)).command()


class Time(unittest.TestCase):
    """A product from end to end."""

    def test_two_blocks_in_a_scratchpad(self):
        # Decoded at 16. First block: 2 x 22 + 64 cycles of the array to 124, vector 64 x 32 / 192 = 11 to 135, 64 rows
        # of 32 bytes are 64 bursts without a jump, at 256 bytes a cycle, to 151. Second: array 124 to 168, vector to
        # 179, store to 195.
        product = gemm(64, 64, 64, Blocks(64, 32, 64), space=SCRATCHPAD, post=POST)
        self.assertEqual(alone(EDGE, [product.command()], 1 << 16)[0], 195)

    def test_operands_in_memory(self):
        # 34.133 bytes a cycle. a: 64 bursts, requested at 16, from 216, 4,096 / 34.133 = 120.001: 121 cycles, to 337.
        # b: 32 bytes of each of 64 rows: 64 bursts without a jump, to 458. Array 44 + 64 to 566; vector to 577.
        # The second b moves from 458 on (a stays). At 577 34.2 bytes of it are left when the first store begins: half
        # the rate, three cycles, to 580. Array to 624, vector to 635. The store has moved 51.2 bytes by 580; the other
        # 4,044.8 take 118.5: to 699. The second store: to 820.
        product = gemm(64, 64, 64, Blocks(64, 32, 64), post=POST)
        self.assertEqual(alone(EDGE, [product.command()], 1 << 16)[0], 820)


if __name__ == "__main__":
    unittest.main()
