# SPDX-License-Identifier: MIT
"""Whole networks with the schedules of the simulation, on every class that holds them."""

import unittest

from fidelity import error, networks, text
from fidelity.device import run_words
from simulation import bert, resnet, resnet_gang
from simulation.amounts import amounts
from simulation.program import DISPATCH, GANG_DISPATCH, run
from simulation.sku import SKUS


def words(sku, nodes):
    """A job of one group, whose nodes the core queues one after another."""
    group = nodes[0].group
    first = GANG_DISPATCH if group.tiles > 1 else DISPATCH
    parts = [text.device(sku), text.gang(0, group.grid, group.ring), ["core", DISPATCH, first],
             *(text.node(0, node.streams, -1) for node in nodes), ["run"]]
    return [word for part in parts for word in part]


class Networks(unittest.TestCase):
    """The same ends, bytes and amounts of every node."""

    def compare(self, sku, nodes):
        """Both run the nodes of a job."""
        text_of_job = words(sku, nodes)
        cycles = run(sku, nodes)[0]
        wanted = [[str(n) for n in (node.end, *amounts(node, sku))] for node in nodes]
        found = run_words(text_of_job)[0][:-1]
        error.note(found, wanted)
        self.assertEqual(found, wanted)
        self.assertEqual(int(found[-1][0]), cycles)

    def test_resnet50_on_one_tile(self):
        for name in ("edge", "pc", "adas", "server", "dc"):
            with self.subTest(sku=name):
                self.compare(SKUS[name], resnet.nodes(SKUS[name]))

    def test_resnet50_on_four_tiles(self):
        for name in ("pc", "adas", "server"):
            with self.subTest(sku=name):
                self.compare(SKUS[name], resnet_gang.nodes(SKUS[name]))

    def test_layers_of_bert(self):
        for name in ("edge", "pc", "adas", "server", "dc"):
            with self.subTest(sku=name):
                self.compare(SKUS[name], bert.nodes(SKUS[name], 128, 3))

    def compare_on_all(self, name):
        """A network on every class."""
        for sku in SKUS.values():
            with self.subTest(sku=sku.name):
                self.compare(sku, networks.nodes(sku, networks.ALL[name]))

    def test_mobilenet(self):
        self.compare_on_all("mobilenet")

    def test_decode_of_a_language_model(self):
        self.compare_on_all("decode")

    def test_prefill_of_a_language_model(self):
        self.compare_on_all("prefill")

    def test_diffusion(self):
        self.compare_on_all("diffusion")

    def test_recommendation(self):
        self.compare_on_all("recommendation")

    def test_detection(self):
        self.compare_on_all("detection")


if __name__ == "__main__":
    unittest.main()
