# SPDX-License-Identifier: MIT
"""Models with one defect each, beside the same model without it, and models that were computed
wrongly once."""

import numpy
from onnx import TensorProto, helper, numpy_helper

import sketch

FLOAT = TensorProto.FLOAT


def _info(name, shape, kind=FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def _model(nodes, inputs=None, outputs=None, initializers=(), opset=17, ir_version=8, imports=()):
    graph = helper.make_graph(nodes, "defect", inputs or [_info("x", (2, 3))],
                              outputs or [_info("y", None)], initializers)
    return helper.make_model(graph, ir_version=ir_version,
                             opset_imports=[helper.make_opsetid("", opset), *imports])


def _relu(source="x", result="y", **attributes):
    return helper.make_node("Relu", [source], [result], **attributes)


def _tensor(name, array):
    return numpy_helper.from_array(numpy.asarray(array), name)


def opset_too_new():
    return _model([_relu()], opset=23), _model([_relu()], opset=22), ["operator set 23"]


def opset_too_old():
    return _model([_relu()], opset=6), _model([_relu()], opset=7), ["operator set 6"]


def opset_missing():
    broken = _model([_relu()])
    del broken.opset_import[:]
    return broken, _model([_relu()]), ["operator set 0"]


def two_opsets():
    return (_model([_relu()], imports=[helper.make_opsetid("ai.onnx", 18)]),
            _model([_relu()], imports=[helper.make_opsetid("unused.domain", 18)]), ["17", "18"])


def ir_version_too_new():
    return _model([_relu()], ir_version=11), _model([_relu()], ir_version=10), ["IR version 11"]


def operator_newer_than_opset():
    node = helper.make_node("Erf", ["x"], ["y"])
    return _model([node], opset=8), _model([node], opset=9), ["(Erf)", "operator set 8"]


def unknown_domain():
    return (_model([_relu(domain="com.example")],
                   imports=[helper.make_opsetid("com.example", 1)]),
            _model([_relu(domain="ai.onnx")]), ["(Relu)", "com.example"])


def unknown_operator():
    return (_model([helper.make_node("Relux", ["x"], ["y"])]), _model([_relu()]),
            ["(Relux)", "not supported"])


def two_nodes_make_one_name():
    return (_model([_relu("x", "y"), helper.make_node("Neg", ["x"], ["y"])]),
            _model([_relu("x", "z"), helper.make_node("Neg", ["x"], ["y"])]), ["name y", "two"])


def node_makes_an_input():
    return (_model([helper.make_node("Neg", ["x"], ["x"]), _relu()]),
            _model([helper.make_node("Neg", ["x"], ["z"]), _relu("z")]), ["name x", "two"])


def node_makes_an_initializer():
    weight = [_tensor("w", numpy.float32([1, 2, 3]))]
    add = helper.make_node("Add", ["x", "w"], ["y"])
    return (_model([helper.make_node("Neg", ["x"], ["w"]), add], initializers=weight),
            _model([helper.make_node("Neg", ["x"], ["v"]), add], initializers=weight),
            ["name w", "two"])


def two_initializers_of_one_name():
    weights = [_tensor("w", numpy.float32([1, 2, 3])), _tensor("w", numpy.float32([4, 5, 6]))]
    add = helper.make_node("Add", ["x", "w"], ["y"])
    return (_model([add], initializers=weights), _model([add], initializers=weights[:1]),
            ["name w", "two"])


def two_inputs_of_one_name():
    add = helper.make_node("Add", ["x", "z"], ["y"])
    second = _info("z", (2, 3))
    return (_model([add], inputs=[_info("x", (2, 3)), second, second]),
            _model([add], inputs=[_info("x", (2, 3)), second]), ["name z", "two"])


def initializer_listed_twice_as_input():
    add = helper.make_node("Add", ["x", "w"], ["y"])
    weight, listed = _tensor("w", numpy.float32([1, 2, 3])), _info("w", (3,))
    repaired = _model([add], initializers=[weight], ir_version=3)
    return (_model([add], inputs=[_info("x", (2, 3)), listed, listed], initializers=[weight],
                   ir_version=3), repaired, ["name w", "two"])


def undefined_input():
    return _model([_relu("z")]), _model([_relu("x")]), ["(Relu)", "nothing makes", "z"]


def nodes_out_of_order():
    nodes = [helper.make_node("Neg", ["x"], ["z"]), _relu("z")]
    return _model(nodes[::-1]), _model(nodes), ["(Relu)", "z", "order"]


def missing_output():
    return (_model([_relu("x", "z")]), _model([_relu("x", "y")]), ["nothing makes output y"])


def output_listed_twice():
    return (_model([_relu()], outputs=[_info("y", None)] * 2), _model([_relu()]),
            ["output y", "twice"])


def no_outputs():
    broken = _model([_relu()])
    del broken.graph.output[:]
    return broken, _model([_relu()]), ["no outputs"]


def output_of_another_type():
    return (_model([_relu()], outputs=[_info("y", None, TensorProto.INT64)]),
            _model([_relu()], outputs=[_info("y", None, TensorProto.FLOAT)]),
            ["y (output)", "data type"])


def attribute_twice():
    node = helper.make_node("LeakyRelu", ["x"], ["y"], alpha=0.5)
    twice = helper.make_node("LeakyRelu", ["x"], ["y"], alpha=0.5)
    twice.attribute.append(helper.make_attribute("alpha", 0.25))
    return _model([twice]), _model([node]), ["(LeakyRelu)", "alpha", "twice"]


def attribute_of_a_function():
    node = helper.make_node("LeakyRelu", ["x"], ["y"], alpha=0.5)
    reference = helper.make_node("LeakyRelu", ["x"], ["y"], alpha=0.5)
    reference.attribute[0].ref_attr_name = "slope"
    return _model([reference]), _model([node]), ["(LeakyRelu)", "alpha"]


def indices_that_are_read():
    def model(*results):
        pool = helper.make_node("MaxPool", ["x"], ["y", "indices"], kernel_shape=[2, 2])
        return _model([pool], inputs=[_info("x", (1, 2, 4, 4))],
                      outputs=[_info(name, None, kind) for name, kind in results])
    return (model(("y", FLOAT), ("indices", TensorProto.INT64)), model(("y", FLOAT)),
            ["(MaxPool)", "output 1", "indices"])


def training_dropout():
    def model(training):
        node = helper.make_node("Dropout", ["x", "", "t"], ["y"])
        return _model([node], initializers=[_tensor("t", numpy.array(training))])
    return model(True), model(False), ["(Dropout)", "training"]


def kernel_shape_not_of_the_weights():
    def model(*kernel):
        node = helper.make_node("Conv", ["x", "w"], ["y"], kernel_shape=kernel)
        weight = numpy.ones((1, 1, 2, 2), numpy.float32)
        return _model([node], inputs=[_info("x", (1, 1, 4, 4))],
                      initializers=[_tensor("w", weight)])
    return model(3, 3), model(2, 2), ["(Conv)", "kernel_shape"]


def kernel_shape_of_another_height():
    broken = kernel_shape_not_of_the_weights()[1]
    broken.graph.node[0].attribute[0].ints[0] = 3
    return broken, *kernel_shape_not_of_the_weights()[1:]


def kernel_shape_of_another_width():
    broken = kernel_shape_not_of_the_weights()[1]
    broken.graph.node[0].attribute[0].ints[1] = 3
    return broken, *kernel_shape_not_of_the_weights()[1:]


def strides_of_three_values():
    def model(strides):
        node = helper.make_node("MaxPool", ["x"], ["y"], kernel_shape=[2, 2], strides=strides)
        return _model([node], inputs=[_info("x", (1, 1, 5, 5))])
    return model([1, 1, 1]), model([1, 1]), ["(MaxPool)", "strides"]


def pads_with_auto_pad():
    def model(pads):
        node = helper.make_node("MaxPool", ["x"], ["y"], kernel_shape=[2, 2],
                                auto_pad="SAME_UPPER", pads=pads)
        return _model([node], inputs=[_info("x", (1, 1, 5, 5))])
    return model([1, 1, 0, 0]), model([0, 0, 0, 0]), ["(MaxPool)", "auto_pad", "pads"]


def normalization_of_other_channels():
    def model(channels):
        ones = numpy.ones(channels, numpy.float32)
        node = helper.make_node("BatchNormalization", ["x", "a", "b", "c", "d"], ["y"])
        return _model([node], inputs=[_info("x", (2, 1, 3, 3))],
                      initializers=[_tensor(name, ones) for name in "abcd"])
    return model(3), model(1), ["(BatchNormalization)", "3 elements for 1 channels"]


def addend_larger_than_the_product():
    def model(rows):
        node = helper.make_node("Gemm", ["x", "w", "c"], ["y"])
        return _model([node], inputs=[_info("x", (1, 3))],
                      initializers=[_tensor("w", numpy.ones((3, 2), numpy.float32)),
                                    _tensor("c", numpy.ones((rows, 2), numpy.float32))])
    return model(4), model(1), ["(Gemm)", "broadcast"]


def permutation_without_the_first_axis():
    """Of a constant: what is computed is refused by the graph too."""
    def model(first):
        return _model([helper.make_node("Transpose", ["w"], ["t"], perm=[1, first]),
                       helper.make_node("MatMul", ["x", "t"], ["y"])],
                      initializers=[_tensor("w", numpy.ones((3, 3), numpy.float32))])
    return model(1), model(0), ["(Transpose)", "permutation"]


def permutation_beyond_32_bits():
    def model(first):
        return _model([helper.make_node("Transpose", ["x"], ["y"], perm=[first, 1])])
    return model(1 << 32), model(0), ["(Transpose)", "permutation"]


def axis_twice():
    def model(*axes):
        return _model([helper.make_node("ReduceMax", ["x"], ["y"], axes=axes)])
    return model(1, -1), model(1, 0), ["(ReduceMax)", "twice"]


def code_that_does_not_fit():
    def model(code):
        weight = helper.make_tensor("w", TensorProto.UINT8, [1], [code])
        if code > 255:
            weight.ClearField("raw_data")
        del weight.int32_data[:]
        weight.int32_data.append(code)
        node = helper.make_node("DequantizeLinear", ["w", "s"], ["r"])
        return _model([node, helper.make_node("Mul", ["x", "r"], ["y"])],
                      initializers=[weight, _tensor("s", numpy.float32(0.5))])
    return model(300), model(44), ["constant w"]


def zero_point_of_another_type():
    def model(kind):
        node = helper.make_node("DequantizeLinear", ["w", "s", "z"], ["r"])
        return _model([node, helper.make_node("Mul", ["x", "r"], ["y"])],
                      initializers=[_tensor("w", numpy.array([5], numpy.uint8)),
                                    _tensor("s", numpy.float32(0.5)), _tensor("z", kind(3))])
    return model(numpy.int8), model(numpy.uint8), ["(DequantizeLinear)", "zero point"]


def scale_of_another_code():
    def model(scale):
        first = [_tensor("s", numpy.float32(0.5)), _tensor("z", numpy.uint8(7))]
        nodes = [helper.make_node("QuantizeLinear", ["x", "s", "z"], ["q"]),
                 helper.make_node("DequantizeLinear", ["q", "t", "z"], ["y"])]
        return _model(nodes, initializers=[*first, _tensor("t", numpy.float32(scale))])
    return model(0.25), model(0.5), ["(DequantizeLinear)", "scale and zero point"]


def zero_point_of_another_code():
    def model(zero):
        first = [_tensor("s", numpy.float32(0.5)), _tensor("z", numpy.uint8(7))]
        nodes = [helper.make_node("QuantizeLinear", ["x", "s", "z"], ["q"]),
                 helper.make_node("DequantizeLinear", ["q", "s", "w"], ["y"])]
        return _model(nodes, initializers=[*first, _tensor("w", numpy.uint8(zero))])
    return model(8), model(7), ["(DequantizeLinear)", "scale and zero point"]


def scales_of_channels_for_a_result():
    def model(scales):
        parameters = [_tensor("s", numpy.float32(0.5)), _tensor("z", numpy.uint8(7)),
                      _tensor("t", numpy.full(scales, 0.5, numpy.float32))]
        nodes = [helper.make_node("QuantizeLinear", ["x", "s", "z"], ["q"]),
                 helper.make_node("DequantizeLinear", ["q", "t", "z"], ["y"], axis=1)]
        if not scales:
            nodes[1].input[1] = "s"
        return _model(nodes, initializers=parameters)
    return model(3), model(0), ["(DequantizeLinear)"]


def input_of_another_type():
    def model(kind):
        return _model([_relu()], inputs=[_info("x", (2, 3), kind)])
    return model(TensorProto.INT64), model(FLOAT), ["input x", "data type 7"]


def file_cut_short():
    whole = _model([_relu()])
    return whole.SerializeToString()[:-1], whole, ["cut short"]


def sparse_initializers():
    broken = _model([_relu()])
    broken.graph.sparse_initializer.append(helper.make_sparse_tensor(
        _tensor("w", numpy.float32([1])), _tensor("i", numpy.int64([0])), [3]))
    return broken, _model([_relu()]), ["sparse"]


def functions():
    broken = _model([_relu()])
    broken.functions.append(helper.make_function(
        "local", "F", ["x"], ["y"], [_relu()], [helper.make_opsetid("", 17)]))
    return broken, _model([_relu()]), ["functions"]


def nested_too_deep():
    def model(levels):
        kind = helper.make_tensor_type_proto(FLOAT, (1,))
        for _ in range(levels):
            kind = helper.make_sequence_type_proto(kind)
        value = _model([_relu()])
        value.graph.value_info.append(helper.make_value_info("unused", kind))
        return value
    return model(60), model(10), ["nests messages", "100"]


def padding_beyond_the_budget():
    def model(pad):
        node = helper.make_node("Pad", ["x", "p"], ["y"])
        return _model([node], initializers=[_tensor("p", numpy.int64([pad, 0, 0, 0]))])
    return model(1 << 30), model(1 << 3), ["(Pad)", "--import-memory"]


def result_too_large():
    def model(rows):
        node = helper.make_node("Add", ["x", "z"], ["y"])
        return _model([node], inputs=[_info("x", (rows, 1)), _info("z", (1, rows))])
    return model(1 << 20), model(1 << 5), ["(Add)", "at most"]


def repeated_constant_beyond_the_budget():
    """Each Transpose of a constant is a constant of its own."""
    def model(count):
        nodes = [helper.make_node("Transpose", ["w"], [f"t{n}"]) for n in range(count)]
        nodes.append(helper.make_node("Gemm", ["x", "t0"], ["y"]))
        weight = _tensor("w", numpy.ones((2000, 3), numpy.float32))
        return _model(nodes, initializers=[weight])
    return model(12000), model(3), ["(Transpose)", "--import-memory"]


def attributes_without_number():
    def model(count):
        node = _relu()
        node.attribute.extend(helper.make_attribute(f"a{n}", n) for n in range(count))
        return _model([node])
    return model(65), model(0), ["(Relu)", "65 attributes"]


ALL = {function.__name__: function for function in (
    opset_too_new, opset_too_old, opset_missing, two_opsets, ir_version_too_new,
    operator_newer_than_opset, unknown_domain, unknown_operator, two_nodes_make_one_name,
    node_makes_an_input, node_makes_an_initializer, two_initializers_of_one_name,
    two_inputs_of_one_name, initializer_listed_twice_as_input, undefined_input,
    nodes_out_of_order, missing_output, output_listed_twice, no_outputs, output_of_another_type,
    attribute_twice, attribute_of_a_function, indices_that_are_read, training_dropout,
    kernel_shape_not_of_the_weights, kernel_shape_of_another_height,
    kernel_shape_of_another_width, strides_of_three_values, pads_with_auto_pad, normalization_of_other_channels,
    addend_larger_than_the_product, permutation_without_the_first_axis,
    permutation_beyond_32_bits, axis_twice,
    scale_of_another_code, zero_point_of_another_code, scales_of_channels_for_a_result,
    input_of_another_type, file_cut_short, code_that_does_not_fit, zero_point_of_another_type,
    sparse_initializers, functions,
    nested_too_deep, padding_beyond_the_budget, result_too_large,
    repeated_constant_beyond_the_budget, attributes_without_number,
)}


def _quantized_pad(value):
    """Codes of scale 0.01 padded with `value`, then codes of scale 0.05."""
    s = sketch.Sketch(17, (1, 4))
    first = [s.constant(numpy.float32(0.01)), s.constant(numpy.uint8(0))]
    last = [s.constant(numpy.float32(0.05)), s.constant(numpy.uint8(0))]
    reals = s.node("DequantizeLinear", [s.node("QuantizeLinear", ["x", *first]), *first])
    padded = s.node("Pad", [reals, s.integers(0, 1, 0, 0), s.constant(numpy.float32(value))])
    codes = s.node("QuantizeLinear", [padded, *last])
    return s.finish(s.node("DequantizeLinear", [codes, *last]))


def _global_average(side):
    node = helper.make_node("GlobalAveragePool", ["x"], ["y"])
    return _model([node], inputs=[_info("x", (1, 2, side, side))])


def _transposed_constant():
    weight = numpy.arange(24, dtype=numpy.float32).reshape(2, 3, 4)
    node = helper.make_node("Transpose", ["w"], ["t"], perm=[2, 0, 1])
    return _model([node, helper.make_node("Mul", ["x", "t"], ["y"])],
                  inputs=[_info("x", (4, 2, 3))], initializers=[_tensor("w", weight)])


def _bias_of_two_dimensions():
    nodes = [helper.make_node("DequantizeLinear", ["b", "s"], ["c"]),
             helper.make_node("Gemm", ["x", "w", "c"], ["y"])]
    return _model(nodes, initializers=[
        _tensor("b", numpy.int32([[3, -5]])), _tensor("s", numpy.float32(0.5)),
        _tensor("w", numpy.ones((3, 2), numpy.float32))])


def _ignored_addend():
    node = helper.make_node("Gemm", ["x", "w", "c"], ["y"], beta=0.0)
    return _model([node], initializers=[_tensor("w", numpy.ones((3, 2), numpy.float32)),
                                        _tensor("c", numpy.float32([numpy.inf, numpy.nan]))])


def _addend_of_one_column():
    node = helper.make_node("Gemm", ["x", "w", "c"], ["y"])
    return _model([node], inputs=[_info("x", (4, 3))], initializers=[
        _tensor("w", numpy.ones((3, 2), numpy.float32)),
        _tensor("c", numpy.float32([[1], [2], [3], [4]]))])


def attributes_without_type():
    """As files of the first IR versions have them; and the same with types, for an oracle."""
    def model(typed):
        node = helper.make_node("MaxPool", ["x"], ["z"], kernel_shape=[2, 2], strides=[2, 1],
                                ceil_mode=1, auto_pad="NOTSET")
        slope = helper.make_node("LeakyRelu", ["z"], ["y"], alpha=0.25)
        for attribute in [*node.attribute, *slope.attribute] if not typed else []:
            attribute.ClearField("type")
        return _model([node, slope], inputs=[_info("x", (1, 1, 5, 5))])
    return model(False), model(True)


def _joined_rows():
    nodes = [helper.make_node("Concat", ["p", "q"], ["r"], axis=1),
             helper.make_node("Reshape", ["r", "m"], ["s"]),
             helper.make_node("Reshape", ["x", "s"], ["y"])]
    return _model(nodes, inputs=[_info("x", (24,))], initializers=[
        _tensor("p", numpy.int64([[2], [4]])), _tensor("q", numpy.int64([[3], [1]])),
        _tensor("m", numpy.int64([-1]))])


def _overflowing_cast(kind):
    nodes = [helper.make_node("Mul", ["x", "w"], ["a"]),
             helper.make_node("Cast", ["a"], ["b"], to=kind),
             helper.make_node("Cast", ["b"], ["y"], to=FLOAT)]
    return _model(nodes, initializers=[_tensor("w", numpy.float32([1e-3, 1, 1e3]))])


def _cast_constant(kind):
    nodes = [helper.make_node("Cast", ["w"], ["b"], to=kind),
             helper.make_node("Cast", ["b"], ["c"], to=FLOAT),
             helper.make_node("Mul", ["x", "c"], ["y"])]
    return _model(nodes, initializers=[_tensor("w", numpy.float32([1 / 3, 0.1, 1234.567]))])


def _sum_beyond_int32():
    """140,000 products of the codes 128: beyond int32, and exact in fp32 in any order."""
    count = 140000
    s = sketch.Sketch(17, (1, count))
    parameters = [s.constant(numpy.float32(1)), s.constant(numpy.uint8(0))]
    same = s.node("Add", [s.node("Mul", ["x", s.constant(numpy.float32(0))]),
                          s.constant(numpy.float32(128))])
    reals = s.node("DequantizeLinear", [s.node("QuantizeLinear", [same, *parameters]), *parameters])
    weight = s.constant(numpy.full((count, 1), 128, numpy.uint8))
    return s.finish(s.node("MatMul", [reals, s.node("DequantizeLinear", [weight, *parameters])]))


def computed():
    """Return models that must be computed right."""
    return {
        "pad_value_beyond_the_codes": _quantized_pad(5),
        "pad_value_between_codes": _quantized_pad(0.0149),
        "pad_value_of_a_code": _quantized_pad(0.5),
        "pad_value_of_code_zero": _quantized_pad(0),
        "global_average_of_65536": _global_average(256),
        "global_average_of_a_million": _global_average(1024),
        "transposed_constant": _transposed_constant(),
        "bias_of_two_dimensions": _bias_of_two_dimensions(),
        "ignored_addend": _ignored_addend(),
        "addend_of_one_column": _addend_of_one_column(),
        "joined_rows": _joined_rows(),
        "cast_to_fp16_rounds": _overflowing_cast(TensorProto.FLOAT16),
        "sum_beyond_int32": _sum_beyond_int32(),
        "cast_of_a_constant_to_fp16": _cast_constant(TensorProto.FLOAT16),
        "cast_of_a_constant_to_bf16": _cast_constant(TensorProto.BFLOAT16),
        "cast_to_bf16_rounds": _overflowing_cast(TensorProto.BFLOAT16),
        "max_of_one": _model([helper.make_node("Max", ["x"], ["z"]), _relu("z")]),
        "pad_of_nothing": _model(
            [helper.make_node("Pad", ["x", "p"], ["z"]), _relu("z")],
            initializers=[_tensor("p", numpy.int64([0, 0, 0, 0]))]),
    }
