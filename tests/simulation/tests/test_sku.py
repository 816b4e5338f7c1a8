# SPDX-License-Identifier: MIT
"""The product classes as the manual has them (docs/hardware.md, "Product classes")."""

import re
import unittest
from pathlib import Path

from simulation.sku import SKUS

MANUAL = Path(__file__).resolve().parents[3] / "docs/hardware.md"


def rows_of_manual():
    """The cells of the table of classes."""
    section = MANUAL.read_text().split("## 16 Product classes")[1].split("\n## ")[0]
    rows = [[cell.strip().replace(",", "") for cell in line.strip("| ").split("|")]
            for line in section.splitlines() if line.startswith("|")]
    return [row for row in rows if row[0] in SKUS]


class Classes(unittest.TestCase):
    """Files, manual and rules say the same."""

    def test_the_manual_has_the_facts_of_the_files(self):
        rows = rows_of_manual()
        self.assertEqual([row[0] for row in rows], list(SKUS))
        for name, array, path, vector, scratchpad, memory, link, port, tiles, clock, tops, *_ in rows:
            sku = SKUS[name]
            with self.subTest(name):
                self.assertEqual(tuple(map(int, array.split(" x "))), (sku.array_rows, sku.columns, sku.ports))
                self.assertEqual((int(path), int(vector)), (sku.weight_path, sku.vector))
                self.assertEqual(int(re.sub(" KiB", "", re.sub("(.*) MiB", lambda m: str(int(m[1]) * 1024), scratchpad))),
                                 sku.scratchpad_kib)
                self.assertEqual((int(memory), int(link), int(port)), (sku.memory_mb_s, sku.link_mb_s, sku.port_bytes))
                self.assertEqual((int(tiles), int(clock)), (sku.tiles, sku.khz // 1000))
                self.assertAlmostEqual(float(tops), 2 * sku.macs("int8") * sku.tiles * sku.khz / 1e9,
                                       delta=0.03 * float(tops))

    def test_promised_products_are_rows_times_columns_times_ports(self):
        for sku in SKUS.values():
            self.assertIn("int8", sku.promised)
            for kind, macs in sku.promised.items():
                with self.subTest(sku=sku.name, type=kind):
                    self.assertEqual(macs, sku.macs(kind))


if __name__ == "__main__":
    unittest.main()
