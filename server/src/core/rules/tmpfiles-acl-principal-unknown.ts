import { findingFromMessage, type Rule } from './rule.ts';

/** ACL entries for users and groups that do not exist. */
export const tmpfilesAclPrincipalUnknown: Rule = {
  id: 'tmpfiles-acl-principal-unknown',
  severity: 'warning',
  phase: 'tmpfiles',
  title: 'an ACL line names a user or group that does not exist',
  manual: {
    what: 'a and A lines with an entry for an account that is not in the database.',
    why: 'The whole ACL of the line is not set; systemd-tmpfiles only warns. The path keeps the rights of its mode.',
    fix: 'Declare the account in sysusers.d.',
    bad: `--- /usr/lib/tmpfiles.d/harbor.conf
d /var/log/harbor
a /var/log/harbor - - - - u:lantern:r-x
`,
    good: `--- /usr/lib/tmpfiles.d/harbor.conf
d /var/log/harbor
a /var/log/harbor - - - - u:lantern:r-x
--- /usr/lib/sysusers.d/harbor.conf
u lantern - "Lantern keeper"
`,
    references: ['tmpfiles.d(5)', 'systemd/systemd#23745'],
  },
  *check(context) {
    for (const message of context.messages('acl-principal-unknown')) {
      const finding = findingFromMessage(message, { severity: 'warning', consequence: 'the ACL is not set' });
      if (finding !== undefined) yield finding;
    }
  },
};
