#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run the committed models on all test pictures with ONNX Runtime's CPU provider.

This is the independent reference the NPU is compared with. It writes fp32_logits.npy,
int8_logits.npy and reference.json to the output folder.
"""

import argparse
import json
import pathlib
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "tools/dev"))

import numpy

import dataset
import onnx_runtime
import score
from checker import metrics

PRECISIONS = ("fp32", "int8")
BATCH = 500
MIN_FP32_ACCURACY = 90.0
MAX_INT8_LOSS = 1.0


def logits_of(model, pictures):
    """Return the logits that `model` gives for `pictures`."""
    runner = onnx_runtime.session(model)
    name = runner.get_inputs()[0].name
    return numpy.concatenate([
        runner.run(None, {name: dataset.network_input(pictures[start:start + BATCH])})[0]
        for start in range(0, len(pictures), BATCH)])


def metrics_of(scores):
    """Return the figures for `scores`, a dict of precision to score."""
    fp32, int8 = (scores[precision]["accuracy"] for precision in PRECISIONS)
    return [
        metrics.metric("accuracy_reference_fp32", fp32, "%", ">=", MIN_FP32_ACCURACY),
        metrics.metric("accuracy_reference_int8", int8, "%", ">=", round(fp32 - MAX_INT8_LOSS, 2)),
    ]


def run(models, output):
    """Write logits and figures of the models in folder `models` to folder `output`."""
    output.mkdir(parents=True, exist_ok=True)
    pictures = dataset.test_pictures()
    scores = {}
    for precision in PRECISIONS:
        started = time.monotonic()
        logits = logits_of(models / f"fashion_mnist_{precision}.onnx", pictures)
        numpy.save(output / f"{precision}_logits.npy", logits)
        scores[precision] = score.score(logits)
        print(f"{precision}: {len(pictures)} pictures in {time.monotonic() - started:.2f} s")
    report = {"schema": 1, "metrics": metrics_of(scores), "scores": scores}
    (output / "reference.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print("\n".join(score.table(scores)))
    return all(figure["holds"] for figure in report["metrics"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=pathlib.Path, default=pathlib.Path("models"))
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("build/reference"))
    arguments = parser.parse_args()
    if not run(arguments.models, arguments.output):
        sys.exit(f"reference: accuracy below its limit, see {arguments.output}/reference.json")


if __name__ == "__main__":
    try:
        main()
    except dataset.DatasetError as error:
        sys.exit(f"reference: {error}")
