# SPDX-License-Identifier: MIT
"""Every figure that tessera-smi shows is the one that the virtual NPU's class has, and wrong usage is told."""

import hashlib
import json
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

from smi.guest import TOP, Output, boot

sys.path.append(str(TOP / "contract/python"))
import tsr_hw  # noqa: E402

SKUS = sorted((json.loads(path.read_text()) for path in (TOP / "contract/skus").glob("*.json")),
              key=lambda sku: sku["number"])
# What tessera-vnpu takes of its host for local memory, unless it is told otherwise.
LOCAL_MIB = 2048
for each in SKUS:
    each["memory_mib"] = min(each["memory_mib"], LOCAL_MIB)
CLASSES = [sku["sku"] for sku in SKUS]
FIRMWARE = hashlib.sha256((TOP / "build/out/firmware/tessera-fw.bin").read_bytes()).hexdigest()
JOB_TIMEOUT_MS = 2000


def thousandth(value):
    """A figure that fuses hold in thousandths, as a report shows it."""
    return f"{value // 1000}.{value % 1000:03}"


def evidence(sku):
    """(fact, value, unit, origin, source) of each fuse that a class has."""
    def reported(fact, value, unit, source):
        return (fact, str(value), unit, "reported", f"fuse block, {source}")

    def asserted(fact, value, unit, source):
        return (fact, value, unit, "asserted", f"vendor, repeated in the fuse block, {source}")

    yield reported("units[0].clock", sku["clock_khz"], "kHz", "clock_khz")
    yield reported("units[0].count", sku["tensor_tiles"], "1", "tensor_tiles")
    for i, (name, macs) in enumerate(sku["macs"].items()):
        yield reported(f"units[0].formats[{i}].macs_per_cycle", macs, "MAC/cycle", f"macs[{name}]")
    yield reported("units[1].formats[0].dense_rate",
                   sku["vector_operations"] * sku["tensor_tiles"] * sku["clock_khz"] * 1000, "OP/s",
                   "vector_operations x tensor_tiles x clock_khz")
    for i, die in enumerate(sku["dies"]):
        yield asserted(f"dies[{i}].area", thousandth(die["area"]), "mm2", "die.area")
        yield asserted(f"dies[{i}].nonplanar", "false" if die["planar"] else "true", None, "die.flags")
    yield reported("io_rate", sku["io_mb_s"], "MB/s", "io_mb_s")
    yield reported("dram_bandwidth", sku["memory_mb_s"], "MB/s", "memory_mb_s")
    if sku["hbm_mb_s"]:
        yield reported("hbm.bandwidth", sku["hbm_mb_s"], "MB/s", "hbm_mb_s")
        yield asserted("hbm.package_area", thousandth(sku["hbm_area"]), "mm2", "hbm_area")
    yield ("virtual", "true", None, "reported", "register CAPS")
    yield asserted("datacentre", "true" if sku["market"] == "datacentre" else "false", None, "market")
    yield ("firmware_measurement", FIRMWARE, None, "reported", "boot ROM, SHA-256 of the firmware image")


def page(device):
    """The text of one device of the JSON form."""
    rates = "".join(f"{name} {tops:.3g}   " for name, tops in device["peak_tops"].items())
    rows = {
        "Bus": f"{device['bus']}, {device['path']}",
        "State": device["state"],
        "Serial": device["serial"],
        "Architecture": f"{device['hardware_version']}, {device['tensor_tiles']} tensor tile(s) of "
                        f"{device['array_rows']} x {device['array_columns']} at {device['clock_khz'] / 1000:.0f} MHz",
        "Peak TOPS, dense": rates,
        "Memory": f"{device['memory_bandwidth_mb_s'] / 1000:.1f} GB/s, "
                  + (f"local, {device['local_memory_free_mib']} of {device['local_memory_mib']} MiB free"
                     if device["local_memory_mib"] else "system memory"),
        "Firmware": f"{device['firmware_version']}, interface {device['firmware_abi']}, "
                    f"security version {device['firmware_security_version']}",
        "Measurement": f"{device['firmware_measurement']}, not attested",
        "Device key": f"{device['device_key']}, nothing signs with it",
        "Limits": f"{device['max_vms']} address spaces, {device['max_queues']} queues, "
                  f"{device['max_nodes']} nodes a graph",
        "Job timeout": f"{device['job_timeout_ms']} ms without progress",
    }
    head = f"NPU {device['index']}: {device['name']} ({device['sku']}), virtual\n"
    return head + "".join(f"  {what:18} {text}\n" for what, text in rows.items())


