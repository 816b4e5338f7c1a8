# SPDX-License-Identifier: MIT
"""Processes that leave nothing behind."""

import os
import signal
import subprocess


def succeeds(command, seconds, log, **how):
    """Whether a command succeeds in time; what it prints goes to the log. Nothing of it is left."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **how)
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
