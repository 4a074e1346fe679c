/** Whether the executable of a command can be run: its path, its rights, the interpreters of scripts. */

import { quoted } from '../../formats/unit/settings/grammar.ts';
import { decodeText } from '../../text/bytes.ts';
import type { Inode } from '../../tree/inode.ts';
import type { Unit } from '../../units/unit.ts';
import { type Identity, mayReach } from './identity.ts';
import { confidenceOf, explainAbsence, type PathState } from './missing-path.ts';
import type { NamespaceView } from './namespace.ts';
import type { Obstacle } from './obstacle.ts';
import type { StartCommand } from './start-commands.ts';
import type { StartContext } from './start-context.ts';
import type { PlacedText } from './unit-settings.ts';

const RESULT = '203/EXEC';

/** systemd's DEFAULT_PATH; builds with split /usr search two more. */
const defaultPath: readonly string[] = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin'];
const splitPath: readonly string[] = ['/sbin', '/bin'];

/** The kernel follows no more interpreters than this (BINPRM_MAX_RECURSION). */
const INTERPRETERS_MAX = 5;

function searchPath(unit: Unit, context: StartContext): readonly string[] {
  const own: string[] = [];
  for (const value of unit.list(unit.ownSection, 'ExecSearchPath')) {
    const expanded = unit.expand(value.entry.value);
    if (expanded.kind === 'value') own.push(...expanded.value.split(':').filter((part) => part.startsWith('/')));
  }
  if (own.length > 0) return own;
  return context.inputs.systemd.build.splitUsr ? [...defaultPath, ...splitPath] : defaultPath;
}

/** What keeps one command from being run. */
export function checkProgram(
  unit: Unit,
  command: StartCommand,
  identity: Identity,
  view: NamespaceView,
  context: StartContext,
): Obstacle | undefined {
  const program = command.prefixes.shell ? userShell(command, identity) : command.program;
  if (program === undefined) return undefined;
  const obstacle = (
    what: Pick<Obstacle, 'message' | 'subject'> & Partial<Pick<Obstacle, 'code' | 'cause' | 'chain'>>,
  ): Obstacle => ({
    code: 'executable-missing',
    cause: 'missing-exec',
    chain: [],
    ...what,
    result: RESULT,
    confidence: confidenceOf(context),
    place: program.place,
  });

  const candidates = program.text.startsWith('/')
    ? [program.text]
    : searchPath(unit, context).map((directory) => `${directory}/${program.text}`);
  const states = candidates.map((path) => ({ path, state: view.state(path) }));
  const usable = states.find(
    ({ state }) => state.kind === 'unknown' || (state.kind === 'found' && isRunnable(state.inode)),
  );
  if (usable?.state.kind === 'unknown') return undefined;
  if (usable === undefined) {
    const first = states.find(({ state }) => state.kind === 'found') ?? states[0];
    if (first === undefined) return undefined;
    if (!program.text.startsWith('/')) {
      return obstacle({
        message: `The program ${quoted(program.text)} is in none of the directories that are searched`,
        subject: program.text,
      });
    }
    return obstacle({ ...describe(first.path, first.state, view, context), subject: program.text });
  }

  const { path, state } = usable;
  if (state.kind !== 'found') return undefined;
  const isRoot = command.prefixes.privileges === 'full' || command.prefixes.privileges === 'no-user-change';
  if (!isRoot && mayReach(view.tree, state.path, identity) === false) {
    return obstacle({
      cause: 'permission',
      message: `${quoted(path)} may not be executed by the unit's user`,
      subject: path,
      chain: state.inode.causes.map((cause) => ({ ...cause, message: `${quoted(state.path)} gets its rights here` })),
    });
  }
  return checkInterpreters(path, state.inode);

  /** Only binfmt_misc could make the kernel run it. */
  function unknownFormat(file: string): Obstacle {
    return {
      ...obstacle({
        message: `${quoted(file)} is neither a program nor a script that begins with "#!"`,
        subject: file,
      }),
      confidence: 'likely',
    };
  }

  function checkInterpreters(script: string, inode: Inode): Obstacle | undefined {
    let file = script;
    let at: Inode = inode;
    for (let depth = 0; depth < INTERPRETERS_MAX; depth++) {
      const written = interpreterOf(at);
      if (written === undefined) return hasUnknownFormat(at) ? unknownFormat(file) : undefined;
      // A relative one is looked for in the working directory.
      const isRelative = !written.startsWith('/');
      if (isRelative && unit.last(unit.ownSection, 'WorkingDirectory') !== undefined) return undefined;
      const interpreter = isRelative ? `/${written}` : written;
      const next = view.state(interpreter);
      if (next.kind === 'unknown') return undefined;
      if (next.kind !== 'found' || !isRunnable(next.inode)) {
        const reason = describe(interpreter, next, view, context);
        return obstacle({
          ...reason,
          code: 'interpreter-missing',
          message: `The interpreter of ${quoted(file)} cannot be run: ${reason.message}`,
          subject: interpreter,
          chain: [
            { file, line: 1, message: `${quoted(file)} names ${quoted(interpreter)} as its interpreter` },
            ...reason.chain,
          ],
        });
      }
      file = interpreter;
      at = next.inode;
    }
    return undefined;
  }
}

