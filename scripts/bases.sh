#!/bin/bash
# Makes the trees that hold the real systemd 257 and 262 for the differential tests: `bases.sh DIRECTORY [SUITE...]`; `bookworm`
# holds 252. Needs root and debootstrap; uses the mirror of the machine's own apt. Trees that are there already are kept.
set -eu
directory=$1
shift
mkdir -p "$directory"
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
    grep -oE 'https?://[^ ]+/debian/?( |$)' | head -1 | tr -d ' ' |
    sed -E 's#/archive/debian/[0-9TZ]+/?$#/debian#; s#/$##')
for suite in trixie sid "$@"; do
    [ -x "$directory/$suite/usr/bin/systemctl" ] && continue
    rm -rf "$directory/$suite.new"
    debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus "$suite" "$directory/$suite.new" "$mirror" \
        >"$directory/$suite.log" 2>&1 || { tail -5 "$directory/$suite.log" >&2; exit 1; }
    mv "$directory/$suite.new" "$directory/$suite"
done
