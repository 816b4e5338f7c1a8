#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write models that show whether the importer reads all that a node has.

The table of operators and ONNX's own schemas make them: each operator, in each operator set that
changed it, with each attribute of its schema, an attribute and an input that it does not have, one
that it has in other operator sets, an attribute of another type, and a zero that the writer left
out; each between codes; and models with a single defect beside the same model repaired. cases.json
lists them as generate.py's does, with

    refused      words that the sentence of the refusal has
    or_refused   the same, but a right result is right as well
    only_fp32    not compiled for other precisions
"""

import argparse
import json
import pathlib
import re

import generate  # first: it decides how onnx is loaded
import numpy
import onnx
import onnx_runtime
from onnx import AttributeProto, TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

import defects
import sketch

OPSETS = range(7, 23)
SOURCES = pathlib.Path(__file__).resolve().parents[2] / "runtime/onnx/operator.c"

# Values that mean something else than the default, for every attribute of every schema.
VALUES = {
    "allowzero": [1], "alpha": [0.3, 0.0], "auto_pad": ["SAME_UPPER", "SAME_LOWER", "VALID"],
    "axes": [[1], [-1, 0]], "axis": [0, 1, -1], "beta": [0.25, 0.0], "block_size": [2],
    "ceil_mode": [1], "count_include_pad": [1], "dilations": [[2, 1]], "end": [1, -1],
    "epsilon": [0.5], "group": [2], "keepdims": [0], "kernel_shape": [[3, 2]], "max": [0.25],
    "min": [-0.5, 0.0], "mode": ["reflect", "edge", "wrap"], "momentum": [0.5],
    "noop_with_empty_axes": [1], "output_dtype": [2, 3, 4], "pads": [[1, 0, 0, 1]],
    "perm": [[0, 2, 3, 1]], "ratio": [0.25], "saturate": [0], "seed": [3], "spatial": [0],
    "sparse_value": [], "start": [1, -2], "storage_order": [1], "strides": [[2, 1]],
    "to": [TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.INT32, TensorProto.DOUBLE],
    "training_mode": [1], "transA": [1], "transB": [1], "value": [],
    "value_float": [0.25, 0.0], "value_floats": [[0.5, 2.0]], "value_int": [12],
    "value_ints": [[3]], "value_string": ["text"], "value_strings": [["text"]],
}

PADS = {"Pad": [0, 0, 1, 0, 0, 0, 0, 2]}


def table():
    """Return the operators that have a handler, as the importer's table lists them."""
    return re.findall(r'^\t\{ "(\w+)", ', SOURCES.read_text(encoding="utf-8"), re.MULTILINE)


def schemas(operator):
    """Return the schemas of `operator` in the operator sets the importer takes."""
    found = {}
    for opset in OPSETS:
        try:
            schema = onnx.defs.get_schema(operator, opset, "")
        except onnx.defs.SchemaError:
            continue
        if not schema.deprecated:
            found.setdefault(schema.since_version, (opset, schema))
    return list(found.values())


def expected(model, inputs):
    """Return what the model computes, or None when neither oracle takes it."""
    try:
        return onnx_runtime.session(model.SerializeToString()).run(None, inputs)
    except Exception:  # each kind of refusal has its own class
        pass
    try:
        return ReferenceEvaluator(model).run(None, inputs)
    except Exception:
        return None


class Cases:
    """The cases written so far."""

    def __init__(self, output):
        self.output = output
        self.entries = []

    def _folder(self, name, model):
        folder = self.output / name
        folder.mkdir(parents=True)
        (folder / "model.onnx").write_bytes(
            model if isinstance(model, bytes) else model.SerializeToString())
        return folder

    def refuse(self, name, model, *words):
        """The importer refuses `model` with a sentence that has `words`."""
        self._folder(name, model)
        self.entries.append({"name": name, "operators": [], "inputs": [], "outputs": [],
                             "refused": list(words), "only_fp32": True})

    def compute(self, name, model, oracle=None, words=(), step=None):
        """The importer computes `model` as `oracle` is, or may refuse it with `words`."""
        shapes = {value.name: [dim.dim_value or 2 for dim in value.type.tensor_type.shape.dim]
                  for value in model.graph.input}
        inputs = generate.random_inputs(numpy.random.default_rng(len(name)), shapes)
        outputs = expected(oracle or model, inputs)
        if outputs is None or not all(numpy.isfinite(array).all() for array in outputs):
            if not words:
                raise ValueError(f"{name}: no oracle computes it")
            return self.refuse(name, model, *words)
        folder = self._folder(name, model)
        for kind, arrays in (("input", inputs.values()), ("output", outputs)):
            for number, array in enumerate(arrays):
                numpy.save(folder / f"{kind}_{number}.npy", array.astype(numpy.float32))
        entry = {"name": name, "operators": [node.op_type for node in model.graph.node],
                 "inputs": list(inputs), "outputs": [v.name for v in model.graph.output],
                 "only_fp32": True}
        if words:
            entry["or_refused"] = list(words)
        if step:
            entry["output_steps"] = [step] * len(outputs)
        self.entries.append(entry)
        return None


