#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write a quantized ONNX model as the flat file the int8 oracle reads.

The graph is taken at its word: every operator stands between DequantizeLinear and QuantizeLinear
and becomes one layer on integer tensors. All numbers in the file are little-endian, 32 bits wide
unless said otherwise:

    "TSRINT8\\n", tensors, layers, number of the input tensor, number of the output tensor
    per tensor: channels, rows, columns, zero point, lowest code, highest code, scale (float)
    per layer:  kind, input, second input or -1, output, kernel rows and columns, strides,
                dilations, padding above and left, groups
    and after a convolution: weights (signed bytes [outputs, inputs / groups, rows, columns]),
                a scale per output (float), a bias per output
"""

import argparse
import pathlib
import struct
import sys

import numpy
import onnx
from onnx import numpy_helper, shape_inference

MAGIC = b"TSRINT8\n"
CONVOLUTION, MAX_POOL, AVERAGE_POOL, ADD, COPY = range(5)
_QUANTIZATION = slice(12, None)  # of a packed tensor: all but its sizes
CODES = {numpy.dtype("int8"): (-128, 127), numpy.dtype("uint8"): (0, 255)}


class Unsupported(Exception):
    """The model has something the oracle does not compute."""


def attributes_of(node):
    """Return the attributes of `node` as plain values."""
    return {item.name: onnx.helper.get_attribute_value(item) for item in node.attribute}


class Exporter:
    """One pass over the nodes of a model."""

    def __init__(self, model):
        self._graph = model.graph
        self._constants = {tensor.name: numpy_helper.to_array(tensor)
                           for tensor in model.graph.initializer}
        self._shapes = {
            value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim][1:]
            for value in (*model.graph.input, *model.graph.value_info, *model.graph.output)}
        self._quantizers = {node.input[0]: node for node in model.graph.node
                            if node.op_type == "QuantizeLinear"}
        self._dequantizers = {node.output[0]: node for node in model.graph.node
                              if node.op_type == "DequantizeLinear"}
        self._numbers = {}
        self._tensors = []
        self._layers = []

    def _tensor(self, name, scale, zero_point):
        """Return the number of the integer tensor `name`."""
        if name not in self._numbers:
            shape = (*self._shapes[name], 1, 1)[:3]
            zero = self._constants[zero_point]
            scale = self._constants[scale]
            if scale.size != 1:
                raise Unsupported(f"{name}: activations need one scale")
            self._numbers[name] = len(self._tensors)
            self._tensors.append(struct.pack(
                "<6if", *shape, int(zero), *CODES[zero.dtype], float(scale)))
        return self._numbers[name]

    def _source(self, name):
        """Return the number of the integer tensor behind the float tensor `name`."""
        if name not in self._dequantizers:
            raise Unsupported(f"{name}: does not come from DequantizeLinear")
        return self._tensor(*self._dequantizers[name].input)

    def _result(self, name):
        """Return the number of the integer tensor that the float tensor `name` becomes."""
        if name not in self._quantizers:
            raise Unsupported(f"{name}: does not go to QuantizeLinear")
        node = self._quantizers[name]
        return self._tensor(node.output[0], *node.input[1:])

    def _constant(self, name):
        """Return codes and scale of the dequantized constant `name`."""
        codes, scale, zero_point = (self._constants[part]
                                    for part in self._dequantizers[name].input)
        if numpy.any(zero_point):
            raise Unsupported(f"{name}: weights with a zero point")
        return codes, scale

    def _same_codes(self, node):
        """Refuse `node`, which only selects or moves codes, if their meaning changes."""
        ends = (self._source(node.input[0]), self._result(node.output[0]))
        before, after = (self._tensors[end][_QUANTIZATION] for end in ends)
        if before != after:
            raise Unsupported(f"{node.name}: input and output differ in scale or zero point")

    def _layer(self, kind, node, window=None, second=-1, groups=1):
        window = window or {}
        kernel = window.get("kernel_shape", (1, 1))
        strides = window.get("strides", (1, 1))
        dilations = window.get("dilations", (1, 1))
        pads = window.get("pads", (0, 0, 0, 0))[:2]
        if window.get("auto_pad", b"NOTSET") != b"NOTSET":
            raise Unsupported(f"{node.name}: auto_pad")
        self._layers.append(struct.pack(
            "<13i", kind, self._source(node.input[0]), second, self._result(node.output[0]),
            *kernel, *strides, *dilations, *pads, groups))

    def _weights(self, node, codes, scale):
        outputs = len(codes)
        bias = numpy.zeros(outputs, numpy.int32)
        if len(node.input) > 2:
            bias = self._constant(node.input[2])[0]
        self._layers[-1] += b"".join((
            codes.astype("<i1").tobytes(),
            numpy.broadcast_to(scale, outputs).astype("<f4").tobytes(),
            bias.astype("<i4").tobytes()))

    def _conv(self, node):
        attributes = attributes_of(node)
        codes, scale = self._constant(node.input[1])
        attributes.setdefault("kernel_shape", codes.shape[2:])
        self._layer(CONVOLUTION, node, attributes, groups=attributes.get("group", 1))
        self._weights(node, codes, scale)

    def _gemm(self, node):
        attributes = attributes_of(node)
        if attributes.get("alpha", 1) != 1 or attributes.get("beta", 1) != 1:
            raise Unsupported(f"{node.name}: Gemm with a factor")
        codes, scale = self._constant(node.input[1])
        if not attributes.get("transB", 0):
            codes = codes.T
        self._layer(CONVOLUTION, node)
        self._weights(node, codes, scale)

    def _max_pool(self, node):
        self._same_codes(node)
        self._layer(MAX_POOL, node, attributes_of(node))

    def _global_average_pool(self, node):
        self._layer(AVERAGE_POOL, node)

    def _add(self, node):
        self._layer(ADD, node, second=self._source(node.input[1]))

    def _flatten(self, node):
        self._same_codes(node)
        self._layer(COPY, node)

    def export(self):
        """Return the content of the oracle's file."""
        translate = {
            "Conv": self._conv, "Gemm": self._gemm, "MaxPool": self._max_pool, "Add": self._add,
            "GlobalAveragePool": self._global_average_pool, "Flatten": self._flatten,
        }
        first = self._result(self._graph.input[0].name)
        for node in self._graph.node:
            if node.op_type in ("QuantizeLinear", "DequantizeLinear"):
                continue
            if node.op_type not in translate:
                raise Unsupported(f"{node.name}: operator {node.op_type}")
            translate[node.op_type](node)
        last = self._source(self._graph.output[0].name)
        header = struct.pack("<4i", len(self._tensors), len(self._layers), first, last)
        return b"".join((MAGIC, header, *self._tensors, *self._layers))


def load(path):
    """Return the model in `path` with a batch of one and the shape of every tensor inferred."""
    model = onnx.load(path)
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.shape.dim[0].dim_value = 1
    del model.graph.value_info[:]
    return shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=pathlib.Path, help="quantized ONNX model")
    parser.add_argument("output", type=pathlib.Path, help="file for the oracle")
    arguments = parser.parse_args()
    content = Exporter(load(arguments.model)).export()
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_bytes(content)


if __name__ == "__main__":
    try:
        main()
    except (Unsupported, OSError) as error:
        sys.exit(f"export: {error}")
