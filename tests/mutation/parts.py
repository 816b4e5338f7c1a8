# SPDX-License-Identifier: MIT
"""The parts of the project: their sources, and the tests whose duty they are."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """
    Sources are git pathspecs. The tests are meson's of some of its suites, then suites of tests/suites; what these
    need of a mutant is targets of the host's build folder, and what tools/dev/build builds, once for each of its
    arguments.
    """

    name: str
    sources: tuple
    meson: tuple = ()
    suites: tuple = ()
    builds: tuple = ()
    targets: tuple = ()


# What gives the independent simulation (suite fidelity) the amounts of streams and of nodes on a device.
AMOUNTS = ("tools/vnpu/measure/tests/measure-text", "tools/vnpu/tests/device-text")

PARTS = [
    Part("rv32", ("tools/vnpu/rv32/*.c",), ("rv32", "vnpu", "firmware")),
    Part("firmware", ("firmware/*.c", ":!firmware/sign", ":!firmware/main.c", ":!firmware/trap.c",
                      ":!firmware/memory.c", ":!firmware/variants"), ("firmware",)),
    Part("vfu", ("tools/vnpu/vfu/*.c",), ("vfu", "vnpu")),
    Part("number", ("tools/vnpu/number/*.c",), ("number",)),
    Part("tile", ("tools/vnpu/tile/*.c",), ("tile", "runtime")),
    Part("time", ("tools/vnpu/time/*.c",), ("time", "measure"), suites=("fidelity",), targets=AMOUNTS),
    Part("measure", ("tools/vnpu/measure/*.c",), ("measure",), suites=("fidelity",), targets=AMOUNTS),
    Part("vector", ("tools/vnpu/vector/*.c",), ("vector",)),
    Part("vnpu", ("tools/vnpu/*.c", ":!tools/vnpu/rv32", ":!tools/vnpu/vfu", ":!tools/vnpu/number",
                  ":!tools/vnpu/tile", ":!tools/vnpu/time", ":!tools/vnpu/measure", ":!tools/vnpu/vector"),
         ("vnpu", "firmware"), suites=("fidelity",), targets=AMOUNTS),
    Part("graph", ("runtime/graph/*.c",), ("runtime",)),
    Part("compiler", ("runtime/compiler/*.c",), ("runtime",)),
    Part("onnx", ("runtime/onnx/*.c",), ("runtime",)),
    Part("objdump", ("tools/objdump/*.c",), ("objdump",)),
    Part("compliance", ("tools/compliance/*.c",), ("compliance",)),
    Part("smi", ("tools/smi/*.c",), ("smi",), suites=("smi",), builds=("userspace", "stage")),
    Part("kernel", ("kernel/*.c",),
         suites=("kselftest-submit", "kselftest-ioctl", "kselftest-vm", "kselftest-mmap", "kselftest-fault",
                 "kselftest-limits", "kselftest-unplug", "runtime-device", "faults-completion", "faults-fault"),
         builds=("modules 6.12", "stage")),
]


def named(name):
    """The part of that name."""
    for part in PARTS:
        if part.name == name:
            return part
    raise ValueError(f"no such part: {name} (there are {', '.join(part.name for part in PARTS)})")
