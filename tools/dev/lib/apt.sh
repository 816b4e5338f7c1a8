# SPDX-License-Identifier: MIT
# The Debian archive as the host is configured to reach it. Sourced, never run.

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Every Debian repository of the host, "URI RELEASE" per line, whatever format it is written in.
host_repositories()
{
	grep -qx 'ID=debian' /etc/os-release || return 0
	apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 2>/dev/null |
		grep -E '^https?://' | grep -E ' (stable|oldstable|testing|bookworm|trixie|forky)' || true
}

debian_mirror()
{
	local uri
	uri=$(host_repositories | awk '$2 !~ /security/ { print $1; exit }')
	uri=${TESSERA_MIRROR:-$uri}
	echo "${uri:-http://deb.debian.org/debian}"
}

security_mirror()
{
	local uri
	uri=$(host_repositories | awk '$2 ~ /security/ { print $1; exit }')
	uri=${TESSERA_SECURITY_MIRROR:-$uri}
	echo "${uri:-http://deb.debian.org/debian-security}"
}

apt_sources()
{
	local mirror options="[signed-by=$keyring]"

	mirror=$(debian_mirror)
	for suite in trixie trixie-updates trixie-backports; do
		echo "deb $options $mirror $suite main"
	done
	echo "deb $options $(security_mirror) trixie-security main"
}

# How the host's apt fetches (proxies, time-outs, checks an administrator turned off) holds for the root too.
apt_options()
{
	apt-config dump --no-empty |
		grep -E '^Acquire::(http|https|Check|Retries|ForceIPv)' || true
	echo 'Acquire::Languages "none";'
	echo 'Acquire::Retries "3";'
	echo 'APT::Install-Recommends "false";'
	echo 'APT::Sandbox::User "root";'
}

# Documentation and translations are never read inside a root.
dpkg_options()
{
	echo 'path-exclude=/usr/share/man/*'
	echo 'path-exclude=/usr/share/info/*'
	echo 'path-exclude=/usr/share/locale/*'
	echo 'path-exclude=/usr/share/doc/*'
	echo 'path-include=/usr/share/doc/*/copyright'
	echo 'force-unsafe-io'
}