class Figures(unittest.TestCase):
    """One guest for all tests."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="smi", dir="/tmp"))
        shutil.copy(TOP / "tests/smi/figures", cls.folder / "figures")
        boot(cls.folder, ["--npu", "every"], "/share/figures")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def out(self, name):
        """A call of the script."""
        return Output(self.folder, name)

    def report(self, name):
        """The only report of a call."""
        reports = self.out(name).devices()
        self.assertEqual(len(reports), 1)
        return reports[0]

    def test_show_has_the_figures_of_each_class(self):
        for index, (sku, shown) in enumerate(zip(SKUS, self.out("show-json").devices(), strict=True)):
            with self.subTest(sku["sku"]):
                # The driver keeps an address space and a queue, by which it clears local memory.
                own = 63 - bool(sku["memory_mib"])
                expected = {
                    "index": index, "path": f"/dev/accel/accel{index}", "bus": f"0000:{index + 1:02}:00.0",
                    "sku": sku["sku"], "state": "healthy", "name": sku["name"], "virtual": True,
                    "hardware_version": "1.0", "clock_khz": sku["clock_khz"], "tensor_tiles": sku["tensor_tiles"],
                    "array_rows": sku["array_rows"], "array_columns": sku["array_columns"],
                    "memory_bandwidth_mb_s": sku["memory_mb_s"], "local_memory_mib": sku["memory_mib"],
                    "local_memory_free_mib": sku["memory_mib"],
                    "peak_tops": {name: 2e-9 * sku["macs"][name] * sku["tensor_tiles"] * sku["clock_khz"]
                                  for name in sku["macs"]},
                    "firmware_version": "1.0.0", "firmware_abi": tsr_hw.ABI_VERSION_MAX,
                    "firmware_security_version": 1,
                    "firmware_measurement": FIRMWARE, "max_vms": own, "max_queues": own, "max_nodes": 16384,
                    "job_timeout_ms": JOB_TIMEOUT_MS * sku["time_scale"],
                }
                rates, promised = shown["peak_tops"], expected.pop("peak_tops")
                self.assertEqual(list(rates), list(promised))
                for name, rate in promised.items():
                    self.assertAlmostEqual(rates[name], rate, delta=1e-9 * rate)
                self.assertRegex(shown["serial"], "^[0-9a-f]{16}$")
                self.assertRegex(shown["device_key"], "^[0-9a-f]{64}$")
                self.assertEqual({key: shown[key] for key in expected}, expected)
                self.assertEqual(set(shown), {*expected, "peak_tops", "serial", "device_key"})

    def test_boards_have_different_serials_and_keys(self):
        shown = self.out("show-json").devices()
        for key in ("serial", "device_key"):
            self.assertEqual(len({device[key] for device in shown}), len(CLASSES))

    def test_show_prints_what_its_json_has(self):
        self.assertEqual(self.out("show").text, "".join(map(page, self.out("show-json").devices())))

    def test_list_is_a_table(self):
        rows = ["NPU    CLASS     BUS             NODE                STATE"]
        rows += [f"{i:<5}  {name:8}  0000:{i + 1:02}:00.0    /dev/accel/accel{i}   healthy"
                 for i, name in enumerate(CLASSES)]
        self.assertEqual(self.out("list").text.splitlines(), rows)

    def test_report_has_every_fuse_as_evidence(self):
        serials = [device["serial"] for device in self.out("show-json").devices()]
        for sku, serial, report in zip(SKUS, serials, self.out("compliance").devices(), strict=True):
            with self.subTest(sku["sku"]):
                found = [(fact["fact"], fact["value"], fact["unit"], fact["origin"], fact["source"])
                         for fact in report["evidence"]]
                expected = [*evidence(sku), ("serial", serial, None, "reported", "fuse block, serial")]
                self.assertEqual(sorted(found, key=str), sorted(expected, key=str))

    def test_report_names_dies_and_formats(self):
        for sku, report in zip(SKUS, self.out("compliance").devices(), strict=True):
            with self.subTest(sku["sku"]):
                self.assertEqual(report["subject"]["name"], sku["name"])
                package = next(level for level in report["levels"] if level["level"] == "package")
                formats = [(one["unit"], one["format"], one["bits"]["exact"]) for one in package["formats"]]
                bits = {"fp32": "32", "fp16": "16", "bf16": "16", "fp8_e4m3": "8", "fp8_e5m2": "8", "int8": "8",
                        "uint8": "8", "int4": "4", "uint4": "4", "int16": "16"}
                self.assertEqual(formats, [("tensor-tile", name, bits[name]) for name in sku["macs"]]
                                 + [("vector-unit", "fp32", "32")])
                area = sum(die["area"] for die in sku["dies"] if not die["planar"])
                if area:
                    self.assertEqual(package["applicable_die_area"]["value"]["exact"], f"{area / 1000:g}")
                dies = [level["die"] for level in report["levels"] if level["level"] == "die"]
                if dies:
                    self.assertEqual(dies, [f"die0 ({sku['dies'][0]['process_nm']} nm)"])

    def test_report_as_text(self):
        self.assertEqual(self.out("report").status, 0)
        self.assertIn("3A090.a.1", self.out("report").text)
        self.assertIn("Tessera DC", self.out("report").text)

    def test_report_is_of_today_unless_a_date_is_given(self):
        before, after = ((self.folder / name).read_text().strip() for name in ("before", "after"))
        report = self.report("today")
        self.assertTrue(before[:10] <= report["rule"]["date_asked"] <= after[:10])
        for fact in report["evidence"]:
            self.assertTrue(before <= fact["time"] <= after)
        self.assertEqual(self.out("compliance").devices()[0]["rule"]["date_asked"], "2026-09-01")

    def test_rule_and_policy_reach_the_engine(self):
        self.assertEqual(self.report("rule")["rule"]["id"], "us-bis-2023-11")
        chosen = {one["switch"]: (one["value"], one["set_by"]) for one in self.report("policy")["policy"]}
        self.assertEqual((chosen["sum"], chosen["tf32"]), (("largest", "caller"), ("19", "caller")))
        self.assertEqual(chosen["caps"], ("irreversible", "default"))

    def test_policies_that_cannot_be_used_are_wrong_usage(self):
        for name, told in (("policy-without-value", "NAME=VALUE, not sum"), ("policy-unknown", "sum"),
                           ("policies-33", "more than 32")):
            with self.subTest(name):
                self.assertEqual(self.out(name).status, 2)
                self.assertIn(told, self.out(name).errors)
        self.assertEqual(self.out("policies-32").status, 0)
        self.assertIn("error", self.report("policy-unknown"))

    def test_help_and_version_are_no_errors(self):
        self.assertEqual((self.out("help").status, self.out("version").status), (0, 0))
        self.assertEqual(self.out("version").text, "tessera-smi 0.1.0\n")
        for word in ("usage: tessera-smi", "list ", "show ", "compliance ", "--device", "Exit status"):
            self.assertIn(word, self.out("help").text)

    def test_wrong_usage_is_told(self):
        for name, told in (("nothing", "usage: "), ("two-commands", "usage: "),
                           ("unknown-command", "there is no command frobnicate"), ("unknown-option", "frobnicate")):
            with self.subTest(name):
                self.assertEqual(self.out(name).status, 2)
                self.assertEqual(self.out(name).text, "")
                self.assertIn(told, self.out(name).errors)


if __name__ == "__main__":
    unittest.main()
