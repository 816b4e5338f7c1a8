# SPDX-License-Identifier: MIT
"""Bursts, jumps and pages of walks."""

import random
import unittest

from simulation.walk import Walk, chained, enumerated, measured

BYTE = 8


def in_bytes(dimensions):
    """Strides in bits, of those given in bytes."""
    return [(extent, stride * BYTE) for extent, stride in dimensions]


class Walks(unittest.TestCase):
    """walk.measured(), with figures counted by hand."""

    def check(self, address, dimensions, bursts, jumps=0, pages=0):
        """Both ways to count give these figures."""
        for count in (measured, enumerated):
            self.assertEqual(count(address * BYTE, in_bytes(dimensions)), Walk(bursts, jumps, pages), count.__name__)

    def test_dense_block_costs_its_bytes(self):
        # 1,000 bytes are 15 bursts of 64 and 40 bytes.
        self.check(0, [(1000, 1)], 16)

    def test_unaligned_block_touches_one_burst_more(self):
        # Bytes 60 to 123 lie in the bursts 0 and 1.
        self.check(60, [(64, 1)], 2)

    def test_one_byte_in_each_page_costs_nine_cycles(self):
        self.check(0, [(5, 4096)], 5, 4, 4)
        self.assertEqual(measured(0, in_bytes([(5, 4096)])).issue, 4 * 9)

    def test_gap_inside_of_a_page_is_a_jump_only(self):
        # 0, 128, 256, 384: each second burst.
        self.check(0, [(4, 128)], 4, 3)

    def test_next_burst_in_the_next_page_is_no_jump(self):
        self.check(4032, [(2, 64)], 2)

    def test_rows_in_one_burst_count_once(self):
        # Four rows of 16 bytes, 32 apart: bytes 0 to 111, two bursts.
        self.check(0, [(4, 32), (16, 1)], 2)

    def test_transposed_block_costs_what_the_plain_one_does(self):
        # The order of dimensions is not that of the walk: rows of 32 bytes, 256 apart.
        self.check(0, [(32, 1), (8, 256)], 8, 7)
        self.check(0, [(8, 256), (32, 1)], 8, 7)

    def test_negative_stride_walks_upwards(self):
        # From byte 192 down to byte 0, walked from 0 up.
        self.check(192, [(4, -64)], 4)

    def test_broadcast_dimension_is_not_walked(self):
        self.check(0, [(1000, 0), (64, 1)], 1)

    def test_among_equal_strides_the_first_is_outermost(self):
        # Windows over windows: 0, 64, 64, 128: the third element lies in the second one's burst.
        self.check(0, [(2, 64), (2, 64)], 3)

    def test_overlapping_windows_go_back(self):
        # Rows of three bursts, 64 bytes apart: 0 1 2, 1 2 3: from burst 2 to burst 1 is a jump.
        self.check(0, [(2, 65), (3, 64)], 6, 1)

    def test_block_without_elements(self):
        self.check(0, [(0, 64), (4, 1)], 0)

    def test_four_bit_elements(self):
        # 200 elements of four bits are 100 bytes: two bursts.
        self.assertEqual(measured(0, [(200, 4)]), Walk(2))

    def test_walks_one_after_another_merge_at_equal_bursts(self):
        # Bytes 0 to 63 and 32 to 95 of page 1: bursts 64, 64, 65. Then page 0: a jump to another page.
        page = 4096 * BYTE
        boxes = [(page, [(64, BYTE)]), (page + 32 * BYTE, [(64, BYTE)]), (0, [(64, BYTE)])]
        self.assertEqual(chained(boxes), Walk(3, 1, 1))

    def test_walks_that_follow_each_other_over_pages(self):
        # The last burst of page 0 and the first of page 1; an empty box between them is none.
        boxes = [(4032 * BYTE, [(64, BYTE)]), (0, [(0, BYTE)]), (4096 * BYTE, [(64, BYTE)])]
        self.assertEqual(chained(boxes), Walk(2))

    def test_scratchpad_stores_four_times_the_weight_path(self):
        # Ten bursts of 64 bytes at 64 and at 256 bytes a cycle; then four jumps are more, one or three in a cycle.
        self.assertEqual([Walk(10, 4).scratchpad_cycles(width, 1) for width in (16, 64)], [10, 4])
        self.assertEqual(Walk(10, 10).scratchpad_cycles(64, 3), 4)
        self.assertEqual(Walk(10, 1).scratchpad_cycles(64, 1), 3)

    def test_two_counts_agree_on_random_boxes(self):
        rng = random.Random(8)
        strides = [0, 1, 1, 2, -1, 3, -5, 16, 63, 64, 100, 512, 1000, 4096, 4100, -4096, 12345]
        for _ in range(600):
            bits = rng.choice([4, 8, 16, 32, 64])
            box = [(rng.choice([1, 1, 2, 3, 4, 5, 7, 16]), rng.choice(strides) * bits)
                   for _ in range(rng.randint(0, 4))]
            address = rng.randrange(100000) * bits
            self.assertEqual(measured(address, box), enumerated(address, box), (address, box))

    def test_long_walk_repeats(self):
        # Rows of 100 bytes at 4,160 bytes: 65 bursts on, so a jump to another page, and then one burst more.
        # Row i begins i bursts into a page (i < 64): two bursts each. 64,000 rows: 128,000 bursts.
        self.assertEqual(measured(0, in_bytes([(64000, 4160), (100, 1)])), Walk(128000, 63999, 63999))


if __name__ == "__main__":
    unittest.main()
