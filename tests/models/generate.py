#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write small ONNX models with inputs and the outputs ONNX Runtime gives for them.

For each case and precision a folder NAME_PRECISION holds model.onnx, input_0.npy ... and
output_0.npy ... in the order of the graph's inputs and outputs. Precision is fp32 or one of
QUANTIZATIONS, as a model of QuantizeLinear and DequantizeLinear nodes. cases.json lists the
folders. Of a quantized case it gives for each output the step between neighbouring values, so
that a test can say how many steps apart two results are.
"""

import argparse
import json
import pathlib
import shutil
import sys
import zlib

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "training"))

import onnx_runtime  # first: it decides how onnx is loaded
import numpy
import onnx
from onnx import numpy_helper

import cases
from builder import Builder

DEFAULT_SEED = 1
CALIBRATION_BATCHES = 8
QUANTIZATIONS = {
    "int8": {},
    "int8_symmetric": {"per_channel": False, "symmetric": True},
    "uint8": {"activation": "QUInt8"},
}


def random_inputs(rng, shapes):
    """Return one set of inputs of the given shapes."""
    return {name: rng.standard_normal(shape).astype(numpy.float32)
            for name, shape in shapes.items()}


def build(name, seed):
    """Return the fp32 model of case `name`, its inputs and the inputs to calibrate with."""
    rng = numpy.random.default_rng([seed, zlib.crc32(name.encode())])
    # Half of the random networks leave the batch size open, as exported networks do.
    builder = Builder(rng, symbolic=name.startswith("random_network_") and name[-1] in "02468")
    model = builder.finish(*cases.all_cases()[name](builder))
    inputs = random_inputs(rng, builder.input_shapes)
    others = [random_inputs(rng, builder.input_shapes) for _ in range(CALIBRATION_BATCHES - 1)]
    return model, inputs, [inputs, *others]


def quantization_step(model, name):
    """Return the scale of the DequantizeLinear that output `name` of `model` comes from."""
    node = next(node for node in model.graph.node if name in node.output)
    if node.op_type != "DequantizeLinear":
        raise ValueError(f"output {name} comes from {node.op_type}, not from DequantizeLinear")
    scale = next(tensor for tensor in model.graph.initializer if tensor.name == node.input[1])
    return float(numpy_helper.to_array(scale))


def is_quantized(path):
    """Say whether the quantizer made every result of what is now `path` one of codes."""
    graph = onnx.load(path).graph
    makers = {name: node.op_type for node in graph.node for name in node.output}
    return all(makers[value.name] == "DequantizeLinear" for value in graph.output)


def write_case(folder, precision, inputs):
    """Write inputs and outputs beside model.onnx in `folder`; return the entry for cases.json."""
    path = folder / "model.onnx"
    model = onnx.load(path)
    outputs = onnx_runtime.session(path).run(None, inputs)
    for kind, arrays in (("input", inputs.values()), ("output", outputs)):
        for number, array in enumerate(arrays):
            numpy.save(folder / f"{kind}_{number}.npy", array)
    entry = {
        "name": folder.name,
        "precision": precision,
        "operators": sorted({node.op_type for node in model.graph.node}),
        "inputs": [value.name for value in model.graph.input],
        "outputs": [value.name for value in model.graph.output],
    }
    if precision != "fp32":
        entry["output_steps"] = [quantization_step(model, name) for name in entry["outputs"]]
    return entry


def case_folder(output, name, precision):
    """Return the folder of a case, made empty."""
    folder = output / f"{name}_{precision}"
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def write_precisions(output, name, seed):
    """Write case `name` in every precision it has and return the entries for cases.json."""
    model, inputs, calibration = build(name, seed)
    folder = case_folder(output, name, "fp32")
    source = folder / "model.onnx"
    onnx.save(model, source)
    entries = [write_case(folder, "fp32", inputs)]
    for precision, options in QUANTIZATIONS.items():
        folder = case_folder(output, name, precision)
        onnx_runtime.quantize(source, folder / "model.onnx", calibration, **options)
        if is_quantized(folder / "model.onnx"):
            entries.append(write_case(folder, precision, inputs))
        else:
            shutil.rmtree(folder)
    return entries


def generate(output, seed, names):
    """Write the cases `names` to folder `output`."""
    entries = [entry for name in names for entry in write_precisions(output, name, seed)]
    index = {"schema": 1, "seed": seed, "cases": entries}
    (output / "cases.json").write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")


def main():
    names = list(cases.all_cases())
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=pathlib.Path, help="folder to write to")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--only", nargs="+", choices=names, metavar="CASE",
                        help="write these cases only: " + ", ".join(names))
    arguments = parser.parse_args()
    generate(arguments.output, arguments.seed, arguments.only or names)


if __name__ == "__main__":
    main()
