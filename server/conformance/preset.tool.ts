/**
 * `systemctl --root preset-all` against our simulation: unit sets in several directories with aliases, templates, masks,
 * drop-ins and links, preset files in layers, all three modes. systemd works through directories in the order of the file
 * system; the test reads that order from the disk and gives it to the simulation, so that even results which depend on
 * it must agree and nothing is set aside.
 */

import { opendirSync } from 'node:fs';
import fc from 'fast-check';
import { type PresetMode, runPresets } from '../src/core/boot/preset/run-presets.ts';
import type { Image } from '../src/core/image/image.ts';
import { decodeText, encodeText } from '../src/core/text/bytes.ts';
import { Tree } from '../src/core/tree/tree.ts';
import { caseInputs } from './support/case-inputs.ts';
import type { Case, Simulated, ToolUnderTest } from './support/differential.ts';
import type { RealOutcome, RealSystemd } from './support/real-systemd.ts';
import type { NodeSpec } from './support/tree-spec.ts';

// Generated unit sets.

const serviceName = fc.constantFrom('a.service', 'b.service', 'c.service', 'x-y.service');
const unitName = fc.oneof(
  { weight: 8, arbitrary: serviceName },
  {
    weight: 6,
    arbitrary: fc.constantFrom('t@.service', 't@i.service', 't@j.service', 'u@.service', 'u@i.service', 'x-t@.service'),
  },
  {
    weight: 5,
    arbitrary: fc.constantFrom('c.socket', 'd.target', 'e.timer', 'p.path', 'multi-user.target', 'g@.target'),
  },
  { weight: 1, arbitrary: fc.constantFrom('m.mount', 's.slice', 'dev.device', 'm@.mount', 'w.swap', 'q.scope') },
);
const oddName = fc.constantFrom(
  '',
  'a',
  'a.servic',
  'a b.service',
  '@.service',
  '@i.service',
  '.service',
  'ä.service',
  'a/b.service',
  '../a.service',
  'a.service/',
  't@i@k.service',
  'a\\x2db.service',
  `${'n'.repeat(247)}.service`,
  `${'n'.repeat(248)}.service`,
  '%p.service',
  '%i.service',
  '%n',
  '%N.service',
  '%j.service',
  'k-%j@%i.service',
  '%p-x@.service',
  't@%i.service',
  'o-%o.service',
  'm-%m.service',
  '%%.service',
  '%Z.service',
  'a%',
  'w-%w.target',
  '%M.service',
  '%u-%U-%g-%G.service',
  '%H',
  '%T.service',
  '%d.service',
  '"a.service',
  '"a.service"',
  "'b.service c.service'",
  '/etc/a.service',
);
const wordInUnit = fc.oneof({ weight: 12, arbitrary: unitName }, { weight: 1, arbitrary: oddName });
const wantedName = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('multi-user.target', 'd.target', 'g@.target', 'g@i.target') },
  { weight: 2, arbitrary: wordInUnit },
);
const aliasName = fc.oneof(
  { weight: 6, arbitrary: wordInUnit },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'd.target.wants/a.service',
      'd.target.requires/b.service',
      'd.target.upholds/a.service',
      'd.target.wants/t@i.service',
      'g@.target.wants/t@.service',
      'd.target.wants//a.service',
      'd.wants/a.service',
      'd.target.wants/',
      '/d.target.wants/a.service',
      'x/d.target.wants/a.service',
    ),
  },
);

