# SPDX-License-Identifier: MIT
"""The frequency of the time-stamp counter that a guest under TCG sees: the host's."""

import re
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
# A second, in Debian's kernels.
TICKS = 250


def frequency_khz(cpuinfo):
    """Linux sets loops_per_jiffy from a constant TSC, so BogoMIPS is twice its MHz; None if not constant."""
    flags = re.search(r"^flags\s*:(.*)$", cpuinfo, re.MULTILINE)
    bogomips = re.search(r"^bogomips\s*:\s*([0-9.]+)$", cpuinfo, re.MULTILINE)
    if not flags or not bogomips or "constant_tsc" not in flags[1].split():
        return None
    return round(float(bogomips[1]) * 500)


def kernel_arguments():
    """
    A guest that calibrates against a timer on a loaded host gets a clock that is several times too fast. From the
    frequency it also has the loops of a tick, which its second CPU would measure, busily, for a third of a second.
    """
    khz = frequency_khz(CPUINFO.read_text(encoding="utf-8"))
    return [f"tsc_early_khz={khz}", f"lpj={khz * 1000 // TICKS}"] if khz else []
