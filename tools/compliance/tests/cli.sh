#!/bin/sh
# SPDX-License-Identifier: MIT
# The command line of tessera-compliance. Usage: cli.sh PROGRAM RULES EXAMPLE DOCUMENT; prints TAP.
program=$1 rules=$2 example=$3 document=$4
number=0

# check NAME STATUS PATTERN COMMAND...: exit status, and a line of the output that matches.
check()
{
	name=$1 status=$2 pattern=$3
	shift 3
	output=$("$@" 2>&1)
	got=$?
	number=$((number + 1))
	if [ "$got" = "$status" ] && printf '%s\n' "$output" | grep -q -- "$pattern"; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		printf '# status %s, wanted %s and "%s" in:\n' "$got" "$status" "$pattern"
		printf '%s\n' "$output" | sed 's/^/# /'
	fi
}

from_input()
{
	"$program" --rules "$rules" - <"$example"
}

# Every rule version and every switch with its values stands in the document.
documented()
{
	for id in $("$program" --rules "$rules" --list | cut -d' ' -f1); do
		grep -q "^| .$id. " "$document" || echo "missing: $id"
	done
	"$program" --help | sed -n 's/^  \([a-z0-9-]*\)=\([a-z0-9|-]*\)$/\1 \2/p' |
	while read -r switch values; do
		row=$(grep "^| .$switch. " "$document")
		for value in $(echo "$values" | tr '|' ' '); do
			echo "$row" | grep -q "\`$value\`" || echo "missing: $switch=$value"
		done
	done
	echo end
}

all_documented()
{
	missing=$(documented)
	echo "$missing"
	test "$missing" = end
}

echo 1..12
check 'lists the versions and the one in force' 0 '^us-bis-2022-10  (in force)$' \
	"$program" --rules "$rules" --list --date 2023-01-01
check 'takes the version in force on the date' 0 'us-bis-2023-11: ' \
	"$program" --rules "$rules" --date 2024-01-01 "$example"
check 'takes the version asked' 0 'us-bis-2022-10: ' \
	"$program" --rules "$rules" --rule us-bis-2022-10 "$example"
check 'takes a policy switch' 0 'sum=largest(caller)' \
	"$program" --rules "$rules" --policy sum=largest "$example"
check 'prints JSON' 0 '"report":"tessera-compliance"' "$program" --rules "$rules" --json "$example"
check 'reads standard input' 0 '^Result  ' from_input
check 'explains itself' 0 'unknown-datacentre=datacentre|not-datacentre' "$program" --help
check 'refuses a wrong option' 1 '^usage: ' "$program" --colour "$example"
check 'refuses a policy without a value' 1 'NAME=VALUE' "$program" --policy tf32 "$example"
check 'names a missing facts file' 2 '/nonexistent: No such file' \
	"$program" --rules "$rules" /nonexistent
check 'names missing rule data' 2 '/nonexistent: No such file' \
	"$program" --rules /nonexistent "$example"
check 'the document names every version and switch' 0 '^end$' all_documented
