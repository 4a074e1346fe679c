/** The columns of tmpfiles.d, sysusers.d and preset lines: what they are for, and what stands there decoded. */

import type { LineOutcome } from '../../core/boot/tmpfiles/run-tmpfiles.ts';
import type { PresetRule } from '../../core/formats/preset/syntax.ts';
import { type SysusersColumn, sysusersColumns, sysusersLineTypes } from '../../core/formats/sysusers/line-types.ts';
import type { SysusersLine } from '../../core/formats/sysusers/syntax.ts';
import type { AgeBy } from '../../core/formats/tmpfiles/age.ts';
import { argumentWords, type TmpfilesColumn, tmpfilesColumns } from '../../core/formats/tmpfiles/column-words.ts';
import { defaultMode } from '../../core/formats/tmpfiles/line-types.ts';
import { modifiers } from '../../core/formats/tmpfiles/modifiers.ts';
import type { TmpfilesLine } from '../../core/formats/tmpfiles/syntax.ts';
import type { Span } from '../../core/text/source-text.ts';
import { modeText, rightsText } from '../../core/tree/mode-text.ts';
import { manualAddress } from '../manual-link.ts';
import { code, count, link, plain } from '../markdown.ts';
import { timeSpanWords } from '../time-words.ts';
import { describeAccount, describeId } from './describe-account.ts';
import { manualQuote } from './describe-directive.ts';
import { bootOf, type HoverScope, placeLink, shortList } from './scope.ts';

export interface Described {
  readonly span: Span;
  readonly paragraphs: readonly string[];
}

const pageOf = (page: string) => link(plain(page), manualAddress(page));

function isAt(span: Span | undefined, offset: number): span is Span {
  return span !== undefined && offset >= span.start && offset <= span.end;
}

const columnNames: readonly TmpfilesColumn[] = ['type', 'path', 'mode', 'user', 'group', 'age'];

/** What the column of a tmpfiles.d line at an offset says. */
export function describeTmpfilesColumn(scope: HoverScope, line: TmpfilesLine, offset: number): Described | undefined {
  const index = line.words.findIndex(({ span }) => isAt(span, offset));
  const word = line.words[index];
  const column = columnNames[index];
  if (word === undefined || column === undefined) {
    if (!isAt(line.argument?.span, offset) || line.argument === undefined) return undefined;
    return {
      span: line.argument.span,
      paragraphs: [`**Argument.** ${plain(argumentWords[line.type?.argument ?? 'none'])}`],
    };
  }
  const title = `**${column.charAt(0).toUpperCase()}${column.slice(1)}.** `;
  const about = title + tmpfilesColumns[column];
  switch (column) {
    case 'type':
      return { span: word.span, paragraphs: describeType(scope, line, word.value) };
    case 'mode':
      return { span: word.span, paragraphs: [...modeWords(line), about] };
    case 'age':
      return { span: word.span, paragraphs: [...ageWords(line), about] };
    case 'user':
    case 'group': {
      const id = line[column]?.name ?? '';
      return {
        span: word.span,
        paragraphs: [...(/^\d+$/.test(id) ? describeId(scope, column, Number(id)) : []), about],
      };
    }
    default:
      return { span: word.span, paragraphs: [...pathWords(scope, line), about] };
  }
}

function describeType(scope: HoverScope, line: TmpfilesLine, text: string): string[] {
  const page = 'tmpfiles.d(5)';
  const { type } = line;
  if (type === undefined)
    return [`**${plain(text)}** · ${pageOf(page)}`, `${scope.context.document.systemd.version} knows no such type.`];
  const signs = modifiers
    .filter(({ name }) => line.modifiers.has(name))
    .map(({ sign, what }) => `- ${code(sign)} ${plain(what)}`);
  return [
    `**${plain(text)}** · ${pageOf(page)}`,
    type.what,
    ...(signs.length === 0 ? [] : [signs.join('\n')]),
    ...lineWords(scope, line),
    ...manualQuote(scope, page, termsOf(line)),
  ];
}

