import { isPathMadeLater } from './made-later.ts';
import type { Rule } from './rule.ts';
import { obstacleFindings } from './unit-findings.ts';

/** EnvironmentFile= without a dash whose file is gone. */
export const environmentFileMissing: Rule = {
  id: 'environment-file-missing',
  severity: 'error',
  phase: 'start',
  title: 'EnvironmentFile= names a file that does not exist',
  manual: {
    what: "Looks for the files in EnvironmentFile= in the tree as it stands when the unit starts; a pattern must match at least one. A file in the unit's own RuntimeDirectory= does not exist yet when the files are read.",
    why: 'The manager gives up before it runs anything, with the result "resources". Packages ship such files as /etc/default/NAME or /etc/sysconfig/NAME, which an empty /etc does not have.',
    fix: 'Put a "-" in front of the path, and let the program start with its defaults. Or ship the file in /usr/share/factory and copy it with a C line of tmpfiles.d.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Service]
EnvironmentFile=/etc/default/lantern
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Service]
EnvironmentFile=-/etc/default/lantern
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
`,
    references: ['EnvironmentFile= in systemd.exec(5)', 'mchehab/rasdaemon#57', 'ClusterLabs/pacemaker#40'],
  },
  *check(context) {
    yield* obstacleFindings(context, ['environment-file-missing'], ({ obstacle }) =>
      isPathMadeLater(obstacle.subject, context)
        ? undefined
        : { help: `write EnvironmentFile=-${obstacle.subject} if the program has defaults` },
    );
  },
};
