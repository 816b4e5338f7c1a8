# SPDX-License-Identifier: MIT
"""What the host computes for comparison: made once, again only when its inputs have changed."""

import sys

import dataset
import describe
import numpy
import onnx
import verify
from demonstration import places, steps
from vmrunner import stamp


def data_files():
    """The test pictures and their labels."""
    return [dataset.folder() / f"t10k-{name}-ubyte.gz" for name in ("images-idx3", "labels-idx1")]


def once(path, inputs, make):
    """make(), unless the file at path stands for the same inputs."""
    def make_and_mark(mark):
        make()
        mark.write_text("made\n")

    stamp.ensure(path.with_name(path.name + ".made"), stamp.digest(*inputs), make_and_mark)


def pictures():
    """The file the guest gets: pixels, no labels."""
    def make():
        steps.command("demo-pictures", "stage the test pictures", sys.executable,
                      places.TRAINING / "dataset.py", places.PICTURES)

    once(places.PICTURES, [*data_files(), places.TRAINING / "dataset.py"], make)


def reference():
    """Logits of both networks by ONNX Runtime."""
    def make():
        steps.command("demo-reference", "compute the reference with ONNX Runtime", sys.executable,
                      places.TRAINING / "reference.py", "--models", places.MODELS, "--output", places.REFERENCE)

    sources = [places.TRAINING / f"{name}.py" for name in ("reference", "onnx_runtime", "dataset")]
    once(places.REFERENCE / "reference", [*map(places.model, ("fp32", "int8")), *data_files(), *sources], make)


def oracle():
    """Logits of the int8 network by the plain-C oracle of the manual's rounding rules."""
    path = places.REFERENCE / "oracle_int8_logits.npy"

    def make():
        with steps.step("compute int8 logits with the plain-C oracle"):
            numpy.save(path, verify.oracle_logits(places.ORACLE, places.model("int8")))

    if not places.ORACLE.exists():
        raise steps.Failed(f"{places.shown(places.ORACLE)} is missing; build it with: make build")
    export = places.TRAINING / "int8_oracle/export.py"
    once(path, [places.model("int8"), *data_files(), places.ORACLE, export], make)


def macs_per_picture():
    """Multiply-accumulates of the network, counted from its ONNX file."""
    model = onnx.load(places.model("fp32"))
    shape = describe.shapes(describe.fixed_batch(model, 1))
    return sum(describe.macs_of(node, shape) for node in model.graph.node)


def prepare():
    """Everything of the host, before the guest is started."""
    places.FOLDER.mkdir(parents=True, exist_ok=True)
    pictures()
    reference()
    oracle()
