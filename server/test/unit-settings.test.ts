/** Value grammars: what is drawn under a value is what the real loader of 257 complains of. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { directivesOf, findDirective, nearestDirective, sectionsOf } from '../src/core/formats/unit/directives.ts';
import { parseCondition } from '../src/core/formats/unit/settings/condition.ts';
import { parseExecLine } from '../src/core/formats/unit/settings/exec-line.ts';
import { parseListenAddress } from '../src/core/formats/unit/settings/listen-address.ts';
import { parseBindPaths, parseUnitDirectories } from '../src/core/formats/unit/settings/paths.ts';
import { grammarOf, mayStopUnit } from '../src/core/formats/unit/settings/table.ts';
import {
  escapeUnitName,
  escapeUnitPath,
  parseUnitName,
  templateOf,
  unescapeUnitName,
  unescapeUnitPath,
} from '../src/core/formats/unit/settings/unit-name.ts';
import { Systemd } from '../src/core/versions/systemd.ts';

/** The problems of a value, each drawn under it: `  ^^^ code`, with `(stops)` if the unit then does not load. */
function draw(setting: string, value: string, version: number): string[] {
  const [section = '', name = ''] = setting.split('.');
  const directive = findDirective(section, name);
  assert.ok(directive, setting);
  const grammar = grammarOf(directive);
  assert.ok(grammar, setting);
  return grammar(value, { systemd: new Systemd(version), key: name }).map(({ code, span, stopsUnit }) => {
    const line = ' '.repeat(span.start) + '^'.repeat(Math.max(1, span.end - span.start));
    return `${line} ${code}${stopsUnit ? ' (stops)' : ''}`;
  });
}

