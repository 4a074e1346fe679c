/** The answers that previews are made of: sets, resulting tree, accounts, units, timeline, contents, the report page. */

import type { CancellationToken } from 'vscode-languageserver';
import { detectSystemd } from '../core/boot/detect-systemd.ts';
import type { SimulationResult } from '../core/boot/simulate.ts';
import type { Cause, LocatedFinding, Place, Severity } from '../core/problems/problem.ts';
import { isAtLeast } from '../core/rules/check.ts';
import { findRule, rules } from '../core/rules/registry.ts';
import { compareBytes, decodeText } from '../core/text/bytes.ts';
import type { Inode } from '../core/tree/inode.ts';
import { modeText } from '../core/tree/mode-text.ts';
import { joinPath, Tree } from '../core/tree/tree.ts';
import { groupsOf, usersOf } from '../report/accounts.ts';
import { ownerNames } from '../report/owner-names.ts';
import { summarizePhases } from '../report/phase-summary.ts';
import { ruleMarkdown } from '../report/rule-page.ts';
import { osName } from '../report/simulation.ts';
import { reportEntries } from '../report/tree-entries.ts';
import { shortCause } from '../report/tree-text.ts';
import { judgeUnits, reasonOf } from '../report/unit-states.ts';
import type { CheckedSet } from '../workspace/checked-set.ts';
import type { LspFeature } from './feature.ts';
import type { LanguageServer } from './language-server.ts';
import type {
  AccountEntry,
  Accounts,
  ContentParams,
  ExplainedRule,
  ExplainParams,
  ListedRule,
  ListingParams,
  PreviewLocation,
  PreviewParams,
  PreviewSet,
  TimelineEntry,
  TreeEntry,
  TreeParams,
  UnitEntry,
} from './protocol.ts';

export const previewFeature: LspFeature = {
  name: 'preview',
  capabilities: {},
  register(server) {
    const { connection } = server;
    const answer = <Params extends PreviewParams, Result>(
      name: string,
      fallback: Result,
      make: (set: CheckedSet, params: Params) => Result | Promise<Result>,
    ) => {
      const guarded = server.guard(name, fallback, async (params: Params) => {
        const set = await findSet(server, params);
        return set === undefined ? fallback : make(set, params);
      });
      connection.onRequest(
        `statelessBoot/${name}`,
        (params: Params, token: CancellationToken): Promise<unknown> => guarded(params, token),
      );
    };
    connection.onRequest(
      'statelessBoot/sets',
      server.guard('sets', [] as readonly PreviewSet[], () => listSets(server)),
    );
    answer<TreeParams, readonly TreeEntry[]>('tree', [], (set, { path }) => listDirectory(server, set, path));
    answer<PreviewParams, Accounts>('accounts', { users: [], groups: [] }, (set) => accountsOf(server, set));
    answer<PreviewParams, readonly UnitEntry[]>('units', [], (set) => unitsOf(server, set));
    answer<PreviewParams, readonly TimelineEntry[]>('timeline', [], (set) => timelineOf(server, set));
    answer<ContentParams, string | null>('content', null, (set, { path, when }) => {
      const tree = when === 'shipped' ? new Tree(set.image.root) : set.simulation.units.finalTree;
      return contentOf(tree.lookup(path));
    });
    answer<ListingParams, string | null>('listing', null, (set, { withCauses }) => listing(set, withCauses === true));
    answer<PreviewParams, string | null>('report', null, (set) => reportPage(server, set));
    connection.onRequest(
      'statelessBoot/explain',
      server.guard('explain', null as ExplainedRule | null, ({ rule }: ExplainParams) => {
        const found = findRule(rule);
        return found === undefined ? null : { id: found.id, title: found.title, markdown: ruleMarkdown(found) };
      }),
    );
    connection.onRequest(
      'statelessBoot/rules',
      server.guard('rules', [] as readonly ListedRule[], () =>
        rules.map(({ id, title, severity }) => ({ id, title, severity })),
      ),
    );
    server.onJudged(() => void connection.sendNotification('statelessBoot/judged', {}));
  },
};

function idOf(folder: string, set: CheckedSet): string {
  return `${folder}#${set.kind}:${set.directory}`;
}

async function findSet(server: LanguageServer, params: PreviewParams): Promise<CheckedSet | undefined> {
  for (const folder of server.folders()) {
    if (server.judgedSets(folder.uri).length === 0) await server.settled(folder.uri);
    const set = server.judgedSets(folder.uri).find((candidate) => idOf(folder.uri, candidate) === params.set);
    if (set !== undefined) return params.volatile === undefined ? set : set.withVolatile(params.volatile);
  }
  return undefined;
}

