# SPDX-License-Identifier: MIT
"""One small model for each operator the importer has a handler for, in any operator set.

A sketch is not checked when it is finished: tests damage sketches, and want to know who notices.
"""

import numpy
from onnx import TensorProto, helper, numpy_helper

IR_VERSION = 8


class Sketch:
    """A model whose node `main` is the one a test is about. Its one input is x, its result y."""

    def __init__(self, opset, shape=(2, 4, 6, 6)):
        self.opset = opset
        self.shape = tuple(shape)
        self.nodes = []
        self.initializers = []
        self.main = None

    def constant(self, array):
        """Add an initializer and return its name."""
        name = f"constant_{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(numpy.asarray(array), name))
        return name

    def floats(self, *shape):
        """Add fixed numbers of either sign and return their name."""
        count = int(numpy.prod(shape))
        values = numpy.sin(numpy.arange(count, dtype=numpy.float32) + 1).reshape(shape)
        return self.constant(values.astype(numpy.float32))

    def integers(self, *values):
        return self.constant(numpy.array(values, numpy.int64))

    def node(self, operator, inputs, **attributes):
        """Add a node and return its first result."""
        result = f"result_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [result], **attributes))
        return result

    def test(self, operator, inputs, attributes):
        """Add the node that the test is about."""
        result = self.node(operator, inputs)
        self.main = self.nodes[-1]
        self.main.name = "main"
        self.main.attribute.extend(helper.make_attribute(name, value)
                                   for name, value in attributes.items())
        return result

    def finish(self, result):
        """Return the model; y is `result`."""
        for node in self.nodes:
            node.output[:] = ["y" if name == result else name for name in node.output]
            node.input[:] = ["y" if name == result else name for name in node.input]
        graph = helper.make_graph(
            self.nodes, "sketch",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, self.shape)],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], self.initializers)
        return helper.make_model(graph, ir_version=IR_VERSION,
                                 opset_imports=[helper.make_opsetid("", self.opset)])


def _with_shape(operator, x, shape, attributes, sketch):
    """The main node's operand is x in another shape."""
    sketch.shape = shape
    return sketch.test(operator, [x], attributes)


def _conv(s, x, attributes):
    channels = 4 // attributes.get("group", 1)
    kernel = attributes.get("kernel_shape", [3, 3])
    return s.test("Conv", [x, s.floats(4, channels, *kernel), s.floats(4)], attributes)


def _gemm(s, x, attributes):
    s.shape = (4, 4)
    return s.test("Gemm", [x, s.floats(4, 4), s.floats(4, 4)], attributes)


def _matmul(s, x, attributes):
    s.shape = (3, 4)
    return s.test("MatMul", [x, s.floats(4, 5)], attributes)


def _pool(operator):
    return lambda s, x, attributes: s.test(operator, [x], {"kernel_shape": [2, 2], **attributes})


def _plain(operator):
    return lambda s, x, attributes: s.test(operator, [x], attributes)


def _binary(operator):
    return lambda s, x, attributes: s.test(operator, [x, s.floats(*s.shape)], attributes)


def _concat(s, x, attributes):
    return s.test("Concat", [x, s.floats(*s.shape)], {"axis": 1, **attributes})


def _clip(s, x, attributes):
    if s.opset < 11:
        return s.test("Clip", [x], attributes)
    bounds = [s.constant(numpy.float32(value)) for value in (-0.5, 0.25)]
    return s.test("Clip", [x, *bounds], attributes)


def _normalization(s, x, attributes):
    variance = s.constant(numpy.array([0.5, 1, 2, 3], numpy.float32))
    return s.test("BatchNormalization", [x, s.floats(4), s.floats(4), s.floats(4), variance],
                  attributes)


def _cast(s, x, attributes):
    y = s.test("Cast", [x], {"to": TensorProto.FLOAT, **attributes})
    return s.node("Cast", [y], to=TensorProto.FLOAT)


def _constant(s, x, attributes):
    value = numpy_helper.from_array(numpy.array([0.5, 2], numpy.float32))
    c = s.test("Constant", [], attributes or {"value": value})
    if "value_int" in attributes or "value_ints" in attributes:
        s.shape = (6, 2)
        rows = s.node("Reshape", [c, s.integers(1)])
        return s.node("Reshape", [x, s.node("Concat", [rows, s.integers(-1)], axis=0)])
    s.shape = (3, 2)
    return s.node("Mul", [x, c])


def _reduce(operator, axes_input):
    def build(s, x, attributes):
        inputs = [x]
        if s.opset >= axes_input and "noop_with_empty_axes" not in attributes:
            inputs.append(s.integers(1, 3))
        return s.test(operator, inputs, attributes)
    return build


def _squeeze(operator, shape, axes):
    def build(s, x, attributes):
        s.shape = shape
        if s.opset >= 13:
            return s.test(operator, [x, s.integers(*axes)], attributes)
        return s.test(operator, [x], {"axes": axes, **attributes})
    return build


