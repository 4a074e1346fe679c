import { configDirectories, configKinds, findConfigFiles, isHiddenOrBackup } from '../layering/config-files.ts';
import { compareBytes } from '../text/bytes.ts';
import { joinPath } from '../tree/tree.ts';
import { findingFromMessage, type Rule, type RuleFinding } from './rule.ts';
import type { RuleContext } from './rule-context.ts';

/** Configuration files that cannot be read, or not to their end. */
export const configFileUnreadable: Rule = {
  id: 'config-file-unreadable',
  severity: 'warning',
  phase: 'image',
  title: 'a configuration file cannot be read, or not to its end',
  manual: {
    what: 'tmpfiles.d, sysusers.d and preset files that are directories, links into nowhere or unreadable, that hold a line of a mebibyte or more, or whose content the image leaves out.',
    why: 'systemd passes over such a file, or over what follows the long line, and only logs it; since 258 it does not even log that it found a directory. Content that an image leaves out is not judged at all.',
    fix: 'Replace the file, or split the line.',
    bad: `--- /usr/lib/tmpfiles.d/lantern.conf/
`,
    good: `--- /usr/lib/tmpfiles.d/lantern.conf
d /run/lantern
`,
    references: ['tmpfiles.d(5)', 'sysusers.d(5)'],
  },
  *check(context) {
    for (const message of context.messages(
      'config-unreadable',
      'config-content-unknown',
      'config-unknown',
      'line-too-long',
    )) {
      const isUnknown = message.code === 'config-content-unknown' || message.code === 'config-unknown';
      const finding = findingFromMessage(message, {
        severity: isUnknown ? 'info' : 'warning',
        consequence: isUnknown
          ? 'what it makes is unknown and not shown'
          : 'nothing of it, or nothing behind the line, takes effect',
      });
      if (finding !== undefined) yield finding;
    }
    yield* passedOver(context);
  },
};

/** Newer versions look what a name is before they take it for a file (behaviour dangling-config-link-masks). */
function* passedOver({ simulation: { tree, inputs } }: RuleContext): Generator<RuleFinding> {
  if (inputs.systemd.has('dangling-config-link-masks')) return;
  for (const kind of ['tmpfiles', 'sysusers'] as const) {
    const { files } = findConfigFiles(tree, kind, inputs);
    const read = new Set(files.flatMap(({ path, overrides }) => [path, ...overrides]));
    for (const directory of configDirectories(kind, inputs.systemd)) {
      const found = tree.walk(directory);
      if (found.kind !== 'found' || found.inode.type !== 'directory') continue;
      for (const name of [...found.inode.names()].sort(compareBytes)) {
        const path = joinPath(found.path, name);
        if (!name.endsWith(configKinds[kind].suffix) || isHiddenOrBackup(name) || read.has(path)) continue;
        const type = tree.lookup(path)?.type;
        yield {
          message: `${path} ${type === undefined ? 'is a link that leads nowhere' : `is a ${type}`}`,
          place: { file: path },
          consequence: 'it is passed over, and nothing says so',
          subject: path,
        };
      }
    }
  }
}
