# SPDX-License-Identifier: MIT
"""The generated models are what they claim to be, and their expected outputs are right."""

import json
import pathlib
import tempfile
import unittest

import generate  # first: it decides how onnx is loaded
import numpy
import onnx
from onnx.reference import ReferenceEvaluator

import cases


# onnx 1.17's evaluator pads where auto_pad is VALID.
EVALUATOR_IS_WRONG = {"conv_valid_fp32"}


class Generated(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.output = pathlib.Path(folder.name)
        generate.generate(cls.output, generate.DEFAULT_SEED, list(cases.all_cases()))
        cls.cases = json.loads((cls.output / "cases.json").read_text())["cases"]

    def folders(self, *precisions):
        return [(case, self.output / case["name"])
                for case in self.cases if case["precision"] in precisions]

    @staticmethod
    def arrays(folder, kind, names):
        return [numpy.load(folder / f"{kind}_{number}.npy") for number in range(len(names))]

    def test_every_case_is_written_in_fp32(self):
        names = {case["name"] for case, _ in self.folders("fp32")}
        self.assertEqual(names, {f"{name}_fp32" for name in cases.all_cases()})

    def test_every_convolution_and_random_network_comes_quantized(self):
        names = {case["name"] for case in self.cases}
        for name in cases.all_cases():
            if name.startswith(("conv_", "random_network_")):
                for precision in generate.QUANTIZATIONS:
                    self.assertIn(f"{name}_{precision}", names)

    def test_fp32_outputs_equal_those_of_the_reference_evaluator(self):
        for case, folder in self.folders("fp32"):
            if case["name"] in EVALUATOR_IS_WRONG:
                continue
            inputs = dict(zip(case["inputs"], self.arrays(folder, "input", case["inputs"])))
            results = ReferenceEvaluator(str(folder / "model.onnx")).run(None, inputs)
            outputs = self.arrays(folder, "output", case["outputs"])
            for result, output in zip(results, outputs, strict=True):
                with self.subTest(case["name"]):
                    numpy.testing.assert_allclose(output, result, rtol=1e-4, atol=1e-4)

    def test_outputs_are_neither_constant_nor_out_of_range(self):
        for case, folder in self.folders("fp32", *generate.QUANTIZATIONS):
            for output in self.arrays(folder, "output", case["outputs"]):
                with self.subTest(case["name"]):
                    self.assertGreater(len(numpy.unique(output)), 1)
                    self.assertLess(numpy.abs(output).max(), 1000)

    def test_quantized_outputs_are_whole_numbers_of_steps(self):
        for case, folder in self.folders(*generate.QUANTIZATIONS):
            outputs = self.arrays(folder, "output", case["outputs"])
            for output, step in zip(outputs, case["output_steps"], strict=True):
                with self.subTest(case["name"]):
                    steps = output.astype(numpy.float64) / step
                    numpy.testing.assert_allclose(steps, numpy.rint(steps), atol=1e-4)

    def test_int8_weights_have_a_scale_per_output_channel(self):
        convolutions = [folder for case, folder in self.folders("int8")
                        if case["name"].startswith("conv_")]
        for folder in convolutions:
            model = onnx.load(folder / "model.onnx")
            shapes = {tensor.name: list(tensor.dims) for tensor in model.graph.initializer}
            with self.subTest(folder.name):
                self.assertEqual(
                    shapes["constant_0_scale"], shapes["constant_0_quantized"][:1])

    def test_random_networks_differ(self):
        models = {(self.output / f"random_network_{number}_fp32/model.onnx").read_bytes()
                  for number in range(cases.RANDOM_NETWORKS)}
        self.assertEqual(len(models), cases.RANDOM_NETWORKS)


class Seeds(unittest.TestCase):
    NAMES = ["conv_padding", "random_network_3"]

    def files(self, seed):
        with tempfile.TemporaryDirectory() as folder:
            generate.generate(pathlib.Path(folder), seed, self.NAMES)
            return {path.relative_to(folder): path.read_bytes()
                    for path in pathlib.Path(folder).rglob("*.*") if path.is_file()}

    def test_the_same_seed_writes_the_same_files(self):
        self.assertEqual(self.files(7), self.files(7))

    def test_another_seed_writes_other_models(self):
        first, second = self.files(7), self.files(8)
        for name in self.NAMES:
            path = pathlib.Path(f"{name}_fp32/model.onnx")
            self.assertNotEqual(first[path], second[path])


if __name__ == "__main__":
    unittest.main()
