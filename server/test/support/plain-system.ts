/** What rule examples are added to: the targets, the two services of the phases and the programs that every system has. */

const program = '#!/usr/bin/sh\n';

export const plainSystem = `--- /bin -> usr/bin
--- /sbin -> usr/sbin
--- /usr/bin/sh 0755
\x7fELF
--- /usr/bin/true 0755
${program}--- /usr/bin/systemd-sysusers 0755
${program}--- /usr/bin/systemd-tmpfiles 0755
${program}--- /usr/lib/systemd/system/default.target -> multi-user.target
--- /usr/lib/systemd/system/multi-user.target
[Unit]
Requires=basic.target
After=basic.target
--- /usr/lib/systemd/system/basic.target
[Unit]
Requires=sysinit.target
Wants=sockets.target timers.target paths.target slices.target
After=sysinit.target sockets.target paths.target slices.target
--- /usr/lib/systemd/system/sysinit.target
[Unit]
Wants=local-fs.target systemd-sysusers.service systemd-tmpfiles-setup.service
After=local-fs.target
--- /usr/lib/systemd/system/local-fs.target
[Unit]
DefaultDependencies=no
--- /usr/lib/systemd/system/sockets.target
[Unit]
Description=Sockets
--- /usr/lib/systemd/system/timers.target
[Unit]
Description=Timers
--- /usr/lib/systemd/system/paths.target
[Unit]
Description=Paths
--- /usr/lib/systemd/system/slices.target
[Unit]
DefaultDependencies=no
--- /usr/lib/systemd/system/shutdown.target
[Unit]
DefaultDependencies=no
--- /usr/lib/systemd/system/umount.target
[Unit]
DefaultDependencies=no
--- /usr/lib/systemd/system/local-fs-pre.target
[Unit]
DefaultDependencies=no
--- /usr/lib/systemd/system/systemd-sysusers.service
[Unit]
DefaultDependencies=no
Before=sysinit.target systemd-tmpfiles-setup.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=systemd-sysusers
--- /usr/lib/systemd/system/systemd-tmpfiles-setup.service
[Unit]
DefaultDependencies=no
After=local-fs.target
Before=sysinit.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=systemd-tmpfiles --create --remove --boot
`;