const cases: readonly (readonly [setting: string, value: string, ...expected: string[]])[] = [
  ['Service.ExecSearchPath', 'a\\x20b:/c', '^^^^^^ path-not-absolute'],
  ['Service.RemainAfterExit', 'yes'],
  ['Service.RemainAfterExit', 'OFF'],
  ['Service.RemainAfterExit', '1'],
  ['Service.RemainAfterExit', 'maybe', '^^^^^ not-a-boolean'],
  ['Service.RemainAfterExit', '', '^ not-a-boolean'],
  ['Service.DynamicUser', 'maybe', '^^^^^ not-a-boolean (stops)'],
  ['Service.ExecStart', '/bin/true a "b c"'],
  ['Service.ExecStart', 'true'],
  ['Service.ExecStart', '-@:+/bin/a zero one'],
  ['Service.ExecStart', '--/bin/a', ' ^^^^^^^ relative-program'],
  ['Service.ExecStart', '!+/bin/a', ' ^^^^^^^ relative-program (stops)'],
  ['Service.ExecStart', '@/bin/a', '^^^^^^^ missing-argument-zero (stops)'],
  ['Service.ExecStart', 'foo/bar', '^^^^^^^ relative-program (stops)'],
  ['Service.ExecStart', '-foo/bar', ' ^^^^^^^ relative-program'],
  ['Service.ExecStart', '/bin/', '^^^^^ program-is-directory (stops)'],
  ['Service.ExecStart', '.', '^ program-is-directory (stops)'],
  ['Service.ExecStart', '/bin/a ; /bin/b ; c/d e', '                  ^^^ relative-program (stops)'],
  ['Service.ExecStart', '/bin/a \\; b'],
  ['Service.ExecStart', '/bin/a "b', '       ^^ unterminated-quote (stops)'],
  ['Service.ExecStart', '-/bin/a "b', '        ^^ unterminated-quote'],
  ['Service.ExecStart', '/bin/a \\q', '       ^^ unknown-escape'],
  ['Service.ExecStart', '"/bin/a b"'],
  ['Service.ExecStart', '/bin/%n %z', '        ^^ unknown-specifier (stops)'],
  ['Service.ExecStart', '|/bin/a', '^^^^^^^ relative-program (stops)'],
  ['Service.ExecStart', 'a\\x22b', '^^^^^^ invalid-program (stops)'],
  ['Service.ExecStart', ''],
  ['Service.User', 'root'],
  ['Service.User', '4711'],
  ['Service.User', '65535', '^^^^^ invalid-user-name (stops)'],
  ['Service.User', 'a:b', '^^^ invalid-user-name (stops)'],
  ['Service.User', 'user@domain'],
  ['Service.User', '%i'],
  ['Service.User', '%z', '^^ unknown-specifier (stops)'],
  ['Service.User', 'nobody', '^^^^^^ nobody-user'],
  ['Service.User', ''],
  ['Service.SupplementaryGroups', 'a b'],
  ['Service.SupplementaryGroups', 'a b:c d', '  ^^^ invalid-user-name (stops)'],
  ['Service.WorkingDirectory', '/a'],
  ['Service.WorkingDirectory', '~'],
  ['Service.WorkingDirectory', '-~'],
  ['Service.WorkingDirectory', 'a', '^ path-not-absolute (stops)'],
  ['Service.WorkingDirectory', '-a', ' ^ path-not-absolute'],
  ['Service.WorkingDirectory', '/a/../b', '^^^^^^^ path-not-normalized (stops)'],
  ['Service.WorkingDirectory', '%h/x'],
  ['Service.RootDirectory', '/a'],
  ['Service.RootDirectory', 'a', '^ path-not-absolute (stops)'],
  ['Service.EnvironmentFile', '-/etc/default/a'],
  ['Service.EnvironmentFile', 'etc/a', '^^^^^ path-not-absolute'],
  ['Service.EnvironmentFile', '-etc/a', ' ^^^^^ path-not-absolute'],
  ['Service.EnvironmentFile', '/../a'],
  ['Service.EnvironmentFile', '/a/..', '^^^^^ path-not-normalized'],
  ['Service.PIDFile', 'a.pid'],
  ['Service.PIDFile', '/run/a.pid'],
  ['Service.PIDFile', '/var/run/a.pid', '^^^^^^^^^^^^^^ legacy-run-directory'],
  ['Service.PIDFile', '/proc/a', '^^^^^^^ path-in-api-file-system (stops)'],
  ['Service.PIDFile', '../a', '^^^^ path-not-normalized (stops)'],
  ['Service.ReadWritePaths', '/a -/b +/c -+/d "/e f"'],
  ['Service.ReadWritePaths', '/a +-/b c', '    ^^^ path-not-absolute', '        ^ path-not-absolute'],
  ['Service.ReadWritePaths', '/a "b', '   ^^ unterminated-quote'],
  ['Service.StateDirectory', 'a b/c a:b'],
  ['Service.StateDirectory', '/a', '^^ path-absolute'],
  ['Service.StateDirectory', '../a b', '^^^^ path-not-normalized'],
  ['Service.StateDirectory', 'private/x', '^^^^^^^^^ private-directory'],
  ['Service.StateDirectory', 'a:b:ro'],
  ['Service.StateDirectory', 'a:b:rw', '^^^^^^ unknown-keyword'],
  ['Service.StateDirectory', 'a:/b', '^^^^ path-absolute'],
  ['Service.StateDirectory', '.', '^ path-empty'],
  ['Service.ConfigurationDirectory', 'a:b', '^^^ link-not-supported'],
  ['Service.BindPaths', '/a /b:/c -/d:/e:norbind'],
  ['Service.BindPaths', '/a:b /c', '   ^ path-not-absolute'],
  ['Service.BindPaths', '/a:/b:foo /c', '      ^^^ unknown-keyword'],
  ['Service.BindPaths', 'a', '^ path-not-absolute'],
  ['Service.BindPaths', '/a:', '^^ missing-destination'],
  ['Service.TemporaryFileSystem', '/a:ro,mode=700 /b'],
  ['Service.TemporaryFileSystem', 'a:ro', '^^^^ path-not-absolute'],
  ['Service.Environment', 'A=b "C=d e" F=\\x41'],
  ['Service.Environment', 'A', '^ invalid-environment-assignment'],
  ['Service.Environment', '1A=b C=d', '^^^^ invalid-environment-assignment'],
  ['Service.Environment', 'A=%n %n=b'],
  ['Service.Environment', 'A=\\q', '  ^^ unknown-escape'],
  ['Service.PassEnvironment', 'A B'],
  ['Service.PassEnvironment', 'A=b C', '^^^ invalid-variable-name'],
  ['Service.UnsetEnvironment', 'A=b C 1', '      ^ invalid-variable-name'],
  ['Service.LoadCredential', 'a'],
  ['Service.LoadCredential', 'a:/b'],
  ['Service.LoadCredential', 'a:/b/../c', '  ^^^^^^^ invalid-credential-source'],
  ['Service.LoadCredential', 'a/b:/c', '^^^ invalid-credential-name'],
  ['Service.LoadCredential', 'a:b/c', '  ^^^ invalid-credential-source'],
  ['Service.LoadCredential', '%i:/x'],
  ['Service.SetCredential', 'a:b\\n'],
  ['Service.SetCredential', 'a', '^ missing-credential-data'],
  ['Service.SetCredential', 'a:\\q', '  ^^ unknown-escape'],
  ['Service.SetCredentialEncrypted', 'a:aGVsbG8='],
  ['Service.SetCredentialEncrypted', 'a:b c', '  ^^^ invalid-base64'],
  ['Service.ImportCredential', 'a.*'],
  ['Service.ImportCredential', 'a*b', '^^^ invalid-credential-name'],
  ['Service.ImportCredential', '*'],
  ['Service.ImportCredential', 'a:b'],
  ['Service.ImportCredential', 'a:/b', '  ^^ invalid-credential-name'],
  ['Service.UMask', '0022'],
  ['Service.UMask', '0o22', '^^^^ not-a-mode'],
  ['Service.UMask', '8', '^ not-a-mode'],
  ['Service.UMask', '', '^ not-a-mode'],
  ['Service.LimitNOFILE', '1024'],
  ['Service.LimitNOFILE', '1K', '^^ invalid-limit'],
  ['Service.LimitNOFILE', '1024:2048'],
  ['Service.LimitNOFILE', '2048:1024', '^^^^^^^^^ limit-order'],
  ['Service.LimitNOFILE', 'infinity'],
  ['Service.LimitNOFILE', '1:2:3', '^^^^^ invalid-limit'],
  ['Service.LimitCPU', '1min:1h'],
  ['Service.LimitCPU', '5x', '^^ invalid-limit'],
  ['Service.LimitNICE', '+19'],
  ['Service.LimitNICE', '+20', '^^^ invalid-limit'],
  ['Service.LimitNICE', '-20'],
  ['Service.LimitNICE', '-21', '^^^ invalid-limit'],
  ['Service.LimitNICE', '40'],
  ['Service.MemoryMax', '1G'],
  ['Service.MemoryMax', '10%'],
  ['Service.MemoryMax', '101%', '^^^^ not-a-size'],
  ['Service.MemoryMax', '0', '^ number-out-of-range'],
  ['Service.MemoryMax', '1.5G 512M'],
  ['Service.MemoryMax', '1M 1G', '^^^^^ not-a-size'],
  ['Service.MemoryMax', 'infinity'],
  ['Service.MemoryMax', ''],
  ['Service.TasksMax', '100'],
  ['Service.TasksMax', '5%'],
  ['Service.TasksMax', '0', '^ number-out-of-range'],
  ['Service.TasksMax', 'x', '^ not-a-number'],
  ['Service.CPUQuota', '150%'],
  ['Service.CPUQuota', '0%', '^^ not-a-percentage'],
  ['Service.CPUQuota', '50', '^^ not-a-percentage'],
  ['Service.CPUWeight', 'idle'],
  ['Service.CPUWeight', '1'],
  ['Service.CPUWeight', '0', '^ number-out-of-range'],
  ['Service.IOWeight', 'idle', '^^^^ not-a-number'],
  ['Service.Nice', '-20'],
  ['Service.Nice', '20', '^^ number-out-of-range'],
  ['Service.Nice', 'x', '^ not-a-number'],
  ['Service.Nice', ''],
  ['Service.TimeoutStartSec', '5'],
  ['Service.TimeoutStartSec', '1min 30s'],
  ['Service.TimeoutStartSec', '1.5h'],
  ['Service.TimeoutStartSec', '1.', '^^ invalid-time-span'],
  ['Service.TimeoutStartSec', '5x', '^^ invalid-time-span'],
  ['Service.TimeoutStartSec', 'infinity'],
  ['Service.TimeoutStartSec', '', '^ invalid-time-span'],
  ['Service.TimeoutStartSec', '1.2.3', '^^^^^ invalid-time-span'],
  ['Service.Type', 'oneshot'],
  ['Service.Type', 'notify-reload'],
  ['Service.Type', 'Simple', '^^^^^^ unknown-keyword'],
  ['Service.Type', 'onshot', '^^^^^^ unknown-keyword'],
  ['Service.Type', '', '^ unknown-keyword'],
  ['Service.ProtectSystem', 'yes'],
  ['Service.ProtectSystem', 'strict'],
  ['Service.ProtectSystem', 'ful', '^^^ unknown-keyword'],
  ['Service.SyslogLevel', 'warning'],
  ['Service.SyslogLevel', '3'],
  ['Service.SyslogLevel', '8', '^ unknown-keyword'],
  ['Service.SyslogLevel', 'warn', '^^^^ unknown-keyword'],
  ['Service.KillSignal', 'TERM'],
  ['Service.KillSignal', 'SIGTERM'],
  ['Service.KillSignal', '15'],
  ['Service.KillSignal', 'RTMIN+3'],
  ['Service.KillSignal', 'RTMIN+31', '^^^^^^^^ unknown-signal'],
  ['Service.KillSignal', 'sigterm', '^^^^^^^ unknown-signal'],
  ['Service.KillSignal', '', '^ unknown-signal'],
  ['Service.Sockets', 'a.socket b.service', '         ^^^^^^^^^ wrong-unit-type'],
  ['Unit.After', 'a.service b@.service c', '                     ^ invalid-unit-name'],
  ['Unit.After', '"a.service"', '^^^^^^^^^^^ invalid-unit-name'],
  ['Unit.After', '%i.service %f.service', '           ^^^^^^^^^^ unknown-specifier'],
  [
    'Unit.After',
    'a b.foo @c.service',
    '^ invalid-unit-name',
    '  ^^^^^ invalid-unit-name',
    '        ^^^^^^^^^^ invalid-unit-name',
  ],
  ['Unit.Documentation', 'man:a(1) https://x'],
  ['Unit.Documentation', 'foo man:b', '^^^ invalid-documentation'],
  ['Unit.Documentation', '"man:a', '^^^^^^ unterminated-quote'],
  ['Unit.Documentation', 'http://%H/%z', '          ^^ unknown-specifier'],
  ['Unit.ConditionPathExists', '/a'],
  ['Unit.ConditionPathExists', '|!/a'],
  ['Unit.ConditionPathExists', '!|/a', ' ^^^ path-not-absolute'],
  ['Unit.ConditionPathExists', '| /a', ' ^^^ path-not-absolute'],
  ['Unit.ConditionPathExists', 'a', '^ path-not-absolute'],
  ['Unit.ConditionPathExists', '/a/../b', '^^^^^^^ path-not-normalized'],
  ['Unit.ConditionPathExists', ''],
  ['Unit.ConditionFirstBoot', '| ! yes'],
  ['Unit.ConditionFirstBoot', 'whatever'],
  ['Unit.ConditionFirstBoot', '%z', '^^ unknown-specifier'],
  ['Unit.RequiresMountsFor', '/a "/b c"'],
  ['Unit.RequiresMountsFor', '/a b /c/..', '   ^ path-not-absolute', '     ^^^^^ path-not-normalized'],
  ['Unit.FailureAction', 'reboot'],
  ['Unit.FailureAction', 'soft-reboot'],
  ['Unit.FailureAction', 'halt'],
  ['Unit.FailureAction', 'reboott', '^^^^^^^ unknown-keyword'],
  ['Socket.ListenStream', '/run/a'],
  ['Socket.ListenStream', '@a'],
  ['Socket.ListenStream', '80'],
  ['Socket.ListenStream', '0', '^ invalid-listen-address'],
  ['Socket.ListenStream', '0x50'],
  ['Socket.ListenStream', '080', '^^^ invalid-listen-address'],
  ['Socket.ListenStream', '1.2.3.4:80'],
  ['Socket.ListenStream', '1.2.3.4', '^^^^^^^ invalid-listen-address'],
  ['Socket.ListenStream', '1.2.3.256:80', '^^^^^^^^^^^^ invalid-listen-address'],
  ['Socket.ListenStream', '[::1]:80'],
  ['Socket.ListenStream', '[1::2::3]:80', '^^^^^^^^^^^^ invalid-listen-address'],
  ['Socket.ListenStream', 'vsock:2:80'],
  ['Socket.ListenStream', 'localhost:80', '^^^^^^^^^^^^ invalid-listen-address'],
  ['Socket.ListenStream', '/var/run/a', '^^^^^^^^^^ legacy-run-directory'],
  ['Socket.ListenSequentialPacket', '80', '^^ invalid-listen-address'],
  ['Socket.ListenFIFO', '/run/a'],
  ['Socket.ListenFIFO', 'a', '^ path-not-absolute'],
  ['Socket.ListenFIFO', '/dev/a', '^^^^^^ path-in-api-file-system'],
  ['Socket.ReceiveBuffer', '8M'],
  ['Socket.ReceiveBuffer', '8m', '^^ not-a-size'],
  ['Timer.OnCalendar', 'daily'],
  ['Timer.OnCalendar', 'Mon..Fri 10:00'],
  ['Timer.OnCalendar', 'Fri..Mon', '^^^^^^^^ invalid-calendar-expression'],
  ['Timer.OnCalendar', '*-*-1,15 0/2:30'],
  ['Timer.OnCalendar', '10:60', '^^^^^ invalid-calendar-expression'],
  ['Timer.OnCalendar', '*-13-1', '^^^^^^ invalid-calendar-expression'],
  ['Timer.OnCalendar', '2024-1-1 10:00:00.5 UTC'],
  ['Timer.OnCalendar', '10:00 Europe/Berlin'],
  ['Timer.OnCalendar', '10:00 Nowhere'],
  ['Timer.OnCalendar', '@123'],
  ['Timer.OnCalendar', 'foo', '^^^ invalid-calendar-expression'],
  ['Timer.OnCalendar', '*:0/0', '^^^^^ invalid-calendar-expression'],
  ['Timer.OnCalendar', 'weekly'],
  ['Timer.OnCalendar', 'Mon,'],
  ['Timer.OnBootSec', '5min'],
  ['Timer.OnBootSec', '%i'],
  ['Timer.OnBootSec', '5 minuts', '^^^^^^^^ invalid-time-span'],
  ['Timer.Unit', 'a.service'],
  ['Timer.Unit', 'a', '^ invalid-unit-name'],
  ['Timer.Unit', '%p.service'],
  ['Swap.Priority', '-1'],
  ['Swap.Priority', '-2', '^^ number-out-of-range'],
  ['Swap.Priority', '32768', '^^^^^ number-out-of-range'],
  ['Path.PathChanged', '/a'],
  ['Path.PathChanged', 'a', '^ path-not-absolute'],
];

