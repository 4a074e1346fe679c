import type { Rule } from './rule.ts';

/** Ids that were to be taken from a file that is not there. */
export const sysusersIdPathMissing: Rule = {
  id: 'sysusers-id-path-missing',
  severity: 'warning',
  phase: 'sysusers',
  title: 'the id is to come from a file that does not exist yet',
  manual: {
    what: 'Lines whose id is the owner of a file, if that file does not exist when systemd-sysusers runs on the emptied tree.',
    why: 'The account silently gets an automatic id, which may be another at every reset.',
    fix: 'Name a file below /usr, which a reset keeps, or give a fixed id.',
    bad: `--- /usr/lib/sysusers.d/lantern.conf
u lantern /var/lib/lantern "Lantern keeper"
--- /var/lib/lantern/ 0755 900:900
`,
    good: `--- /usr/lib/sysusers.d/lantern.conf
u lantern /usr/libexec/lantern "Lantern keeper"
--- /usr/libexec/lantern 4755 900:900
`,
    references: ['sysusers.d(5)'],
  },
  *check(context) {
    const { sysusers } = context.simulation;
    if (sysusers.kind !== 'ran') return;
    const accounts = [
      ...sysusers.result.users.map(({ entry, cause, id }) => ({
        kind: 'user',
        name: entry.name,
        number: entry.uid,
        cause,
        id,
      })),
      ...sysusers.result.groups.map(({ entry, cause, id }) => ({
        kind: 'group',
        name: entry.name,
        number: entry.gid,
        cause,
        id,
      })),
    ];
    const seen = new Set<string>();
    for (const { kind, name, number, cause, id } of accounts) {
      if (cause?.line === undefined || id?.from !== 'automatic') continue;
      const line = context.sysusersLine(cause.file, cause.line);
      if (line?.meaning.kind !== 'entry') continue;
      const { entry } = line.meaning;
      if ((entry.kind !== 'user' && entry.kind !== 'group') || entry.idPath === undefined) continue;
      // The group of a user comes from the same line; one finding is enough.
      if (seen.has(`${cause.file}:${cause.line}`)) continue;
      seen.add(`${cause.file}:${cause.line}`);
      if (context.simulation.tree.lookup(entry.idPath) !== undefined) continue;
      yield {
        message: `${kind} "${name}" is to have the owner of ${entry.idPath}, which does not exist at that moment`,
        place: { file: cause.file, line: cause.line, span: line.words?.id?.span ?? line.span },
        consequence: `it gets the automatic id ${number}, which other packages can change`,
        help: 'name a file below /usr, or give a fixed id',
        subject: name,
      };
    }
  },
};
