import { floatingUsers } from './floating-id-owns-state.ts';
import type { Rule } from './rule.ts';

/** tmpfiles.d lines that keep systemd from handing a unit's directory over with its content. */
export const tmpfilesDefeatsStateReown: Rule = {
  id: 'tmpfiles-defeats-state-reown',
  severity: 'warning',
  phase: 'tmpfiles',
  title: 'a tmpfiles.d line takes a StateDirectory= over from systemd',
  manual: {
    what: 'Looks for d, D and z lines that give the directory of a StateDirectory=, CacheDirectory= or LogsDirectory= to an account without a fixed id.',
    why: 'When the account gets another number, systemd hands such a directory over with everything in it, but only if the directory itself has the wrong owner. The line has set that already, so that the files inside keep the old number.',
    fix: 'Delete the line, since the unit makes the directory; or put ":" in front of the owner, so that it applies to a new directory only; or use Z.',
    bad: `--- /usr/lib/sysusers.d/lantern.conf
u lantern -
--- /usr/lib/tmpfiles.d/lantern.conf
d /var/lib/lantern 0750 lantern lantern -
--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
User=lantern
StateDirectory=lantern
[Install]
WantedBy=multi-user.target
`,
    good: `--- /usr/lib/sysusers.d/lantern.conf
u lantern -
--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
User=lantern
StateDirectory=lantern
[Install]
WantedBy=multi-user.target
`,
    references: ['StateDirectory= in systemd.exec(5)', 'tmpfiles.d(5)'],
  },
  *check(context) {
    const floating = floatingUsers(context);
    const outcomes = context.tmpfilesOutcomes();
    const covered = new Set(outcomes.filter(({ node }) => node.letter === 'Z').map(({ path }) => path));
    for (const { node, path, place, result } of outcomes) {
      const user = node.user?.name;
      if (!/^[dDz]$/.test(node.letter) || result.kind !== 'applied' || path === undefined || user === undefined)
        continue;
      if (!floating.has(user) || covered.has(path) || result.user?.onlyCreate) continue;
      const makers = context.references
        .making(path)
        .filter((maker) => maker.path === path && maker.setting !== 'RuntimeDirectory');
      const [first] = makers;
      if (first === undefined) continue;
      yield {
        message: `${path} is a directory of ${first.unit}, and the line sets the owner of its top only`,
        place,
        // With /var emptied together with /etc there is nothing to hand over.
        ...(context.simulation.volatile === 'yes' ? { severity: 'info' as const } : {}),
        consequence: `when "${user}" gets another id, the files in it keep the old one`,
        help: `delete the line, or write ":${user}" so that it applies to a new directory only`,
        affects: [...new Set(makers.map(({ unit }) => unit))],
        related: makers.map(({ unit, setting, place: at }) => ({
          ...at,
          message: `${unit} makes it with ${setting}=`,
        })),
        subject: path,
      };
    }
  },
};
