# SPDX-License-Identifier: MIT
"""Cases for the operators that the networks of cases.py do not use: one each, with the attributes
that change its meaning."""

import numpy

SHAPE = (2, 3, 4, 5)

_UNARY = {
    "abs": ("Abs", {}),
    "erf": ("Erf", {}),
    "exp": ("Exp", {}),
    "hardsigmoid": ("HardSigmoid", {}),
    "hardsigmoid_steep": ("HardSigmoid", {"alpha": 0.4, "beta": 0.25}),
    "leakyrelu": ("LeakyRelu", {}),
    "leakyrelu_steep": ("LeakyRelu", {"alpha": 0.3}),
    "neg": ("Neg", {}),
    "tanh": ("Tanh", {}),
    "identity": ("Identity", {}),
    "dropout": ("Dropout", {}),
    "cast": ("Cast", {"to": 1}),
    "transpose_reverse": ("Transpose", {}),
    "transpose_channels_last": ("Transpose", {"perm": [0, 2, 3, 1]}),
    "global_maxpool": ("GlobalMaxPool", {}),
    "reduce_mean_outer": ("ReduceMean", {"axes": [0, 1, 2]}),
    "reduce_mean_pixels": ("ReduceMean", {"axes": [2, 3]}),
    "reduce_mean_drop": ("ReduceMean", {"axes": [-1], "keepdims": 0}),
    "reduce_max": ("ReduceMax", {"axes": [1]}),
    "reduce_min": ("ReduceMin", {"axes": [0, 2], "keepdims": 0}),
    "averagepool_ceil": ("AveragePool", {
        "kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1}),
}

_BINARY = {
    "sub": ("Sub", 2),
    "min": ("Min", 2),
    "max": ("Max", 2),
    "min_of_three": ("Min", 3),
    "max_of_three": ("Max", 3),
}


def _unary(operator, attributes):
    return lambda b: [b.add(operator, b.input(SHAPE), **attributes)]


def _binary(operator, count):
    return lambda b: [b.add(operator, *(b.input(SHAPE) for _ in range(count)))]


def _numbers(b, *values):
    return b.constant(numpy.array(values, numpy.int64))


def sqrt(b):
    return [b.add("Sqrt", b.add("Abs", b.input(SHAPE)))]


def div(b):
    divisor = b.add("Add", b.add("Abs", b.input(SHAPE)), b.constant(numpy.float32(0.5)))
    return [b.add("Div", b.input(SHAPE), divisor)]


def reduce_sum(b):
    return [b.add("ReduceSum", b.input(SHAPE), _numbers(b, 1, 3), keepdims=0)]


def squeeze(b):
    return [b.add("Relu", b.add("Squeeze", b.input((2, 1, 4, 1)), _numbers(b, 1, -1)))]


def unsqueeze(b):
    return [b.add("Relu", b.add("Unsqueeze", b.input((2, 4)), _numbers(b, 0, -1)))]


def transpose_and_reshape(b):
    swapped = b.add("Transpose", b.input(SHAPE), perm=[0, 2, 1, 3])
    return [b.add("Relu", b.add("Reshape", swapped, _numbers(b, 2, -1)))]


def pad(b):
    return [b.add("Pad", b.input(SHAPE), _numbers(b, 0, 1, 2, 0, 0, 0, 1, 3))]


def pad_with_value(b):
    return [b.add("Pad", b.input(SHAPE), _numbers(b, 0, 0, 1, 1, 0, 0, 1, 1),
                  b.constant(numpy.float32(-0.75)))]


def pad_before_conv(b):
    padded = b.add("Pad", b.input((1, 4, 8, 8)), _numbers(b, 0, 0, 1, 1, 0, 0, 1, 1))
    return [b.conv(padded, 6, (3, 3))]


def batch_normalization(b):
    scale, shift, mean = (b.bias(3) for _ in range(3))
    variance = b.constant(b.rng.uniform(0.5, 2, 3).astype(numpy.float32))
    return [b.add("BatchNormalization", b.input(SHAPE), scale, shift, mean, variance,
                  epsilon=1e-3)]


def shape_arithmetic(b):
    source = b.input((2, 3, 4, 5))
    rows = b.add("Gather", b.add("Shape", source), _numbers(b, 0))
    return [b.add("Relu", b.add("Reshape", source, b.add("Concat", rows, _numbers(b, -1), axis=0)))]


def gemm_transposed(b):
    return [b.add("Gemm", b.input((5, 4)), b.constant(
        b.rng.standard_normal((5, 6)).astype(numpy.float32)), transA=1)]


def gemm_two_inputs(b):
    return [b.add("Gemm", b.input((4, 5)), b.input((5, 6)), b.input((4, 6)), alpha=0.5, beta=2.0)]


_SINGLE = (
    sqrt, div, reduce_sum, squeeze, unsqueeze, transpose_and_reshape, pad, pad_with_value,
    pad_before_conv, batch_normalization, shape_arithmetic, gemm_transposed, gemm_two_inputs,
)


def all_cases():
    """Return every case by name."""
    cases = {name: _unary(*values) for name, values in _UNARY.items()}
    cases.update({name: _binary(*values) for name, values in _BINARY.items()})
    cases.update({function.__name__: function for function in _SINGLE})
    return cases