async function listSets(server: LanguageServer): Promise<readonly PreviewSet[]> {
  const sets: PreviewSet[] = [];
  for (const folder of server.folders()) {
    await server.settled(folder.uri);
    for (const set of server.judgedSets(folder.uri)) {
      const { simulation, result } = set;
      const os = osName(simulation);
      const detected = detectSystemd(new Tree(set.image.root), set.options.systemdVersion);
      const count = (severity: Severity) => result.findings.filter((finding) => finding.severity === severity).length;
      const units = judgeUnits(simulation.units.outcomes);
      sets.push({
        id: idOf(folder.uri, set),
        label: set.directory === '' ? folder.name : `${folder.name}/${set.directory}`,
        kind: set.kind,
        folder: folder.uri,
        directory: set.directory,
        ...(os === undefined ? {} : { os }),
        systemdVersion: detected.version,
        systemdEvidence: detected.evidence,
        volatile: set.options.volatile,
        errors: count('error'),
        warnings: count('warning'),
        notes: count('info'),
        fails: units.filter(({ state }) => state === 'fails').length,
        starts: units.filter(({ state }) => state === 'starts' || state === 'new').length,
        ...(set.duration === undefined ? {} : { duration: Math.round(set.duration) }),
      });
    }
  }
  return sets;
}

/** Findings by the path that they are about, or whose line they are at. */
function findingsByPath(set: CheckedSet): ReadonlyMap<string, readonly LocatedFinding[]> {
  const byPath = new Map<string, LocatedFinding[]>();
  for (const finding of set.result.findings) {
    const path = finding.subject?.split(' ').find((word) => word.startsWith('/')) ?? finding.place.file;
    const known = byPath.get(path);
    if (known === undefined) byPath.set(path, [finding]);
    else known.push(finding);
  }
  return byPath;
}

function listDirectory(server: LanguageServer, set: CheckedSet, path: string): readonly TreeEntry[] {
  const tree = set.simulation.units.finalTree;
  const directory = tree.lookup(path);
  if (directory?.type !== 'directory') return [];
  const names = ownerNames(tree);
  const findings = findingsByPath(set);
  const entries: TreeEntry[] = [];
  for (const name of [...directory.names()].sort(compareBytes)) {
    const inode = directory.child(name);
    if (inode === undefined) continue;
    const own = joinPath(path, name);
    let worst: Severity | undefined;
    let count = 0;
    for (const [about, list] of findings) {
      if (about !== own && !about.startsWith(`${own}/`)) continue;
      count += list.length;
      for (const { severity } of list) if (worst === undefined || !isAtLeast(worst, severity)) worst = severity;
    }
    const cause = inode.causes.find(({ phase }) => phase !== 'start') ?? inode.causes[0];
    const location = cause === undefined ? undefined : locationOf(server, set, cause);
    const octal = inode.mode?.toString(8).padStart(4, '0');
    const owner = inode.uid === undefined ? undefined : (names.user(inode.uid) ?? String(inode.uid));
    const group = inode.gid === undefined ? undefined : (names.group(inode.gid) ?? String(inode.gid));
    entries.push({
      name,
      path: own,
      type: inode.type,
      ...(inode.mode === undefined ? {} : { mode: modeText(inode.type, inode.mode) }),
      ...(octal === undefined ? {} : { octal }),
      ...(owner === undefined ? {} : { owner }),
      ...(group === undefined ? {} : { group }),
      ...(inode.target === undefined ? {} : { target: inode.target }),
      ...(inode.type !== 'file' || inode.size === undefined ? {} : { size: inode.size }),
      phase: cause?.phase ?? 'image',
      ...(cause === undefined ? {} : { cause: shortCause(cause) }),
      ...(location === undefined ? {} : { location }),
      isDirectory: inode.type === 'directory',
      isShipped: inode.causes.length === 0,
      ...(worst === undefined ? {} : { severity: worst }),
      findings: count,
    });
  }
  return entries;
}

function accountsOf(server: LanguageServer, set: CheckedSet): Accounts {
  const { simulation } = set;
  const { references } = set.result.context;
  const entry = (
    kind: 'user' | 'group',
    account: { readonly name: string; readonly id: number; readonly cause: Cause | undefined },
  ): AccountEntry => {
    const location = account.cause === undefined ? undefined : locationOf(server, set, account.cause);
    return {
      name: account.name,
      id: account.id,
      ...(account.cause === undefined ? {} : { cause: shortCause(account.cause) }),
      ...(location === undefined ? {} : { location }),
      usedBy: [...new Set(references.usingAccount(kind, account.name).map(({ unit }) => unit))].sort(compareBytes),
    };
  };
  return {
    users: usersOf(simulation).map((user) => ({
      ...entry('user', user),
      gid: user.gid,
      home: user.home,
      shell: user.shell,
    })),
    groups: groupsOf(simulation).map((group) => ({ ...entry('group', group), members: group.members })),
  };
}

