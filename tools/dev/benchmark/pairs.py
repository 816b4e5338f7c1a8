# SPDX-License-Identifier: MIT
"""The guest's SUBMIT against a program on the host that does the same work, in interleaved pairs."""

import contextlib
import os
import signal
import socket
import statistics
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmark import guest
from vmrunner import paths

HOST_PROGRAMS = paths.BUILD / "out/tests/bench"
PORT = "tessera.bench"
WARM_UP = 2
SECONDS = 900
ROUND_SECONDS = 120

# A CPU of the guest that waits for its end of the grace period ticks 250 times a second, and the sampling of KFENCE
# patches code; both take the host's processors, which compute for the guest, away from it.
STILL = ("rcu_nocbs=all", "kfence.sample_interval=0")


@dataclass
class Work:
    """What both do: tests/bench has NAME-guest and NAME-host, which take the same arguments."""

    name: str
    arguments: tuple

    def title(self):
        """For messages and the log's name."""
        return "-".join((self.name, *self.arguments))


@dataclass
class Result:
    """Its pairs."""

    implementation: str
    ratios: list
    guest_ns: list
    host_ns: list

    def ratio(self):
        """What is reported."""
        return statistics.median(self.ratios)


class Peer:
    """One of the two programs: "round SEED" in, nanoseconds out."""

    def __init__(self, title, requests, answers):
        self.title = title
        self.requests = requests
        self.answers = answers

    def round(self, seed):
        """One measurement; operands come from the seed."""
        self.requests.write(f"round {seed}\n")
        self.requests.flush()
        answer = self.answers.readline().strip()
        if not answer.isdigit():
            raise guest.Failed(f"{self.title} gave no time in round {seed}")
        return int(answer)


def bound():
    """Threads of the peer have a processor each: kernels put two on one now and then, and leave them there."""
    return {**os.environ, "OMP_PROC_BIND": "true"}


def ended(title, status):
    """Why the host's program ended before it was asked for anything."""
    if status != -signal.SIGFPE:
        return guest.Failed(f"{title}: the host's program ended with status {status}")
    return guest.LeftOut(f"{title}: oneDNN divides by zero where a hypervisor hides the caches of an AMD processor: "
                         "measure it on another host")


@contextlib.contextmanager
def host_program(work):
    """The host's program; yields its peer and the implementation's name."""
    with subprocess.Popen([HOST_PROGRAMS / f"{work.name}-host", *work.arguments], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True, env=bound()) as process:
        try:
            name = process.stdout.readline().strip()
            if not name:
                raise ended(work.title(), process.wait(ROUND_SECONDS))
            yield Peer(f"{work.title()}: the host", process.stdin, process.stdout), name
        finally:
            process.stdin.close()
            process.wait(ROUND_SECONDS)


def connect(listener, process):
    """QEMU connects the port when it starts; the guest's program opens its end later."""
    listener.settimeout(ROUND_SECONDS)
    try:
        connection, _ = listener.accept()
    except TimeoutError:
        process.terminate()
        raise
    connection.settimeout(ROUND_SECONDS)
    return connection


@contextlib.contextmanager
def guest_program(work, folder):
    """The guest's program behind its port; its end must be a good one."""
    path = Path(folder) / "port"
    script = " ".join((f"{work.name}-guest", *work.arguments, f"/dev/virtio-ports/{PORT}"))
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(1)
        still = [word for argument in STILL for word in ("--append", argument)]
        arguments = guest.command(work.title(), SECONDS, ["--memory", "2G", *still, "--port", f"{PORT}={path}"], script)
        with subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace") as process:
            try:
                with connect(listener, process) as connection, connection.makefile("rw") as stream:
                    yield Peer(f"{work.title()}: the guest", stream, stream)
                    stream.write("end\n")
                    stream.flush()
                    text, _ = process.communicate(timeout=ROUND_SECONDS)
            except (guest.Failed, OSError):
                process.terminate()
                text, _ = process.communicate()
                guest.complain(work.title(), process.wait(), text)
            if process.returncode:
                guest.complain(work.title(), process.returncode, text)


def measure(work, pairs):
    """Its pairs."""
    result = Result("", [], [], [])
    with tempfile.TemporaryDirectory(prefix="tsr", dir="/tmp") as folder, host_program(work) as (host, name), \
            guest_program(work, folder) as npu:
        result.implementation = name
        for seed in range(1, WARM_UP + 1):
            npu.round(seed)
            host.round(seed)
        for seed in range(WARM_UP + 1, WARM_UP + pairs + 1):
            result.guest_ns.append(npu.round(seed))
            result.host_ns.append(host.round(seed))
    result.ratios = [one / other for one, other in zip(result.guest_ns, result.host_ns)]
    return result
