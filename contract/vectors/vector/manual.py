# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Tables of docs/hardware.md: numbers of operations and types, and what an operation takes."""

import re
from pathlib import Path

MANUAL = Path(__file__).resolve().parents[3] / "docs/hardware.md"


def table(name):
    """Rows of an enumeration's table, as mappings from column to cell."""
    text = MANUAL.read_text(encoding="utf-8")
    lines = re.search(rf"<!-- contract: enum {name} -->\n(.*?)<!-- end -->", text, re.S)[1].splitlines()
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    columns = ["name", *cells[0][1:]]
    return [dict(zip(columns, row)) for row in cells[2:]]


def numbers(name):
    """Numbers of an enumeration's values."""
    return {row["name"]: int(row["value"], 0) for row in table(name)}


TYPES = numbers("TYPE")
REGISTERS = numbers("VECTOR_TYPE")
OPERATIONS = {row["name"]: row for row in table("VECTOR")}
