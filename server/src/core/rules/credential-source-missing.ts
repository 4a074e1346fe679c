import { isPathMadeLater } from './made-later.ts';
import type { Rule } from './rule.ts';
import { obstacleFindings } from './unit-findings.ts';

/** Credentials that are to be loaded from a file which is gone. */
export const credentialSourceMissing: Rule = {
  id: 'credential-source-missing',
  severity: 'error',
  phase: 'start',
  title: 'LoadCredential= names a file that does not exist',
  manual: {
    what: 'Looks for the files in LoadCredential=ID:/path and LoadCredentialEncrypted= in the tree as it stands when the unit starts. A default in SetCredential= forgives, and so does leaving the path out.',
    why: 'The service fails with 243/CREDENTIALS before its program is run.',
    fix: 'Use ImportCredential=, or LoadCredential=ID without a path, which looks in the credential stores and does not fail; or give a default with SetCredential=.',
    bad: `--- /usr/lib/systemd/system/lantern.service
[Service]
LoadCredential=token:/etc/lantern/token
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
`,
    good: `--- /usr/lib/systemd/system/lantern.service
[Service]
LoadCredential=token
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
`,
    references: ['LoadCredential= in systemd.exec(5)', 'systemd/systemd#35077', 'systemd/systemd#32667'],
  },
  *check(context) {
    yield* obstacleFindings(context, ['credential-missing'], ({ obstacle }) =>
      isPathMadeLater(obstacle.subject, context)
        ? undefined
        : { help: 'leave the path out, use ImportCredential=, or give a default with SetCredential=' },
    );
  },
};
