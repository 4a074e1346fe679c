import type { Rule } from './rule.ts';

/** Images whose programs do not all lie below /usr. */
export const usrNotMerged: Rule = {
  id: 'usr-not-merged',
  severity: 'error',
  phase: 'skeleton',
  title: '/bin, /sbin or /lib is a directory of its own',
  manual: {
    what: 'Looks whether the top-level directories for programs and libraries are links into /usr.',
    why: 'When only /usr survives, nothing of a separate /bin or /lib is left, and the system does not boot.',
    fix: 'Merge the directories into /usr and make links of them.',
    bad: `--- /bin/
--- /usr/bin/
`,
    good: `--- /bin -> usr/bin
--- /usr/bin/
`,
    references: ['file-hierarchy(7)', 'systemd-nspawn(1), --volatile='],
  },
  *check(context) {
    if (context.simulation.image.completeness === 'partial') return;
    for (const message of context.messages('usr-not-merged')) {
      const directory = ['/bin', '/sbin', '/lib'].find(
        (path) => context.shipped.lookup(path, { follow: false })?.type === 'directory',
      );
      yield {
        message: message.text,
        place: { file: directory ?? '/' },
        consequence: 'systemd-nspawn --volatile=yes and systemd.volatile=yes refuse the image',
        help: 'move the content into /usr and make a link',
      };
    }
  },
};
