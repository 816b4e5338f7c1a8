# SPDX-License-Identifier: MIT
"""tests/baseline: how many checks each suite reports at least, and the figures that never change by themselves."""

from dataclasses import dataclass, field

HEADER = """\
# SPDX-License-Identifier: MIT
# What a complete run of tools/dev/check reported when it was last reviewed; see tools/dev/README.md.
#   checks SUITE COUNT    the suite passes at least so many: a lost check is a failure
#   exact FIGURE VALUE    the figure is deterministic and has exactly this value
# tools/dev/check --update-baseline writes it anew after a complete run without failures.
"""


@dataclass
class Baseline:
    """The reviewed numbers by name."""

    checks: dict = field(default_factory=dict)
    exact: dict = field(default_factory=dict)

    def complaints(self, result):
        """What a suite's result lacks, as sentences."""
        found = []
        least = self.checks.get(result.suite.name, 0)
        have = result.count.passed + (result.count.skipped if result.suite.skips else 0)
        if have < least:
            found.append(f"{result.suite.name} has {have} checks, at least {least} are known")
        for entry in result.metrics:
            value = self.exact.get(entry["name"])
            if value is not None and entry["value"] != value:
                found.append(f"{entry['name']} is {entry['value']:.15g}, was always {value:.15g}")
        return found

    def text(self):
        """The file."""
        lines = [f"checks {name} {count}" for name, count in sorted(self.checks.items())]
        lines += [f"exact {name} {value:.15g}" for name, value in sorted(self.exact.items())]
        return HEADER + "\n" + "".join(f"{line}\n" for line in lines)


def parse(text):
    """Read the file; a mistake in it raises ValueError."""
    result = Baseline()
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        words = line.split()
        if len(words) != 3 or words[0] not in ("checks", "exact"):
            raise ValueError(f"tests/baseline: not a line of it: {line}")
        if words[0] == "checks":
            result.checks[words[1]] = int(words[2])
        else:
            result.exact[words[1]] = float(words[2])
    return result


def renewed(old, results):
    """The baseline of a run: its counts, and today's value of every figure that was exact."""
    values = {entry["name"]: entry["value"] for result in results for entry in result.metrics}
    return Baseline({result.suite.name: result.count.passed for result in results},
                    {name: values.get(name, value) for name, value in old.exact.items()})
