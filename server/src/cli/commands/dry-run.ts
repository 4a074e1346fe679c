import { readFileSync, realpathSync } from 'node:fs';
import type { BootInputs, GivenFile } from '../../core/boot/boot-inputs.ts';
import { runPresets } from '../../core/boot/preset/run-presets.ts';
import { runSysusers } from '../../core/boot/sysusers/run-sysusers.ts';
import { runTmpfiles } from '../../core/boot/tmpfiles/run-tmpfiles.ts';
import { type ConfigKind, configDirectories } from '../../core/layering/config-files.ts';
import type { Message, MessageSeverity } from '../../core/problems/problem.ts';
import { decodeText } from '../../core/text/bytes.ts';
import { Tree } from '../../core/tree/tree.ts';
import { entryToJson, formatJson, messageToJson, schemaVersion } from '../../report/json.ts';
import { ownerNames } from '../../report/owner-names.ts';
import { printable, type Style, styleFor } from '../../report/style.ts';
import { loadSha256, type ReportEntry, reportEntries } from '../../report/tree-entries.ts';
import { formatTree } from '../../report/tree-text.ts';
import {
  type Arguments,
  choiceOption,
  flag,
  parseArguments,
  repeatedOption,
  textOption,
  UsageError,
  wantsColour,
} from '../arguments.ts';
import { chooseSystemd, offlineInputs } from '../boot-inputs.ts';
import type { Command, Streams } from './command.ts';
import { openForCommand, reportImageProblems } from './open.ts';

const tools = ['tmpfiles', 'sysusers', 'preset'] as const;
type Tool = (typeof tools)[number];

/** `stateless-boot dry-run`. */
export const dryRunCommand: Command = {
  name: 'dry-run',
  summary: 'what systemd-tmpfiles, systemd-sysusers or preset-all would do to a root as it is',
  help: `usage: stateless-boot dry-run tmpfiles|sysusers|preset [ROOT] [FLAG...] [CONFIGURATION...]

What the real tool with --root=ROOT and the same flags would do, without doing it. ROOT is a directory or an archive and
is never written; default: the current directory.

  tmpfiles   --create --remove --clean --purge --boot --graceful --prefix=PATH --exclude-prefix=PATH -E
             --replace=PATH, configuration files
  sysusers   --replace=PATH, --inline LINE..., configuration files
  preset     --preset-mode=full|enable-only|disable-only (default: full)
  --format text|json
  --all                   list entries that do not change, too
  --systemd-version N     judge as systemd N does (default: the root's own version)
  --arch NAME             what %a stands for (default: this machine's)

The exit status is 0 whenever the dry run itself worked; what the tool would return stands in the output.

examples:
  stateless-boot dry-run tmpfiles image/ --create --boot
  stateless-boot dry-run sysusers image.tar.gz --format json
  stateless-boot dry-run preset image/ --preset-mode=enable-only
`,
  async run(words, streams) {
    const args = parseArguments(words, {
      create: { type: 'boolean' },
      remove: { type: 'boolean' },
      clean: { type: 'boolean' },
      purge: { type: 'boolean' },
      boot: { type: 'boolean' },
      graceful: { type: 'boolean' },
      prefix: { type: 'string', multiple: true },
      'exclude-prefix': { type: 'string', multiple: true },
      'exclude-api': { type: 'boolean', short: 'E' },
      replace: { type: 'string' },
      inline: { type: 'boolean' },
      'preset-mode': { type: 'string' },
      format: { type: 'string' },
      all: { type: 'boolean' },
    });
    const [toolName, root = '.', ...given] = args.positionals;
    const tool = tools.find((known) => known === toolName);
    if (tool === undefined) throw new UsageError(`dry-run takes one of ${tools.join(', ')}, then a root`);
    const format = choiceOption(args, 'format', ['text', 'json'] as const, 'text');
    const image = await openForCommand(root, args, { directoryIs: 'root' });
    const systemd = chooseSystemd(image, args);
    const tree = new Tree(image.root);
    const inputs = offlineInputs(systemd, rootPrefixOf(root), streams.environment, textOption(args, 'arch'));
    const result = runTool(tool, tree, inputs, args, given);
    const names = ownerNames(tree);
    const entries = reportEntries(tree, {
      all: flag(args, 'all'),
      names,
      ...(format === 'json' ? { sha256: await loadSha256() } : {}),
    });
    if (format === 'json') {
      streams.out(
        formatJson({
          schemaVersion,
          tool,
          systemdVersion: systemd.version,
          exitStatus: result.exitStatus,
          messages: result.messages.map(messageToJson),
          tree: entries.map((entry) => entryToJson(entry, { withChange: true })),
        }),
      );
    } else {
      writeText(tool, result, entries, args, streams);
    }
    reportImageProblems(image, args, streams);
    return 0;
  },
};

