/** Completion in unit files: sections, settings, values by what the setting takes. */

import { isObsoleteValue, replacementOf } from '../../core/formats/unit/check.ts';
import {
  type Directive,
  directivesOf,
  findDirective,
  isKnownDirective,
  sectionsOf,
  type UnitType,
} from '../../core/formats/unit/directives.ts';
import { grammarOf } from '../../core/formats/unit/settings/table.ts';
import { parseUnitName } from '../../core/formats/unit/settings/unit-name.ts';
import { type CandidateValue, valueCandidates } from '../../core/formats/unit/value-candidates.ts';
import type { SpecifierFormat } from '../../core/specifier/specifier.ts';
import { compareBytes } from '../../core/text/bytes.ts';
import { accountCandidates } from './accounts.ts';
import { type Candidate, type CompletionRequest, type Completions, joined, limited, none } from './candidate.ts';
import { type UnitCursor, unitCursor } from './cursor.ts';
import { type PathWish, pathCompletions, programCompletions } from './paths.ts';
import { snippetCandidates } from './snippets.ts';
import { specifierCompletions } from './specifiers.ts';
import { unitCandidates } from './units.ts';
import { directoryModes, fileModes, spanUnitCandidates, systemCalls, type WordRow, wordCandidates } from './values.ts';

/** Settings that people write most, in the order in which units have them; the others follow by name. */
const likelySettings: Readonly<Record<string, string>> = {
  Unit: 'Description Documentation After Wants Requires Before BindsTo PartOf Conflicts ConditionPathExists DefaultDependencies RequiresMountsFor OnFailure',
  Install: 'WantedBy RequiredBy Also Alias',
  Service:
    'Type ExecStart User Group StateDirectory RuntimeDirectory Restart RestartSec Environment EnvironmentFile WorkingDirectory ExecStartPre ExecReload ExecStop RemainAfterExit DynamicUser CacheDirectory LogsDirectory ConfigurationDirectory AmbientCapabilities CapabilityBoundingSet ProtectSystem ProtectHome PrivateTmp NoNewPrivileges ReadWritePaths',
  Socket: 'ListenStream ListenDatagram SocketUser SocketGroup SocketMode Accept Service',
  Timer: 'OnCalendar OnBootSec OnUnitActiveSec Persistent RandomizedDelaySec AccuracySec Unit',
  Path: 'PathExists PathChanged PathModified DirectoryNotEmpty PathExistsGlob MakeDirectory Unit',
  Mount: 'What Where Type Options',
  Automount: 'Where TimeoutIdleSec',
  Swap: 'What Priority Options',
  Slice: 'MemoryMax CPUQuota TasksMax',
};

/** Section headers that have nothing of their own in them. */
const emptySections = ['Target', 'Device'];

export function unitCompletions(request: CompletionRequest): Completions {
  const cursor = unitCursor(request.context.document, request.offset);
  switch (cursor?.kind) {
    case 'section':
      return sectionCompletions(request, cursor);
    case 'key':
      // Blanks, dashes and slashes before an equals sign are no questions.
      return request.trigger === undefined ? keyCompletions(request, cursor) : none;
    case 'value':
      return valueCompletions(request, cursor);
    default:
      return none;
  }
}

function typeOf({ context }: CompletionRequest): UnitType | undefined {
  const { kind } = context.document;
  return kind.format === 'unit' ? kind.type : undefined;
}

function sectionNames(request: CompletionRequest): { readonly missing: string[]; readonly present: string[] } {
  const missing: string[] = [];
  const present: string[] = [];
  const { text } = request.context.document;
  const there = new Set([...text.matchAll(/^[^\S\n]*\[([^\]\n]*)\]/gm)].map((match) => match[1]));
  for (const name of sectionsOf(typeOf(request))) {
    if (!emptySections.includes(name)) (there.has(name) ? present : missing).push(name);
  }
  return { missing, present };
}

function sectionCompletions(request: CompletionRequest, { start, end }: { start: number; end: number }): Completions {
  const { missing, present } = sectionNames(request);
  const span = { start: start - 1, end };
  const candidates = [...missing, ...present].map((name): Candidate => {
    return { label: `[${name}]`, span, kind: 'section', detail: sectionWords[name] ?? 'section' };
  });
  return { candidates, isIncomplete: false };
}

const sectionWords: Readonly<Record<string, string>> = {
  Unit: 'what the unit is, its dependencies and conditions',
  Install: 'what enabling the unit links it to',
  Service: 'the programs of the service and how they run',
  Socket: 'where the socket listens',
  Mount: 'what is mounted where',
  Automount: 'what is mounted when it is used',
  Swap: 'the device or file to swap to',
  Timer: 'when the timer elapses',
  Path: 'the paths that are watched',
  Slice: 'limits of all units in the slice',
  Scope: 'limits of the scope',
};

