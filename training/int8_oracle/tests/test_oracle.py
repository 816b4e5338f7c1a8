# SPDX-License-Identifier: MIT
"""The int8 oracle against ONNX Runtime, and what it does with bad files.

usage: test_oracle.py ORACLE [unittest options]
"""

import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[3]
for folder in ("training", "training/int8_oracle", "tests/models"):
    sys.path.append(str(TOP / folder))

import onnx_runtime  # first: it decides how onnx is loaded
import numpy
import onnx

import dataset
import export
import verify
from builder import Builder
from generate import quantization_step

ORACLE = ""
PICTURES = 200
CALIBRATION_PICTURES = 64
# Layout of the oracle's file.
FIRST_TENSOR, TENSOR_SIZE, LAYER_SIZE = 24, 28, 52
DEMO_MODEL = TOP / "models/fashion_mnist_int8.onnx"


def run_oracle(*arguments, **environment):
    return subprocess.run([ORACLE, *map(str, arguments)], capture_output=True, text=True,
                          env={**os.environ, **environment}, timeout=1000, check=False)


class OracleTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.network = self.folder / "network.bin"
        self.pictures = self.folder / "pictures.npy"
        self.logits = self.folder / "logits.npy"

    def export(self, model):
        self.network.write_bytes(export.Exporter(export.load(model)).export())

    def run_on(self, pictures):
        """Return the oracle's logits of `pictures`."""
        numpy.save(self.pictures, pictures)
        result = run_oracle(self.network, self.pictures, self.logits)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return numpy.load(self.logits)

    def assert_refused(self, message):
        """Expect the oracle to end with `message` on the files as they are."""
        # It ends where it finds the mistake, with memory in hand.
        result = run_oracle(self.network, self.pictures, self.logits, LSAN_OPTIONS="detect_leaks=0")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn(message, result.stderr)

    def assert_within_one_step(self, model, logits, expected):
        step = quantization_step(onnx.load(model), "logits")
        apart = numpy.abs(logits.astype(numpy.float64) - expected) / step
        self.assertLess(apart.max(), 1.001)
        # ONNX Runtime rounds in another place, which shows only where a value is near a half.
        self.assertLess((apart > 0.5).mean(), 0.02)