def _reshape(s, x, attributes):
    return s.test("Reshape", [x, s.integers(0, -1)], attributes)


def _pad(s, x, attributes):
    pads = [0, 0, 1, 2, 0, 0, 2, 1]
    if s.opset < 11:
        return s.test("Pad", [x], {"pads": pads, **attributes})
    return s.test("Pad", [x, s.integers(*pads), s.constant(numpy.float32(0.5))], attributes)


def _shape(s, x, attributes):
    shape = s.test("Shape", [x], attributes)
    if not attributes:
        return s.node("Reshape", [s.node("Exp", [x]), shape])
    return s.node("Reshape", [x, s.node("Concat", [shape, s.integers(-1)], axis=0)])


def _gather(s, x, attributes):
    row = s.test("Gather", [s.node("Shape", [x]), s.integers(1)], attributes)
    return s.node("Reshape", [x, s.node("Concat", [row, s.integers(-1)], axis=0)])


def _codes(s, x, scale=0.02, zero_point=numpy.uint8(60)):
    """x as codes, and what they were made with."""
    parameters = [s.constant(numpy.float32(scale)), s.constant(zero_point)]
    return s.node("QuantizeLinear", [x, *parameters]), parameters


def _quantize(s, x, attributes):
    parameters = [s.constant(numpy.float32(0.02))]
    if "output_dtype" not in attributes:
        parameters.append(s.constant(numpy.uint8(60)))
    codes = s.test("QuantizeLinear", [x, *parameters], attributes)
    return s.node("DequantizeLinear", [codes, *parameters])


def _dequantize(s, x, attributes):
    codes, parameters = _codes(s, x)
    return s.test("DequantizeLinear", [codes, *parameters], attributes)


OPERATORS = {
    **{name: _plain(name) for name in (
        "Abs", "Dropout", "Erf", "Exp", "Flatten", "GlobalAveragePool", "GlobalMaxPool",
        "HardSigmoid", "Identity", "LeakyRelu", "Neg", "Relu", "Sigmoid", "Softmax", "Tanh",
        "Transpose")},
    **{name: _binary(name) for name in ("Add", "Div", "Max", "Min", "Mul", "Sub")},
    **{name: _pool(name) for name in ("AveragePool", "MaxPool")},
    **{name: _reduce(name, 18) for name in ("ReduceMax", "ReduceMean", "ReduceMin")},
    "ReduceSum": _reduce("ReduceSum", 13),
    "Sqrt": lambda s, x, attributes: s.test("Sqrt", [s.node("Abs", [x])], attributes),
    "BatchNormalization": _normalization,
    "Cast": _cast,
    "Clip": _clip,
    "Concat": _concat,
    "Constant": _constant,
    "Conv": _conv,
    "DequantizeLinear": _dequantize,
    "Gather": _gather,
    "Gemm": _gemm,
    "MatMul": _matmul,
    "Pad": _pad,
    "QuantizeLinear": _quantize,
    "Reshape": _reshape,
    "Shape": _shape,
    "Squeeze": _squeeze("Squeeze", (2, 1, 4, 1), [1, 3]),
    "Unsqueeze": _squeeze("Unsqueeze", (2, 4), [0, 2]),
}

# Operators on shapes and codes, which no real number enters.
NOT_REAL = {"Constant", "DequantizeLinear", "Gather", "QuantizeLinear", "Shape"}


def sketch(operator, opset, attributes=None):
    """Return a finished model of `operator` with `attributes`, and the sketch it is of."""
    s = Sketch(opset)
    model_result = OPERATORS[operator](s, "x", attributes or {})
    return s.finish(model_result), s


def quantized(operator, opset, requantize):
    """The same with codes before the operator and, if `requantize` is a scale, behind it."""
    s = Sketch(opset)
    codes, parameters = _codes(s, "x")
    result = OPERATORS[operator](s, s.node("DequantizeLinear", [codes, *parameters]), {})
    for number, name in enumerate(s.main.input):
        weights = next((t for t in s.initializers if t.name == name), None)
        if operator in ("Conv", "Gemm", "MatMul", "Add", "Mul") and number == 1:
            array = numpy.rint(numpy_helper.to_array(weights) * 100).astype(numpy.int8)
            scale, zero = s.constant(numpy.float32(0.01)), s.constant(numpy.int8(0))
            # The codes of the constant come before the node that reads their reals.
            node = helper.make_node("DequantizeLinear", [s.constant(array), scale, zero], ["w"])
            s.nodes.insert(0, node)
            s.main.input[1] = "w"
    if requantize:
        last = [s.constant(numpy.float32(requantize)), s.constant(numpy.uint8(100))]
        result = s.node("DequantizeLinear", [s.node("QuantizeLinear", [result, *last]), *last])
    return s.finish(result), s
