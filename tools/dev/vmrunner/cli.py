# SPDX-License-Identifier: MIT
"""tools/dev/vm: options, and the order in which things are started and stopped."""

import argparse
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

from vmrunner import accel, image, paths, qemu
from vmrunner.npu import Npu, npu_options
from vmrunner.session import Session
from vmrunner.status import MEANING, NO_STATUS, SETUP, TIMEOUT, RunError

QUOTED_LINES = 15


def statuses():
    """The runner's own exit statuses, for --help."""
    lines = [f"  {status}  {meaning}" for status, meaning in sorted(MEANING.items())]
    return "exit status: the command's own, or\n" + "\n".join(lines)


def parser():
    """The command line."""
    top = argparse.ArgumentParser(prog="tools/dev/vm", description=__doc__)
    commands = top.add_subparsers(dest="action", required=True)
    run = commands.add_parser("run", help="boot a guest, run a command in it, power off", epilog=statuses(),
                              formatter_class=argparse.RawDescriptionHelpFormatter)
    commands.add_parser("images", help="make the guest's images and try KVM, boot nothing")
    add_guest_options(run)
    add_run_options(run)
    return top


def add_guest_options(run):
    """What the guest is."""
    run.add_argument("--npu", action="extend", default=[], type=npu_options, metavar="SKU[,state=FILE][,KEY=VALUE]",
                     help="add a virtual NPU (repeatable): a class, a SKU file, or every class; may-die: its end is part of the test; "
                          "guest-control: the guest's port has no command that disturbs the device; host-control: it has all; other keys become options of the program")
    run.add_argument("--vnpu", type=Path, default=paths.VNPU, metavar="PROGRAM", help="the virtual NPU's program")
    run.add_argument("--kernel", default="6.12", metavar="VERSION", help="Debian kernel (default %(default)s)")
    run.add_argument("--smp", type=int, default=2, help="CPUs (default %(default)s)")
    run.add_argument("--memory", default="1G", help="guest memory (default %(default)s)")
    run.add_argument("--icount", action="store_true", help="count instructions: one CPU, emulated")
    run.add_argument("--iommu", action="store_true", help="put an Intel IOMMU before the devices")
    run.add_argument("--debug", action="store_true", help="slab debugging in the guest (slow)")
    run.add_argument("--append", action="append", default=[], metavar="ARG", help="kernel argument (repeatable)")
    run.add_argument("--payload", type=Path, default=paths.STAGE, metavar="DIR",
                     help="folder mounted at /opt/tessera (default build/stage)")
    run.add_argument("--port", action="append", default=[], metavar="NAME=SOCKET",
                     help="add a port /dev/virtio-ports/NAME, connected to a socket the caller listens on (repeatable)")
    run.add_argument("--share", type=Path, metavar="DIR", help="folder the guest may write to, at /share")


def add_run_options(run):
    """How it is run."""
    run.add_argument("--timeout", type=float, default=600, metavar="SECONDS", help="default %(default)s")
    run.add_argument("--log", type=Path, metavar="FILE", help="default build/logs/vm-<pid>.log")
    run.add_argument("--allow-reboot", action="store_true",
                     help="the guest may reboot; the command runs again with TESSERA_BOOT counted up")
    run.add_argument("--no-unload", dest="unload", action="store_false",
                     help="leave tessera.ko loaded when the command has ended")
    run.add_argument("--keep-going", action="store_true",
                     help="let the command finish after a kernel complaint (the run fails all the same)")
    run.add_argument("--quiet", action="store_true", help="no progress lines")
    run.add_argument("command", nargs=argparse.REMAINDER, metavar="-- CMD [ARG...]")


def prepare_images(release, payload):
    """Everything QEMU reads."""
    return SimpleNamespace(kernel=image.vmlinux(release), initramfs=image.initramfs(release),
                           root=image.root(release), payload=image.payload(payload) if payload else None)


def boot(options, folder, log):
    """Start the NPUs, then QEMU, and serve the guest until the end."""
    images = prepare_images(image.release_of(options.kernel), options.payload)
    kind = "tcg" if options.icount else accel.choose(images)
    session = Session(options, folder, log)
    npus = []
    try:
        for index, option in enumerate(options.npu):
            npus.append(Npu(index, option, options.vnpu, folder))
            npus[-1].start()
        session.say(f"booting Linux {options.kernel} ({kind}, {len(npus)} NPU)")
        session.start(qemu.command(options, kind, images, npus, session.listen()))
        session.serve()
    finally:
        session.stop()
        for unit in npus:
            unit.stop()
            write_npu_log(log, unit)
    status = session.verdict()
    for unit in npus:
        unit.check()
    session.say(f"guest command ended with status {status} ({time.monotonic() - session.started:.1f} s)")
    return status


def write_npu_log(log, unit):
    """What a virtual NPU printed belongs to the run's log."""
    for line in unit.log_text().splitlines():
        log.write(f"npu{unit.index}: {line}\n")


def check_options(options):
    """Settle what depends on other options."""
    if options.command[:1] == ["--"]:
        options.command = options.command[1:]
    if not options.command:
        raise RunError(SETUP, "no guest command given: tools/dev/vm run [OPTIONS] -- CMD [ARG...]")
    options.script = shlex.join(options.command)
    if options.icount:
        options.smp = 1
    if options.share:
        options.share.mkdir(parents=True, exist_ok=True)
        options.share = options.share.resolve()


def explain(error, log_path):
    """What went wrong, and where to read on; where nothing else is known, the end of the log."""
    print(f"error: {error}", file=sys.stderr)
    if error.status in (TIMEOUT, NO_STATUS):
        lines = log_path.read_text(errors="replace").splitlines()[-QUOTED_LINES:]
        print("\n".join(f"   | {line[:200]}" for line in lines), file=sys.stderr)
    path = log_path.resolve()
    shown = path.relative_to(paths.TOP) if path.is_relative_to(paths.TOP) else path
    print(f"   the log is {shown}", file=sys.stderr)


def run(options):
    """The run action."""
    check_options(options)
    folder = Path(tempfile.mkdtemp(prefix="tsr", dir="/tmp"))
    log_path = options.log or paths.LOGS / f"vm-{folder.name}.log"
    log_path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(log_path, "w", encoding="utf-8", buffering=1) as log:
            return boot(options, folder, log)
    except RunError as error:
        explain(error, log_path)
        return error.status
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_images():
    """The images action: everything but the payload."""
    for release in image.releases():
        images = prepare_images(release, None)
        print(f"guest images of Linux {release} in {paths.IMAGES.relative_to(paths.TOP)}")
    print(f"accelerator {accel.choose(images)}")
    return 0


def main(arguments):
    """Entry."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    options = parser().parse_args(arguments)
    try:
        return make_images() if options.action == "images" else run(options)
    except RunError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.status
    except subprocess.CalledProcessError as error:
        print(f"error: {shlex.join(map(str, error.cmd))} failed with status {error.returncode}", file=sys.stderr)
        return SETUP
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
