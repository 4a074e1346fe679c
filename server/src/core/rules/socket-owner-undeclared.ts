import { declareAccount } from './account-lines.ts';
import { isMadeLater } from './made-later.ts';
import type { Rule } from './rule.ts';
import { obstacleFindings } from './unit-findings.ts';

/** Sockets that are to belong to a user or group which nobody makes. */
export const socketOwnerUndeclared: Rule = {
  id: 'socket-owner-undeclared',
  severity: 'error',
  phase: 'start',
  title: 'a socket is to belong to a user or group that does not exist',
  manual: {
    what: 'Looks up the accounts in SocketUser= and SocketGroup= in the databases as they stand when the socket starts.',
    why: 'The socket fails, and with it every service that requires it. What it would have started on demand is never started.',
    fix: 'Declare the account in /usr/lib/sysusers.d.',
    bad: `--- /usr/lib/systemd/system/lantern.socket
[Socket]
ListenStream=/run/lantern.sock
SocketGroup=lamps
[Install]
WantedBy=sockets.target
--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
`,
    good: `--- /usr/lib/systemd/system/lantern.socket
[Socket]
ListenStream=/run/lantern.sock
SocketGroup=lamps
[Install]
WantedBy=sockets.target
--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
--- /usr/lib/sysusers.d/lantern.conf
g lamps -
`,
    references: ['SocketUser= in systemd.socket(5)', 'ublue-os/bazzite-dx#222'],
  },
  *check(context) {
    yield* obstacleFindings(context, ['socket-owner-missing'], ({ obstacle }) => {
      const isUser = obstacle.result?.startsWith('217') === true;
      const kind = isUser ? 'user' : 'group';
      if (isMadeLater(kind, obstacle.subject, context)) return undefined;
      return declareAccount(kind, obstacle.subject, context);
    });
  },
};