function keyCompletions(request: CompletionRequest, cursor: UnitCursor & { kind: 'key' }): Completions {
  const { document } = request.context;
  const span = { start: cursor.start, end: cursor.end };
  const { section } = cursor;
  const { missing, present } = sectionNames(request);
  const headers = missing.map((name): Candidate => {
    return { label: `[${name}]`, span, kind: 'section', detail: sectionWords[name] ?? 'section' };
  });
  if (section === undefined) {
    const snippets = present.length === 0 ? snippetCandidates(request, span) : [];
    return { candidates: [...snippets, ...headers], isIncomplete: false };
  }
  const { systemd } = document;
  const likely = (likelySettings[section] ?? '').split(' ');
  const used = usedSettings(document.text, cursor.start);
  const isObsolete = ({ name, last }: Directive) =>
    (last !== undefined && last < systemd.version) || replacementOf(name) !== undefined;
  const rank = (directive: Directive) => {
    const { name } = directive;
    if (isObsolete(directive)) return 3000;
    const at = likely.indexOf(name);
    return (at === -1 ? 1000 : at) + (used.has(name) ? 500 : 0);
  };
  const settings = [...directivesOf(section).values()]
    .filter((directive) => isKnownDirective(directive, systemd))
    .sort((a, b) => rank(a) - rank(b) || compareBytes(a.name, b.name))
    .map((directive): Candidate => {
      const { name } = directive;
      return {
        label: `${name}=`,
        insert: cursor.hasEquals ? name : `${name}=`,
        filter: name,
        span,
        kind: 'setting',
        about: { about: 'setting', section, name },
        ...(isObsolete(directive) ? { isObsolete: true } : {}),
      };
    });
  return { candidates: [...settings, ...headers], isIncomplete: false };
}

/** Names of the settings of the section that an offset lies in, as far as the lines tell. */
function usedSettings(text: string, offset: number): ReadonlySet<string> {
  const headerBefore = text.lastIndexOf('\n[', offset);
  const headerAfter = text.indexOf('\n[', offset);
  const section = text.slice(headerBefore + 1, headerAfter === -1 ? text.length : headerAfter);
  return new Set([...section.matchAll(/^[^\S\n]*(\w+)[^\S\n]*=/gm)].map((match) => match[1] ?? ''));
}

type ValueCursor = UnitCursor & { readonly kind: 'value' };

/** A part of the word under the cursor. */
interface Part {
  readonly before: string;
  readonly start: number;
  readonly end: number;
}

function behind(word: Part, length: number): Part {
  return { before: word.before.slice(length), start: word.start + length, end: word.end };
}

function valueCompletions(request: CompletionRequest, cursor: ValueCursor): Completions {
  const directive = findDirective(cursor.section, cursor.key);
  if (directive === undefined) return none;
  const { candidates, isIncomplete } = candidatesFor(request, cursor, directive);
  const grammar = grammarOf(directive);
  if (grammar === undefined || cursor.word.isQuoted) return { candidates, isIncomplete };
  // The lists know kinds of values; whether this setting takes one in this version is for its grammar to say.
  const { systemd } = request.context.document;
  const judged = candidates.flatMap((candidate): Candidate[] => {
    const text = candidate.insert ?? candidate.label;
    if (candidate.kind !== 'value' || isBeginning(text)) return [candidate];
    const from = cursor.before.length - (request.offset - candidate.span.start);
    const value = cursor.before.slice(0, from) + text;
    const problem = grammar(value, { systemd, key: cursor.key }).find(({ span }) => span.end > from);
    if (problem !== undefined) return [];
    return isObsoleteValue(cursor.key, value) ? [{ ...candidate, isObsolete: true }] : [candidate];
  });
  return { candidates: judged, isIncomplete };
}

