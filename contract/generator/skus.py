# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Product classes: each file of contract/skus is one value of an enumeration and one row of the manual's tables."""

import json

from generator.problems import Problem
from generator.yamlfile import Number

# Each type that some class computes products of and another does not: how the manual's table calls it.
SHOWN = {"bf16": "bf16", "fp8_e4m3": "fp8", "int16": "int16"}


def read(folder):
    """(name, facts) of every class, by number. What a class is made of, the device's reader of the files checks."""
    found = [(path.stem, parsed(path)) for path in sorted(folder.glob("*.json"))]
    found.sort(key=lambda one: one[1]["number"])
    for (before, facts), (name, other) in zip(found, found[1:]):
        if facts["number"] == other["number"]:
            raise Problem(f"skus/{name}.json: number: {other['number']} is that of {before}: take another")
    return found


def parsed(path):
    """The facts of a file."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Problem(f"skus/{path.name}: {error}") from error
    if not isinstance(facts, dict) or facts.get("sku") != path.stem:
        raise Problem(f"skus/{path.name}: sku: write the file's name, {path.stem!r}")
    for key, kind in (("number", int), ("summary", str)):
        if not isinstance(facts.get(key), kind):
            raise Problem(f"skus/{path.name}: {key}: is {facts.get(key)!r}: write {kind.__name__}")
    return facts


def values(skus):
    """Of an enumeration."""
    return {name.upper().replace("-", "_"): [Number(str(facts["number"])), facts["summary"], {"file": name}]
            for name, facts in skus}


def size(kib):
    """KiB, or MiB if they are whole."""
    return f"{kib // 1024} MiB" if kib % 1024 == 0 else f"{kib} KiB"


def tops(facts):
    """int8, of the package."""
    rate = 2e-9 * facts["macs"]["int8"] * facts["tensor_tiles"] * facts["clock_khz"]
    return f"{rate:.1f}" if rate < 10 else f"{rate:,.0f}"


def row(name, facts):
    """Of the table of classes."""
    array = " x ".join(str(facts[f"array_{part}"]) for part in ("rows", "columns", "ports"))
    return [name, array, f"{facts['weight_path']:,}", f"{facts['vector_operations']:,}", size(facts["scratchpad_kib"]),
            f"{facts['memory_mb_s']:,}", f"{facts['link_mb_s']:,}", f"{facts['port_bytes']:,}",
            str(facts["tensor_tiles"]), f"{facts['clock_khz'] // 1000:,}", tops(facts),
            ", ".join(shown for kind, shown in SHOWN.items() if kind in facts["macs"]),
            ", ".join(facts["block_types"])]


def expand(raw, folder):
    """The items of a file with what the classes give them: values of an enum, rows of a table."""
    for item in raw.get("items", []):
        if isinstance(item, dict) and item.pop("from", None) == "skus":
            skus = read(folder)
            if "enum" in item:
                item["values"] = values(skus)
            else:
                item["rows"] = [row(name, facts) for name, facts in skus]
    return raw
