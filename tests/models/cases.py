# SPDX-License-Identifier: MIT
"""The models the importer is tested with: single operators with every attribute that matters,
small graphs, and random networks. A case is a function that takes a Builder and returns the names
of the results."""

import numpy

import operators

RANDOM_NETWORKS = 12

_CONVOLUTIONS = {
    "pointwise": ((2, 16, 7, 7), 24, (1, 1), {}),
    "no_padding": ((1, 8, 9, 9), 16, (3, 3), {}),
    "padding": ((2, 8, 9, 9), 16, (3, 3), {"pads": [1, 1, 1, 1]}),
    "uneven_padding": ((1, 4, 8, 11), 6, (3, 3), {"pads": [0, 1, 2, 1]}),
    "stride": ((1, 8, 15, 15), 8, (3, 3), {"strides": [2, 2], "pads": [1, 1, 1, 1]}),
    "uneven_stride": ((1, 8, 16, 16), 8, (3, 3), {"strides": [2, 1], "pads": [1, 0, 1, 0]}),
    "large_kernel": ((1, 3, 20, 20), 8, (7, 7), {"strides": [2, 2], "pads": [3, 3, 3, 3]}),
    "flat_kernel": ((1, 6, 5, 20), 9, (1, 7), {"pads": [0, 3, 0, 3]}),
    "even_kernel": ((1, 6, 10, 10), 9, (2, 4), {"pads": [0, 1, 1, 2]}),
    "dilation": ((1, 8, 14, 14), 8, (3, 3), {"dilations": [2, 2], "pads": [2, 2, 2, 2]}),
    "uneven_dilation": ((1, 4, 14, 14), 8, (3, 3), {"dilations": [1, 3], "pads": [1, 3, 1, 3]}),
    "groups": ((2, 12, 8, 8), 16, (3, 3), {"group": 4, "pads": [1, 1, 1, 1]}),
    "depthwise": ((1, 16, 8, 8), 16, (3, 3), {"group": 16, "pads": [1, 1, 1, 1]}),
    "depthwise_multiplier": ((1, 5, 8, 8), 10, (3, 3), {"group": 5}),
    "no_bias": ((1, 8, 8, 8), 8, (3, 3), {"bias": False}),
    "same_upper": ((1, 4, 9, 10), 8, (3, 3), {"auto_pad": "SAME_UPPER", "strides": [2, 2]}),
    "same_lower": ((1, 4, 9, 10), 8, (2, 2), {"auto_pad": "SAME_LOWER"}),
    "valid": ((1, 4, 9, 10), 8, (3, 3), {"auto_pad": "VALID"}),
    "one_pixel": ((1, 17, 1, 1), 31, (1, 1), {}),
    "wide_reduction": ((1, 130, 5, 5), 8, (3, 3), {"pads": [1, 1, 1, 1]}),
}

