# SPDX-License-Identifier: MIT
"""Where the demo keeps its files."""

from vmrunner.paths import BUILD, LOGS, TOP

MODELS = TOP / "models"
TRAINING = TOP / "training"
ORACLE = BUILD / "out/training/int8_oracle/int8_oracle"
REFERENCE = BUILD / "reference"
FOLDER = BUILD / "demo"
PICTURES = FOLDER / "fashion_mnist_images.npy"
SHEET = FOLDER / "contact-sheet.png"
SEEN = FOLDER / "seen"
REPORT = BUILD / "demo.json"


def model(precision):
    """The committed network in fp32 or int8."""
    return MODELS / f"fashion_mnist_{precision}.onnx"


def shown(path):
    """A path as a person in the top folder would write it."""
    return path.relative_to(TOP)
