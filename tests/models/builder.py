# SPDX-License-Identifier: MIT
"""Building small ONNX models with random weights, one node at a time."""

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper, shape_inference

OPSET = 17
IR_VERSION = 8


class Builder:
    """A model under construction.

    Tensors are named by strings. Random values come from `rng`, a numpy generator, so a model is a
    function of the generator's seed. A `symbolic` builder leaves the first size of each input
    open, under the name N.
    """

    def __init__(self, rng, symbolic=False):
        self.rng = rng
        self._symbolic = symbolic
        self._inputs = {}
        self._nodes = []
        self._initializers = []
        self._shapes = {}

    @property
    def input_shapes(self):
        """The shape of each input by name, in the order they were added."""
        return dict(self._inputs)

    def input(self, shape):
        """Add a float32 input of `shape` and return its name."""
        name = f"input_{len(self._inputs)}"
        self._inputs[name] = self._shapes[name] = tuple(shape)
        return name

    def constant(self, array):
        """Add `array` as an initializer and return its name."""
        name = f"constant_{len(self._initializers)}"
        self._initializers.append(numpy_helper.from_array(numpy.asarray(array), name))
        return name

    def weights(self, *shape):
        """Add random weights [outputs, inputs, ...] that keep the size of what passes through."""
        fan_in = max(1, int(numpy.prod(shape[1:])))
        values = self.rng.standard_normal(shape) * numpy.sqrt(2.0 / fan_in)
        return self.constant(values.astype(numpy.float32))

    def bias(self, size):
        """Add a random vector and return its name."""
        return self.constant(self.rng.uniform(-0.5, 0.5, size).astype(numpy.float32))

    def add(self, operator, *operands, **attributes):
        """Add a node with one result and return the result's name."""
        name = f"{operator.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, operands, [name], name=name, **attributes))
        return name

    def shape(self, name):
        """Return the shape of tensor `name`."""
        if name not in self._shapes:
            inferred = shape_inference.infer_shapes(
                self._model([name], symbolic=False), strict_mode=True, data_prop=True)
            value = inferred.graph.output[0].type.tensor_type
            self._shapes[name] = tuple(dim.dim_value for dim in value.shape.dim)
        return self._shapes[name]

    def conv(self, source, outputs, kernel, group=1, bias=True, **attributes):
        """Add a convolution to `outputs` channels with random weights."""
        channels = self.shape(source)[1]
        operands = [source, self.weights(outputs, channels // group, *kernel)]
        if bias:
            operands.append(self.bias(outputs))
        return self.add("Conv", *operands, group=group, kernel_shape=kernel, **attributes)

    def gemm(self, source, outputs):
        """Add a fully connected layer with random weights, stored [outputs, inputs]."""
        inputs = self.shape(source)[1]
        return self.add("Gemm", source, self.weights(outputs, inputs), self.bias(outputs), transB=1)

    def finish(self, *outputs):
        """Return the checked model whose results are `outputs`."""
        ranks = {name: len(self.shape(name)) for name in outputs}
        model = self._model(outputs, self._symbolic, ranks)
        onnx.checker.check_model(model, full_check=True)
        return model

    def _model(self, outputs, symbolic, ranks=None):
        def shape_of(shape):
            return ["N", *shape[1:]] if symbolic else shape

        inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape_of(shape))
                  for name, shape in self._inputs.items()]
        results = [helper.make_tensor_value_info(
            name, TensorProto.FLOAT, shape_of(self.shape(name)) if ranks else None)
            for name in outputs]
        graph = helper.make_graph(self._nodes, "model", inputs, results, self._initializers)
        return helper.make_model(
            graph, ir_version=IR_VERSION, producer_name="tessera-tests",
            opset_imports=[helper.make_opsetid("", OPSET)])