/** What the manual page may call the type; `F` only has its new spelling there. */
function termsOf({ letter, modifiers: signs }: TmpfilesLine): readonly string[] {
  if (letter === 'F') return ['F', 'f+'];
  return signs.has('appendOrForce') ? [`${letter}+`, letter] : [letter];
}

/** What became of a tmpfiles.d line in the boot. */
function lineWords(scope: HoverScope, line: TmpfilesLine): string[] {
  const { facts, context } = scope;
  const outcome = outcomeOf(scope, line);
  if (facts === undefined || outcome === undefined) return [];
  const title = `${bootOf(facts).replace(/^a/, 'A')}: `;
  const { result } = outcome;
  switch (result.kind) {
    case 'refused':
    case 'dropped': {
      const message = facts.set.result.context
        .messages(result.code)
        .find(({ place }) => place?.file === context.imagePath && place?.line === outcome.node.line);
      return [`${title}the line is *${result.kind}*${message === undefined ? '' : `: ${plain(message.text)}`}.`];
    }
    case 'skipped': {
      const earlier = result.earlier === undefined ? '' : `, in favour of ${placeLink(scope, result.earlier)}`;
      return [`${title}the line is *passed over*${earlier}: ${skipWords[result.reason]}.`];
    }
    default:
      return [`${title}${effectWords(outcome)}.`];
  }
}

const skipWords: Readonly<Record<string, string>> = {
  'not-boot': 'it counts at other times only',
  'outside-prefixes': 'its path is left to another service',
  'no-information': 'a specifier stands for nothing',
  unknowable: 'a specifier is not known from files',
  'source-missing': 'what it copies is not there',
  'credential-missing': 'the credential is not there',
  duplicate: 'another line has that path already',
};

const effectNames: Readonly<Record<string, string>> = {
  created: 'makes',
  parent: 'makes as parents',
  copied: 'copies',
  changed: 'changes',
  removed: 'removes',
  kept: 'leaves as it is',
  failed: 'fails on',
  unknown: 'perhaps changes',
};

function effectWords({ result }: LineOutcome): string {
  if (result.kind !== 'applied' || result.effects.length === 0) return 'there is nothing to do for this line';
  const paths = new Map<string, string[]>();
  for (const { kind, path } of result.effects) {
    const list = paths.get(kind);
    if (list === undefined) paths.set(kind, [path]);
    else list.push(path);
  }
  const parts = [...paths].map(([kind, list]) => {
    const few = list.length <= 3 ? shortList(list.map((path) => code(path))) : count(list.length, 'path');
    return `${effectNames[kind] ?? kind} ${few}`;
  });
  return `this line ${parts.join(', ')}`;
}

/** What became of a line; undefined if nothing is known of it. */
export function outcomeOf({ facts, context }: HoverScope, line: TmpfilesLine): LineOutcome | undefined {
  const { imagePath, document } = context;
  if (facts === undefined || imagePath === undefined) return undefined;
  return facts.lineOutcome(imagePath, line.line, document.text.slice(line.span.start, line.span.end));
}

function pathWords(scope: HoverScope, line: TmpfilesLine): string[] {
  const outcome = outcomeOf(scope, line);
  const expanded =
    outcome?.path === undefined || outcome.path === line.path?.value ? [] : [`Here: ${code(outcome.path)}.`];
  return [...expanded, ...(line.type?.path === 'glob' ? lineWords(scope, line) : [])];
}

function modeWords({ mode, type, words }: TmpfilesLine): string[] {
  if (mode === undefined) {
    const isDash = words[2]?.value === '-' && type?.makes !== undefined && type.makes !== 'symlink';
    return isDash ? [`New ones get ${code(modeText(type.makes, defaultMode(type)))}.`] : [];
  }
  const text = type?.makes === undefined ? rightsText(mode.bits) : modeText(type.makes, mode.bits);
  const masked = mode.isMasked ? ', as far as the rights that are there allow' : '';
  const created = mode.onlyCreate ? ', for new ones only' : '';
  return [`${code(words[2]?.value ?? '')} is ${code(text)}${masked}${created}.`];
}