def write_attribute(cases, name, operator, opset, attribute):
    """Each value of an attribute; the same with a zero left out; a value of another type."""
    refusal = ("(" + operator + ")", attribute.name)
    values = [PADS[operator]] if attribute.name == "pads" and operator in PADS else \
        VALUES[attribute.name]
    for number, value in enumerate(values):
        model, _ = sketch.sketch(operator, opset, {attribute.name: value})
        cases.compute(f"{name}_{attribute.name}_{number}", model, words=refusal)
        if value == 0:
            short, s = sketch.sketch(operator, opset, {attribute.name: value})
            node = next(node for node in short.graph.node if node.name == s.main.name)
            last = next(a for a in node.attribute if a.name == attribute.name)
            last.ClearField("f" if last.type == AttributeProto.FLOAT else "i")
            cases.compute(f"{name}_{attribute.name}_{number}_left_out", short, model, refusal)
    if values:
        other = [1.5, 2.5] if isinstance(values[0], (str, int)) else "text"
        model, _ = sketch.sketch(operator, opset, {})
        node = next(node for node in model.graph.node if node.name == "main")
        for old in [a for a in node.attribute if a.name == attribute.name]:
            node.attribute.remove(old)
        node.attribute.append(helper.make_attribute(attribute.name, other))
        cases.refuse(f"{name}_{attribute.name}_of_another_type", model, *refusal)


def write_other_attributes(cases, operator, opset, schema):
    """Attributes that the operator has in other operator sets only."""
    others = {attribute.name: attribute for _, other in schemas(operator)
              for attribute in other.attributes.values()}
    for name in sorted(set(others) - set(schema.attributes)):
        model, _ = sketch.sketch(operator, opset)
        node = next(node for node in model.graph.node if node.name == "main")
        value = next(iter(VALUES[name]), None)
        if value is not None:
            node.attribute.append(helper.make_attribute(name, value))
            cases.refuse(f"{operator}_{opset}_{name}_of_another_set", model,
                         f"main ({operator})", name)


def write_operator(cases, operator, opset, schema):
    """Everything about one operator in one operator set."""
    name = f"{operator}_{opset}"
    write_other_attributes(cases, operator, opset, schema)
    model, _ = sketch.sketch(operator, opset)
    cases.compute(name, model)
    for attribute in schema.attributes.values():
        write_attribute(cases, name, operator, opset, attribute)
    model, _ = sketch.sketch(operator, opset)
    node = next(node for node in model.graph.node if node.name == "main")
    node.attribute.append(helper.make_attribute("unknown_attribute", 0))
    cases.refuse(f"{name}_unknown_attribute", model, f"main ({operator})", "unknown_attribute")
    if schema.max_input > 100:
        return
    model, _ = sketch.sketch(operator, opset)
    node = next(node for node in model.graph.node if node.name == "main")
    model.graph.initializer.append(numpy_helper.from_array(numpy.float32(1), "extra_input"))
    node.input.extend([""] * (schema.max_input - len(node.input)) + ["extra_input"])
    cases.refuse(f"{name}_extra_input", model, f"main ({operator})", "extra_input")


def write_quantized(cases, operator):
    """The operator between codes: with nothing behind it, and with other codes behind it."""
    model, _ = sketch.quantized(operator, 17, None)
    cases.compute(f"{operator}_of_codes", model)
    step = 0.05
    model, _ = sketch.quantized(operator, 17, step)
    cases.compute(f"{operator}_between_codes", model, step=step)


def write(output):
    cases = Cases(output)
    for operator in table():
        for opset, schema in schemas(operator):
            write_operator(cases, operator, opset, schema)
        if operator not in sketch.NOT_REAL:
            write_quantized(cases, operator)
    for name, defect in defects.ALL.items():
        broken, repaired, words = defect()
        cases.refuse(f"{name}_refused", broken, *words)
        cases.compute(f"{name}_repaired", repaired)
    for name, model in defects.computed().items():
        cases.compute(name, model)
    cases.compute("attributes_without_type", *defects.attributes_without_type())
    (output / "cases.json").write_text(
        json.dumps({"schema": 1, "cases": cases.entries}, indent=1) + "\n", encoding="utf-8")


def main():
    # What it complains about are the models that an oracle is expected to refuse.
    onnx_runtime.onnxruntime.set_default_logger_severity(4)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=pathlib.Path, help="folder to write to")
    output = parser.parse_args().output
    for folder in output.glob("*/"):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    output.mkdir(parents=True, exist_ok=True)
    write(output)


if __name__ == "__main__":
    main()
