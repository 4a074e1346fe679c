/**
 * Texts like those that a distribution ships: a heading of comments, then lines in blocks. Of the tmpfiles.d text of a Debian
 * 13 base system 69 % of the bytes are comments, of sysusers.d 32 %, of presets 33 %; the shares here are lower, so that more
 * is to be parsed.
 */

const heading = `# This file is part of the harbor. It may be changed and passed on as anybody likes,
# there is no warranty whatever. See the manual page for what the columns mean.

`;

const blocks: Readonly<Record<string, string>> = {
  tmpfiles: `# Directories of the harbor master.
d /var/lib/harbor 0755 root root -
d /var/lib/harbor/boats 2755 harbor harbor 30d
d /run/harbor 0750 root harbor - -
L /etc/harbor.conf - - - - ../usr/share/harbor/harbor.conf
C /etc/harbor.d
# What a crash leaves behind is cleared at boot only.
r! /run/harbor/*.pid
z /sys/class/harbor/*/depth 0664 root harbor -
f+ /var/lib/harbor/state 0640 harbor harbor - begun\\n
a+ /var/log/harbor - - - - d:group:adm:r-x,group:adm:r-x

`,
  sysusers: `# Accounts of the harbor master.
g harbor 900 -
u! harbor 900 "Harbor master" /var/lib/harbor /usr/sbin/nologin
u pilot -:harbor "Pilot of the harbor"
m pilot adm
g boats - -
# Those who may look.
u lookout - "Looks out" /

`,
  presets: `# What runs in every harbor.
enable harbor-master.service
enable harbor-pilot@.service north south
enable tide.*
enable lighthouse.socket
disable harbor-debug.service
# Nobody wants these.
disable fog-horn.service
ignore boats.target

`,
  units: `[Unit]
Description=Keeps the harbor
Documentation=man:harbor(8)
After=network-online.target harbor.socket
Wants=network-online.target
ConditionPathExists=/etc/harbor.conf

[Service]
Type=notify
ExecStartPre=-/usr/bin/harbor-check --all "/var/lib/harbor"
ExecStart=/usr/bin/harbor --state=/var/lib/harbor \\
    --pilots=4
Restart=on-failure
User=harbor
StateDirectory=harbor
ProtectSystem=strict

[Install]
WantedBy=multi-user.target

`,
};

/** A text of a format with a length in bytes; all characters are ASCII. */
export function corpus(format: string, size: number): string {
  const block = blocks[format] ?? '';
  const file = heading + block.repeat(4);
  return file.repeat(Math.ceil(size / file.length)).slice(0, size);
}
