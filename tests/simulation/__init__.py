# SPDX-License-Identifier: MIT
"""
What the programming manual, version 2, says about time and energy, computed from its text alone.

Nothing here is shared with the compiler, the virtual NPU or the firmware: a formula that one of them changes alone
makes the results differ.
"""
