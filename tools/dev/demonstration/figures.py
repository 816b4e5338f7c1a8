# SPDX-License-Identifier: MIT
"""The demo's figures and the limits they are held to: build/demo.json."""

from dataclasses import dataclass

import dataset
import numpy
import score
import verify
from checker import metrics
from demonstration import host, places

MIN_REFERENCE = 90.0
MAX_FP16_LOSS = 0.1
MAX_INT8_LOSS = 1.0
MIN_PICTURES = 10000
REPEATED_SECONDS = 90
FIRST_SECONDS = 3600
TERA = 1e12


@dataclass
class Evidence:
    """Logits by name, and the guest's runs by precision."""

    logits: dict
    runs: dict

    def accuracy(self, name):
        """Percent of the pictures whose largest logit is their label's."""
        return score.score(self.logits[name])["accuracy"]

    def pictures(self):
        """How many were classified in every precision."""
        return min(len(run.logits) for run in self.runs.values())


def collect(runs):
    """The guest's runs beside what the host computed."""
    stored = {name: numpy.load(places.REFERENCE / f"{name}_logits.npy")
              for name in ("fp32", "int8", "oracle_int8")}
    logits = {"reference_fp32": stored["fp32"], "reference_int8": stored["int8"], "oracle": stored["oracle_int8"]}
    logits.update({f"npu_{precision}": run.logits for precision, run in runs.items()})
    return Evidence(logits, runs)


def differences(logits, expected):
    """How many logits differ in any bit; all of them where the shapes do."""
    try:
        return len(verify.differences(logits, expected))
    except ValueError:
        return expected.size


def accuracies(evidence):
    """How often the networks are right."""
    fp32, fp16, reference_int8, int8 = (
        round(evidence.accuracy(name), 2) for name in ("reference_fp32", "npu_fp16", "reference_int8", "npu_int8"))
    least_int8 = round(fp32 - MAX_INT8_LOSS, 2)
    return [
        metrics.metric("accuracy_reference_fp32", fp32, "%", ">=", MIN_REFERENCE),
        metrics.metric("accuracy_npu_fp16", fp16, "%", ">=", round(fp32 - MAX_FP16_LOSS, 2)),
        metrics.metric("accuracy_reference_int8", reference_int8, "%", ">=", least_int8),
        metrics.metric("accuracy_npu_int8", int8, "%", ">=", least_int8),
    ]


def comparisons(evidence):
    """fp16 is really computed in fp16; int8 is exact."""
    fp16 = differences(evidence.logits["npu_fp16"], evidence.logits["reference_fp32"])
    int8 = differences(evidence.logits["npu_int8"], evidence.logits["oracle"])
    return [
        metrics.metric("logits_fp16_unlike_fp32", fp16, "logits", ">=", 1),
        metrics.metric("logits_int8_unlike_oracle", int8, "logits", "<=", 0),
    ]


def of_run(run, expected_macs):
    """What the device counted and how long it took. Peak and model bound the cycles from below."""
    least = expected_macs * 2 * run.clock_hz / (run.peak_tops * TERA)
    name = run.precision
    return [
        metrics.metric(f"macs_{name}", run.counted["macs"], "MACs", ">=", expected_macs),
        metrics.metric(f"macs_off_{name}", abs(run.counted["macs"] - expected_macs), "MACs", "<=", 0),
        metrics.metric(f"device_cycles_{name}", run.cycles, "cycles", ">=", round(least)),
        metrics.metric(f"achieved_tops_{name}", round(achieved_tops(run), 4), "TOPS", "<=", run.peak_tops),
        metrics.figure(f"pictures_per_second_{name}", round(len(run.logits) / run.seconds, 1), "1/s"),
    ]


def device_seconds(run):
    """Modelled time of a run."""
    return run.cycles / run.clock_hz


def achieved_tops(run):
    """Operations the device counted in its own time."""
    return 2 * run.counted["macs"] / device_seconds(run) / TERA


def check(evidence):
    """All figures but the time the demo took."""
    labels = len(dataset.test_labels())
    figures = accuracies(evidence) + comparisons(evidence)
    figures.append(metrics.metric("pictures", evidence.pictures(), "pictures", ">=", max(MIN_PICTURES, labels)))
    for run in evidence.runs.values():
        figures += of_run(run, host.macs_per_picture() * len(run.logits))
    return figures


def duration(seconds, repeated):
    """How long it took; a first run also builds and makes images."""
    return metrics.metric("demo_seconds", round(seconds, 1), "s", "<=", REPEATED_SECONDS if repeated else FIRST_SECONDS)


def as_lines(figures):
    """The form tools/dev/check reads."""
    return [metrics.line(figure) for figure in figures]