test('values are judged as systemd judges them', () => {
  for (const [setting, value, ...expected] of cases) {
    assert.deepEqual(draw(setting, value, 257), expected, `${setting}=${value}`);
  }
});

const versionCases: readonly (readonly [setting: string, value: string, version: number, ...expected: string[]])[] = [
  ['Service.Type', 'notify-reload', 252, '^^^^^^^^^^^^^ unknown-keyword'],
  ['Service.RestartMode', 'debug', 255, '^^^^^ unknown-keyword'],
  ['Unit.FailureAction', 'soft-reboot', 252, '^^^^^^^^^^^ unknown-keyword'],
  ['Service.ExecStart', '|/bin/a', 262],
  ['Service.ExecStart', '|a/b*', 262],
  ['Service.ExecStart', '/bin/a*', 257],
  ['Service.ExecStart', '/bin/a*', 262, '^^^^^^^ invalid-program (stops)'],
  ['Service.ExecStart', '!!/bin/a', 262, '^^^^^^^^ removed-prefix'],
  ['Service.LoadCredential', 'a:/b//c', 252, '  ^^^^^ invalid-credential-source'],
  ['Service.PrivateMounts', '', 252, '^ not-a-boolean'],
  ['Service.ExecStart', '/bin/.', 252],
  ['Service.ExecStart', '/bin/.', 257, '^^^^^^ program-is-directory (stops)'],
  ['Service.EnvironmentFile', '/../a', 252, '^^^^^ path-not-normalized'],
  ['Service.PIDFile', '/proc/a', 252],
  ['Service.Environment', 'A=%D', 252, '^^^^ unknown-specifier'],
  ['Service.Environment', 'A=%D', 257],
];