function unitsOf(server: LanguageServer, set: CheckedSet): readonly UnitEntry[] {
  const { volatile } = set.options;
  const today = volatile === 'no' ? undefined : set.withVolatile('no').simulation.units.outcomes;
  return judgeUnits(set.simulation.units.outcomes, today).map((judged): UnitEntry => {
    const { outcome } = judged;
    const [first] = outcome.obstacles;
    const condition = outcome.condition?.place;
    const own = outcome.unit.fragmentPath;
    const place = first?.place ?? condition ?? (own === undefined ? undefined : { file: own });
    const location = place === undefined ? undefined : locationOf(server, set, place);
    const causes = outcome.obstacles.flatMap((obstacle) =>
      [{ ...obstacle.place, message: obstacle.message }, ...obstacle.chain].map((link) => {
        const at = locationOf(server, set, link);
        return { text: link.message, ...(at === undefined ? {} : { location: at }) };
      }),
    );
    return {
      name: judged.name,
      state: judged.state,
      isLikely: outcome.confidence === 'likely',
      reason: judged.state === 'starts' || judged.state === 'new' ? '' : reasonOf(judged),
      ...(location === undefined ? {} : { location }),
      causes,
    };
  });
}

function timelineOf(server: LanguageServer, set: CheckedSet): readonly TimelineEntry[] {
  const { simulation } = set;
  const units = judgeUnits(simulation.units.outcomes);
  const entries = summarizePhases(simulation).map(({ phase, parts }): TimelineEntry => {
    const messages = simulation.messages.filter((message) => message.phase === phase);
    // What the base gets wrong by itself is nobody's here.
    const isBad = messages.some(
      ({ severity, place }) => severity === 'error' && place !== undefined && set.fileOf(place.file) !== undefined,
    );
    return {
      phase,
      summary: parts.filter((part) => part !== '').join(', '),
      ...(isBad ? { severity: 'error' as const } : {}),
      details: messages.map((message) => {
        const at = message.place === undefined ? undefined : locationOf(server, set, message.place);
        return { text: message.text, ...(at === undefined ? {} : { location: at }) };
      }),
    };
  });
  const count = (state: string) => units.filter((unit) => unit.state === state).length;
  const failing = units.filter(({ state }) => state === 'fails');
  entries.push({
    phase: 'start',
    summary: `${count('starts') + count('new')} start, ${count('skipped')} skipped, ${failing.length} fail`,
    ...(failing.length > 0 ? { severity: 'error' as const } : {}),
    details: failing.map((unit) => {
      const place = unit.outcome.obstacles[0]?.place;
      const at = place === undefined ? undefined : locationOf(server, set, place);
      return { text: `${unit.name}: ${reasonOf(unit)}`, ...(at === undefined ? {} : { location: at }) };
    }),
  });
  return entries;
}

function contentOf(inode: Inode | undefined): string | null {
  if (inode?.type !== 'file') return null;
  const { content } = inode;
  return content.kind === 'bytes' ? decodeText(content.bytes) : null;
}

/** The resulting /etc and /var, and what else the boot made, a line an entry. */
function listing(set: CheckedSet, withCauses: boolean): string {
  const { simulation } = set;
  const names = ownerNames(simulation.units.finalTree);
  const tree = simulation.units.finalTree;
  const entries = ['/etc', '/var'].flatMap((from) => reportEntries(tree, { from, all: true, names }));
  const more = reportEntries(tree, { all: false, names }).filter(({ path }) => !/^\/(etc|var)(\/|$)/.test(path));
  return [...entries, ...more]
    .filter(({ change }) => change !== 'removed')
    .sort((a, b) => compareBytes(a.path, b.path))
    .map((entry) => {
      const owner = `${entry.user ?? entry.uid ?? '?'}:${entry.group ?? entry.gid ?? '?'}`;
      const cause = withCauses && entry.origin[0] !== undefined ? `  # ${shortCause(entry.origin[0])}` : '';
      // A symlink has no mode of its own; Linux shows all rights.
      const bits = entry.type === 'symlink' ? '777' : entry.mode;
      const mode = entry.type === undefined || bits === undefined ? '' : modeText(entry.type, Number.parseInt(bits, 8));
      return `${mode.padEnd(10)} ${owner.padEnd(20)} ${entry.path}${entry.target === undefined ? '' : ` -> ${entry.target}`}${cause}\n`;
    })
    .join('');
}

async function reportPage(server: LanguageServer, set: CheckedSet): Promise<string | null> {
  const { simulation, result } = set;
  if (server.platform.reportPage === undefined) return null;
  const systemd = detectSystemd(new Tree(set.image.root), set.options.systemdVersion);
  const today = set.options.volatile === 'no' ? undefined : set.withVolatile('no').simulation.units.outcomes;
  return server.platform.reportPage({
    simulation,
    tree: simulation.units.finalTree,
    units: simulation.units.outcomes,
    order: orderOf(simulation),
    findings: result,
    systemd,
    ...(today === undefined ? {} : { today }),
  });
}

function orderOf({ units }: SimulationResult): readonly string[] {
  return units.transaction.order.map(({ unit }) => unit.name);
}

function locationOf(server: LanguageServer, set: CheckedSet, place: Place): PreviewLocation | undefined {
  const location = server.locate(set, place);
  return location?.uri === undefined ? undefined : location;
}
