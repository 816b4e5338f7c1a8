# SPDX-License-Identifier: MIT
"""CONV as a product of lines. The class is edge: 32 x 32 weights, three rows a cycle, 192 vector operations."""

import unittest
from dataclasses import replace

from simulation.blocks import Blocks, Index
from simulation.conv import Conv, Window
from simulation.sku import SKUS
from simulation.steps import Refused
from simulation.tensor import Tensor
from simulation.vector import Vector

EDGE = SKUS["edge"]
SAME = Window(3, before=1, after=1)


def nhwc(images, channels, rows, columns):
    """A tensor [N, C, H, W] whose channels lie innermost."""
    stride = (channels * rows * columns, 1, columns * channels, channels)
    return Tensor("int8", (images, channels, rows, columns), stride)


def conv(channels, outputs, size, blocks, windows=(SAME, SAME), images=1, groups=1):
    """A convolution of square images."""
    kernel = tuple(window.kernel for window in windows)
    out = [window.outputs(size) for window in windows]
    return Conv(EDGE, nhwc(images, channels, size, size), Tensor("int8", (outputs, channels // groups) + kernel),
                nhwc(images, outputs, *out), blocks, windows, groups, Vector(("RESCALE",)))


class Windows(unittest.TestCase):
    """conv.Window"""

    def test_extent_of_the_output(self):
        # (224 + 6 - 6 - 1) / 2 + 1.
        self.assertEqual(Window(7, 2, before=3, after=3).outputs(224), 112)

    def test_transposed_convolution(self):
        # Five inputs with a zero between each are 9; (9 + 2 - 2 - 1) + 1.
        self.assertEqual(Window(3, input_dilation=2, before=1, after=1).outputs(5), 9)

    def test_padding_is_not_loaded(self):
        # The first output row of a 3 x 3 kernel reads the rows -1, 0, 1.
        self.assertEqual(SAME.hit(0, 1, 56), (0, 2))

    def test_rows_between_share_inputs(self):
        # Rows 4 to 6 read 3 to 7.
        self.assertEqual(SAME.hit(4, 3, 56), (3, 5))

    def test_stride_leaves_rows_out_at_the_end(self):
        # Rows 0 and 2 of a kernel of one: the range from 0 to 2.
        self.assertEqual(Window(1, 2).hit(0, 2, 56), (0, 3))

    def test_input_dilation_skips_zeros(self):
        # Output row 0 reads the places -1, 0, 1 of zeros between inputs: input 0 alone.
        self.assertEqual(Window(3, input_dilation=2, before=1, after=1).hit(0, 1, 5), (0, 1))

    def test_taps_may_leave_inputs_out(self):
        # Output row 1 reads the places -1 and 3: the range begins with the first input all the same.
        self.assertEqual(Window(2, 2, dilation=4, before=3).hit(1, 1, 8), (0, 4))

    def test_window_in_padding_hits_nothing(self):
        self.assertEqual(Window(1, before=2, after=2).hit(0, 1, 5), (0, 0))


class Steps(unittest.TestCase):
    """Loads, array and stores."""

    def test_array_part(self):
        # Three lines of 56: 168 outputs, 56 cycles; K = 576 is 18 blocks of rows, N = 32 one of columns; filling 64.
        step = conv(64, 64, 56, Blocks(3, 32, 576)).steps()[0]
        self.assertEqual(step.array, 18 * 56 + 64)

    def test_lines_load_the_rows_of_their_windows(self):
        # Lines 0 to 2 read the rows 0 to 3: 4 x 56 x 64 bytes are 224 bursts.
        load = conv(64, 64, 56, Blocks(3, 32, 576)).steps()[0].loads[0]
        self.assertEqual((load.walk.bursts, load.held), (224, 224 * 64))

    def test_weights_of_a_block_are_dense(self):
        # 32 x 576 bytes.
        self.assertEqual(conv(64, 64, 56, Blocks(3, 32, 576)).steps()[0].loads[1].walk.bursts, 288)

    def test_block_of_k_is_one_of_channels(self):
        # bk = 288 is 32 of 64 channels: 4 x 56 pieces of 32 bytes, each in a burst of its own.
        load = conv(64, 64, 56, Blocks(3, 32, 288)).steps()[0].loads[0]
        self.assertEqual((load.walk.bursts, load.held), (224, 4 * 56 * 32))

    def test_block_of_k_between_channels_refuses(self):
        with self.assertRaisesRegex(Refused, "COMMAND"):
            conv(64, 64, 56, Blocks(3, 32, 32)).command()

    def test_block_across_images_is_a_walk_an_image(self):
        # Images of 8 x 8 pixels of 64 bytes. Ten lines are eight of the first image and two of the second, which read
        # three rows: 64 + 24 bursts. The store: 80 pixels of 32 bytes in bursts of their own.
        step = conv(64, 32, 8, Blocks(10, 32, 576), images=2).steps()[0]
        self.assertEqual((step.loads[0].walk.bursts, step.store.walk.bursts), (88, 40))

    def test_lines_are_as_long_as_the_innermost_extent(self):
        # Images of four rows of 96 pixels of 32 bytes; a block of one line is 96 outputs: 32 cycles and 64.
        out = Tensor("int8", (1, 32, 4, 96), (4 * 96 * 32, 1, 96 * 32, 32))
        product = Conv(EDGE, out, Tensor("int8", (32, 32, 1, 1)), out, Blocks(1, 32, 32), (Window(), Window()))
        step = product.steps()[0]
        self.assertEqual((step.array, step.loads[0].walk.bursts), (96, 48))

    def test_block_across_planes_is_a_walk_a_plane(self):
        # Two planes of three lines of four pixels of 64 bytes; a block of four lines has 3 + 1 of them.
        out = Tensor("int8", (1, 64, 2, 3, 4), (2 * 12 * 64, 1, 12 * 64, 4 * 64, 64))
        weights = Tensor("int8", (64, 64, 1, 1, 1))
        product = Conv(EDGE, out, weights, out, Blocks(4, 64, 64), (Window(), Window(), Window()))
        boxes = list(product.d_boxes(Index(0, 0, 0, 0)))
        self.assertEqual([size for _, size in boxes], [(1, 64, 1, 3, 4), (1, 64, 1, 1, 4)])
        self.assertEqual([start for start, _ in product.d_boxes(Index(0, 1, 0, 0))], [(0, 0, 1, 1, 0)])

    def test_second_block_of_k_has_the_next_channels(self):
        product = conv(64, 64, 56, Blocks(3, 32, 288))
        start, size = next(iter(product.x_boxes(Index(0, 0, 0, 1))))
        self.assertEqual((start[1], size[1]), (32, 32))

    def test_working_set(self):
        # Accumulator and output 5 x 168 x 32; x twice five rows of 56 x 64; w twice 32 x 576.
        product = conv(64, 64, 56, Blocks(3, 32, 576))
        self.assertEqual(product.command().working_set, 26880 + 2 * 17920 + 2 * 18432)

    def test_working_set_of_blocks_of_k(self):
        # As before with 32 channels.
        product = conv(64, 64, 56, Blocks(3, 32, 288))
        self.assertEqual(product.command().working_set, 26880 + 2 * 8960 + 2 * 9216)

    def test_epilogue_over_the_block(self):
        # 168 x 32 / 192.
        self.assertEqual(conv(64, 64, 56, Blocks(3, 32, 576)).steps()[0].vector, 28)


class Groups(unittest.TestCase):
    """Convolutions of groups."""

    def depthwise(self):
        """32 channels of 8 x 8, a block of all."""
        return conv(32, 32, 8, Blocks(8, 1, 9, bg=32), groups=32)

    def test_depthwise_is_the_vector_units(self):
        # Array: 32 groups of 64 / 3 = 22 cycles, 704. Vector unit: 64 x 32 x 9 / (192 x 4) = 24, and the epilogue's 11.
        steps = self.depthwise().steps()
        self.assertEqual([(step.array, step.vector) for step in steps], [(0, 35)])

    def test_wide_groups_are_the_arrays(self):
        # Two groups of 64 channels: a = 18 x 2 x 22 = 792 each, against 64 x 64 x 576 / 768 = 3,072.
        steps = conv(128, 128, 8, Blocks(8, 64, 576), groups=2).steps()
        self.assertEqual([step.array for step in steps], [792 + 64, 792])

    def test_wider_operands_take_the_vector_unit_longer(self):
        # 64 x 32 x 9 / (192 x 2) = 48, / 192 = 96.
        for kind, cycles in (("fp16", 48), ("fp32", 96)):
            product = self.depthwise()
            product.x, product.w = (replace(tensor, type=kind) for tensor in (product.x, product.w))
            self.assertEqual(product.vector_cost(Index(0, 0, 0, 0)), cycles)

    def test_second_block_of_groups(self):
        product = conv(32, 32, 8, Blocks(8, 1, 9, bg=16), groups=32)
        index = Index(1, 0, 0, 0)
        self.assertEqual((product.channel_range(index), product.output_range(index)), ((16, 16), (16, 16)))
        # Weights of 16 groups of nine bytes, from byte 144 on: bursts 2 to 4.
        self.assertEqual(product.b_load(index)[0].walk.bursts, 3)

    def test_working_set_of_groups(self):
        # 10,240; x 64 x 32 twice; w 32 x 9 = 288 bytes in 320, twice.
        product = self.depthwise()
        self.assertEqual(product.command().working_set, 10240 + 2 * 2048 + 2 * 320)

    def test_block_of_groups_loads_their_channels(self):
        # 64 pixels of 32 bytes.
        self.assertEqual(self.depthwise().steps()[0].loads[0].walk.bursts, 32)

    def test_accumulator_of_all_groups(self):
        # (4 + 1) x 64 x 32.
        self.assertEqual(self.depthwise().fixed(), 10240)


if __name__ == "__main__":
    unittest.main()
