/**
 * What has to be true after a boot, one sentence each:
 *
 *     lantern.service fails 217          a fate; the exit status or the result may follow
 *     /run/lantern d 750 root:lantern    a path; mode and owner may follow
 *     /run/lantern missing
 *     /etc/x.conf links x.conf           a link whose target ends with that name
 *     /etc/x.conf leads nowhere          also: leads in a circle, leads to f
 *     user lantern, no user lantern, user lantern is 900, user lantern is not 900 (also: group)
 *     log TEXT, no log TEXT              in the journal
 *     machine id is X, machine id is not X
 */

import { parseGroup } from '../../src/core/accounts/group.ts';
import { parsePasswd } from '../../src/core/accounts/passwd.ts';
import type { BootedPath, BootedUnit, BootOutcome } from './boot-container.ts';

/** A unit's fate in a word. */
export function realFate(real: BootedUnit): string {
  const property = (name: string) => real.properties.get(name) ?? '';
  const load = property('LoadState');
  if (load === 'not-found') return 'not there';
  if (load === 'bad-setting' || load === 'error') return 'not loaded';
  if (load === 'masked') return 'masked';
  const state = property('ActiveState');
  if (state === 'failed') return property('AssertResult') === 'no' ? 'not started' : 'fails';
  if (state === 'active' || state === 'activating' || state === 'reloading') return 'starts';
  const wasAsked = property('ConditionTimestampMonotonic') !== '0' && property('ConditionTimestampMonotonic') !== '';
  if (wasAsked && property('ConditionResult') === 'no') return 'skipped';
  if (wasAsked && property('Result') === 'success' && property('ConditionResult') === 'yes') return 'starts';
  return 'not started';
}

interface ClaimKind {
  readonly pattern: RegExp;
  /** What is really the case; undefined if the claim is true. */
  readonly refute: (words: readonly string[], booted: BootOutcome) => string | undefined;
}

const kinds: readonly ClaimKind[] = [
  {
    pattern: /^(log|no log) (.+)$/,
    refute: ([kind = '', text = ''], { journal }) =>
      journal.includes(text) === (kind === 'log') ? undefined : `the journal ${kind === 'log' ? 'lacks' : 'has'} it`,
  },
  {
    pattern: /^machine id is (not )?(\S+)$/,
    refute: ([not = '', id = ''], { machineId }) =>
      /^[0-9a-f]{32}$/.test(machineId) && (machineId === id) === (not === '') ? undefined : `it is ${machineId}`,
  },
  {
    pattern: /^(no )?(user|group) (\S+)(?: is (not )?(\d+))?$/,
    refute: ([no = '', kind = '', name = '', not = '', id = ''], booted) => {
      const found = idOf(kind, name, booted);
      if (no !== '') return found === undefined ? undefined : `it is there with ${found}`;
      if (found === undefined) return 'it is not there';
      return id === '' || (String(found) === id) === (not === '') ? undefined : `it has ${found}`;
    },
  },
  {
    pattern: /^(\/\S+) missing$/,
    refute: ([path = ''], { paths }) => (paths.has(path) ? 'it is there' : undefined),
  },
  {
    pattern: /^(\/\S+) links (\S+)$/,
    refute: ([path = '', name = ''], { paths }) => {
      const real = paths.get(path);
      return real?.type === 'l' && `/${real.target}`.endsWith(`/${name}`) ? undefined : described(real);
    },
  },
  {
    pattern: /^(\/\S+) leads (nowhere|in a circle|to (\S))$/,
    refute: ([path = '', where = '', type = ''], { paths }) => {
      const real = paths.get(path);
      const end = where === 'nowhere' ? 'N' : where === 'in a circle' ? 'L' : type;
      return real?.type === 'l' && real.end === end ? undefined : described(real);
    },
  },
  {
    pattern: /^(\/\S+) ([fdlsp])(?: ([0-7]+)(?: (\S+):(\S+))?)?$/,
    refute: ([path = '', type = '', mode = '', user = '', group = ''], booted) => {
      const real = booted.paths.get(path);
      const isSame =
        real?.type === type &&
        (mode === '' || real.mode === Number.parseInt(mode, 8)) &&
        (user === '' || real.uid === ownerId('user', user, booted)) &&
        (group === '' || real.gid === ownerId('group', group, booted));
      return isSame ? undefined : described(real);
    },
  },
  {
    pattern: /^(\S+\.[a-z]+) (starts|skipped|masked|not started|not loaded|not there|fails)(?: ([\w-]+))?$/,
    refute: ([name = '', fate = '', how = ''], { units }) => {
      const real = units.get(name);
      if (real === undefined) return 'nothing is recorded';
      const result = real.properties.get('Result') ?? '';
      const statuses = statusesOf(real);
      const isSo = how === '' || result === how || statuses.includes(Number(how));
      const said = `it ${realFate(real)} (${[result, ...statuses].join(' ')})`;
      return realFate(real) === fate && isSo ? undefined : said;
    },
  },
];

/** Judges a claim: what is really the case, or undefined if it is true. */
export function refuteClaim(claim: string, booted: BootOutcome): string | undefined {
  for (const { pattern, refute } of kinds) {
    const match = pattern.exec(claim);
    if (match !== null) return refute(match.slice(1), booted);
  }
  throw new Error(`nobody understands the claim "${claim}"`);
}

/** True if the claim is written as it should be; `refused` is for the image as a whole. */
export function isClaim(claim: string): boolean {
  return claim === 'refused' || kinds.some(({ pattern }) => pattern.test(claim));
}

/** Exit statuses of all commands that ran and failed. */
export function statusesOf(real: BootedUnit): number[] {
  const texts = ['ExecCondition', 'ExecStartPre', 'ExecStart', 'ExecStartPost', 'ExecStop', 'ExecStopPost'].map(
    (name) => real.properties.get(name) ?? '',
  );
  return [...texts.join('\n').matchAll(/status=(\d+)/g)]
    .map((match) => Number(match[1]))
    .filter((status) => status !== 0);
}

function described(real: BootedPath | undefined): string {
  if (real === undefined) return 'it is not there';
  const { type, mode, uid, gid, target, end } = real;
  return type === 'l' ? `it is a link to ${target} (${end})` : `it is ${type} ${mode.toString(8)} ${uid}:${gid}`;
}

function idOf(kind: string, name: string, { passwd, group }: BootOutcome): number | undefined {
  if (kind === 'user') return parsePasswd(passwd).entries.find((entry) => entry.name === name)?.uid;
  return parseGroup(group).entries.find((entry) => entry.name === name)?.gid;
}

function ownerId(kind: string, name: string, booted: BootOutcome): number | undefined {
  return /^\d+$/.test(name) ? Number(name) : idOf(kind, name, booted);
}