const words = (word: fc.Arbitrary<string>) => fc.array(word, { maxLength: 2 }).map((list) => list.join(' '));
const installLine = fc.oneof(
  { weight: 8, arbitrary: words(wantedName).map((value) => `WantedBy=${value}`) },
  { weight: 2, arbitrary: words(wantedName).map((value) => `RequiredBy=${value}`) },
  { weight: 2, arbitrary: words(wantedName).map((value) => `UpheldBy=${value}`) },
  { weight: 5, arbitrary: words(aliasName).map((value) => `Alias=${value}`) },
  { weight: 3, arbitrary: words(wordInUnit).map((value) => `Also=${value}`) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('i', 'j', 'k', '', '%p', 'a b', 'i@k', '%i', '%Z', '"i"', 'ä', `${'n'.repeat(250)}`)
      .map((value) => `DefaultInstance=${value}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'WantedBy=multi-user.target \\\n  d.target',
      'Unknown=1',
      'nonsense',
      '=x',
      '[Unit]',
      '[Service]',
      '[X-Own]',
      '[Install',
      '[Inst\\all]',
      '; comment',
      'WantedBy = d.target',
      'wantedby=d.target',
      'WantedBy=\udcff',
      '\udcff',
      'WantedBy=d.target\0Alias=c.service',
      'WantedBy=d.target\rAlias=c.service',
      '\ufeffWantedBy=d.target',
    ),
  },
);
const unitText = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .array(installLine, { minLength: 1, maxLength: 4 })
      .map((lines) => `[Unit]\nDescription=x\n[Install]\n${lines.join('\n')}\n`),
  },
  { weight: 2, arbitrary: fc.constant('[Service]\nExecStart=/bin/true\n') },
  { weight: 1, arbitrary: fc.constant('') },
);

const directory = fc.oneof(
  { weight: 10, arbitrary: fc.constant('/usr/lib/systemd/system') },
  { weight: 3, arbitrary: fc.constant('/etc/systemd/system') },
  {
    weight: 3,
    arbitrary: fc.constantFrom('/run/systemd/system', '/usr/local/lib/systemd/system', '/lib/systemd/system'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '/run/systemd/generator',
      '/run/systemd/generator.late',
      '/run/systemd/transient',
      '/etc/systemd/system.control',
      '/etc/systemd/system.attached',
    ),
  },
);

const linkTarget = fc.oneof(
  { weight: 4, arbitrary: unitName },
  { weight: 5, arbitrary: fc.tuple(directory, unitName).map(([path, name]) => `${path}/${name}`) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '/dev/null',
      '/opt/a.service',
      '/opt/b.service',
      '/opt/t@.service',
      '/opt/other.txt',
      '/nowhere/a.service',
      '../../../opt/a.service',
      '../system/a.service',
      '../x/../system/a.service',
      'sub/a.service',
      '/',
      '.',
      'a.servic',
    ),
  },
);

const unitNode: fc.Arbitrary<NodeSpec> = fc
  .tuple(directory, fc.oneof({ weight: 20, arbitrary: unitName }, { weight: 1, arbitrary: oddName }))
  .chain(([path, name]) =>
    fc.oneof(
      { weight: 12, arbitrary: unitText.map((text) => ({ path: `${path}/${name}`, type: 'file' as const, text })) },
      { weight: 4, arbitrary: linkTarget.map((text) => ({ path: `${path}/${name}`, type: 'symlink' as const, text })) },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom('directory' as const, ...(/^[!-~]*$/.test(name) ? ['char' as const] : []))
          .map((type) => ({ path: `${path}/${name}`, type })),
      },
    ),
  );

const dropIn: fc.Arbitrary<NodeSpec> = fc
  .tuple(
    directory,
    fc.oneof({ weight: 8, arbitrary: unitName }, { weight: 1, arbitrary: fc.constantFrom('service', 'x-.service') }),
    fc.constantFrom('10.conf', '20.conf', '.x.conf', 'x.con', '30.conf~'),
  )
  .chain(([path, name, file]) =>
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.array(installLine, { maxLength: 3 }).map((lines) => ({
          path: `${path}/${name}.d/${file}`,
          type: 'file' as const,
          text: `[Install]\n${lines.join('\n')}\n`,
        })),
      },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom('/dev/null', '20.conf', 'missing', '../a.service', '/opt/a.service')
          .map((text) => ({ path: `${path}/${name}.d/${file}`, type: 'symlink' as const, text })),
      },
      { weight: 1, arbitrary: fc.constant({ path: `${path}/${name}.d/${file}`, type: 'directory' as const }) },
    ),
  );

const enablementLink: fc.Arbitrary<NodeSpec> = fc
  .tuple(
    fc.constantFrom(
      '',
      'multi-user.target.wants/',
      'd.target.wants/',
      'd.target.requires/',
      'd.target.upholds/',
      'd.target.wants/deep/',
      'other/',
      '.hidden.wants/',
      'gone.wants/',
    ),
    fc.oneof({ weight: 9, arbitrary: unitName }, { weight: 1, arbitrary: fc.constantFrom('foreign.service', 'x.txt') }),
    fc.oneof({ weight: 5, arbitrary: linkTarget }, { weight: 3, arbitrary: unitName.map((name) => `../${name}`) }),
    fc.constantFrom('symlink' as const, 'symlink' as const, 'symlink' as const, 'file' as const),
  )
  .map(([path, name, text, type]) => ({ path: `/etc/systemd/system/${path}${name}`, type, text }));

const presetLine = fc.oneof(
  { weight: 50, arbitrary: unitName.map((name) => `enable ${name}`) },
  { weight: 70, arbitrary: unitName.map((name) => `disable ${name}`) },
  { weight: 20, arbitrary: unitName.map((name) => `ignore ${name}`) },
  {
    weight: 40,
    arbitrary: fc.constantFrom(
      'enable *',
      'disable *',
      'disable *.service',
      'enable [ab].service',
      'disable ?.socket',
      'enable t@*.service',
      'enable t@.service i j',
      'enable t@.service i',
      'enable t@.service k\tj i',
      'enable u@.service i i',
      'enable t@.service i/j',
      'enable a.service b.service',
      'disable b.service extra',
      'enable m@.mount i',
      'disable [!a]*',
      'disable [ab',
      'disable \\a.service',
      'disable t@?.service',
    ),
  },
  {
    weight: 10,
    arbitrary: fc.constantFrom(
      '# comment',
      '; comment',
      '',
      'disable',
      'ignore',
      'Enable a.service',
      'enablea.service',
      'mask a.service',
      'enable\ta.service',
      '  disable   a.service  ',
      'disable a.service\rdisable b.service',
      'disable a.service\0disable b.service',
      '\ufeffdisable a.service',
      'disable "a.service"',
      'disable ä*',
    ),
  },
  { weight: 1, arbitrary: fc.constant('enable') },
);

const presetFile: fc.Arbitrary<NodeSpec> = fc
  .tuple(
    fc.constantFrom('/usr/lib', '/usr/lib', '/usr/lib', '/etc', '/run', '/usr/local/lib', '/lib'),
    fc.constantFrom('10-a.preset', '50-b.preset', '90-c.preset', '9-d.preset', '.x.preset', 'x.preset~', '.preset'),
  )
  .chain(([parent, name]) => {
    const path = `${parent}/systemd/system-preset/${name}`;
    return fc.oneof(
      {
        weight: 120,
        arbitrary: fc
          .array(presetLine, { maxLength: 5 })
          .map((lines) => ({ path, type: 'file' as const, text: `${lines.join('\n')}\n` })),
      },
      {
        weight: 10,
        arbitrary: fc
          .constantFrom('/dev/null', '90-c.preset', 'missing', '../x', '10-a.preset')
          .map((text) => ({ path, type: 'symlink' as const, text })),
      },
      { weight: 2, arbitrary: fc.constant({ path, type: 'directory' as const }) },
    );
  });

const surroundings = fc.subarray<NodeSpec>([
  { path: '/lib', type: 'symlink', text: 'usr/lib' },
  { path: '/etc/os-release', type: 'file', text: 'ID=debian\nVERSION_ID="12"\n' },
  { path: '/etc/machine-id', type: 'file', text: '0123456789abcdef0123456789abcdef\n' },
  { path: '/opt/a.service', type: 'file', text: '[Install]\nWantedBy=d.target\nAlias=c.service\n' },
  { path: '/opt/t@.service', type: 'file', text: '[Install]\nWantedBy=d.target\nDefaultInstance=i\n' },
  { path: '/usr/lib/systemd/system/d.target', type: 'file', text: '[Unit]\n' },
  { path: '/usr/lib/systemd/system/multi-user.target', type: 'file', text: '[Unit]\n' },
]);

const rareNode: fc.Arbitrary<NodeSpec> = fc.constantFrom<NodeSpec[]>(
  { path: '/etc/systemd/system', type: 'symlink', text: '../../usr/elsewhere' },
  { path: '/run/systemd/system', type: 'file', text: '' },
  { path: '/usr/local/lib', type: 'symlink', text: '../lib' },
  { path: '/etc/systemd/system/d.target.wants', type: 'file', text: '' },
  { path: '/etc/systemd/system/d.target.wants', type: 'symlink', text: 'multi-user.target.wants' },
  { path: '/etc/systemd/system/d.target.wants', type: 'symlink', text: 'missing' },
  { path: '/etc/systemd', type: 'file', text: '' },
  { path: '/etc', type: 'file', text: '' },
);

const arbitrary: fc.Arbitrary<Case> = fc
  .record({
    surroundings,
    rare: fc.oneof(
      { weight: 19, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: rareNode.map((node) => [node]) },
    ),
    units: fc.array(unitNode, { minLength: 1, maxLength: 8 }),
    dropIns: fc.oneof(fc.constant([]), fc.array(dropIn, { maxLength: 3 })),
    links: fc.oneof(fc.constant([]), fc.array(enablementLink, { maxLength: 5 })),
    presets: fc.array(presetFile, { maxLength: 3 }),
    mode: fc.constantFrom([], ['--preset-mode=full'], ['--preset-mode=enable-only'], ['--preset-mode=disable-only']),
  })
  .map(({ surroundings: around, rare, units, dropIns, links, presets, mode }) => ({
    nodes: [...around, ...rare, ...units, ...dropIns, ...links, ...presets],
    args: mode,
  }));

// Our answer.

function modeOf(args: readonly string[]): PresetMode {
  if (args.includes('--preset-mode=enable-only')) return 'enable-only';
  return args.includes('--preset-mode=disable-only') ? 'disable-only' : 'full';
}

/** The names of a directory as readdir(3) gives them; Node's own listing is sorted by libuv. */
function namesOnDisk(path: string): string[] {
  const directory = opendirSync(Buffer.from(encodeText(path)) as unknown as string, { encoding: 'latin1' as 'utf8' });
  const names: string[] = [];
  for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
    names.push(decodeText(Buffer.from(entry.name, 'latin1')));
  }
  directory.closeSync();
  return names;
}

function simulate(image: Image, oneCase: Case, real: RealSystemd, rootPrefix: string): Simulated {
  const tree = new Tree(image.root);
  const inputs = caseInputs(real, oneCase, rootPrefix);
  const result = runPresets(tree, inputs, {
    mode: modeOf(oneCase.args),
    order: (path, names) => {
      const wanted = new Set(names);
      return namesOnDisk(image.label + path).filter((name) => wanted.has(name));
    },
  });
  const rejected = result.messages
    .filter((message) => message.severity === 'error' && !silentCodes.has(message.code))
    .map((message) => clean(message.subject ?? ''));
  // A crash loses what was gathered to be said at the end.
  return { status: result.exitStatus, rejected: result.exitStatus === CRASHED ? [] : rejected, tree };
}

/** 128 + SIGSEGV. */
const CRASHED = 139;

/** What the real tool says without naming a unit, or does not say at all. */
const silentCodes: ReadonlySet<string> = new Set([
  'config-unreadable',
  'preset-bare-enable',
  'preset-bare-enable-reached',
  'line-too-long',
  'unit-directory-unreadable',
  'install-cannot-resolve',
]);

function clean(subject: string): string {
  return subject.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
}

/** What `Failed to preset unit` lines are about, whatever the version's wording. */
function rejectedLines(outcome: RealOutcome): readonly string[] {
  const subjects: string[] = [];
  for (const line of outcome.stderr.split('\n')) {
    const subject = subjectOf(line);
    if (subject !== undefined) subjects.push(clean(subject));
  }
  return subjects;
}

const wordings: readonly RegExp[] = [
  /^Failed to preset unit, file "(.*?)" already exists/,
  /^Failed to preset (?:all )?unit: File '(.*?)' already exists/,
  /^Failed to preset unit, cannot alias .* as (.*)\.$/,
  /^Failed to preset (?:all )?unit: Cannot alias .* as (.*)$/,
  /^Failed to preset unit, refusing to operate on linked unit file (.*)\.$/,
  /^Failed to preset (?:all )?unit: Refusing to operate on linked unit file (.*)$/,
  /^Failed to preset unit, (?:invalid unit reference|invalid specifier in|cannot resolve specifiers in) "(.*)"\.$/,
  /^Failed to preset (?:all )?unit: (?:Invalid unit reference|Invalid specifier in unit|Cannot resolve specifiers in unit|Invalid unit name) (.*)$/,
  /^Failed to preset unit, unit (.*) (?:is masked|does not exist|is transient or generated)\.$/,
  /^Failed to preset (?:all )?unit: Unit (.*) (?:is masked|does not exist|is transient or generated|is an unresolvable alias)$/,
  /^Failed to preset unit, "(.*)" is not a valid unit name\.$/,
  /^Failed to preset unit, file "(.*)": /,
  /^Failed to extract parent directory from '(.*)': /,
  /^Failed to preset (?:all )?unit (.*): /,
];

function subjectOf(line: string): string | undefined {
  for (const wording of wordings) {
    const subject = wording.exec(line)?.[1];
    if (subject !== undefined) return subject;
  }
  return undefined;
}

export const tool: ToolUnderTest = {
  name: 'preset',
  arbitrary,
  command: (oneCase) => ({ command: ['systemctl', '--root=ROOT', 'preset-all', ...oneCase.args] }),
  simulate,
  rejectedLines,
};
