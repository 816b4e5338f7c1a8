#!/bin/bash
# SPDX-License-Identifier: MIT
# Inside a writable root: install what the given lines of tools/dev/packages name.
# usage: install-packages.sh < LINES
set -eu

# depends_of PACKAGE/SUITE: names only, of the version in that suite.
depends_of()
{
	apt-cache show --no-all-versions "$1" |
		sed -n 's/^Depends: //p' | tr , '\n' | sed 's/ *(.*//; s/ //g'
}

package_names()
{
	while read -r first rest; do
		case $first in
		'' | '#'*) ;;
		depends-of) depends_of "$rest" ;;
		*) printf '%s\n' "$first" $rest ;;
		esac
	done
}

export DEBIAN_FRONTEND=noninteractive
# The guest has an initramfs of its own.
export INITRD=No

cp /src/tools/dev/apt-preferences /etc/apt/preferences.d/tessera
dpkg --configure -a
apt-get -q update
mapfile -t packages < <(package_names)
apt-get -q -y install "${packages[@]}"
apt-get clean
