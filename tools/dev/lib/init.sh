#!/bin/bash
# SPDX-License-Identifier: MIT
# Init of the pid namespace inside the root: runs one command and passes its status on.
# The kernel kills whatever is left when it ends, so a Ctrl-C leaves nothing behind.
# usage: init.sh FOLDER CMD [ARG...]

cd "$1" || exit 1
shift
trap 'exit 130' INT
trap 'exit 143' TERM HUP
"$@"
exit $?
