# SPDX-License-Identifier: MIT
"""A script of tessera-smi calls run in a guest, and what each call printed."""

import json
import subprocess
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


def boot(folder, npus, command):
    """Run a command in a guest whose /share is the folder."""
    subprocess.run([TOP / "tools/dev/vm", "run", "--quiet", *npus, "--timeout", "1500", "--share", folder, "--",
                    "bash", "-c", command], cwd=TOP, check=True)


class Output:
    """What one call printed."""

    def __init__(self, folder, name):
        self.status = int((folder / f"{name}.status").read_text())
        self.text = (folder / f"{name}.out").read_text()
        self.errors = (folder / f"{name}.err").read_text()

    def devices(self):
        """The boards of a JSON answer; it is whole whatever the status."""
        document = json.loads(self.text)
        assert document["schema"] == 1
        return document.get("devices", document.get("reports"))

    def states(self):
        """Their states."""
        return [device["state"] for device in self.devices()]
