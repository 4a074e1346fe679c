import { configKinds, findConfigFiles } from '../layering/config-files.ts';
import type { Rule } from './rule.ts';

/** Files of a higher directory that hide a vendor file of the same name. */
export const vendorFileReplaced: Rule = {
  id: 'vendor-file-replaced',
  severity: 'warning',
  phase: 'image',
  title: 'a file hides a vendor file of the same name and drops lines of it',
  manual: {
    what: 'tmpfiles.d, sysusers.d and preset files for which a directory of lower priority has one of the same name with lines that the winner lacks.',
    why: 'Only the winner is read. What the hidden lines would have made does not exist.',
    fix: 'Take the missing lines over, or give the file a name of its own.',
    bad: `--- /usr/lib/tmpfiles.d/lantern.conf
d /run/lantern 0755 root root -
d /var/lib/lantern 0755 root root -
--- /usr/local/lib/tmpfiles.d/lantern.conf
d /run/lantern 0700 root root -
`,
    good: `--- /usr/lib/tmpfiles.d/lantern.conf
d /run/lantern 0755 root root -
d /var/lib/lantern 0755 root root -
--- /usr/local/lib/tmpfiles.d/lantern.conf
d /run/lantern 0700 root root -
d /var/lib/lantern 0755 root root -
`,
    references: ['tmpfiles.d(5)', 'sysusers.d(5)', 'systemd/systemd#15675'],
  },
  *check(context) {
    const { tree, inputs } = context.simulation;
    for (const kind of ['tmpfiles', 'sysusers', 'preset'] as const) {
      for (const file of findConfigFiles(tree, kind, inputs).files) {
        const [hidden] = file.overrides;
        if (hidden === undefined || file.text === undefined) continue;
        const kept = subjectsOf(file.text);
        const lost = [...subjectsOf(context.source(hidden)?.text ?? '')].filter((subject) => !kept.has(subject));
        if (lost.length === 0) continue;
        const named = lost.slice(0, 3).join(', ') + (lost.length > 3 ? ` and ${lost.length - 3} more` : '');
        yield {
          message: `${file.path} ${file.isMask ? 'masks' : 'hides'} ${hidden}, which has lines that it lacks: ${named}`,
          place: { file: file.path },
          // A mask is a decision, not an oversight.
          severity: file.isMask ? 'info' : 'warning',
          consequence: `these lines of ${configKinds[kind].directory} do not take effect`,
          help: file.isMask ? 'remove the mask if they should' : 'take them over, or give the file a name of its own',
          related: [{ file: hidden, message: 'the file that is not read' }],
          subject: file.name,
        };
      }
    }
  },
};

/** The second word of each line: the path, the account or the unit that it is about. */
function subjectsOf(text: string): Set<string> {
  const subjects = new Set<string>();
  for (const line of text.split('\n')) {
    const [first = '', second] = line.trim().split(/\s+/);
    if (second !== undefined && !/^[#;]/.test(first)) subjects.add(second);
  }
  return subjects;
}