/** Shells that let nobody in; systemd takes its own default instead (is_nologin_shell). */
const noShells: ReadonlySet<string> = new Set(
  ['bin', 'sbin', 'usr/bin', 'usr/sbin'].flatMap((path) =>
    ['nologin', 'false', 'true'].map((name) => `/${path}/${name}`),
  ),
);

/** With the prefix `|` the user's shell is run. */
function userShell(command: StartCommand, identity: Identity): PlacedText | undefined {
  const shell = identity.user?.shell;
  return shell === undefined || noShells.has(shell) ? undefined : { text: shell, place: command.place };
}

function describe(
  path: string,
  state: PathState,
  view: NamespaceView,
  context: StartContext,
): Pick<Obstacle, 'message' | 'cause' | 'chain'> {
  if (state.kind === 'found') {
    const what = state.inode.type === 'directory' ? 'a directory' : 'not executable';
    return { message: `${quoted(path)} is ${what}`, cause: 'missing-exec', chain: [] };
  }
  const absence = explainAbsence(context, view.tree, path);
  const isLink = absence.chain.length > 0 && absence.end !== path && absence.end.startsWith('/etc/');
  const reason = state.kind === 'missing' ? state.reason : `${quoted(path)} does not exist`;
  return {
    message: isLink ? `${quoted(path)} is a link to ${quoted(absence.end)}, which does not exist` : reason,
    cause: isLink ? 'dangling-link-into-etc' : 'missing-exec',
    chain: absence.chain,
  };
}

/** Any execute bit is enough for root to find it; unknown modes count as executable. */
function isRunnable(inode: Inode): boolean {
  return inode.type === 'file' && (inode.mode === undefined || (inode.mode & 0o111) !== 0);
}

/** True if content that is known is none that the kernel runs by itself: neither ELF nor a script. */
function hasUnknownFormat(inode: Inode): boolean {
  if (inode.type !== 'file' || inode.content.kind !== 'bytes' || inode.content.bytes.length === 0) return false;
  const head = decodeText(inode.content.bytes.subarray(0, 4));
  return head !== '\x7fELF' && !head.startsWith('#!');
}

/** The path behind `#!`; undefined for anything but a script whose content is known. */
export function interpreterOf(inode: Inode): string | undefined {
  if (inode.type !== 'file' || inode.content.kind !== 'bytes') return undefined;
  const head = decodeText(inode.content.bytes.subarray(0, 256));
  return /^#![ \t]*([^ \t\n]+)/.exec(head)?.[1];
}