const timeNames: readonly (readonly [keyof AgeBy, string])[] = [
  ['access', 'last access'],
  ['birth', 'creation'],
  ['change', 'status change'],
  ['modification', 'last change of content'],
];

function ageWords({ age, words }: TmpfilesLine): string[] {
  if (age === undefined) return [];
  const times = (by: AgeBy) =>
    timeNames
      .filter(([key]) => by[key])
      .map(([, name]) => name)
      .join(', ');
  const isDefault = !(words[5]?.value ?? '').includes(':');
  const by = isDefault
    ? ''
    : ` Files count by ${times(age.byForFiles)}; directories by ${times(age.byForDirectories)}.`;
  const first = age.keepFirstLevel ? ' What lies directly in the directory is spared.' : '';
  const old = age.span === 0n ? 'Cleaned whatever its age.' : `Cleaned when older than ${timeSpanWords(age.span)}.`;
  return [`${old}${by}${first}`];
}

/** What the column of a sysusers.d line at an offset says. */
export function describeSysusersColumn(scope: HoverScope, line: SysusersLine, offset: number): Described | undefined {
  const { words } = line;
  if (words === undefined) return undefined;
  const page = 'sysusers.d(5)';
  if (isAt(words.type.span, offset)) {
    const row = sysusersLineTypes.find(({ type }) => type === words.type.value);
    const text = words.type.value;
    const title = `**${plain(text)}** · ${pageOf(page)}`;
    if (row === undefined || line.type === undefined) {
      return {
        span: words.type.span,
        paragraphs: [title, `${scope.context.document.systemd.version} knows no such type.`],
      };
    }
    return {
      span: words.type.span,
      paragraphs: [title, `${upperFirst(row.what)}.`, ...manualQuote(scope, page, [row.letter])],
    };
  }
  const column = sysusersColumns.find((name) => isAt(words[name]?.span, offset));
  const word = column === undefined ? undefined : words[column];
  if (column === undefined || word === undefined) return undefined;
  const use = line.type?.columns[column];
  const about =
    use === undefined
      ? `**${upperFirst(columnLabels[column])}.** Must be empty or ${code('-')} here.`
      : `**${upperFirst(columnLabels[column])}.** ${upperFirst(use.what)}.`;
  return { span: word.span, paragraphs: [...idWords(scope, line, column), about] };
}

const columnLabels: Readonly<Record<SysusersColumn, string>> = {
  name: 'name',
  id: 'id',
  gecos: 'description',
  home: 'home',
  shell: 'shell',
};

function idWords(scope: HoverScope, { words, type }: SysusersLine, column: SysusersColumn): string[] {
  const name = words?.name?.value;
  if (column !== 'id' || type === undefined || name === undefined) return [];
  const { letter } = type;
  if (letter !== 'u' && letter !== 'g') return [];
  const kind = letter === 'u' ? 'user' : 'group';
  const id = /^\d+/.exec(words?.id?.value ?? '')?.[0];
  return id === undefined ? describeAccount(scope, kind, name).slice(0, 1) : describeId(scope, kind, Number(id));
}

/** What a preset line does, and on which units it decides. */
export function describePresetLine(scope: HoverScope, rule: PresetRule, offset: number): Described | undefined {
  const { facts, context } = scope;
  const { verb, verbSpan, pattern, line } = rule;
  const decides =
    facts === undefined || context.imagePath === undefined ? [] : facts.presetsOfLine(context.imagePath, line);
  const units =
    facts === undefined
      ? []
      : [
          decides.length === 0
            ? 'It decides on no unit.'
            : `It decides on ${shortList(
                decides.map(({ unit }) => code(unit)),
                12,
              )}.`,
        ];
  if (isAt(verbSpan, offset)) {
    return { span: verbSpan, paragraphs: [`**${verb.action}** · ${pageOf(verb.page)}`, verb.what, ...units] };
  }
  return isAt(pattern?.span, offset) && pattern !== undefined
    ? { span: pattern.span, paragraphs: [`Pattern ${code(pattern.text)}. ${units.join(' ')}`] }
    : undefined;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