/** The root's path as the real tool would put it in front of others; an archive has none. */
function rootPrefixOf(root: string): string {
  try {
    const real = realpathSync(root);
    return real === '/' ? '' : real;
  } catch {
    return '';
  }
}

interface ToolResult {
  readonly exitStatus: number | undefined;
  readonly messages: readonly Message[];
}

function runTool(tool: Tool, tree: Tree, inputs: BootInputs, args: Arguments, given: readonly string[]): ToolResult {
  const replace = textOption(args, 'replace');
  if (replace !== undefined && given.length === 0) throw new UsageError('--replace needs a configuration file or line');
  const withReplace = replace === undefined ? {} : { replace };
  switch (tool) {
    case 'tmpfiles': {
      const actions = ['create', 'remove', 'clean', 'purge'].filter((name) => flag(args, name));
      if (actions.length === 0)
        throw new UsageError('tmpfiles needs at least one of --create, --remove, --clean, --purge');
      return runTmpfiles(tree, inputs, {
        create: flag(args, 'create'),
        remove: flag(args, 'remove'),
        clean: flag(args, 'clean'),
        purge: flag(args, 'purge'),
        boot: flag(args, 'boot'),
        graceful: flag(args, 'graceful'),
        prefixes: repeatedOption(args, 'prefix'),
        excludePrefixes: [
          ...repeatedOption(args, 'exclude-prefix'),
          ...(flag(args, 'exclude-api') ? ['/dev', '/proc', '/run', '/sys'] : []),
        ],
        given: given.map((name) => readGiven(name, 'tmpfiles', tree, inputs)),
        ...withReplace,
      });
    }
    case 'sysusers':
      return runSysusers(tree, inputs, {
        given: flag(args, 'inline') ? [] : given.map((name) => readGiven(name, 'sysusers', tree, inputs)),
        inline: flag(args, 'inline') ? given : [],
        ...withReplace,
      });
    case 'preset': {
      if (given.length > 0) throw new UsageError(`unexpected "${given[0]}": preset takes a root only`);
      const mode = choiceOption(args, 'preset-mode', ['full', 'enable-only', 'disable-only'] as const, 'full');
      return runPresets(tree, inputs, { mode });
    }
    default:
      return tool satisfies never;
  }
}

/**
 * A configuration file of the command line: `-` is standard input, a name without a slash is looked for in the root's
 * configuration directories, anything else is a file of this machine, as the real tools take it.
 */
function readGiven(name: string, kind: ConfigKind, tree: Tree, inputs: BootInputs): GivenFile {
  if (name !== '-' && !name.includes('/')) {
    for (const directory of configDirectories(kind, inputs.systemd)) {
      const inode = tree.lookup(`${directory}/${name}`);
      if (inode?.type === 'file' && inode.content.kind === 'bytes')
        return { name, text: decodeText(inode.content.bytes) };
    }
    throw new UsageError(`no ${kind}.d directory of the root has a file "${name}"`);
  }
  try {
    return { name, text: decodeText(readFileSync(name === '-' ? 0 : name)) };
  } catch {
    throw new UsageError(`${name}: cannot be read as a configuration file`);
  }
}

const commandNames: Readonly<Record<Tool, string>> = {
  tmpfiles: 'systemd-tmpfiles',
  sysusers: 'systemd-sysusers',
  preset: 'systemctl preset-all',
};

function writeText(
  tool: Tool,
  result: ToolResult,
  entries: readonly ReportEntry[],
  args: Arguments,
  streams: Streams,
): void {
  const style = styleFor(streams, wantsColour(args));
  const isLoud = flag(args, 'verbose');
  for (const message of result.messages) {
    if (message.severity === 'info' && !isLoud) continue;
    streams.out(`${formatMessage(message, style)}\n`);
  }
  for (const line of formatTree(entries, style, { verbose: isLoud })) streams.out(`${line}\n`);
  const counts = (['created', 'modified', 'removed'] as const).map(
    (change) => `${entries.filter((entry) => entry.change === change).length} ${change}`,
  );
  const status = result.exitStatus ?? 'a status that is not known';
  streams.out(`\n${commandNames[tool]} would exit with ${status}: ${counts.join(', ')}\n`);
}

/** One message of a tool: place, severity, text. */
export function formatMessage(message: Message, style: Style): string {
  const line = message.place?.line === undefined ? '' : `:${message.place.line}`;
  const place = message.place === undefined ? '' : `${printable(message.place.file)}${line}: `;
  return `${place}${paintMessage(message.severity, style)(message.severity)}: ${printable(message.text)}`;
}

function paintMessage(severity: MessageSeverity, style: Style): (text: string) => string {
  switch (severity) {
    case 'error':
      return style.error;
    case 'warning':
      return style.warning;
    case 'notice':
    case 'info':
      return style.info;
    default:
      return severity satisfies never;
  }
}
