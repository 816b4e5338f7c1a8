#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Print what an ONNX model is made of: tensors, operators, shapes and multiply-accumulates."""

import argparse
import collections
import pathlib

import numpy
import onnx
from onnx import shape_inference


def dimensions(value):
    """Return the shape of a graph value; unknown sizes by their name."""
    return [dim.dim_param or dim.dim_value for dim in value.type.tensor_type.shape.dim]


def fixed_batch(model, batch):
    """Return a copy of `model` with every symbolic size set to `batch` and all shapes inferred."""
    fixed = onnx.ModelProto()
    fixed.CopyFrom(model)
    for value in [*fixed.graph.input, *fixed.graph.output]:
        for dim in value.type.tensor_type.shape.dim:
            if dim.dim_param:
                dim.dim_value = batch
    del fixed.graph.value_info[:]
    return shape_inference.infer_shapes(fixed, strict_mode=True, data_prop=True)


def shapes(model):
    """Return the shape of every tensor of `model`, by name."""
    graph = model.graph
    found = {value.name: dimensions(value)
             for value in [*graph.input, *graph.output, *graph.value_info]}
    found.update({tensor.name: list(tensor.dims) for tensor in graph.initializer})
    return found


def macs_of(node, shape):
    """Return the multiply-accumulates of `node`: those of Conv and Gemm, padding included."""
    if node.op_type not in ("Conv", "Gemm"):
        return 0
    outputs = int(numpy.prod(shape[node.output[0]]))
    if node.op_type == "Conv":
        return outputs * int(numpy.prod(shape[node.input[1]][1:]))
    attributes = {attribute.name: attribute.i for attribute in node.attribute}
    return outputs * shape[node.input[0]][0 if attributes.get("transA") else 1]


def describe(path):
    """Print one model."""
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    shape = shapes(fixed_batch(model, 1))
    print(f"{path}: {path.stat().st_size} bytes, opset {model.opset_import[0].version}")
    for kind, values in (("input", model.graph.input), ("output", model.graph.output)):
        for value in values:
            print(f"  {kind} {value.name} {dimensions(value)}")
    for node in model.graph.node:
        operands = ", ".join(f"{name} {shape[name]}" for name in node.input)
        results = ", ".join(f"{name} {shape[name]}" for name in node.output)
        print(f"  {node.op_type}: {operands} -> {results}")
    counts = collections.Counter(node.op_type for node in model.graph.node)
    print("  operators: " + ", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    print(f"  MACs per picture: {sum(macs_of(node, shape) for node in model.graph.node)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=pathlib.Path, nargs="+", help="ONNX files")
    for path in parser.parse_args().models:
        describe(path)


if __name__ == "__main__":
    main()
