# SPDX-License-Identifier: MIT
"""The demo: the test pictures on the virtual NPU of a guest, and on the host what judges the result."""