class DemoNetwork(OracleTest):
    def setUp(self):
        super().setUp()
        self.export(DEMO_MODEL)
        self.some = dataset.test_pictures()[:PICTURES]

    def test_agrees_with_onnx_runtime(self):
        expected = onnx_runtime.session(DEMO_MODEL).run(
            None, {"image": dataset.network_input(self.some)})[0]
        self.assert_within_one_step(DEMO_MODEL, self.run_on(self.some), expected)

    def test_one_flipped_weight_bit_changes_logits(self):
        before = self.run_on(self.some)
        data = bytearray(self.network.read_bytes())
        tensors, = struct.unpack_from("<i", data, 8)
        data[FIRST_TENSOR + tensors * TENSOR_SIZE + LAYER_SIZE] ^= 0x40
        self.network.write_bytes(data)
        self.assertFalse(numpy.array_equal(before, self.run_on(self.some)))

    def test_a_picture_does_not_depend_on_its_neighbours(self):
        numpy.testing.assert_array_equal(self.run_on(self.some)[::-1], self.run_on(self.some[::-1]))

    def test_refuses_a_network_cut_short(self):
        data = self.network.read_bytes()
        numpy.save(self.pictures, self.some)
        for length in [*range(0, 400, 7), len(data) // 2, len(data) - 1]:
            self.network.write_bytes(data[:length])
            with self.subTest(length=length):
                self.assert_refused("cut short")

    def test_refuses_tensors_whose_sizes_do_not_fit(self):
        data = bytearray(self.network.read_bytes())
        tensors, = struct.unpack_from("<i", data, 8)
        outputs = FIRST_TENSOR + (tensors - 2) * TENSOR_SIZE
        struct.pack_into("<i", data, outputs, 1 + struct.unpack_from("<i", data, outputs)[0])
        self.network.write_bytes(data)
        numpy.save(self.pictures, self.some)
        self.assert_refused("do not fit")

    def test_refuses_pictures_that_are_not_bytes(self):
        numpy.save(self.pictures, dataset.network_input(self.some))
        self.assert_refused("not unsigned bytes")


class Verify(unittest.TestCase):
    LOGITS = numpy.arange(6, dtype=numpy.float32).reshape(2, 3)

    def test_finds_no_difference_between_equal_logits(self):
        self.assertEqual(len(verify.differences(self.LOGITS, self.LOGITS.copy())), 0)

    def test_finds_a_difference_in_the_last_bit(self):
        other = self.LOGITS.copy()
        other[1, 2] = numpy.nextafter(other[1, 2], numpy.float32(9))
        self.assertEqual(verify.differences(self.LOGITS, other).tolist(), [[1, 2]])

    def test_tells_zero_from_negative_zero(self):
        other = self.LOGITS.copy()
        other[0, 0] = -0.0
        self.assertEqual(verify.differences(self.LOGITS, other).tolist(), [[0, 0]])

    def test_refuses_logits_of_another_shape(self):
        with self.assertRaisesRegex(ValueError, "shape"):
            verify.differences(self.LOGITS, self.LOGITS[:1])


def dilated_groups(b, source):
    first = b.conv(source, 8, (3, 3), pads=[1, 1, 1, 1])
    second = b.conv(first, 12, (3, 3), group=4, dilations=[2, 1], pads=[2, 0, 1, 1])
    return b.add("Flatten", b.add("GlobalAveragePool", b.add("Relu", second)))


def uneven_windows(b, source):
    first = b.add("Relu", b.conv(source, 5, (2, 3), strides=[1, 2], pads=[0, 1, 1, 2]))
    pooled = b.add("MaxPool", first, kernel_shape=[3, 2], strides=[2, 1], pads=[1, 0, 1, 1])
    return b.add("Flatten", pooled)


def residual(b, source):
    first = b.conv(source, 6, (1, 1), strides=[4, 4])
    second = b.conv(first, 6, (3, 3), pads=[1, 1, 1, 1], bias=False)
    return b.add("Flatten", b.add("Relu", b.add("Add", first, second)))


class SmallNetworks(OracleTest):
    def small_model(self, layers, quantization):
        """Write a random quantized network on pictures; return its path and some pictures."""
        builder = Builder(numpy.random.default_rng(3), symbolic=True)
        rows = layers(builder, builder.input((PICTURES, 1, 28, 28)))
        model = builder.finish(builder.gemm(rows, 10))
        model.graph.node[-1].output[0] = model.graph.output[0].name = "logits"
        source, target = self.folder / "fp32.onnx", self.folder / "quantized.onnx"
        onnx.save(model, source)
        pictures = dataset.test_pictures()[:PICTURES]
        batch = {"input_0": dataset.network_input(pictures[:CALIBRATION_PICTURES])}
        onnx_runtime.quantize(source, target, [batch], **quantization)
        return target, pictures

    def check(self, layers, **quantization):
        model, pictures = self.small_model(layers, quantization)
        self.export(model)
        expected = onnx_runtime.session(model).run(
            None, {"input_0": dataset.network_input(pictures)})[0]
        self.assert_within_one_step(model, self.run_on(pictures), expected)

    def test_groups_and_dilation_agree_with_onnx_runtime(self):
        self.check(dilated_groups)

    def test_uneven_windows_agree_with_onnx_runtime(self):
        self.check(uneven_windows)

    def test_a_residual_agrees_with_onnx_runtime(self):
        self.check(residual)

    def test_unsigned_activations_agree_with_onnx_runtime(self):
        self.check(uneven_windows, activation="QUInt8")

    def test_one_scale_for_all_channels_agrees_with_onnx_runtime(self):
        self.check(dilated_groups, per_channel=False)

    def test_an_operator_it_does_not_know_is_refused(self):
        def layers(b, source):
            return b.add("Flatten", b.add("Sigmoid", b.conv(source, 2, (5, 5), strides=[5, 5])))

        model, _ = self.small_model(layers, {})
        with self.assertRaisesRegex(export.Unsupported, "Sigmoid"):
            self.export(model)


if __name__ == "__main__":
    ORACLE = sys.argv.pop(1)
    unittest.main()
