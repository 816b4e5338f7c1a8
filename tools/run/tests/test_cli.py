#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of tessera-run's command line, with the tile library in the NPU's place.

usage: test_cli.py TESSERA-RUN MODELS-OF-GENERATE.PY
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.transformers.float16 import convert_np_to_float16

RUN, MODELS = map(pathlib.Path, sys.argv[1:3])
TOP = pathlib.Path(__file__).resolve().parents[3]
NETWORK = TOP / "models/fashion_mnist_int8.onnx"
BATCH_OF_ONE = (NETWORK, "--batch", 1)
SMALL = MODELS / "random_network_3_fp32"


class CommandLine(unittest.TestCase):
    """One behaviour each."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_tool(self, *arguments):
        """Run the tool and return what it did."""
        return subprocess.run([RUN, *map(str, arguments)], capture_output=True, text=True,
                              check=False)

    def pictures(self, count):
        """Write `count` random pictures and return the file."""
        path = self.folder / "pictures.npy"
        rng = numpy.random.default_rng(count)
        numpy.save(path, rng.integers(0, 256, (count, 1, 28, 28), dtype=numpy.uint8))
        return path

    def logits(self, pictures, *options, batch=1):
        """Run the demo's network and return its logits."""
        path = self.folder / "logits.npy"
        done = self.run_tool(NETWORK, "--input", pictures, "--output", path, "--batch", batch,
                             *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return numpy.load(path)

    def test_batch_does_not_change_results(self):
        pictures = self.pictures(10)
        one = self.logits(pictures)
        self.assertEqual(one.shape, (10, 10))
        numpy.testing.assert_array_equal(one, self.logits(pictures, batch=5))

    def test_last_batch_may_be_short(self):
        pictures = self.pictures(10)
        numpy.testing.assert_array_equal(self.logits(pictures),
                                         self.logits(pictures, batch=4))

    def test_raw_file_holds_elements_of_the_input(self):
        pictures = self.pictures(3)
        raw = self.folder / "pictures.raw"
        numpy.load(pictures).astype(numpy.float32).tofile(raw)
        numpy.testing.assert_array_equal(self.logits(pictures), self.logits(raw))

    def test_without_input_seed_decides(self):
        outputs = [self.run_tool(*BATCH_OF_ONE, "--json", "-", "--seed", seed)
                   for seed in (1, 1, 2)]
        self.assertEqual([done.returncode for done in outputs], [0, 0, 0])
        texts = [self.run_tool(*BATCH_OF_ONE, "--seed", seed).stdout.split("\n\n")[0]
                 for seed in (1, 1, 2)]
        self.assertEqual(texts[0], texts[1])
        self.assertNotEqual(texts[0], texts[2])

    def test_report_counts_what_ran(self):
        done = self.run_tool(NETWORK, "--input", self.pictures(6), "--batch", 2, "--repeat", 2,
                             "--json", "-", "--profile")
        report = json.loads(done.stdout)
        self.assertEqual((report["items"], report["runs"]), (12, 6))
        self.assertEqual(report["type"], "int8")
        self.assertEqual(report["macs"], sum(node["macs"] for node in report["nodes"]))
        self.assertEqual(report["cycles"], sum(node["cycles"] for node in report["nodes"]))
        self.assertLess(0, report["tops"])
        self.assertLess(report["tops"], report["peak_tops"])
        self.assertEqual({node["executions"] for node in report["nodes"]}, {6})

    def test_integer_model_equals_reference_bit_for_bit(self):
        done = self.run_tool(*BATCH_OF_ONE, "--input", self.pictures(2), "--reference",
                             "--json", "-")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["reference"][0]["different"], 0)

    def test_precisions_agree_with_reference(self):
        for precision in ("fp32", "fp16", "bf16"):
            done = self.run_tool(SMALL / "model.onnx", "--reference", "--precision", precision)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_precision_leaves_integer_models_alone(self):
        pictures = self.pictures(3)
        numpy.testing.assert_array_equal(self.logits(pictures),
                                         self.logits(pictures, "--precision", "fp16"))

    def model(self, operators, constants, shape):
        """Write a model of (operator, inputs, output) from x to y and return the file."""
        nodes = [helper.make_node(kind, inputs, [output], name=output)
                 for kind, inputs, output in operators]
        values = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)
                  for name in "xy"]
        weights = [numpy_helper.from_array(numpy.asarray(data, numpy.float32), name)
                   for name, data in constants.items()]
        graph = helper.make_graph(nodes, "test", values[:1], values[1:], weights)
        path = self.folder / "model.onnx"
        onnx.save(helper.make_model(graph, ir_version=8,
                                    opset_imports=[helper.make_opsetid("", 17)]), path)
        return path

    def run_model(self, model, data, *options):
        """Run a model from x to y; return what the tool did, and y."""
        x, y = self.folder / "x.npy", self.folder / "y.npy"
        numpy.save(x, numpy.asarray(data, numpy.float32))
        done = self.run_tool(model, "--input", x, "--output", y, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done, numpy.load(y)

    def test_constants_become_fp16_as_onnx_runtime_converts_them(self):
        limits = numpy.finfo(numpy.float32)
        constant = numpy.array([[limits.max, limits.min, 65504, 65519.99, 65520, -65520, 1e5,
                                 1e-12, -1e-12, 2.0**-24, 2.0**-25, limits.tiny, 0, 1, -2.5,
                                 1 / 3]], numpy.float32)
        model = self.model([("Add", ["x", "c"], "y")], {"c": constant}, constant.shape)
        done, y = self.run_model(model, numpy.zeros_like(constant), "--precision", "fp16")
        numpy.testing.assert_array_equal(y, convert_np_to_float16(constant))
        self.assertIn("warning: node y (binary): of 16 values of c, 5 are beyond fp16",
                      done.stderr)
        self.assertIn("4 are too small", done.stderr)
        self.assertEqual(self.run_model(model, constant)[0].stderr, "")

    def test_a_square_beyond_fp16_is_told_with_its_node(self):
        model = self.model([("Mul", ["x", "x"], "square"), ("Sigmoid", ["square"], "y")], {},
                           (1, 4))
        done, y = self.run_model(model, [[300, 1, 400, 2]], "--precision", "fp16")
        numpy.testing.assert_allclose(y, [[1, 0.731, 1, 0.982]], rtol=1e-2)
        self.assertIn("warning: node square (binary): at least 2 results are infinite, "
                      "0 not a number", done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1)
        for options in ([], ["--precision", "bf16"],
                        ["--precision", "fp16", "--no-range-check"]):
            self.assertEqual(self.run_model(model, [[300, 1, 400, 2]], *options)[0].stderr, "")

    def test_an_input_beyond_fp16_is_told_by_its_name(self):
        model = self.model([("Tanh", ["x"], "y")], {}, (1, 2))
        done, y = self.run_model(model, [[1e6, 0]], "--precision", "fp16")
        numpy.testing.assert_array_equal(y, [[1, 0]])
        self.assertIn("warning: node x (convert): at least 1 results are infinite", done.stderr)

    def test_what_is_not_a_number_is_told(self):
        model = self.model([("Mul", ["x", "k"], "h"), ("Sub", ["h", "h"], "y")], {"k": 3e4},
                           (1, 2))
        done, y = self.run_model(model, [[4, 2]], "--precision", "fp16", "--json", "-")
        numpy.testing.assert_array_equal(y, [[numpy.nan, 0]])
        self.assertIn("node h (binary): at least 1 results are infinite", done.stderr)
        self.assertIn("node y (binary): at least 0 results are infinite, 1 not", done.stderr)
        self.assertEqual(json.loads(done.stdout)["nonfinite"],
                         [{"node": "h", "infinite": 1, "nan": 0},
                          {"node": "y", "infinite": 0, "nan": 1}])

    def test_all_jobs_of_a_run_are_looked_at(self):
        model = self.model([("Mul", ["x", "x"], "h"), ("Tanh", ["h"], "y")], {}, (1, 2))
        items = numpy.ones((3000, 2), numpy.float32)
        items[2999, 1] = 300
        done, _ = self.run_model(model, items, "--precision", "fp16")
        self.assertIn("node h (binary): at least 1 results", done.stderr)

    def test_a_mask_of_the_lowest_number_masks_in_fp16(self):
        lowest = float(numpy.finfo(numpy.float32).min)
        model = self.model([("Add", ["x", "mask"], "h"), ("Softmax", ["h"], "y")],
                           {"mask": [[0, lowest, lowest, 0]]}, (1, 4))
        done, y = self.run_model(model, [[1, 2, 3, 1]], "--precision", "fp16")
        numpy.testing.assert_array_equal(y, [[0.5, 0, 0, 0.5]])
        model = self.model([("Add", ["x", "mask"], "h"), ("Softmax", ["h"], "y")],
                           {"mask": [[lowest] * 4]}, (1, 4))
        done, y = self.run_model(model, [[1, 2, 3, 1]], "--precision", "fp16")
        numpy.testing.assert_array_equal(y, [[0.25] * 4])
        self.assertNotIn("infinite", done.stderr)

    def test_json_lists_constants_that_do_not_fit(self):
        model = self.model([("MatMul", ["x", "w"], "h"), ("Mul", ["h", "k"], "y")],
                           {"w": [[1e5, 1], [1, -1e6]], "k": [[1e-10, 1]]}, (1, 2))
        done, _ = self.run_model(model, [[0, 0]], "--precision", "fp16", "--json", "-")
        self.assertEqual(json.loads(done.stdout)["range_losses"],
                         [{"node": "h", "constant": "w", "type": "fp16", "values": 4,
                           "overflows": 2, "underflows": 0},
                          {"node": "y", "constant": "k", "type": "fp16", "values": 2,
                           "overflows": 0, "underflows": 1}])

    def test_top_prints_largest_first(self):
        path = self.folder / "logits.npy"
        done = self.run_tool(*BATCH_OF_ONE, "--input", self.pictures(1), "--top", 2,
                             "--output", path)
        order = numpy.argsort(-numpy.load(path)[0], kind="stable")
        line = next(line for line in done.stdout.splitlines() if line.lstrip().startswith("0:"))
        self.assertEqual([int(word) for word in line.split()[1::2]], list(order[:2]))

    def test_program_is_what_the_npu_gets(self):
        path = self.folder / "model.tsrp"
        done = self.run_tool(*BATCH_OF_ONE, "--program", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        data = path.read_bytes()
        self.assertEqual(data[:4], b"TSRP")
        self.assertEqual(int.from_bytes(data[8:12], "little"), len(data))

    def test_program_that_cannot_be_written_is_told(self):
        self.assert_refused(3, "/nowhere/model.tsrp: No such file", *BATCH_OF_ONE,
                            "--program", "/nowhere/model.tsrp")
        self.assert_refused(3, "/dev/full: No space left", *BATCH_OF_ONE, "--program", "/dev/full")

    def test_operators_are_sorted(self):
        names = self.run_tool("--operators").stdout.split()
        self.assertIn("Conv", names)
        self.assertEqual(names, sorted(names))

    def assert_refused(self, code, sentence, *arguments):
        """The tool ends with `code` and says `sentence`."""
        done = self.run_tool(*arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertIn(sentence, done.stderr)

    def test_usage_errors_end_with_2(self):
        self.assert_refused(2, "one model is needed")
        self.assert_refused(2, "fp32, fp16 or bf16", NETWORK, "--precision", "int4")
        self.assert_refused(2, "--batch wants", NETWORK, "--batch", "0")
        self.assert_refused(2, "--dim wants NAME=EXTENT", NETWORK, "--dim", "N")
        self.assert_refused(2, "--dim wants NAME=EXTENT", NETWORK, "--dim", "=3")
        self.assert_refused(2, "--dim wants a number", NETWORK, "--dim", "N=0")
        self.assert_refused(2, "--import-memory wants", NETWORK, "--import-memory", "0")
        self.assert_refused(2, "2 files are given", *BATCH_OF_ONE, "-i", "a.npy", "-i", "b.npy")

    def test_file_errors_end_with_3(self):
        self.assert_refused(3, "No such file", self.folder / "none.onnx")
        self.assert_refused(3, "No such file", *BATCH_OF_ONE, "-i", self.folder / "none.npy")
        self.assert_refused(3, "No such file", *BATCH_OF_ONE, "-o",
                            self.folder / "none/logits.npy")

    def array(self, values, kind=numpy.float32):
        """Write an array and return the file."""
        path = self.folder / "array.npy"
        numpy.save(path, numpy.asarray(values, kind))
        return path

    def test_data_of_another_shape_is_refused(self):
        for shape in ((784,), (28, 28), (1, 28, 28), (1, 28, 28, 1), (1, 1, 784), (1, 1, 14, 56),
                      (1, 1, 1, 28, 28), (0, 1, 28, 28)):
            with self.subTest(shape):
                self.assert_refused(3, f"has shape ({', '.join(map(str, shape))}), input image "
                                    "wants (any, 1, 28, 28)", *BATCH_OF_ONE, "-i",
                                    self.array(numpy.zeros(shape)))
        self.logits(self.array(numpy.zeros((1, 1, 28, 28))))

    def test_raw_data_is_a_whole_number_of_items(self):
        path = self.folder / "raw"
        for size, good in ((784 * 4 + 4, False), (784 * 4 + 1, False), (784 * 8, True)):
            path.write_bytes(bytes(size))
            if good:
                self.assertEqual(self.logits(path).shape, (2, 10))
            else:
                self.assert_refused(3, "one item of input image has 3136 bytes of fp32",
                                    *BATCH_OF_ONE, "-i", path)

    def test_a_number_that_the_input_does_not_hold_is_refused(self):
        def picture(value, kind):
            array = numpy.zeros((1, 1, 28, 28), kind)
            array.flat[5] = value
            return self.array(array, kind)
        for value, kind, good in (
                ((1 << 24) + 1, numpy.int64, False), (1 << 24, numpy.int64, True),
                ((1 << 24) + 1, numpy.int32, False), (-(1 << 31), numpy.int32, True),
                ((1 << 64) - 1, numpy.uint64, False), (1 << 63, numpy.uint64, True),
                (1e39, numpy.float64, False), (0.1, numpy.float64, True),
                (numpy.inf, numpy.float64, True)):
            with self.subTest(value=value, kind=kind):
                path = picture(value, kind)
                if good:
                    self.logits(path)
                else:
                    self.assert_refused(3, "element 5", *BATCH_OF_ONE, "-i", path)

    def test_other_element_types_are_refused(self):
        for kind in (numpy.bool_, numpy.complex64):
            self.assert_refused(3, "element type", *BATCH_OF_ONE, "-i",
                                self.array(numpy.zeros((1, 1, 28, 28)), kind))

    def test_a_group_outside_the_channels_is_refused(self):
        path = self.folder / "conv.onnx"
        weights = numpy_helper.from_array(numpy.ones((2, 2, 1, 1), numpy.float32), "w")
        values = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, (1, 2, 4, 4))
                  for name in "xy"]
        for group, code in ((1, 0), (0, 4), (-1, 4), (3, 4), (2**32 + 1, 4)):
            node = helper.make_node("Conv", ["x", "w"], ["y"], group=group)
            graph = helper.make_graph([node], "test", values[:1], values[1:], [weights])
            onnx.save(helper.make_model(graph, ir_version=8,
                                        opset_imports=[helper.make_opsetid("", 17)]), path)
            done = self.run_tool(path)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn(f"group is {group}" if code else "", done.stderr)

    def test_model_errors_end_with_4(self):
        self.assert_refused(4, "not an ONNX model", __file__)

    def open_model(self, *shapes):
        """Write a model that adds inputs of these shapes, some of them open, and return it."""
        names = [f"x{number}" for number in range(len(shapes))]
        inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
                  for name, shape in zip(names, shapes)]
        nodes = [helper.make_node("Min", names, ["y"])]
        graph = helper.make_graph(nodes, "open", inputs, [
            helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])
        path = self.folder / "open.onnx"
        onnx.save(helper.make_model(graph, ir_version=8,
                                    opset_imports=[helper.make_opsetid("", 17)]), path)
        return path

    def shape_of(self, *arguments):
        """Run a model and return the shape of its output."""
        path = self.folder / "y.npy"
        done = self.run_tool(*arguments, "--output", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        return numpy.load(path).shape

    def test_dimensions_have_their_extents_by_name(self):
        model = self.open_model(["n", "h", "w"], ["n", "h", 1])
        self.assertEqual(self.shape_of(model, "--dim", "h=4", "--dim", "n=2", "--dim", "w=3"),
                         (2, 4, 3))
        self.assertEqual(self.shape_of(model, "--dim", "h=4", "--batch", 5, "--dim", "w=3"),
                         (5, 4, 3))
        self.assertEqual(self.shape_of(model, "--dim=h=4", "--dim=n=2", "--batch", 5, "--dim=w=3"),
                         (2, 4, 3))

    def test_a_dimension_without_an_extent_is_refused(self):
        model = self.open_model(["n", "h", "w"])
        self.assert_refused(4, "--dim n=EXTENT, or --batch EXTENT", model)
        self.assert_refused(4, "--dim h=EXTENT", model, "--batch", 2)
        self.assert_refused(4, "--dim w=EXTENT", model, "--batch", 2, "--dim", "h=3")
        self.assertEqual(self.shape_of(model, "--batch", 2, "--dim", "h=3", "--dim", "w=4"),
                         (2, 3, 4))

    def test_a_dimension_without_a_name_is_called_by_its_place(self):
        model = self.open_model([2, None, -1, 0])
        self.assert_refused(4, "--dim x0:1=EXTENT", model)
        self.assertEqual(self.shape_of(model, "--dim", "x0:1=3", "--dim", "x0:2=4", "--dim",
                                       "x0:3=5"), (2, 3, 4, 5))

    def test_a_name_that_no_input_has_is_refused(self):
        model = self.open_model(["n", 3])
        for name in ("m", "x0:0", "x0:1", "x0", "3"):
            self.assert_refused(4, f"no input has an open dimension {name}", model, "--batch", 2,
                                "--dim", f"{name}=3")
        self.assert_refused(4, "n is given two extents", model, "--dim", "n=2", "--dim", "n=2")

    def test_import_memory_can_be_raised(self):
        nodes = [helper.make_node("Pad", ["x", "p"], ["padded"]),
                 helper.make_node("ReduceMax", ["padded"], ["y"], axes=[0, 1])]
        graph = helper.make_graph(
            nodes, "pads", [helper.make_tensor_value_info("x", TensorProto.FLOAT, (1, 1))],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
            [numpy_helper.from_array(numpy.int64([0, 1 << 20, 0, 0]), "p")])
        path = self.folder / "pads.onnx"
        onnx.save(helper.make_model(graph, ir_version=8,
                                    opset_imports=[helper.make_opsetid("", 17)]), path)
        self.assert_refused(4, "--import-memory", path, "--import-memory", 8)
        self.assertEqual(self.shape_of(path, "--import-memory", 9), (1, 1))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
