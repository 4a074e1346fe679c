/**
 * Units for the proof by boot: each stands for one row of what makes a start fail, skips it or lets it go (semantics 6.1 to
 * 6.3), the good beside the bad. What is expected of them is not written here: our own prediction on the same files is
 * compared with what the real systemd does.
 */

export interface Probe {
  /** The unit that is started. */
  readonly unit: string;
  /** Files in the format of server/test/support/file-set.ts; a name without a slash is a unit below /usr. */
  readonly files: string;
  /** Versions of systemd that it is for; default: all. */
  readonly since?: number;
  readonly until?: number;
}

const units = '/usr/lib/systemd/system';

/** Accounts, programs and paths that probes share. */
export const sharedFiles = `
--- /usr/lib/sysusers.d/probes.conf
u probe 4801 "Probe" /var/lib/probe-home
u probe-homeless 4802 "Probe" /var/lib/probe-no-such-home
u probe-rootless 4803 "Probe" /
u probe-member 4804 "Probe" /
u probe-badshell 4805 "Probe" / /usr/bin/probe-missing-shell
g probe-group 4810
m probe-member probe-group
--- /usr/lib/tmpfiles.d/probes.conf
d /var/lib/probe-home 0750 probe probe
d /var/lib/probe-dir 0755
d /var/lib/probe-closed 0700
f /var/lib/probe-closed/env 0600 - - - X=1
C /var/lib/probe-closed/true - - - - /usr/lib/probes/script
d /var/lib/probe-migrate 0755
d /var/lib/probe-reown 0755 probe-member probe-group
f /var/lib/probe-reown/x 0644 probe-member probe-group - x
f /etc/probe.env 0644 - - - PROBE=1
d /etc/probe-envs 0755
f /etc/probe-envs/a.conf 0644 - - - PROBE=1
f /var/lib/probe-file 0644 - - - x
L /var/lib/probe-link - - - - /var/lib/probe-dir
L /var/lib/probe-dangling - - - - /var/lib/probe-nothing
f /var/lib/probe-empty 0644
d /var/lib/probe-filled 0755
f /var/lib/probe-filled/x 0644 - - - x
d /var/lib/probe-hidden 0755
f /var/lib/probe-hidden/.x 0644 - - - x
--- /etc/probe.env
PROBE=1
--- /etc/probe-envs/a.conf
PROBE=1
--- /usr/lib/probes/script 0755
#!/bin/sh
exit 0
--- /usr/lib/probes/no-interpreter 0755
#!/usr/bin/probe-interpreter
exit 0
--- /usr/lib/probes/script-of-script 0755
#!/usr/lib/probes/no-interpreter
--- /usr/lib/probes/not-executable
#!/bin/sh
--- /usr/lib/probes/only-root 0700
#!/bin/sh
exit 0
--- /usr/lib/probes/only-group 0750 0:4810
#!/bin/sh
exit 0
--- /usr/lib/probes/no-shebang 0755
exit 0
--- /usr/lib/probes/relative-interpreter 0755
#!sh
exit 0
--- /usr/lib/probes/dos 0755
#!/bin/sh\r
exit 0
--- /usr/lib/probes/directory-interpreter 0755
#!/usr/lib/probes/directory
--- /usr/lib/probes/directory/ 0755
--- /usr/lib/probes/dangling -> /etc/alternatives/probe
--- /usr/lib/probes/fail 0755
#!/bin/sh
exit 1
--- /usr/lib/probes/root/ 0755
--- /usr/lib/probes/root/proc/ 0755
--- /usr/lib/probes/root/sys/ 0755
--- /usr/lib/probes/root/dev/ 0755
--- /usr/lib/probes/root/run/ 0755
--- /usr/lib/probes/root/tmp/ 0755
--- /usr/lib/probes/root/etc/ 0755
--- /usr/lib/probes/root/var/ 0755
--- /usr/lib/probes/root/usr/ 0755
--- /usr/lib/probes/root/root/ 0755
--- /usr/lib/probes/root/home/ 0755
--- ${units}/probe-target-service.service
[Service]
ExecStart=/usr/bin/sleep infinity
`;

const plain = 'Type=oneshot\nRemainAfterExit=yes\n';

/** A service that runs `true` with further settings. */
function service(name: string, settings: string, limits: Pick<Probe, 'since' | 'until'> = {}): Probe {
  const unit = `probe-${name}.service`;
  const hasCommand = /^ExecStart=/m.test(settings);
  const hasType = /^Type=/m.test(settings);
  const text = `[Service]\n${hasType ? '' : plain}${hasCommand ? '' : 'ExecStart=/usr/bin/true\n'}${settings}`;
  return { unit, files: `--- ${units}/${unit}\n${text}\n`, ...limits };
}

/** A service with conditions or assertions. */
function condition(name: string, settings: string, limits: Pick<Probe, 'since' | 'until'> = {}): Probe {
  const unit = `probe-if-${name}.service`;
  return {
    unit,
    files: `--- ${units}/${unit}\n[Unit]\n${settings}\n[Service]\n${plain}ExecStart=/usr/bin/true\n`,
    ...limits,
  };
}

function other(unit: string, text: string, more = '', limits: Pick<Probe, 'since' | 'until'> = {}): Probe {
  return { unit, files: `--- ${units}/${unit}\n${text}\n${more.replace(/^--- (?!\/)/gm, `--- ${units}/`)}`, ...limits };
}

