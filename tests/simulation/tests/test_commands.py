# SPDX-License-Identifier: MIT
"""Steps of commands that the array has no part in, and of ATTENTION. The class is edge: 192 vector operations."""

import unittest

from simulation.attention import Attention
from simulation.blocks import Blocks
from simulation.boxes import boxes, elementwise
from simulation.conv import Window
from simulation.move import gather, move, scatter
from simulation.pool import Pool
from simulation.reduce import Normalize, Reduce
from simulation.resample import resample, touched
from simulation.sample import Sample, along
from simulation.sku import SKUS
from simulation.sorting import sort_cycles, suppress_cycles
from simulation.steps import Refused
from simulation.tensor import SCRATCHPAD, Tensor
from simulation.tile import alone
from simulation.vector import Vector

EDGE = SKUS["edge"]


def parts(command):
    """Bursts loaded, cycles and bursts stored, of each step."""
    return [(sum(load.walk.bursts for load in step.loads), step.vector, step.store.walk.bursts if step.store else 0)
            for step in command.steps]


class Boxes(unittest.TestCase):
    """The steps over a tensor."""

    def test_kept_dimensions_are_outside(self):
        # The first dimension is reduced: its blocks follow each other for each block of the second.
        self.assertEqual([start for start, _ in boxes((4, 4), (2, 2), inner=(0,))],
                         [(0, 0), (2, 0), (0, 2), (2, 2)])

    def test_blocks_have_a_limit(self):
        with self.assertRaisesRegex(Refused, "COMMAND"):
            list(boxes((4097,), (4097,)))


