# SPDX-License-Identifier: MIT
"""Figures a program can read: build/check.json and its like."""

import json
import re

LINE = re.compile(r"^# metric (\S+) (\S+) (\S+) (<=|>=) (\S+)\s*$", re.MULTILINE)


def metric(name, value, unit, relation, limit):
    """One figure with the limit it is held to."""
    holds = value <= limit if relation == "<=" else value >= limit
    return {"name": name, "value": value, "unit": unit, "relation": relation, "limit": limit, "holds": holds}


def found_in(text):
    """Figures a suite prints as lines "# metric NAME VALUE UNIT <=|>= LIMIT"."""
    return [metric(name, float(value), unit, relation, float(limit))
            for name, value, unit, relation, limit in LINE.findall(text)]


def write(path, metrics):
    """The file other programs read."""
    path.write_text(json.dumps({"schema": 1, "metrics": metrics}, indent=1) + "\n", encoding="utf-8")