export const probes: readonly Probe[] = [
  service('plain', ''),
  // Accounts
  service('user', 'User=probe'),
  service('user-missing', 'User=probe-nobody'),
  service('user-number', 'User=4801'),
  service('user-number-missing', 'User=4899'),
  service('user-zero', 'User=0'),
  service('user-nobody', 'User=nobody'),
  service('user-65534', 'User=65534'),
  service('group', 'Group=probe-group'),
  service('group-missing', 'Group=probe-nogroup'),
  service('group-number-missing', 'Group=4899'),
  service('supplementary', 'SupplementaryGroups=probe-group root'),
  service('supplementary-missing', 'SupplementaryGroups=probe-group probe-nogroup'),
  service('user-reset', 'User=probe-nobody\nUser='),
  service('user-and-group-missing', 'User=probe-nobody\nGroup=probe-nogroup'),
  service('dynamic', 'DynamicUser=yes\nStateDirectory=probe-dynamic\nRuntimeDirectory=probe-dynamic'),
  service('dynamic-named', 'DynamicUser=yes\nUser=probe-dyn\nCacheDirectory=probe-dyn/a'),
  service('dynamic-group', 'DynamicUser=yes\nGroup=probe-other'),
  service('dynamic-supplementary-missing', 'DynamicUser=yes\nSupplementaryGroups=probe-nogroup'),
  service('dynamic-group-clash', 'DynamicUser=yes\nUser=probe-group'),
  service('dynamic-static', 'DynamicUser=yes\nUser=probe'),
  {
    unit: 'probe-userdb.service',
    files: `--- /usr/lib/userdb/probedrop.user
{"userName":"probedrop","uid":4850,"gid":4850,"disposition":"system"}
--- /usr/lib/userdb/4850.user -> probedrop.user
--- /usr/lib/userdb/probedrop.group
{"groupName":"probedrop","gid":4850,"disposition":"system"}
--- /usr/lib/userdb/4850.group -> probedrop.group
--- ${units}/probe-userdb.service
[Service]
${plain}User=probedrop
ExecStart=/usr/bin/true
`,
  },
  // EnvironmentFile=
  service('environment', 'EnvironmentFile=/etc/probe.env'),
  service('environment-missing', 'EnvironmentFile=/etc/probe-missing.env'),
  service('environment-forgiven', 'EnvironmentFile=-/etc/probe-missing.env'),
  service('environment-directory', 'EnvironmentFile=/etc/probe-envs'),
  service('environment-pattern', 'EnvironmentFile=/etc/probe-envs/*.conf'),
  service('environment-no-match', 'EnvironmentFile=/etc/probe-envs/*.none'),
  service('environment-own', 'RuntimeDirectory=probe-env\nEnvironmentFile=/run/probe-env/env'),
  service('environment-forgiven-command', 'EnvironmentFile=/etc/probe-missing.env\nExecStart=-/usr/bin/true'),
  service('environment-reset', 'EnvironmentFile=/etc/probe-missing.env\nEnvironmentFile='),
  service('environment-and-user', 'EnvironmentFile=/etc/probe-missing.env\nUser=probe-nobody'),
  // Directories
  service('working', 'WorkingDirectory=/var/lib/probe-dir'),
  service('working-missing', 'WorkingDirectory=/var/lib/probe-missing'),
  service('working-forgiven', 'WorkingDirectory=-/var/lib/probe-missing'),
  service('working-file', 'WorkingDirectory=/var/lib/probe-file'),
  service('working-home', 'User=probe\nWorkingDirectory=~'),
  service('working-home-missing', 'User=probe-homeless\nWorkingDirectory=~'),
  service('working-home-root', 'User=probe-rootless\nWorkingDirectory=~'),
  service('working-home-nobody', 'User=nobody\nWorkingDirectory=~'),
  service('working-home-manager', 'WorkingDirectory=~'),
  service('working-closed', 'User=probe\nWorkingDirectory=/var/lib/probe-closed'),
  service('working-closed-root', 'WorkingDirectory=/var/lib/probe-closed'),
  service('working-own', 'StateDirectory=probe-own-state\nWorkingDirectory=/var/lib/probe-own-state'),
  service(
    'working-made-before',
    'ExecStartPre=/usr/bin/mkdir -p /var/lib/probe-before\nWorkingDirectory=/var/lib/probe-before',
  ),
  service('state-user', 'User=probe\nStateDirectory=probe-u/deep probe-v\nStateDirectoryMode=0750'),
  service('state-occupied', 'StateDirectory=probe-file'),
  service('state-link', 'StateDirectory=probe-link'),
  service('state-below-file', 'StateDirectory=probe-file/x'),
  service('state-symlink', 'StateDirectory=probe-named:probe-alias', { since: 253 }),
  service('logs-and-output', 'LogsDirectory=probe-out\nStandardOutput=append:/var/log/probe-out/x.log'),
  service('configuration', 'User=probe\nConfigurationDirectory=probe-configuration'),
  service('configuration-occupied', 'ConfigurationDirectory=probe.env'),
  service('runtime', 'User=probe\nRuntimeDirectory=probe-runtime\nRuntimeDirectoryMode=0700'),
  service('user-missing-state', 'User=probe-nobody\nStateDirectory=probe-never'),
  // Streams
  service('input-missing', 'StandardInput=file:/etc/probe-missing'),
  service('input', 'StandardInput=file:/etc/probe.env'),
  service('output', 'StandardOutput=file:/var/log/probe-output.log'),
  service('output-missing', 'StandardOutput=append:/var/log/probe-missing/x.log'),
  service('error-missing', 'StandardError=truncate:/var/log/probe-missing/x.log'),
  service('output-directory', 'StandardOutput=file:/var/lib/probe-dir'),
  service('output-read-only', 'StandardOutput=file:/usr/probe.log'),
  service('open-file', 'OpenFile=/etc/probe.env:x', { since: 253 }),
  service('open-file-missing', 'OpenFile=/etc/probe-missing:x', { since: 253 }),
  service('open-file-graceful', 'OpenFile=/etc/probe-missing:x:graceful', { since: 253 }),
  service('open-file-usr', 'OpenFile=/usr/lib/os-release:x', { since: 253 }),
  service('open-file-usr-read-only', 'OpenFile=/usr/lib/os-release:x:read-only', { since: 253 }),
  service('open-file-directory', 'OpenFile=/var/lib/probe-dir:x', { since: 253 }),
  service('open-file-directory-read-only', 'OpenFile=/var/lib/probe-dir:x:read-only', { since: 253 }),
  service('open-file-append-missing', 'OpenFile=/var/lib/probe-missing:x:append', { since: 253 }),
  service('open-file-truncate-missing', 'OpenFile=/var/lib/probe-missing:x:truncate', { since: 253 }),
  service('environment-unreadable', 'User=probe\nEnvironmentFile=/var/lib/probe-closed/env'),
  service('exec-in-closed', 'User=probe\nExecStart=/var/lib/probe-closed/true'),
  service('exec-group', 'User=probe\nSupplementaryGroups=probe-group\nExecStart=/usr/lib/probes/only-group'),
  service('exec-group-none', 'User=probe\nExecStart=/usr/lib/probes/only-group'),
  service('exec-member', 'User=probe-member\nExecStart=/usr/lib/probes/only-group'),
  service('exec-capability', 'User=probe\nAmbientCapabilities=CAP_DAC_OVERRIDE\nExecStart=/usr/lib/probes/only-root'),
  service(
    'working-capability',
    'User=probe\nAmbientCapabilities=CAP_DAC_OVERRIDE\nWorkingDirectory=/var/lib/probe-closed',
  ),
  service('exec-no-shebang', 'ExecStart=/usr/lib/probes/no-shebang'),
  service('exec-relative-interpreter', 'ExecStart=/usr/lib/probes/relative-interpreter'),
  service('exec-dos-interpreter', 'ExecStart=/usr/lib/probes/dos'),
  service('exec-interpreter-directory', 'ExecStart=/usr/lib/probes/directory-interpreter'),
  service('user-empty-home-state', 'User=probe-homeless\nStateDirectory=probe-hs\nWorkingDirectory=%S/probe-hs'),
  service('state-dot', 'StateDirectory=probe-dot/./x'),
  service('dynamic-state-existing', 'DynamicUser=yes\nStateDirectory=probe-migrate'),
  service('dynamic-logs-output', 'DynamicUser=yes\nLogsDirectory=probe-dl\nWorkingDirectory=/var/log/probe-dl'),
  service('dynamic-read-write', 'DynamicUser=yes\nStateDirectory=probe-drw\nReadWritePaths=/var/lib/probe-drw'),
  service('dynamic-read-write-missing', 'DynamicUser=yes\nReadWritePaths=/var/lib/probe-missing'),
  service('dynamic-read-only-missing', 'DynamicUser=yes\nReadOnlyPaths=/var/lib/probe-missing'),
  service(
    'dynamic-configuration',
    'DynamicUser=yes\nConfigurationDirectory=probe-dconf\nConfigurationDirectoryMode=0750',
  ),
  service('state-reowned', 'User=probe\nStateDirectory=probe-reown\nStateDirectoryMode=0700'),
  service('state-over-link-to-own', 'StateDirectory=probe-dangling'),
  service('cache-umask', 'User=probe\nUMask=0077\nCacheDirectory=probe-umask'),
  service('output-dangling', 'StandardOutput=append:/var/lib/probe-dangling'),
  service(
    'output-then-error',
    'StandardOutput=append:/var/log/probe-both.log\nStandardError=append:/var/log/probe-both.log',
  ),
  service('output-by-user', 'User=probe\nStandardOutput=append:/var/log/probe-byuser.log'),
  service('read-write-file', 'ReadWritePaths=/var/lib/probe-file'),
  service('read-only-through-file', 'ReadOnlyPaths=/var/lib/probe-file/x'),
  service('read-write-run', 'ReadWritePaths=/run/probe-not-there'),
  service('read-write-runtime', 'RuntimeDirectory=probe-rwr\nReadWritePaths=/run/probe-rwr'),
  service('bind-over-missing', 'BindPaths=/var/lib/probe-dir:/var/lib/probe-b3\nReadWritePaths=/var/lib/probe-b3'),
  service('bind-own-state', 'StateDirectory=probe-bos\nBindPaths=/var/lib/probe-bos:/var/lib/probe-bos2'),
  service('bind-exec', 'BindReadOnlyPaths=/usr/lib/probes:/var/lib/probe-bexec\nExecStart=/var/lib/probe-bexec/script'),
  service(
    'bind-exec-missing',
    'BindReadOnlyPaths=/usr/lib/probes:/var/lib/probe-bexec2\nExecStart=/var/lib/probe-bexec2/none',
  ),
  service('temporary-working', 'TemporaryFileSystem=/var/lib/probe-dir\nWorkingDirectory=/var/lib/probe-dir'),
  service('temporary-hides', 'TemporaryFileSystem=/var/lib\nWorkingDirectory=/var/lib/probe-dir'),
  service(
    'temporary-own',
    'TemporaryFileSystem=/var/lib\nStateDirectory=probe-town\nWorkingDirectory=/var/lib/probe-town',
  ),
  service('temporary-hides-exec', 'TemporaryFileSystem=/usr/lib/probes\nExecStart=/usr/lib/probes/script'),
  service(
    'temporary-bound',
    'TemporaryFileSystem=/var/lib\nBindPaths=/var/lib/probe-dir\nWorkingDirectory=/var/lib/probe-dir',
  ),
  service('inaccessible-working', 'InaccessiblePaths=/var/lib/probe-filled\nWorkingDirectory=/var/lib/probe-filled'),
  service('inaccessible-exec', 'InaccessiblePaths=/usr/lib/probes\nExecStart=/usr/lib/probes/script'),
  service('protect-home-exec', 'ProtectHome=tmpfs\nWorkingDirectory=/root'),
  service('protect-home-read-only', 'ProtectHome=read-only\nWorkingDirectory=/root'),
  service('mount-image-missing', 'MountImages=/var/lib/probe-missing.raw:/var/lib/probe-dir'),
  // 252 asks for a loop device before it looks for the image, and a container has none.
  service('mount-image-forgiven', 'MountImages=-/var/lib/probe-missing.raw:/var/lib/probe-dir', { since: 257 }),
  service('extension-image-missing', 'ExtensionImages=/var/lib/probe-missing.raw'),
  service('extension-image-forgiven', 'ExtensionImages=-/var/lib/probe-missing.raw', { since: 257 }),
  service('credential-encrypted-missing', 'LoadCredentialEncrypted=x:/etc/probe-missing'),
  service('import-credential', 'ImportCredential=probe.*', { since: 254 }),
  service('slice-and-limits', 'Slice=probe-slice.slice\nLimitNOFILE=1024\nNice=5\nIOSchedulingClass=idle'),
  service('notify-missing', 'Type=notify\nExecStart=/usr/bin/probe-missing'),
  service('forking-missing', 'Type=forking\nExecStart=/usr/bin/probe-missing'),
  service('idle-missing', 'Type=idle\nExecStart=/usr/bin/probe-missing'),
  service('dbus-missing', 'Type=dbus\nBusName=org.probe.Missing\nExecStart=/usr/bin/probe-missing'),
  service(
    'simple-working-missing',
    'Type=simple\nWorkingDirectory=/var/lib/probe-missing\nExecStart=/usr/bin/sleep infinity',
  ),
  service('simple-pre-missing', 'Type=simple\nExecStartPre=/usr/bin/probe-missing\nExecStart=/usr/bin/sleep infinity'),
  service(
    'simple-post-missing',
    'Type=simple\nExecStart=/usr/bin/sleep infinity\nExecStartPost=/usr/bin/probe-missing',
  ),
  service(
    'simple-environment',
    'Type=simple\nEnvironmentFile=/etc/probe-missing.env\nExecStart=/usr/bin/sleep infinity',
  ),
  service('pre-forgiven-user', 'User=probe-nobody\nExecStartPre=-/usr/bin/true'),
  service('post-only-forgiven', 'User=probe-nobody\nExecStart=-/usr/bin/true\nExecStartPost=/usr/bin/true'),
  service('no-commands', 'Type=oneshot\nExecStart=\nExecStop=/usr/bin/true\nRemainAfterExit=yes\nUser=probe-nobody'),
  service('exec-specifier', 'ExecStart=/usr/bin/%j-missing'),
  service('exec-semicolon', 'ExecStart=/usr/bin/true ; /usr/bin/probe-missing'),
  service('exec-reset', 'ExecStart=/usr/bin/probe-missing\nExecStart=\nExecStart=/usr/bin/true'),
  service('exec-argument-zero', 'ExecStart=@/usr/bin/true name'),
  service('exec-ambient', 'User=probe-nobody\nExecStart=!!/usr/bin/true'),
  service('exec-no-expansion', 'ExecStart=:/usr/bin/true $X'),
  service('exec-shell', 'ExecStart=|true', { since: 258 }),
  service('exec-shell-user-missing', 'User=probe-nobody\nExecStart=|true', { since: 258 }),
  service('exec-shell-missing', 'User=probe-badshell\nExecStart=|true', { since: 258 }),
  service('open-file-and-user', 'OpenFile=/etc/probe-missing:x\nUser=probe-nobody', { since: 253 }),
  // Credentials, PAM, namespaces
  service('credential-missing', 'LoadCredential=x:/etc/probe-missing'),
  service('credential', 'LoadCredential=x:/etc/probe.env'),
  service('credential-fallback', 'LoadCredential=x:/etc/probe-missing\nSetCredential=x:y'),
  service('credential-other-fallback', 'LoadCredential=x:/etc/probe-missing\nSetCredential=z:y'),
  service('credential-name', 'LoadCredential=probe-none'),
  service('credential-directory', 'LoadCredential=x:/etc/probe-envs'),
  service('pam-missing', 'User=probe\nPAMName=probe-pam'),
  service('pam-missing-without-user', 'PAMName=probe-pam'),
  service('pam-privileged', 'User=probe\nPAMName=probe-pam\nExecStart=+/usr/bin/true'),
  service('pam-no-user-change', 'User=probe\nPAMName=probe-pam\nExecStart=!/usr/bin/true'),
  {
    unit: 'probe-pam-vendor.service',
    files: `--- /usr/lib/pam.d/probe-vendor
auth required pam_permit.so
account required pam_permit.so
session required pam_permit.so
--- ${units}/probe-pam-vendor.service
[Service]
${plain}User=probe
PAMName=probe-vendor
ExecStart=/usr/bin/true
`,
  },
  {
    unit: 'probe-pam-include.service',
    files: `--- /usr/lib/pam.d/probe-include
account include probe-no-such-stack
session required pam_permit.so
--- ${units}/probe-pam-include.service
[Service]
${plain}User=probe
PAMName=probe-include
ExecStart=/usr/bin/true
`,
  },
  service('network-namespace', 'NetworkNamespacePath=/run/netns/probe'),
  service('ipc-namespace', 'IPCNamespacePath=/run/probe-ipc'),
  service('read-write-missing', 'ReadWritePaths=/var/lib/probe-missing'),
  service('read-write-forgiven', 'ReadWritePaths=-/var/lib/probe-missing'),
  service('read-write', 'ProtectSystem=strict\nReadWritePaths=/var/lib/probe-dir /var/lib/probe-link'),
  service('read-write-dangling', 'ReadWritePaths=/var/lib/probe-dangling'),
  service('read-write-own', 'ProtectSystem=strict\nStateDirectory=probe-rw\nReadWritePaths=/var/lib/probe-rw'),
  service(
    'read-write-below-own',
    'ProtectSystem=strict\nStateDirectory=probe-rw2\nReadWritePaths=/var/lib/probe-rw2/sub',
  ),
  service('read-write-below-own-plain', 'StateDirectory=probe-rw3\nReadWritePaths=/var/lib/probe-rw3/sub'),
  service('read-only-missing', 'ReadOnlyPaths=/var/lib/probe-missing'),
  service('read-only-redundant', 'ProtectSystem=strict\nReadOnlyPaths=/var/lib/probe-missing'),
  service('read-only-nested', 'ReadOnlyPaths=/var/lib /var/lib/probe-missing'),
  service('read-only-full', 'ProtectSystem=full\nReadOnlyPaths=/etc/probe-missing /var/lib/probe-missing'),
  service('read-write-in-tmpfs', 'TemporaryFileSystem=/var/lib/probe-dir\nReadWritePaths=/var/lib/probe-dir/x'),
  service('inaccessible-missing', 'InaccessiblePaths=/var/lib/probe-missing'),
  service('inaccessible-above', 'InaccessiblePaths=/var/lib/probe-dir\nReadWritePaths=/var/lib/probe-dir/missing'),
  service('exec-paths-missing', 'ExecPaths=/var/lib/probe-missing'),
  service('no-exec-paths-missing', 'NoExecPaths=/var/lib/probe-missing'),
  service('bind-missing', 'BindPaths=/var/lib/probe-missing:/var/lib/probe-dir'),
  service('bind-forgiven', 'BindPaths=-/var/lib/probe-missing:/var/lib/probe-dir'),
  service('bind-made', 'BindPaths=/var/lib/probe-dir:/var/lib/probe-bound/deep'),
  service('bind-file', 'BindReadOnlyPaths=/var/lib/probe-file:/var/lib/probe-bound-file'),
  service('bind-read-only', 'BindPaths=/var/lib/probe-dir:/usr/probe-bound'),
  service('bind-working', 'BindPaths=/var/lib/probe-dir:/var/lib/probe-bound2\nWorkingDirectory=/var/lib/probe-bound2'),
  service('temporary', 'TemporaryFileSystem=/var/lib/probe-temporary'),
  service('temporary-read-only', 'TemporaryFileSystem=/usr/probe-temporary'),
  service('root-directory-missing', 'RootDirectory=/var/lib/probe-missing'),
  service('root-directory-empty', 'RootDirectory=/usr/lib/probes/root\nExecStart=/usr/bin/true'),
  service('root-image-missing', 'RootImage=/var/lib/probe-missing.raw'),
  service('extension-missing', 'ExtensionDirectories=/var/lib/probe-missing', { since: 253 }),
  service(
    'privileged-mkdir',
    'ExecStartPre=+/usr/bin/mkdir -p /var/lib/probe-late\nReadWritePaths=/var/lib/probe-late',
  ),
  service('home-hidden', 'ProtectHome=yes\nWorkingDirectory=/root/x'),
  service('wm-protected-home', 'ProtectHome=yes\nWorkingDirectory=/root'),
  service('private-tmp-working', 'PrivateTmp=yes\nWorkingDirectory=/tmp'),
  // Programs
  service('exec-missing', 'ExecStart=/usr/bin/probe-missing'),
  service('exec-missing-simple', 'Type=simple\nExecStart=/usr/bin/probe-missing'),
  service('exec-missing-exec', 'Type=exec\nExecStart=/usr/bin/probe-missing'),
  service('user-missing-simple', 'Type=simple\nUser=probe-nobody\nExecStart=/usr/bin/sleep infinity'),
  service(
    'user-missing-simple-pre',
    'Type=simple\nUser=probe-nobody\nExecStartPre=/usr/bin/true\nExecStart=/usr/bin/sleep infinity',
  ),
  service('exec-missing-simple-post', 'Type=simple\nExecStart=/usr/bin/probe-missing\nExecStartPost=/usr/bin/sleep 1'),
  service('exec-forgiven', 'ExecStart=-/usr/bin/probe-missing'),
  service('exec-forgiven-user', 'User=probe-nobody\nExecStart=-/usr/bin/true'),
  service('exec-forgiven-notify', 'Type=notify\nExecStart=-/usr/bin/probe-missing'),
  service('exec-forgiven-forking', 'Type=forking\nExecStart=-/usr/bin/probe-missing'),
  service('exec-relative', 'ExecStart=true'),
  service('exec-relative-missing', 'ExecStart=probe-missing'),
  service('exec-search-path', 'ExecSearchPath=/usr/lib/probes\nExecStart=script'),
  service('exec-search-path-missing', 'ExecSearchPath=/usr/lib/probes\nExecStart=true'),
  service('exec-directory', 'ExecStart=/usr/lib/probes/directory'),
  service('exec-not-executable', 'ExecStart=/usr/lib/probes/not-executable'),
  service('exec-script', 'ExecStart=/usr/lib/probes/script'),
  service('exec-no-interpreter', 'ExecStart=/usr/lib/probes/no-interpreter'),
  service('exec-script-of-script', 'ExecStart=/usr/lib/probes/script-of-script'),
  service('exec-dangling', 'ExecStart=/usr/lib/probes/dangling'),
  service('exec-only-root', 'ExecStart=/usr/lib/probes/only-root'),
  service('exec-only-root-user', 'User=probe\nExecStart=/usr/lib/probes/only-root'),
  service('exec-only-root-privileged', 'User=probe\nExecStart=+/usr/lib/probes/only-root'),
  service('exec-only-root-no-user', 'User=probe\nExecStart=!/usr/lib/probes/only-root'),
  service('privileged-user-missing', 'User=probe-nobody\nExecStart=+/usr/bin/true'),
  service('pre-missing', 'ExecStartPre=/usr/bin/probe-missing'),
  service('pre-forgiven', 'ExecStartPre=-/usr/bin/probe-missing'),
  service('post-missing', 'ExecStartPost=/usr/bin/probe-missing'),
  service('second-missing', 'ExecStart=/usr/bin/true\nExecStart=/usr/bin/probe-missing'),
  service('stop-missing', 'ExecStop=/usr/bin/probe-missing'),
  service('stop-missing-once', 'Type=oneshot\nExecStop=/usr/bin/probe-missing'),
  service('stop-post-missing-once', 'Type=oneshot\nExecStopPost=/usr/bin/probe-missing'),
  service('once', 'Type=oneshot'),
  service('reload-missing', 'ExecReload=/usr/bin/probe-missing'),
  service('pre-makes-program', 'ExecStartPre=/usr/bin/cp /usr/bin/true /run/made-true\nExecStart=/run/made-true'),
  service('condition-true', 'ExecCondition=/usr/bin/true'),
  service('condition-missing', 'ExecCondition=/usr/bin/probe-missing'),
  service('condition-user', 'User=probe-nobody\nExecCondition=/usr/bin/true'),
  service('condition-forgiven', 'ExecCondition=-/usr/bin/probe-missing'),
  service('condition-environment', 'EnvironmentFile=/etc/probe-missing.env\nExecCondition=/usr/bin/true'),
  service('keyring-and-labels', 'KeyringMode=private\nAppArmorProfile=-probe\nSmackProcessLabel=probe'),
  service('order-output-state', 'StandardOutput=append:/var/log/probe-missing/x\nStateDirectory=probe-file'),
  service('order-credential-namespace', 'LoadCredential=x:/etc/probe-missing\nReadWritePaths=/var/lib/probe-missing'),
  service('order-namespace-exec', 'ReadWritePaths=/var/lib/probe-missing\nExecStart=/usr/bin/probe-missing'),
  service('order-exec-working', 'WorkingDirectory=/var/lib/probe-missing\nExecStart=/usr/bin/probe-missing'),
  service('order-group-user', 'SupplementaryGroups=probe-nogroup\nUser=probe-nobody'),
  service(
    'order-network-output',
    'NetworkNamespacePath=/run/netns/probe\nStandardOutput=append:/var/log/probe-missing/x',
  ),
  service(
    'order-state-configuration',
    'ConfigurationDirectory=probe.env/x\nCacheDirectory=probe-c\nStateDirectory=probe-file',
  ),
  service('mounts-for', 'StateDirectory=probe-mounts\n[Unit]\nRequiresMountsFor=/var/lib/probe-missing'),
  service('pid-file', 'Type=forking\nPIDFile=/run/probe.pid\nExecStart=-/usr/bin/probe-missing'),
  // Conditions
  condition('path', 'ConditionPathExists=/etc/probe.env'),
  condition('path-missing', 'ConditionPathExists=/etc/probe-missing'),
  condition('path-negated', 'ConditionPathExists=!/etc/probe-missing'),
  condition('path-dangling', 'ConditionPathExists=/var/lib/probe-dangling'),
  condition('glob', 'ConditionPathExistsGlob=/etc/probe-envs/*.conf'),
  condition('glob-missing', 'ConditionPathExistsGlob=/etc/probe-envs/*.none'),
  condition('glob-through-link', 'ConditionPathExistsGlob=/bin/tru*'),
  condition('directory', 'ConditionPathIsDirectory=/var/lib/probe-link'),
  condition('directory-file', 'ConditionPathIsDirectory=/etc/probe.env'),
  condition('link', 'ConditionPathIsSymbolicLink=/var/lib/probe-dangling'),
  condition('link-none', 'ConditionPathIsSymbolicLink=/var/lib/probe-dir'),
  condition('mount-point', 'ConditionPathIsMountPoint=/usr'),
  condition('mount-point-none', 'ConditionPathIsMountPoint=/var/lib/probe-missing'),
  condition('read-write', 'ConditionPathIsReadWrite=/etc'),
  condition('read-write-usr', 'ConditionPathIsReadWrite=/usr'),
  condition('read-write-missing', 'ConditionPathIsReadWrite=/var/lib/probe-missing'),
  condition('read-write-sys', 'ConditionPathIsReadWrite=/sys'),
  condition('encrypted-missing', 'ConditionPathIsEncrypted=/var/lib/probe-missing'),
  condition('filled', 'ConditionDirectoryNotEmpty=/var/lib/probe-filled'),
  condition('filled-hidden', 'ConditionDirectoryNotEmpty=/var/lib/probe-hidden'),
  condition('filled-file', 'ConditionDirectoryNotEmpty=/etc/probe.env'),
  condition('not-empty', 'ConditionFileNotEmpty=/etc/probe.env'),
  condition('not-empty-empty', 'ConditionFileNotEmpty=/var/lib/probe-empty'),
  condition('not-empty-directory', 'ConditionFileNotEmpty=/var/lib/probe-filled'),
  condition('executable', 'ConditionFileIsExecutable=/usr/lib/probes/script'),
  condition('executable-not', 'ConditionFileIsExecutable=/usr/lib/probes/not-executable'),
  condition('update', 'ConditionNeedsUpdate=/srv'),
  condition('first-boot', 'ConditionFirstBoot=yes'),
  condition('first-boot-not', 'ConditionFirstBoot=no'),
  condition('first-boot-bad', 'ConditionFirstBoot=maybe'),
  condition('container', 'ConditionVirtualization=container'),
  condition('container-nspawn', 'ConditionVirtualization=systemd-nspawn'),
  condition('container-docker', 'ConditionVirtualization=docker'),
  condition('virtual', 'ConditionVirtualization=yes'),
  condition('virtual-not', 'ConditionVirtualization=no'),
  condition('vm', 'ConditionVirtualization=vm'),
  condition('os', 'ConditionOSRelease=ID=debian'),
  condition('os-not', 'ConditionOSRelease=ID=fedora'),
  condition('os-two', 'ConditionOSRelease="ID=debian" ID!=fedora'),
  condition('os-spaced', 'ConditionOSRelease=ID = debian'),
  condition('user', 'ConditionUser=root'),
  condition('user-system', 'ConditionUser=@system'),
  condition('user-other', 'ConditionUser=probe'),
  condition('group', 'ConditionGroup=root'),
  condition('group-other', 'ConditionGroup=probe-group'),
  condition('capability', 'ConditionCapability=CAP_SYS_ADMIN'),
  condition('capability-module', 'ConditionCapability=CAP_SYS_MODULE'),
  condition('capability-time', 'ConditionCapability=CAP_SYS_TIME'),
  condition('capability-raw', 'ConditionCapability=CAP_SYS_RAWIO'),
  condition('security-audit', 'ConditionSecurity=audit'),
  condition('security-uki', 'ConditionSecurity=measured-uki', { since: 255 }),
  condition('security-tpm', 'ConditionSecurity=tpm2'),
  condition('security-boot', 'ConditionSecurity=uefi-secureboot'),
  condition('credential', 'ConditionCredential=probe-none'),
  condition('firmware', 'ConditionFirmware=uefi'),
  condition('tty', 'ConditionPathExists=/dev/tty0'),
  condition('console', 'ConditionPathExists=/dev/console'),
  condition('cmdline', 'ConditionKernelCommandLine=probe.word'),
  condition('cmdline-value', 'ConditionKernelCommandLine=systemd.firstboot=off'),
  condition('cmdline-key', 'ConditionKernelCommandLine=systemd.firstboot'),
  condition('cmdline-missing', 'ConditionKernelCommandLine=probe.none'),
  condition('host', 'ConditionHost=probe*'),
  condition('architecture', 'ConditionArchitecture=native'),
  condition('groups-v2', 'ConditionControlGroupController=v2', { since: 258 }),
  condition('version', 'ConditionVersion=systemd >= 258', { since: 258 }),
  condition('triggers', 'ConditionPathExists=|/etc/probe-missing\nConditionPathExists=|/etc/probe.env'),
  condition('triggers-none', 'ConditionPathExists=|/etc/probe-missing\nConditionPathExists=|!/etc/probe.env'),
  condition('trigger-and-must', 'ConditionPathExists=|/etc/probe.env\nConditionPathExists=/etc/probe-missing'),
  condition('reset', 'ConditionPathExists=/etc/probe-missing\nConditionFirstBoot=\nConditionPathExists=/etc/probe.env'),
  condition('bad-path', 'ConditionPathExists=relative'),
  condition('assert', 'AssertPathExists=/etc/probe-missing'),
  condition('assert-good', 'AssertPathExists=/etc/probe.env'),
  condition('assert-and-condition', 'AssertPathExists=/etc/probe-missing\nConditionPathExists=/etc/probe-missing'),
  condition('assert-reset', 'AssertPathExists=/etc/probe-missing\nAssertPathExists='),
  {
    unit: 'probe-if-user.service',
    files: `--- ${units}/probe-if-user.service\n[Unit]\nConditionPathExists=/etc/probe-missing\n[Service]\nUser=probe-nobody\nExecStart=/usr/bin/true\n`,
  },
  // Sockets
  other(
    'probe-socket.socket',
    '[Socket]\nListenStream=/run/probe-sock/deep/socket\nSocketMode=0660\nSocketUser=probe\nSocketGroup=probe-group\nDirectoryMode=0750\nSymlinks=/run/probe-sock-link\nService=probe-target-service.service',
  ),
  other(
    'probe-socket-user.socket',
    '[Socket]\nListenStream=/run/probe-sock-user\nSocketUser=probe-nobody\nService=probe-target-service.service',
  ),
  other(
    'probe-socket-group.socket',
    '[Socket]\nListenStream=/run/probe-sock-group\nSocketGroup=probe-nogroup\nService=probe-target-service.service',
  ),
  other('probe-socket-alone.socket', '[Socket]\nListenStream=/run/probe-sock-alone'),
  other(
    'probe-socket-masked.socket',
    '[Socket]\nListenStream=/run/probe-sock-masked',
    '--- probe-socket-masked.service -> /dev/null\n',
  ),
  other('probe-socket-accept.socket', '[Socket]\nListenStream=/run/probe-sock-accept\nAccept=yes'),
  other(
    'probe-socket-read-only.socket',
    '[Socket]\nListenStream=/usr/probe-sock\nService=probe-target-service.service',
  ),
  other(
    'probe-socket-directory.socket',
    '[Socket]\nListenStream=/var/lib/probe-dir\nService=probe-target-service.service',
  ),
  other(
    'probe-socket-over-file.socket',
    '[Socket]\nListenStream=/var/lib/probe-over\nService=probe-target-service.service',
    '--- /usr/lib/tmpfiles.d/probe-over.conf\nf /var/lib/probe-over 0644 - - - x\n',
  ),
  other(
    'probe-socket-below-file.socket',
    '[Socket]\nListenStream=/etc/probe.env/x\nService=probe-target-service.service',
  ),
  other(
    'probe-socket-fifo.socket',
    '[Socket]\nListenFIFO=/run/probe-fifo/x\nSocketMode=0600\nService=probe-target-service.service',
  ),
  other('probe-socket-fifo-file.socket', '[Socket]\nListenFIFO=/etc/probe.env\nService=probe-target-service.service'),
  other(
    'probe-socket-special.socket',
    '[Socket]\nListenSpecial=/run/probe-missing\nService=probe-target-service.service',
  ),
  other('probe-socket-abstract.socket', '[Socket]\nListenStream=@probe\nService=probe-target-service.service'),
  other(
    'probe-socket-pre.socket',
    '[Socket]\nListenStream=/run/probe-sock-pre\nExecStartPre=/usr/bin/probe-missing\nService=probe-target-service.service',
  ),
  other(
    'probe-socket-two.socket',
    '[Socket]\nListenStream=/run/probe-two-a\nListenStream=/run/probe-two-b\nService=probe-target-service.service',
  ),
  // Timers and paths
  other('probe-timer.timer', '[Timer]\nOnCalendar=2099-01-01\nPersistent=yes\nUnit=probe-target-service.service'),
  other('probe-timer-alone.timer', '[Timer]\nOnCalendar=2099-01-01'),
  other('probe-timer-monotonic.timer', '[Timer]\nOnBootSec=99d\nPersistent=yes\nUnit=probe-target-service.service'),
  other(
    'probe-path.path',
    '[Path]\nPathChanged=/var/lib/probe-watched/x\nMakeDirectory=yes\nDirectoryMode=0711\nUnit=probe-target-service.service',
  ),
  other(
    'probe-path-exists.path',
    '[Path]\nPathExists=/var/lib/probe-watched-exists\nMakeDirectory=yes\nUnit=probe-target-service.service',
  ),
  other('probe-path-alone.path', '[Path]\nPathChanged=/var/lib/probe-alone\nMakeDirectory=yes'),
  // Mounts and swap
  other('var-lib-probe\\x2dmount.mount', '[Mount]\nWhat=tmpfs\nWhere=/var/lib/probe-mount\nType=tmpfs'),
  other('usr-probe\\x2dmount.mount', '[Mount]\nWhat=tmpfs\nWhere=/usr/probe-mount\nType=tmpfs'),
  other(
    'var-lib-probe\\x2dbindmount.mount',
    '[Mount]\nWhat=/var/lib/probe-bind-source\nWhere=/var/lib/probe-bindmount\nType=none\nOptions=bind',
  ),
  other(
    'var-lib-probe\\x2dimage.mount',
    '[Mount]\nWhat=/var/lib/probe-missing.img\nWhere=/var/lib/probe-image\nType=ext4',
  ),
  other(
    'var-run-probe\\x2dlink.mount',
    '[Mount]\nWhat=tmpfs\nWhere=/var/run/probe-link\nType=tmpfs',
    '--- /usr/lib/tmpfiles.d/probe-run.conf\nd /run/probe-link 0755\n',
  ),
  other('probe-target.target', '[Unit]\nDescription=Probe'),
  other('probe-slice.slice', '[Unit]\nDescription=Probe'),
];