class Simple(unittest.TestCase):
    """One command each."""

    def test_elementwise(self):
        # 64 x 64 fp16 in two steps of 2,048 elements: 11 strips of weight 2; 64 bursts each way.
        x = Tensor("fp16", (64, 64))
        command = elementwise(EDGE, x, Vector(("MUL", "ADD"), (x,)), (32, 64))
        self.assertEqual(parts(command), [(64, 22, 64)] * 2)

    def test_reduction_stores_when_it_is_complete(self):
        # Rows of 4,096 in two blocks of 2,048: 11 cycles; the second block's epilogue of one element 1.
        x, d = Tensor("int8", (1, 4096)), Tensor("int8", (1, 1))
        command = Reduce(EDGE, x, d, (1,), (1, 2048), post=Vector(("RESCALE",))).command()
        self.assertEqual(parts(command), [(32, 11, 0), (32, 12, 1)])

    def test_inputs_of_a_prologue_are_loaded_with_each_block(self):
        x, d, scale = Tensor("int8", (1, 4096)), Tensor("int8", (1, 1)), Tensor("fp16", (1, 4096))
        command = Reduce(EDGE, x, d, (1,), (1, 2048), pre=Vector(("MUL",), (scale,))).command()
        self.assertEqual([bursts for bursts, _, _ in parts(command)], [32 + 64] * 2)

    def test_prologue_counts_every_element(self):
        x, d = Tensor("int8", (1, 2048)), Tensor("int8", (1, 1))
        command = Reduce(EDGE, x, d, (1,), (1, 2048), pre=Vector(("MUL", "ADD"))).command()
        self.assertEqual(parts(command), [(32, 33, 1)])

    def test_softmax_of_a_row_in_one_pass(self):
        # 10 x 1,024 / 192 = 53.3: 54, and 4.
        x = Tensor("fp16", (4, 1024))
        command = Normalize(EDGE, x, x, (1,), (1, 1024), "SOFTMAX").command()
        self.assertEqual(parts(command), [(32, 58, 32)] * 4)

    def test_softmax_of_a_long_row_in_two_passes(self):
        # Two blocks of 4,096 in each pass: 5 x 4,096 / 192 = 106.7: 107; the second pass has 4 more, and stores.
        x = Tensor("fp16", (1, 8192))
        command = Normalize(EDGE, x, x, (1,), (1, 4096), "SOFTMAX").command()
        self.assertEqual(parts(command), [(128, 107, 0)] * 2 + [(128, 111, 128)] * 2)

    def test_factors_of_the_modes(self):
        # 1,024 / 192 x 12 = 64, x 4 = 21.3, x 2 = 10.7; 4 more.
        x = Tensor("fp16", (1, 1024))
        for mode, cycles in (("LOG_SOFTMAX", 68), ("STANDARD", 26), ("RMS", 15)):
            self.assertEqual(parts(Normalize(EDGE, x, x, (1,), (1, 1024), mode).command()), [(32, cycles, 32)])

    def test_epilogue_of_a_pool(self):
        # 64 x 9 / 192 = 3, and two strips' operations.
        window = Window(3, 2)
        x, d = Tensor("int8", (1, 64, 3, 3)), Tensor("int8", (1, 64, 1, 1))
        command = Pool(EDGE, x, d, (window, window), (1, 64, 1, 1), Vector(("MUL", "ADD"))).command()
        self.assertEqual([step.vector for step in command.steps], [5])

    def test_pool(self):
        # Two lines of 8 outputs of 64 channels read five rows of 17 columns: 16 x 64 x 9 / 192 = 48.
        window = Window(3, 2)
        x = Tensor("int8", (1, 64, 17, 17), (17 * 17 * 64, 1, 17 * 64, 64))
        d = Tensor("int8", (1, 64, 8, 8), (8 * 8 * 64, 1, 8 * 64, 64))
        command = Pool(EDGE, x, d, (window, window), (1, 64, 2, 8)).command()
        self.assertEqual(parts(command)[0], (85, 48, 16))

    def test_move(self):
        # 4,096 bytes at 768 a cycle.
        x = Tensor("int8", (64, 64))
        self.assertEqual(parts(move(EDGE, x, x, (64, 64))), [(64, 6, 64)])

    def test_padding_takes_no_load(self):
        # Rows 0 and 1 of four are padding.
        x, d = Tensor("int8", (2, 64)), Tensor("int8", (4, 64))
        self.assertEqual(parts(move(EDGE, x, d, (2, 64), before=(2, 0))), [(0, 1, 2), (2, 1, 2)])

    def test_gather_costs_its_bursts(self):
        # Rows of 16 bytes: 0, 1 and 2 lie in one burst, 100 in another one; and one burst of indices.
        x, d = Tensor("int8", (1000, 16)), Tensor("int8", (4, 16))
        index = Tensor("int32", (4,), address=1 << 20)
        command = gather(EDGE, x, index, d, 0, (0, 1, 2, 100), (4, 16))
        self.assertEqual(parts(command), [(3, 1, 1)])

    def test_gather_along_the_inner_dimension(self):
        # Columns 5, 6 and 200 of four rows of 256 bytes: each element a walk of four bursts, of rows 256 apart. 5 and 6
        # lie in the same bursts, but the second walk begins anew: 12 bursts and the indices' one.
        x, d = Tensor("int8", (4, 256)), Tensor("int8", (4, 3))
        index = Tensor("int32", (3,), address=1 << 20)
        command = gather(EDGE, x, index, d, 1, (5, 6, 200), (4, 3))
        self.assertEqual(parts(command), [(13, 1, 1)])

    def test_gather_stores_four_times_the_lanes(self):
        # 64 rows of 64 bytes: 4,096 / 768.
        x, d = Tensor("int8", (1000, 64)), Tensor("int8", (64, 64))
        index = Tensor("int32", (64,), address=1 << 20)
        self.assertEqual(gather(EDGE, x, index, d, 0, range(64), (64, 64)).steps[0].vector, 6)
        self.assertEqual(scatter(EDGE, d, index, x, 0, range(64), (64, 64)).steps[0].vector, 6)

    def test_indices_of_a_block_only_are_loaded(self):
        # The second block's 16 indices are one burst.
        x, d = Tensor("int8", (1000, 64)), Tensor("int8", (32, 64))
        index = Tensor("int32", (32,), address=1 << 20)
        for command in (gather(EDGE, x, index, d, 0, range(32), (16, 64)),
                        scatter(EDGE, d, index, x, 0, range(32), (16, 64))):
            self.assertEqual([step.loads[1].walk.bursts for step in command.steps], [1, 1])

    def test_gather_in_another_order_costs_more(self):
        x, d = Tensor("int8", (1000, 16)), Tensor("int8", (4, 16))
        index = Tensor("int32", (4,), address=1 << 20)
        command = gather(EDGE, x, index, d, 0, (0, 100, 1, 200), (4, 16))
        self.assertEqual(parts(command), [(5, 1, 1)])

    def test_scatter_with_reduction_reads_and_takes_a_cycle_an_element(self):
        # Four rows of 16: 64 updates in a burst, an index burst, four bursts of d read and written.
        updates, d = Tensor("int8", (4, 16)), Tensor("int8", (1000, 16))
        index = Tensor("int32", (4,), address=1 << 20)
        command = scatter(EDGE, updates, index, d, 0, (0, 100, 200, 300), (4, 16), reduction=True)
        self.assertEqual(parts(command), [(6, 64, 4)])

    def test_resample(self):
        # Four outputs of two taps from 10, 12, 14, 16: inputs 10 to 17 of 64 bytes; 4 x 64 x 2 / 192 = 2.7.
        x, d = Tensor("int8", (64, 64)), Tensor("int8", (4, 64))
        first, weight = Tensor("int32", (4,)), Tensor("fp32", (4, 2))
        command = resample(EDGE, x, first, weight, d, 0, (10, 12, 14, 16), (4, 64))
        self.assertEqual(parts(command), [(8 + 1 + 1, 3, 4)])

    def test_resample_reads_nothing_beyond_the_edges(self):
        # From -3 to 1 and from 62 to 66, of 64 rows: 0 to 1, and 62 to 63.
        x, d = Tensor("int8", (64, 64)), Tensor("int8", (2, 64))
        first, weight = Tensor("int32", (2,)), Tensor("fp32", (2, 5))
        command = resample(EDGE, x, first, weight, d, 0, (-3, 62), (1, 64))
        self.assertEqual([step.loads[0].walk.bursts for step in command.steps], [2, 2])

    def test_resample_outside_reads_the_edge(self):
        self.assertEqual([touched((-9,), 2, 64), touched((99,), 2, 64)], [(0, 1), (63, 1)])

    def test_resample_along_the_inner_dimension(self):
        # Elements 10 and 11 of four rows of 256 bytes.
        x, d = Tensor("int8", (4, 256)), Tensor("int8", (4, 1))
        command = resample(EDGE, x, Tensor("int32", (1,)), Tensor("fp32", (1, 2)), d, 1, (10,), (4, 1))
        self.assertEqual(command.steps[0].loads[0].held, 64)
        self.assertEqual(command.steps[0].loads[0].walk.bursts, 4)

    def test_sample(self):
        # Pixels of 16 bytes, rows of four. Corners in rows 0 and 1, then in rows 1 and 2: column 4 is outside.
        x, d = Tensor("int8", (1, 16, 4, 4), (256, 1, 64, 16)), Tensor("int8", (1, 16, 1, 2), (32, 1, 32, 16))
        values = {(0, 0, 0, 0): 0.5, (0, 0, 0, 1): 0.5, (0, 0, 1, 0): 1.0, (0, 0, 1, 1): 3.5}
        command = Sample(EDGE, x, Tensor("fp32", (1, 1, 2, 2)), d, "LINEAR", "ZERO", values, (1, 16, 1, 2)).command()
        self.assertEqual(parts(command), [(4, 1, 1)])
        self.assertEqual([load.walk.bursts for load in command.steps[0].loads], [3, 1])
        self.assertEqual(command.working_set, 2 * 64 + 2 * 128)

    def test_sample_places_of_coordinates(self):
        places = [along("NEAREST", outside, at, 4) for outside, at in (
            ("ZERO", 0.5), ("ZERO", 1.5), ("ZERO", 3.6), ("ZERO", float("nan")), ("EDGE", 9.0), ("REFLECT_CENTRE", -1.0),
            ("REFLECT_CENTRE", 4.0), ("REFLECT_EDGE", -1.0), ("REFLECT_EDGE", 4.0))]
        self.assertEqual(places, [[0], [2], [], [], [3], [1], [2], [0], [3]])

    def test_long_vector_part_is_cut(self):
        # 4,096 elements of weight 16 x 60: 22 x 960 = 21,120 are two parts.
        x = Tensor("fp16", (64, 64))
        command = elementwise(EDGE, x, Vector(("POW",) * 60, (x,)), (64, 64))
        self.assertEqual(parts(command), [(128, 10560, 0), (0, 10560, 128)])

    def test_parts_of_a_long_vector_part_are_equal_but_the_last(self):
        # 22 x 1,999 = 43,978 in three parts of 14,660; the last has 14,658.
        x = Tensor("fp16", (64, 64))
        command = elementwise(EDGE, x, Vector(("POW",) * 124 + ("ADD",) * 15, (x,)), (64, 64))
        self.assertEqual([cycles for _, cycles, _ in parts(command)], [14660, 14660, 14658])

    def test_scratchpad_operands_take_no_load(self):
        x, d = Tensor("int8", (64, 64), space=SCRATCHPAD), Tensor("int8", (64, 64))
        self.assertEqual(len(move(EDGE, x, d, (64, 64)).steps[0].loads), 0)

    def test_working_set_is_twice_the_loads_of_a_step(self):
        x = Tensor("int8", (64, 64))
        self.assertEqual(move(EDGE, x, x, (64, 64)).working_set, 8192)
        with self.assertRaisesRegex(Refused, "COMMAND"):
            alone(EDGE, [move(EDGE, x, x, (64, 64))], 8191)

    def test_sort(self):
        # 2 x 1,000 x 10 x 16 / 192.
        self.assertEqual(sort_cycles(EDGE, 2, 1000), 1667)

    def test_suppress(self):
        # 8 x 100 x 100 / 192.
        self.assertEqual(suppress_cycles(EDGE, 100), 417)


