# SPDX-License-Identifier: MIT
"""The largest difference of two predictions, printed as a figure when a process ends."""

import atexit

SEEN = []


def relative(found, wanted):
    """How far a number is from the simulation's; what is no number there must be equal."""
    try:
        return abs(int(found) - int(wanted)) / max(abs(int(wanted)), 1)
    except ValueError:
        return float(found != wanted)


def note(found, wanted):
    """Lines of words that both gave."""
    for one, other in zip(found, wanted):
        SEEN.extend(map(relative, one, other))


def report():
    """For tools/dev/check and tools/dev/bench."""
    if SEEN:
        print(f"# figure fidelity_numbers {len(SEEN)} count", flush=True)
        print(f"# metric model_worst_error {max(SEEN):.6g} ratio <= 0", flush=True)


atexit.register(report)