_POOLS = {
    "maxpool_2x2": ("MaxPool", (2, 5, 8, 8), {"kernel_shape": [2, 2], "strides": [2, 2]}),
    "maxpool_overlapping": ("MaxPool", (1, 5, 9, 9), {
        "kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}),
    "maxpool_ceil": ("MaxPool", (1, 3, 10, 10), {
        "kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1}),
    "maxpool_dilation": ("MaxPool", (1, 3, 10, 10), {
        "kernel_shape": [2, 2], "dilations": [2, 2]}),
    "maxpool_same_upper": ("MaxPool", (1, 3, 9, 9), {
        "kernel_shape": [2, 2], "strides": [2, 2], "auto_pad": "SAME_UPPER"}),
    "averagepool_2x2": ("AveragePool", (2, 5, 8, 8), {
        "kernel_shape": [2, 2], "strides": [2, 2]}),
    "averagepool_padding": ("AveragePool", (1, 5, 9, 9), {
        "kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}),
    "averagepool_padding_counted": ("AveragePool", (1, 5, 9, 9), {
        "kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "count_include_pad": 1}),
    "global_averagepool": ("GlobalAveragePool", (2, 9, 7, 7), {}),
}


def _convolution(shape, outputs, kernel, attributes):
    return lambda b: [b.conv(b.input(shape), outputs, kernel, **attributes)]


def _pool(operator, shape, attributes):
    return lambda b: [b.add(operator, b.input(shape), **attributes)]


def _constant(b, *values, kind=numpy.float32):
    return b.constant(numpy.array(values[0] if len(values) == 1 else values, kind))


def relu(b):
    return [b.add("Relu", b.input((2, 3, 5, 7)))]


def sigmoid(b):
    return [b.add("Sigmoid", b.input((2, 33)))]


def clip(b):
    return [b.add("Clip", b.input((2, 3, 5, 7)), _constant(b, -0.5), _constant(b, 0.75))]


def clip_below(b):
    return [b.add("Clip", b.input((2, 40)), _constant(b, -0.25))]


def clip_above(b):
    return [b.add("Clip", b.input((2, 40)), "", _constant(b, 0.25))]


def softmax(b):
    return [b.add("Softmax", b.input((3, 10)), axis=1)]


def softmax_channels(b):
    return [b.add("Softmax", b.input((2, 6, 3, 3)), axis=1)]


def add(b):
    return [b.add("Add", b.input((2, 3, 4, 5)), b.input((2, 3, 4, 5)))]


def add_twice_the_same(b):
    source = b.input((2, 3, 4, 5))
    return [b.add("Add", source, source)]


def add_channel_constant(b):
    return [b.add("Add", b.input((2, 3, 4, 5)), b.weights(3, 1, 1))]


def add_scalar(b):
    return [b.add("Add", b.input((2, 3, 4, 5)), _constant(b, 0.5))]


def add_both_broadcast(b):
    return [b.add("Add", b.input((2, 1, 4, 1)), b.input((1, 3, 1, 5)))]


def mul(b):
    return [b.add("Mul", b.input((2, 3, 4, 5)), b.input((2, 3, 4, 5)))]


def mul_by_gate(b):
    source = b.input((2, 8, 5, 5))
    gate = b.add("Sigmoid", b.conv(b.add("GlobalAveragePool", source), 8, (1, 1)))
    return [b.add("Mul", source, gate)]


def gemm(b):
    return [b.gemm(b.input((4, 37)), 10)]


def gemm_weights_not_transposed(b):
    return [b.add("Gemm", b.input((4, 37)), b.weights(37, 10), b.bias(10))]


def gemm_no_bias(b):
    return [b.add("Gemm", b.input((4, 37)), b.weights(10, 37), transB=1)]


def gemm_one_row(b):
    return [b.gemm(b.input((1, 256)), 100)]


def gemm_scaled(b):
    return [b.add("Gemm", b.input((4, 37)), b.weights(10, 37), b.bias(10),
                  alpha=0.5, beta=2.0, transB=1)]


def matmul_weights(b):
    return [b.add("MatMul", b.input((5, 19)), b.weights(19, 12))]


def matmul_weights_and_add(b):
    return [b.add("Add", b.add("MatMul", b.input((5, 19)), b.weights(19, 12)), b.bias(12))]


def matmul_stack_of_rows(b):
    return [b.add("MatMul", b.input((2, 5, 19)), b.weights(19, 12))]


def matmul_two_inputs(b):
    return [b.add("MatMul", b.input((5, 19)), b.input((19, 12)))]


def matmul_batch(b):
    return [b.add("MatMul", b.input((3, 5, 19)), b.input((3, 19, 12)))]


def flatten(b):
    return [b.add("Relu", b.add("Flatten", b.input((2, 3, 4, 5))))]


def flatten_later_axis(b):
    return [b.add("Relu", b.add("Flatten", b.input((2, 3, 4, 5)), axis=2))]


def reshape(b):
    shape = _constant(b, 0, -1, 10, kind=numpy.int64)
    return [b.add("Relu", b.add("Reshape", b.input((2, 3, 4, 5)), shape))]


def concat_channels(b):
    return [b.add("Concat", *(b.input((2, size, 4, 4)) for size in (3, 1, 5)), axis=1)]


def concat_last_axis(b):
    return [b.add("Concat", b.input((2, 3, 4)), b.input((2, 3, 6)), axis=-1)]


def conv_relu(b):
    return [b.add("Relu", b.conv(b.input((2, 4, 8, 8)), 8, (3, 3), pads=[1, 1, 1, 1]))]


def conv_clip(b):
    conv = b.conv(b.input((2, 4, 8, 8)), 8, (3, 3), pads=[1, 1, 1, 1])
    return [b.add("Clip", conv, _constant(b, 0.0), _constant(b, 1.5))]


def conv_read_before_and_after_relu(b):
    conv = b.conv(b.input((1, 4, 6, 6)), 4, (3, 3), pads=[1, 1, 1, 1])
    return [b.add("Concat", conv, b.add("Relu", conv), axis=1)]


def two_results(b):
    conv = b.add("Relu", b.conv(b.input((1, 4, 6, 6)), 4, (3, 3)))
    return [conv, b.add("GlobalAveragePool", conv)]


def residual(b):
    return [_residual(b, b.input((2, 8, 9, 9)))]


def branches(b):
    return [_branches(b, b.input((2, 6, 9, 9)), 4)]


def _residual(b, source):
    channels = b.shape(source)[1]
    first = b.add("Relu", b.conv(source, channels, (3, 3), pads=[1, 1, 1, 1]))
    second = b.conv(first, channels, (3, 3), pads=[1, 1, 1, 1])
    return b.add("Relu", b.add("Add", second, source))


def _branches(b, source, channels):
    narrow = b.add("Relu", b.conv(source, channels, (1, 1)))
    wide = b.add("Relu", b.conv(source, channels, (5, 5), pads=[2, 2, 2, 2]))
    pooled = b.add("MaxPool", source, kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1])
    return b.add("Concat", narrow, wide, pooled, axis=1)


def _random_convolution(b, source):
    channels = b.shape(source)[1]
    kernel = int(b.rng.choice([1, 3, 5]))
    dilation = int(b.rng.choice([1, 1, 2]))
    group = int(b.rng.choice([g for g in (1, 1, 2, channels) if channels % g == 0]))
    outputs = group * int(b.rng.integers(1, max(2, 24 // group)))
    reach = dilation * (kernel - 1) // 2
    return b.conv(
        source, outputs, (kernel, kernel), group=group, bias=bool(b.rng.random() < 0.8),
        strides=[int(b.rng.choice([1, 1, 2]))] * 2, dilations=[dilation] * 2, pads=[reach] * 4)


def _random_activation(b, source):
    operator = b.rng.choice(["Relu", "Relu", "Clip", "Sigmoid"])
    if operator == "Clip":
        return b.add("Clip", source, _constant(b, 0.0), _constant(b, 3.0))
    return b.add(str(operator), source)


def _random_pool(b, source):
    if min(b.shape(source)[2:]) < 4:
        return source
    operator = str(b.rng.choice(["MaxPool", "AveragePool"]))
    kernel = int(b.rng.choice([2, 3]))
    return b.add(
        operator, source, kernel_shape=[kernel] * 2, strides=[2, 2], pads=[kernel // 2] * 4)


def _random_layer(b, source):
    layers = (
        lambda: _random_activation(b, _random_convolution(b, source)),
        lambda: _random_activation(b, _random_convolution(b, source)),
        lambda: _random_pool(b, source),
        lambda: _residual(b, source),
        lambda: _branches(b, source, int(b.rng.integers(2, 8))),
    )
    return layers[b.rng.integers(len(layers))]()


def _random_head(b, source):
    if b.rng.random() < 0.5:
        rows = b.add("Flatten", b.add("GlobalAveragePool", source))
    else:
        rows = b.add("Reshape", source, _constant(b, 0, -1, kind=numpy.int64))
    logits = b.gemm(rows, int(b.rng.integers(2, 20)))
    return b.add("Softmax", logits, axis=1) if b.rng.random() < 0.5 else logits


def random_network(b):
    """A network of four to eight random layers and a classifying head."""
    side = int(b.rng.integers(12, 25))
    source = b.input((int(b.rng.integers(1, 4)), int(b.rng.choice([1, 3, 4])), side, side))
    for _ in range(b.rng.integers(4, 9)):
        source = _random_layer(b, source)
    return [_random_head(b, source)]


_SINGLE = (
    relu, sigmoid, clip, clip_below, clip_above, softmax, softmax_channels, add,
    add_twice_the_same, add_channel_constant, add_scalar, add_both_broadcast, mul, mul_by_gate,
    gemm, gemm_weights_not_transposed, gemm_no_bias, gemm_one_row, gemm_scaled, matmul_weights,
    matmul_weights_and_add, matmul_stack_of_rows, matmul_two_inputs, matmul_batch, flatten,
    flatten_later_axis, reshape, concat_channels, concat_last_axis, conv_relu, conv_clip,
    conv_read_before_and_after_relu, two_results, residual, branches,
)


def all_cases():
    """Return every case by name."""
    cases = {f"conv_{name}": _convolution(*values) for name, values in _CONVOLUTIONS.items()}
    cases.update({name: _pool(*values) for name, values in _POOLS.items()})
    cases.update({function.__name__: function for function in _SINGLE})
    cases.update(operators.all_cases())
    cases.update({f"random_network_{number}": random_network for number in range(RANDOM_NETWORKS)})
    return cases