class Attended(unittest.TestCase):
    """ATTENTION in fp16: 16 rows of 32 columns, three rows a cycle; 16 x 32 weights at 64 bytes are 16 cycles."""

    def attention(self, queries, keys, bm, bn, heads=1, kv_heads=1, **fields):
        """Heads of 64."""
        q, k = Tensor("fp16", (1, heads, queries, 64)), Tensor("fp16", (1, kv_heads, keys, 64))
        return Attention(EDGE, q, k, k, q, Blocks(bm, bn, 64), **fields)

    def test_two_steps_a_block_of_keys(self):
        # First product: K = 64 is 4, N = 32 is 1, 96 / 3 = 32: 128 (+ 64 for filling). Vector: 10 x 96 x 32 / 192 = 160
        # and 2 x 96 x 64 / 192 = 64. Second product: K = 32 is 2, N = 64 is 2: 128.
        steps = self.attention(96, 64, 96, 32).command().steps
        self.assertEqual([(step.array, step.vector) for step in steps], [(192, 224), (128, 0), (128, 224), (128, 0)])

    def test_queries_are_loaded_once(self):
        # q has 96 x 128 bytes, 192 bursts; blocks of k and v 64.
        steps = self.attention(96, 64, 96, 32).command().steps
        self.assertEqual([sum(load.walk.bursts for load in step.loads) for step in steps], [256, 64, 64, 64])

    def test_causal_blocks_are_left_out(self):
        # Rows 0 to 31 see the first of four blocks of keys, rows 32 to 63 two, then three and four.
        self.assertEqual(len(self.attention(128, 128, 32, 32, causal=True).command().steps), 2 * (1 + 2 + 3 + 4))

    def test_causal_rows_of_several_heads_see_what_the_last_one_does(self):
        # Two heads of 64 queries over 64 keys: a block of 96 rows ends in the second head's row 31, and has the first
        # head's row 63: all four blocks of keys. The other block is rows 32 to 63: four.
        attention = self.attention(64, 64, 96, 16, heads=2, causal=True)
        self.assertEqual(len(attention.command().steps), 2 * (4 + 4))
        # Blocks of 32 rows: rows 0 to 31 see two blocks, 32 to 63 four, for each head.
        attention = self.attention(64, 64, 32, 16, heads=2, causal=True)
        self.assertEqual(len(attention.command().steps), 2 * (2 + 4) * 2)

    def test_causal_queries_are_the_last_keys(self):
        # 16 queries over 64 keys: row 0 sees 49 keys.
        self.assertEqual(len(self.attention(16, 64, 1, 16, causal=True).command().steps), 2 * 4 * 16)

    def test_heads_are_walks_of_their_own(self):
        # Two queries of each of two heads of 64 fp16: 2 + 2 bursts of 128 bytes twice: 8.
        attention = self.attention(2, 32, 4, 32, heads=2)
        self.assertEqual(attention.command().steps[0].loads[0].walk.bursts, 8)

    def test_lengths_leave_keys_out(self):
        self.assertEqual(len(self.attention(32, 128, 32, 32, lengths=(33,)).command().steps), 4)

    def test_heads_that_share_keys_share_their_loads(self):
        # Four heads of one query: one block of four rows.
        steps = self.attention(1, 32, 4, 32, heads=4).command().steps
        self.assertEqual(len(steps), 2)

    def test_pages_are_walks_in_the_order_of_the_table(self):
        # 32 keys in two pages of 16 rows of 128 bytes, 32 bursts each: pages 3 and 1: a jump to another page.
        pool = Tensor("fp16", (8, 1, 16, 64))
        q = Tensor("fp16", (1, 1, 1, 64))
        attention = Attention(EDGE, q, pool, pool, q, Blocks(1, 32, 64), pages=((3, 1),), keys=32)
        walk = attention.command().steps[0].loads[1].walk
        self.assertEqual((walk.bursts, walk.jumps, walk.pages), (64, 1, 1))

    def test_working_set(self):
        # 4 x 96 x 32 + 4 x 96 x 64 + 96 x 64 x 2 + 96 x 64 x 2 + 2 x 32 x (128 + 128).
        self.assertEqual(self.attention(96, 64, 96, 32).working_set(), 12288 + 24576 + 12288 + 12288 + 16384)
        # Blocks are no larger than the command.
        self.assertEqual(self.attention(96, 32, 500, 32).working_set(), self.attention(96, 32, 96, 32).working_set())


if __name__ == "__main__":
    unittest.main()
