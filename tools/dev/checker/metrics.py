# SPDX-License-Identifier: MIT
"""Figures a program can read: build/check.json and its like."""

import json
import re

# A figure that depends on the machine's speed has no limit: it is only reported.
FIGURE = re.compile(r"^# figure (\S+) (\S+) (\S+)\s*$", re.MULTILINE)
LINE = re.compile(r"^# metric (\S+) (\S+) (\S+) (<=|>=) (\S+)\s*$", re.MULTILINE)


def metric(name, value, unit, relation, limit):
    """One figure with the limit it is held to."""
    holds = value <= limit if relation == "<=" else value >= limit
    return {"name": name, "value": value, "unit": unit, "relation": relation, "limit": limit, "holds": holds}


def figure(name, value, unit):
    """One figure without a limit."""
    return {"name": name, "value": value, "unit": unit, "relation": None, "limit": None, "holds": True}


def line(entry):
    """The line that found_in() reads."""
    words = [entry["name"], entry["value"], entry["unit"]]
    if entry["relation"] is None:
        return "# figure {} {} {}".format(*words)
    return "# metric {} {} {} {} {}".format(*words, entry["relation"], entry["limit"])


def found_in(text):
    """Figures a suite prints as "# metric NAME VALUE UNIT <=|>= LIMIT" or "# figure NAME VALUE UNIT"."""
    limited = [metric(name, float(value), unit, relation, float(limit))
               for name, value, unit, relation, limit in LINE.findall(text)]
    return limited + [figure(name, float(value), unit) for name, value, unit in FIGURE.findall(text)]


def write(path, metrics, suites=None, left_out=None):
    """The file other programs read; @left_out are measurements that this machine cannot make, each with why."""
    content = {"schema": 1, "metrics": metrics}
    if left_out:
        content["left_out"] = left_out
    if suites is not None:
        content["suites"] = suites
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
