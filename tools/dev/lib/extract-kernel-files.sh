#!/bin/bash
# SPDX-License-Identifier: MIT
# Inside a writable root: take the few files of linux-source-6.12 that we use into build/linux-6.12.
set -eu -o pipefail

files="
scripts/checkpatch.pl scripts/spelling.txt scripts/const_structs.checkpatch
scripts/kernel-doc
tools/testing/selftests/kselftest.h
tools/testing/selftests/kselftest_harness.h
"
target=/src/build/linux-6.12

cd /var/tmp
apt-get -q download linux-source-6.12
mkdir -p "$target"
dpkg-deb --fsys-tarfile linux-source-6.12_*.deb |
	tar -xO ./usr/src/linux-source-6.12.tar.xz | xz -dc -T2 |
	tar -x -C "$target" --strip-components=1 $(printf 'linux-source-6.12/%s ' $files)
cp "$(ls -d /usr/share/doc/linux-headers-*common*/copyright | head -n 1)" "$target/copyright" 2>/dev/null || true
touch "$target/stamp"
