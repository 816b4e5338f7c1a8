# SPDX-License-Identifier: MIT
"""Processes that leave nothing behind."""

import os
import resource
import signal
import subprocess


def limit(process, processor):
    """So many seconds of the processor each process of it may take."""
    try:
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (processor, processor))
    except ProcessLookupError:
        pass


def succeeds(command, seconds, log, processor=None, **how):
    """Whether a command succeeds in time; what it prints goes to the log. Nothing of it is left."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **how)
    if processor:
        limit(process, processor)
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
