# SPDX-License-Identifier: MIT
"""One virtual NPU process per --npu option."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

from vmrunner import paths
from vmrunner.status import NPU_DIED, SETUP, RunError

# Both only end what hangs; how long a good process takes depends on the host's load.
START_SECONDS = 120
STOP_SECONDS = 120


def classes():
    """The files of the product classes, by number."""
    return sorted(paths.SKUS.glob("*.json"), key=lambda path: json.loads(path.read_text())["number"])


def npu_options(text):
    """What one --npu says: one option, or one for each class."""
    sku, comma, rest = text.partition(",")
    names = [path.stem for path in classes()] if sku == "every" else [sku]
    return [NpuOption(name + comma + rest) for name in names]


class NpuOption:
    """SKU[,key=value...]: state=, may-die, guest-control and host-control are the runner's, other keys options of the program."""

    def __init__(self, text):
        sku, *settings = text.split(",")
        self.sku = sku
        self.settings = dict(setting.partition("=")[::2] for setting in settings)
        self.state = self.settings.pop("state", None)
        self.may_die = self.settings.pop("may-die", None) is not None
        self.guest_control = self.settings.pop("guest-control", None) is not None
        self.host_control = self.settings.pop("host-control", None) is not None

    def sku_file(self):
        """The SKU's file: given as a path, or by its name."""
        if Path(self.sku).is_file():
            return Path(self.sku)
        path = paths.SKUS / f"{self.sku}.json"
        if not path.is_file():
            known = ", ".join(sorted(path.stem for path in classes()))
            raise RunError(SETUP, f"there is no SKU {self.sku}; known: {known or 'none'}, or the path of a file")
        return path

    def arguments(self):
        """Settings the runner does not know, for the program."""
        return [f"--{key}={value}" if value else f"--{key}" for key, value in self.settings.items()]


class Npu:
    """A running virtual NPU with its sockets. The guest's port is that of a test, unless the option names another role's."""

    def __init__(self, index, option, program, folder):
        self.index = index
        self.option = option
        self.socket = folder / f"npu{index}"
        self.host_control = folder / f"npu{index}.host"
        self.control = self.host_control if option.host_control else folder / f"npu{index}.control"
        self.log_path = folder / f"npu{index}.log"
        state = Path(option.state) if option.state else folder / f"npu{index}.state"
        self.command = [str(program), "--socket", str(self.socket), "--control", str(self.host_control),
                        "--sku", str(option.sku_file()), "--state", str(state), *option.arguments()]
        if not option.host_control:
            self.command += ["--guest-control" if option.guest_control else "--test-control", str(self.control)]
        self.process = None

    def start(self):
        """Start the process and wait until QEMU can connect: QEMU does not try twice."""
        with open(self.log_path, "wb") as log:
            try:
                self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                                start_new_session=True)
            except OSError as error:
                raise RunError(SETUP, f"the virtual NPU could not be started: {error}; "
                                      "build it with: make build") from error
        deadline = time.monotonic() + START_SECONDS
        while not (self.socket.exists() and self.control.exists()):
            if self.process.poll() is not None:
                raise RunError(SETUP, f"virtual NPU {self.index} ended with status {self.process.returncode} "
                                      f"before it was ready:\n{self.log_text()}")
            if time.monotonic() > deadline:
                raise RunError(SETUP, f"virtual NPU {self.index} made no sockets within {START_SECONDS} s")
            time.sleep(0.01)

    def log_text(self):
        """Everything the process printed."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def stop(self):
        """End it; its exit status shows what a sanitizer found."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        self.kill()

    def kill(self):
        """The process and whatever it started."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    def check(self):
        """Raise if it ended in another way than by being told to."""
        status = self.process.returncode
        if self.option.may_die or status in (0, -signal.SIGTERM):
            return
        tail = "\n".join(self.log_text().splitlines()[-30:])
        raise RunError(NPU_DIED, f"virtual NPU {self.index} ended with status {status}:\n{tail}")
