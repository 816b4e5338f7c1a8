# SPDX-License-Identifier: MIT
"""Colours, where the terminal has them and NO_COLOR is not set."""

import os
import sys

COLOURS = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb" and "NO_COLOR" not in os.environ
RESET = "\x1b[0m"


def paint(code, text):
    """text in a colour."""
    return f"\x1b[{code}m{text}{RESET}" if COLOURS else text


def good(text):
    """Green."""
    return paint("32", text)


def bad(text):
    """Red."""
    return paint("31", text)


def title(text):
    """Bold."""
    return paint("1", text)


def verdict(holds):
    """A figure's end of line."""
    return good("ok") if holds else bad("FAILS")
