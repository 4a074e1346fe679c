/** Settings that take one word of a list: one row a list with the versions in which a word came. */

import { nearestName } from '../../../text/nearest-name.ts';
import type { Behaviour } from '../../../versions/systemd.ts';
import { parseBoolean } from './boolean.ts';
import { badValue, quoted, type SettingGrammar } from './grammar.ts';
import { parseInteger } from './number.ts';

export interface KeywordRow {
  /** Settings that take one of the words. */
  readonly settings: readonly string[];
  readonly words: string;
  /** Words that came later: the behaviour they need. */
  readonly later?: Readonly<Record<string, Behaviour>>;
  /** Booleans are good too. */
  readonly orBoolean?: true;
  /** Whole numbers from 0 to this one are good too. */
  readonly numbersTo?: bigint;
  /** The empty value sets the setting back. */
  readonly emptyResets?: true;
}

const actions =
  'none exit exit-force reboot reboot-force reboot-immediate poweroff poweroff-force poweroff-immediate soft-reboot soft-reboot-force kexec kexec-force halt halt-force halt-immediate';
const laterActions = {
  'soft-reboot': 'unit-soft-reboot-action',
  'soft-reboot-force': 'unit-soft-reboot-action',
  kexec: 'unit-kexec-halt-actions',
  'kexec-force': 'unit-kexec-halt-actions',
  halt: 'unit-kexec-halt-actions',
  'halt-force': 'unit-kexec-halt-actions',
  'halt-immediate': 'unit-kexec-halt-actions',
} as const;

export const keywordRows: readonly KeywordRow[] = [
  {
    settings: ['JobTimeoutAction', 'StartLimitAction', 'FailureAction', 'SuccessAction'],
    words: actions,
    later: laterActions,
  },
  { settings: ['CollectMode'], words: 'inactive inactive-or-failed' },
  {
    settings: ['OnSuccessJobMode', 'OnFailureJobMode'],
    words:
      'fail replace replace-irreversibly isolate flush ignore-dependencies ignore-requirements triggering restart-dependencies',
    later: { 'restart-dependencies': 'unit-job-mode-restart-dependencies' },
  },
  {
    settings: ['Type'],
    words: 'simple forking oneshot dbus notify notify-reload idle exec',
    later: { 'notify-reload': 'unit-type-notify-reload' },
  },
  { settings: ['ExitType'], words: 'main cgroup' },
  { settings: ['Restart'], words: 'no on-success on-failure on-abnormal on-watchdog on-abort always' },
  {
    settings: ['RestartMode'],
    words: 'normal direct debug',
    later: { debug: 'unit-restart-mode-debug' },
  },
  { settings: ['TimeoutStartFailureMode', 'TimeoutStopFailureMode'], words: 'terminate abort kill' },
  { settings: ['NotifyAccess'], words: 'none main exec all' },
  { settings: ['DevicePolicy'], words: 'auto closed strict' },
  { settings: ['KeyringMode'], words: 'inherit private shared' },
  { settings: ['ProtectProc'], words: 'default noaccess invisible ptraceable' },
  { settings: ['ProcSubset'], words: 'all pid' },
  { settings: ['UtmpMode'], words: 'init login user' },
  { settings: ['KillMode'], words: 'control-group process mixed none', emptyResets: true },
  {
    settings: ['PrivateTmp'],
    words: 'disconnected',
    later: { disconnected: 'unit-private-tmp-disconnected' },
    orBoolean: true,
  },
  { settings: ['ProtectHome'], words: 'read-only tmpfs', orBoolean: true },
  { settings: ['ProtectSystem'], words: 'full strict', orBoolean: true },
  {
    settings: ['RuntimeDirectoryPreserve', 'FileDescriptorStorePreserve'],
    words: 'restart',
    orBoolean: true,
  },
  {
    settings: ['SyslogFacility'],
    words:
      'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp local0 local1 local2 local3 local4 local5 local6 local7',
    numbersTo: 127n,
  },
  {
    settings: ['SyslogLevel'],
    words: 'emerg alert crit err warning notice info debug',
    numbersTo: 7n,
  },
];

/** The check of a row. */
export function keywordGrammar(row: KeywordRow): SettingGrammar {
  const words = new Set(row.words.split(' '));
  return (value, context) => {
    if (value === '' && row.emptyResets) return [];
    if (row.orBoolean && parseBoolean(value) !== undefined) return [];
    const number = row.numbersTo === undefined ? undefined : parseInteger(value);
    if (number !== undefined && number >= 0n && number <= (row.numbersTo ?? 0n)) return [];
    const needed = row.later !== undefined && Object.hasOwn(row.later, value) ? row.later[value] : undefined;
    if (words.has(value) && (needed === undefined || context.systemd.has(needed))) return [];
    const usable = [...words].filter((word) => {
      const since = row.later?.[word];
      return since === undefined || context.systemd.has(since);
    });
    const near = nearestName(value, usable);
    const hint = near === undefined ? '' : `; did you mean "${near}"?`;
    const message = words.has(value)
      ? `systemd ${context.systemd.version} does not know ${quoted(value)} for ${context.key}= yet`
      : `${quoted(value)} is not one of the words that ${context.key}= takes${hint}`;
    return [badValue('unknown-keyword', value, message)];
  };
}
