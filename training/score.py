#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Score logits of the 10,000 test pictures against their labels.

Labels stay on the host: a device returns logits and is scored here.
"""

import argparse
import json
import pathlib
import sys

import numpy

import dataset


def load_logits(path):
    """Return the logits in the .npy file `path`, one row of ten per test picture."""
    logits = numpy.load(path)
    expected = (len(dataset.test_labels()), len(dataset.CLASSES))
    if logits.shape != expected:
        raise ValueError(f"{path}: shape {logits.shape}, expected {expected}")
    if not numpy.isfinite(logits).all():
        raise ValueError(f"{path}: holds values that are not finite")
    return logits


def score(logits):
    """Return accuracy in percent, overall and per class, and how often each class was chosen."""
    labels = dataset.test_labels()
    chosen = logits.argmax(axis=1)
    right = chosen == labels
    return {
        "pictures": len(labels),
        "accuracy": 100.0 * int(right.sum()) / len(labels),
        "class_accuracy": {
            name: 100.0 * int(right[labels == number].sum()) / int((labels == number).sum())
            for number, name in enumerate(dataset.CLASSES)},
        "class_chosen": {
            name: int((chosen == number).sum()) for number, name in enumerate(dataset.CLASSES)},
    }


def table(columns):
    """Return text lines comparing the scores in `columns`, a dict of heading to score."""
    width = max(len(name) for name in dataset.CLASSES)
    lines = [" " * width + "".join(f"{heading:>12}" for heading in columns)]
    for name in dataset.CLASSES:
        figures = (f"{value['class_accuracy'][name]:>11.2f}%" for value in columns.values())
        lines.append(f"{name:<{width}}" + "".join(figures))
    figures = (f"{value['accuracy']:>11.2f}%" for value in columns.values())
    lines.append(f"{'all':<{width}}" + "".join(figures))
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("logits", type=pathlib.Path, nargs="+",
                        help=".npy file of shape (10000, 10)")
    parser.add_argument("--json", action="store_true", help="print the scores as JSON")
    arguments = parser.parse_args()
    scores = {path.stem: score(load_logits(path)) for path in arguments.logits}
    print(json.dumps(scores, indent=1) if arguments.json else "\n".join(table(scores)))


if __name__ == "__main__":
    try:
        main()
    except (dataset.DatasetError, ValueError, OSError) as error:
        sys.exit(f"score: {error}")
