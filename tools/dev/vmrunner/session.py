# SPDX-License-Identifier: MIT
"""One guest from start to power-off: its ports, its log and how it ended."""

import os
import selectors
import signal
import socket
import subprocess
import sys
import time

from vmrunner import klog, qemu
from vmrunner.status import KERNEL_LOG, NO_STATUS, PANIC, TIMEOUT, UNLOAD, RunError

# How long a complaint may go on before the guest is stopped: its backtrace follows it.
COMPLAINT_SECONDS = 2
# Only ends what hangs; how long a guest takes depends on the host's load.
POWEROFF_SECONDS = 180
QUOTED_LINES = 60


class LineBuffer:
    """Complete lines out of a byte stream."""

    def __init__(self):
        self.rest = b""

    def feed(self, data):
        """The lines that data completes."""
        *lines, self.rest = (self.rest + data).split(b"\n")
        return [line.decode(errors="replace").rstrip("\r") for line in lines]


class KernelLog:
    """Every kernel message, in the log file, with the complaints kept for the report."""

    def __init__(self, file):
        self.file = file
        self.complaints = []
        self.after_complaint = []
        self.first_complaint = None
        self.panicked = False
        self.ended = False

    def add(self, source, line):
        """Record one line of the serial console or of the log port."""
        self.file.write(f"{source}: {line}\n")
        self.ended |= klog.END_OF_LOG in line
        self.panicked |= klog.is_panic(line)
        if klog.complaint(line):
            self.complaints.append(line)
            self.first_complaint = self.first_complaint or time.monotonic()
        if self.complaints and len(self.after_complaint) < QUOTED_LINES:
            self.after_complaint.append(line)

    def complained_for(self, seconds):
        """Whether there is a complaint that old."""
        return self.first_complaint is not None and time.monotonic() - self.first_complaint > seconds

    def quote(self):
        """The complaints and what followed the first of them."""
        return "\n".join(f"   | {line}" for line in self.after_complaint)


class Session:
    """Runs QEMU and serves the guest's ports until it stops."""

    def __init__(self, options, folder, log):
        self.options = options
        self.folder = folder
        self.log = log
        self.kernel_log = KernelLog(log)
        self.selector = selectors.DefaultSelector()
        self.listeners = {}
        self.buffers = {}
        self.status_port = None
        self.process = None
        self.boots = 0
        self.command_status = None
        self.unload_failed = False
        self.finished = False
        self.started = time.monotonic()

    def listen(self):
        """Sockets for the guest's ports; returns their paths by name."""
        sockets = {}
        for name in qemu.PORTS:
            sockets[name] = self.folder / name
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(str(sockets[name]))
            listener.listen(1)
            self.listeners[name] = listener
            self.selector.register(listener, selectors.EVENT_READ, (self.accept, name))
        return sockets

    def accept(self, listener, name):
        """QEMU connects a port."""
        connection, _ = listener.accept()
        if name == "status":
            self.status_port = connection
        self.buffers[name] = LineBuffer()
        self.selector.register(connection, selectors.EVENT_READ, (self.read, name))

    def start(self, command):
        """Start QEMU; its standard output is the guest's serial console."""
        self.log.write(f"runner: {' '.join(command)}\n")
        # The session owns the process; stop() ends it.
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True)
        self.buffers["console"] = LineBuffer()
        self.selector.register(self.process.stdout, selectors.EVENT_READ, (self.read, "console"))

    def read(self, stream, name):
        """Data from one of the ports or from the console."""
        data = os.read(stream.fileno(), 65536)
        if not data:
            self.selector.unregister(stream)
            if name == "console":
                self.finished = True
            return
        if name == "output":
            self.show(data)
            return
        for line in self.buffers[name].feed(data):
            self.handle(name, line)

    def show(self, data):
        """What the guest command prints goes out unchanged, and into the log."""
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        for line in self.buffers["output"].feed(data):
            self.log.write(f"output: {line}\n")

    def handle(self, name, line):
        """One line from the console, the log port or the status port."""
        if name == "console":
            self.kernel_log.add("console", line)
        elif name == "klog":
            text = klog.text_of_record(line)
            if text is not None:
                self.kernel_log.add("kernel", text)
        else:
            self.handle_status(line)

    def handle_status(self, line):
        """The guest says where it is: see tools/dev/guest/run."""
        word, _, rest = line.partition(" ")
        self.log.write(f"status: {line}\n")
        if word == "ready":
            self.boots += 1
            self.say(f"guest ready ({time.monotonic() - self.started:.1f} s)")
            self.send_command()
        elif word == "unload-failed":
            self.unload_failed = True
        elif word == "exit":
            self.command_status = int(rest)

    def send_command(self):
        """The script the guest runs, and which boot of the run this is."""
        script = f"export TESSERA_BOOT={self.boots}\n{self.options.script}\n".encode()
        self.status_port.sendall(f"{len(script)}\n".encode() + script)

    def say(self, text):
        """A progress line."""
        if not self.options.quiet:
            print(f"== {text}", file=sys.stderr, flush=True)

    def serve(self):
        """Until QEMU ends, or must be ended."""
        deadline = self.started + self.options.timeout
        acknowledged = False
        while not self.finished:
            for key, _ in self.selector.select(0.2):
                handler, name = key.data
                handler(key.fileobj, name)
            if self.kernel_log.panicked:
                self.drain(COMPLAINT_SECONDS)
                return
            if self.kernel_log.complained_for(COMPLAINT_SECONDS) and not self.options.keep_going:
                return
            if self.command_status is not None and self.kernel_log.ended and not acknowledged:
                acknowledged = True
                deadline = time.monotonic() + POWEROFF_SECONDS
                self.status_port.sendall(b"bye\n")
            if time.monotonic() > deadline:
                self.time_out(acknowledged)

    def drain(self, seconds):
        """Read on for a while: a backtrace is still coming."""
        end = time.monotonic() + seconds
        while not self.finished and time.monotonic() < end:
            for key, _ in self.selector.select(0.2):
                handler, name = key.data
                handler(key.fileobj, name)

    def time_out(self, acknowledged):
        """The limit has passed."""
        if acknowledged:
            raise RunError(TIMEOUT, f"the guest did not power off within {POWEROFF_SECONDS} s")
        where = "before it was ready" if not self.boots else "while the command ran"
        raise RunError(TIMEOUT, f"the guest was stopped after {self.options.timeout} s, {where}")

    def verdict(self):
        """The run's exit status, or the reason there is none."""
        if self.kernel_log.panicked:
            raise RunError(PANIC, f"the guest's kernel panicked:\n{self.kernel_log.quote()}")
        if self.kernel_log.complaints:
            raise RunError(KERNEL_LOG, f"the kernel log holds {len(self.kernel_log.complaints)} complaints, "
                                       f"the first:\n{self.kernel_log.quote()}")
        if self.command_status is None:
            raise RunError(NO_STATUS, "the guest stopped without reporting the command's status "
                                      f"(QEMU's status {self.process.poll()})")
        if not self.kernel_log.ended:
            raise RunError(KERNEL_LOG, "the end of the kernel log was lost")
        if self.unload_failed:
            raise RunError(UNLOAD, "tessera.ko could not be unloaded after the command")
        return self.command_status

    def stop(self):
        """Leave nothing behind."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()
            self.process.stdout.close()
        for listener in self.listeners.values():
            listener.close()