test('versions differ where the real ones do', () => {
  for (const [setting, value, version, ...expected] of versionCases) {
    assert.deepEqual(draw(setting, value, version), expected, `${version}: ${setting}=${value}`);
  }
});

const anyValue = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '/',
        '"',
        "'",
        '\\',
        ' ',
        ':',
        ';',
        ' ; ',
        '%',
        '%n',
        '=',
        '-',
        '+',
        '!',
        '|',
        '@',
        '..',
        '.',
        ',',
        '*',
      ),
      fc.constantFrom(
        'a',
        '1',
        '/bin/a',
        'Mon',
        '10:00',
        'K',
        '\\x41',
        'ä',
        '\udcff',
        '\t',
        '[',
        ']',
        'a.service',
        '5min',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

test('no value breaks a grammar and every span lies in the value', () => {
  const settings = ['Unit', 'Service', 'Socket', 'Timer', 'Path', 'Swap', 'Mount'].flatMap((section) =>
    [...directivesOf(section).values()].filter((directive) => grammarOf(directive) !== undefined),
  );
  fc.assert(
    fc.property(fc.constantFrom(...settings), anyValue, fc.constantFrom(252, 257, 262), (directive, value, version) => {
      const systemd = new Systemd(version);
      for (const { span, stopsUnit } of grammarOf(directive)?.(value, { systemd, key: directive.name }) ?? []) {
        assert.ok(0 <= span.start && span.start <= span.end && span.end <= value.length);
        assert.ok(
          stopsUnit !== true || mayStopUnit(directive),
          `${directive.name}= may stop a unit, and the table denies it`,
        );
      }
    }),
    { numRuns: 3000 },
  );
});

test('command lines are taken apart', () => {
  const context = { systemd: new Systemd(257), key: 'ExecStart' };
  const value = '-@:/bin/sh "my sh" -c \\x41 ; !!true a\\;b \\; %i';
  const { commands, problems } = parseExecLine(value, context);
  assert.deepEqual(
    commands.map((command) => [command.path.value, ...command.words.map((word) => word.value)]),
    [
      ['/bin/sh', 'my sh', '-c', 'A'],
      ['true', 'a\\;b', ';', '%i'],
    ],
  );
  assert.deepEqual(
    problems.map((problem) => problem.code),
    ['unknown-escape'],
  );
  assert.deepEqual(commands[0]?.prefixes, {
    ignoreFailure: true,
    ownArgumentZero: true,
    noExpansion: true,
    privileges: 'as-set',
    shell: false,
  });
  assert.equal(commands[1]?.prefixes.privileges, 'ambient');
  const path = commands[0]?.path.span;
  assert.equal(value.slice(path?.start, path?.end), '/bin/sh');
});

test('values of several parts are taken apart', () => {
  const context = { systemd: new Systemd(257), key: 'StateDirectory' };
  assert.deepEqual(
    parseUnitDirectories('a b/c:d e::ro', context).directories.map(({ span: _, ...rest }) => rest),
    [
      { path: 'a', readOnly: false },
      { path: 'b/c', link: 'd', readOnly: false },
      { path: 'e', readOnly: true },
    ],
  );
  assert.deepEqual(
    parseBindPaths('-/a:/b:norbind /c', context).binds.map((bind) => [
      bind.source.value,
      bind.destination.value,
      bind.mayBeMissing,
    ]),
    [
      ['/a', '/b', true],
      ['/c', '/c', false],
    ],
  );
  assert.deepEqual(parseCondition('ConditionFirstBoot', '| ! yes'), {
    isTrigger: true,
    isNegated: true,
    argument: 'yes',
    argumentSpan: { start: 4, end: 7 },
  });
  assert.deepEqual(parseListenAddress('[::1]:80'), { kind: 'internet', address: '::1', port: 80 });
  assert.deepEqual(parseListenAddress('@a'), { kind: 'abstract', name: 'a' });
});

test('unit names have parts', () => {
  const parts = (name: string) => {
    const parsed = parseUnitName(name);
    return parsed === undefined ? undefined : [parsed.prefix, parsed.instance, parsed.type];
  };
  assert.deepEqual(parts('a.service'), ['a', undefined, 'service']);
  assert.deepEqual(parts('a@.timer'), ['a', '', 'timer']);
  assert.deepEqual(parts('a-b@c.d@e.mount'), ['a-b', 'c.d@e', 'mount']);
  for (const bad of [
    '',
    'a',
    '.service',
    '@.service',
    'a.foo',
    'a b.service',
    'ä.service',
    `${'x'.repeat(248)}.service`,
  ]) {
    assert.equal(parts(bad), undefined, bad);
  }
  assert.equal(templateOf('a@b.service'), 'a@.service');
  assert.equal(templateOf('a@.service'), undefined);
  assert.equal(templateOf('a.service'), undefined);
});

const escapes: readonly (readonly [text: string, escaped: string])[] = [
  ['a/b c', 'a-b\\x20c'],
  ['.a-b', '\\x2ea\\x2db'],
  ['ä\\@', '\\xc3\\xa4\\x5c\\x40'],
  ['/a/', '-a-'],
];

test('unit names are escaped as systemd-escape does it', () => {
  for (const [text, escaped] of escapes) {
    assert.equal(escapeUnitName(text), escaped);
    assert.equal(unescapeUnitName(escaped), text);
  }
  assert.equal(escapeUnitPath('/a//b.c/./-d/'), 'a-b.c-\\x2dd');
  assert.equal(escapeUnitPath('/'), '-');
  assert.equal(escapeUnitPath('/a/../b'), undefined);
  assert.equal(unescapeUnitPath('-'), '/');
  assert.equal(unescapeUnitPath('a-b'), '/a/b');
  assert.equal(unescapeUnitPath('a--b'), undefined);
  assert.equal(unescapeUnitName('\\x2'), undefined);
  fc.assert(fc.property(fc.string(), (text) => unescapeUnitName(escapeUnitName(text)) === text));
});

test('settings are known by section and version', () => {
  const systemd = new Systemd(257);
  assert.deepEqual(sectionsOf('service'), ['Unit', 'Service', 'Install']);
  assert.deepEqual(findDirective('Service', 'StateDirectory'), {
    section: 'Service',
    name: 'StateDirectory',
    type: 'OTHER',
    page: 'systemd.exec(5)',
  });
  assert.equal(findDirective('Unit', 'WantsMountsFor')?.since, 256);
  assert.equal(findDirective('Slice', 'CPUShares')?.last, 257);
  assert.equal(findDirective('Scope', 'KillMode')?.page, 'systemd.kill(5)');
  assert.equal(findDirective('Slice', 'KillMode'), undefined);
  assert.equal(findDirective('constructor', 'toString'), undefined);
  assert.equal(nearestDirective('Service', 'ExecStrat', systemd), 'ExecStart');
  assert.equal(nearestDirective('Service', 'Xyzzy', systemd), undefined);
});