/** True for what goes on behind it, so that it need not be good by itself. */
function isBeginning(text: string): boolean {
  return /[:=(@/]$/.test(text);
}

function candidatesFor(request: CompletionRequest, cursor: ValueCursor, directive: Directive): Completions {
  const { context, offset } = request;
  const { document, set } = context;
  const { systemd } = document;
  const wanted = valueCandidates(directive, systemd);
  const { words } = cursor;
  const word: Part = cursor.word;
  const span = { start: word.start, end: word.end };
  if (takesSpecifiers(wanted.kind)) {
    const isName = cursor.section === 'Install' || wanted.kind === 'unit';
    const format: SpecifierFormat = isName ? 'unit-install' : 'unit';
    const specifiers = specifierCompletions(context, word.before, offset, format);
    if (specifiers !== undefined) return specifiers;
  }
  const isCondition = /^(?:Condition|Assert)/.test(cursor.key);
  const signs = isCondition && words.length === 0 ? (/^\|?!?/.exec(word.before)?.[0].length ?? 0) : 0;
  const part = behind(word, signs);
  const path = (typed: Part, wish: PathWish) => pathCompletions(set, document.text, typed, wish);
  const isFirst = words.length === 0;
  switch (wanted.kind) {
    case 'keywords':
      if (!isFirst && !wanted.isList) return none;
      return listed(words, part, wanted.values, { mayInvert: wanted.mayInvert });
    case 'boolean':
      return isFirst ? listed(words, part, wanted.values) : none;
    case 'signal':
    case 'calendar':
      if (wanted.kind === 'calendar') return isFirst ? calendar(part, wanted.values) : none;
      return isFirst ? listed(words, part, wanted.values) : none;
    case 'capability':
    case 'file-system':
      return listed(words, part, wanted.values, { mayInvert: !isCondition });
    case 'system-call': {
      const calls = systemCalls.split(' ').map((value) => ({ value }));
      return listed(words, part, [...wanted.values, ...calls], { mayInvert: true });
    }
    case 'exit-status':
      return listed(words, part, wanted.values);
    case 'unit': {
      if (!isFirst && !wanted.isList) return none;
      const { kind } = document;
      const own = kind.format === 'unit' ? kind.unit : undefined;
      const candidates = unitCandidates(set, span, {
        types: wanted.types,
        key: cursor.key,
        own,
        ownType: typeOf(request),
        without: words,
      });
      return limited(candidates, word.before);
    }
    case 'path':
      if (!isFirst && !wanted.isList) return none;
      return path(pathPart(part), { to: wanted.to });
    case 'user':
    case 'group':
      return isFirst ? limited(accountCandidates(set, wanted.kind, { ...part }), part.before) : none;
    case 'group-list':
      return limited(accountCandidates(set, 'group', span, words), word.before);
    case 'command':
      return command(request, cursor);
    case 'mode':
      return rows(part, isFirst ? (/Directory|^DirectoryMode/.test(cursor.key) ? directoryModes : fileModes) : []);
    case 'time': {
      const units = spanUnitCandidates(part.before, part.start, part.end);
      if (units !== undefined) return { candidates: units, isIncomplete: true };
      return rows(part, isFirst ? times(cursor.key) : []);
    }
    case 'size':
    case 'limit':
      return amounts(part, isFirst, wanted.kind);
    case 'address':
      return addresses(request, cursor, part);
    case 'device':
      if (!isFirst) return none;
      return joined(
        rows(part, cursor.key === 'DeviceAllow' && part.before === '' ? deviceGroups : []),
        path(part, { to: 'any' }),
      );
    case 'network-interface':
      return rows(part, [{ word: 'lo', what: 'the loopback interface' }]);
    case 'unit-directory': {
      const name = ownPrefix(request);
      if (name === undefined || words.includes(name)) return none;
      return rows(part, [{ word: name, what: 'named like the unit' }]);
    }
    case 'documentation':
      return rows(part, documentationRoots);
    case 'environment':
    case 'credential':
      return none;
    case 'text':
      if (cursor.section === 'Mount' && cursor.key === 'Type' && isFirst) return rows(part, fileSystems);
      return none;
    default:
      return none;
  }
}

function takesSpecifiers(kind: string): boolean {
  return ![
    'boolean',
    'keywords',
    'signal',
    'calendar',
    'capability',
    'system-call',
    'exit-status',
    'mode',
    'time',
  ].includes(kind);
}

function rows(part: Part, words: readonly WordRow[]): Completions {
  const candidates = wordCandidates(words, { start: part.start, end: part.end });
  return { candidates, isIncomplete: false };
}

/** Words of a list, those that are there already left out. */
function listed(
  words: readonly string[],
  word: Part,
  values: readonly CandidateValue[],
  options: { readonly mayInvert?: boolean } = {},
): Completions {
  const inverts = options.mayInvert === true && words.length === 0 && word.before.startsWith('~');
  const part = inverts ? behind(word, 1) : word;
  const there = new Set(words.map((each, index) => (index === 0 ? each.replace(/^~/, '') : each)));
  const left: WordRow[] = values
    .filter(({ value }) => !there.has(value))
    .map(({ value, since }) => (since === undefined ? { word: value } : { word: value, what: `since ${since}` }));
  return rows(part, left);
}

/** The path in `-/x`, `+/x`, `-+/x`, `/a:/b`. */
function pathPart(word: Part): Part {
  const cut = Math.max(/^[-+!|~]*/.exec(word.before)?.[0].length ?? 0, word.before.lastIndexOf(':') + 1);
  return behind(word, cut);
}

function command(request: CompletionRequest, cursor: ValueCursor): Completions {
  const { context } = request;
  const { set, document } = context;
  const word: Part = cursor.word;
  const isProgram = cursor.words.length === 0 || cursor.words.at(-1) === ';';
  if (isProgram) {
    const part = behind(word, /^[-@:+!|]*/.exec(word.before)?.[0].length ?? 0);
    return joined(
      pathCompletions(set, document.text, part, { to: 'file', isProgram: true }),
      programCompletions(set, part),
    );
  }
  if (word.before.startsWith('$')) {
    return rows(word, [{ word: '$MAINPID', what: 'the process id of the main process' }]);
  }
  // Options carry paths behind an equals sign.
  const part = behind(word, Math.max(word.before.lastIndexOf('='), word.before.lastIndexOf(',')) + 1);
  if (part.before === '' && part.start === word.start) return none;
  return pathCompletions(set, document.text, part, { to: 'any' });
}

function calendar(part: Part, shorthands: readonly CandidateValue[]): Completions {
  return rows(part, [
    ...shorthands.map(({ value }) => ({ word: value })),
    { word: '*-*-* 04:00:00', what: 'every day at four' },
    { word: 'Mon..Fri *-*-* 09:00:00', what: 'on working days at nine' },
    { word: '*-*-01 00:00:00', what: 'on the first of every month' },
    { word: '*:0/15', what: 'every quarter of an hour' },
  ]);
}

function times(key: string): readonly WordRow[] {
  const words = ['5s', '30s', '1min', '5min', '15min', '1h', '1d'].map((word) => ({ word }));
  return /Timeout|RuntimeMax|RunningTimeout/.test(key) ? [...words, { word: 'infinity', what: 'never' }] : words;
}

function amounts(part: Part, isFirst: boolean, kind: 'size' | 'limit'): Completions {
  if (!isFirst) return none;
  const digits = /^\d+/.exec(part.before)?.[0];
  if (digits === undefined) return rows(part, kind === 'limit' ? [{ word: 'infinity', what: 'no limit' }] : []);
  return {
    candidates: wordCandidates(
      [
        ...(kind === 'limit' ? [{ word: `${digits}%`, what: 'of what there is' }] : []),
        { word: `${digits}K`, what: 'times 1024' },
        { word: `${digits}M`, what: 'times 1024²' },
        { word: `${digits}G`, what: 'times 1024³' },
      ],
      { start: part.start, end: part.end },
    ),
    isIncomplete: true,
  };
}

function addresses(request: CompletionRequest, { key }: ValueCursor, part: Part): Completions {
  if (/^IPAddress/.test(key)) {
    return rows(part, [
      { word: 'any', what: 'every address' },
      { word: 'localhost', what: '127.0.0.0/8 and ::1' },
      { word: 'link-local', what: '169.254.0.0/16 and fe80::/64' },
      { word: 'multicast', what: '224.0.0.0/4 and ff00::/8' },
    ]);
  }
  const { set, document } = request.context;
  const name = ownPrefix(request);
  const start: WordRow[] = [
    ...(name === undefined ? [] : [{ word: `/run/${name}/socket`, what: 'a socket in the file system' }]),
    { word: '[::]:', what: 'a port on every address' },
    { word: '127.0.0.1:', what: 'a port for this machine only' },
    { word: '@', what: 'an abstract socket' },
    { word: 'vsock::', what: 'a port for virtual machines' },
  ];
  return joined(rows(part, part.before === '' ? start : []), pathCompletions(set, document.text, part, { to: 'any' }));
}

/** The name of the unit up to its type and its `@`. */
function ownPrefix({ context }: CompletionRequest): string | undefined {
  const { kind } = context.document;
  return kind.format === 'unit' && kind.unit !== undefined ? parseUnitName(kind.unit)?.prefix : undefined;
}

const deviceGroups: readonly WordRow[] = [
  { word: '/dev/null', what: 'the device that takes everything' },
  { word: 'char-pts', what: 'pseudo terminals' },
  { word: 'char-rtc', what: 'clocks' },
  { word: 'char-input', what: 'keyboards, mice and the like' },
  { word: 'char-alsa', what: 'sound' },
  { word: 'char-drm', what: 'graphics' },
  { word: 'block-loop', what: 'loop devices' },
];

const documentationRoots: readonly WordRow[] = [
  { word: 'man:', what: 'a manual page, man:NAME(SECTION)' },
  { word: 'https://', what: 'a page on the web' },
  { word: 'http://', what: 'a page on the web' },
  { word: 'file:/usr/share/doc/', what: 'a file of this system' },
  { word: 'info:', what: 'an info page' },
];

const fileSystems: readonly WordRow[] =
  'ext4 xfs btrfs vfat tmpfs nfs overlay iso9660 squashfs erofs f2fs cifs fuse none'
    .split(' ')
    .map((word) => ({ word }));
