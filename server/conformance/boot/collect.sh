#!/bin/sh
# Runs inside the booted container: waits until the boot has settled, starts every probe, writes down what became of them.
cd /run/proof || exit 1
waited=0
while systemctl list-jobs --no-legend | grep -v proof-collect | grep -q . && [ $waited -lt 300 ]; do
    sleep 0.2
    waited=$((waited + 1))
done
while read -r unit; do
    timeout 30 systemctl start -- "$unit" >>messages.txt 2>&1 </dev/null
    echo "$unit $?"
done <units.txt >started.txt
sleep 1
# shellcheck disable=SC2046
systemctl show -p Id,LoadState,ActiveState,SubState,Result,ConditionResult,AssertResult,ConditionTimestampMonotonic,ExecMainStatus,ExecCondition,ExecStartPre,ExecStart,ExecStartPost,ExecStop,ExecStopPost -- $(cat units.txt watched.txt) >show.txt 2>>messages.txt
find / -path /proc -prune -o -path /sys -prune -o -path /dev -prune -o -path /usr -prune -o -path /run/proof -prune -o -printf '%p\t%y\t%m\t%U\t%G\t%l\t%Y\n' >tree.txt 2>/dev/null
cp /etc/passwd passwd
cp /etc/group group
cp /etc/machine-id machine-id
journalctl -b -o short --no-hostname >journal.txt 2>&1
touch done
systemctl poweroff --force --force
