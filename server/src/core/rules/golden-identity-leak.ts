import { joinPath, parentPath } from '../tree/tree.ts';
import type { Rule } from './rule.ts';

/** What is secret or particular to one machine, by directory and name. */
const leaks: readonly { readonly directory: string; readonly name: RegExp; readonly what: string }[] = [
  { directory: '/etc/ssh', name: /^ssh_host_.*_key$/, what: 'an SSH host key' },
  { directory: '/var/lib/systemd', name: /^random-seed$/, what: 'a random seed' },
  { directory: '/var/lib/systemd', name: /^credential\.secret$/, what: 'the key that encrypts credentials' },
  { directory: '/etc', name: /^\.updated$/, what: 'the stamp of an update that was done elsewhere' },
  { directory: '/var', name: /^\.updated$/, what: 'the stamp of an update that was done elsewhere' },
];

/** Files that make every machine of an image the same machine. */
export const goldenIdentityLeak: Rule = {
  id: 'golden-identity-leak',
  severity: 'warning',
  phase: 'image',
  title: 'the image carries what only one machine may have',
  manual: {
    what: 'Looks for SSH host keys, the random seed, the credential key and update stamps in the shipped /etc and /var.',
    why: 'All machines made from the image share the secret, or believe that /etc and /var are newer than /usr and skip the services that refresh them.',
    fix: 'Delete the file as the last step of the image build; it is made anew on the machine.',
    bad: `--- /etc/ssh/ssh_host_ed25519_key
not a real key
`,
    good: `--- /etc/ssh/ssh_config
Host *
`,
    references: ['systemd: docs/BUILDING_IMAGES.md', 'ConditionNeedsUpdate= in systemd.unit(5)'],
  },
  *check(context) {
    for (const { directory, name, what } of leaks) {
      const inode = context.shipped.lookup(directory);
      if (inode?.type !== 'directory') continue;
      for (const entry of inode.names().sort()) {
        if (!name.test(entry) || inode.child(entry)?.type !== 'file') continue;
        const path = joinPath(directory, entry);
        yield {
          message: `the image carries ${what}`,
          place: { file: path },
          consequence:
            entry === '.updated'
              ? `units with ConditionNeedsUpdate=${parentPath(path)} are skipped unless /usr is newer`
              : 'every machine made from this image has the same one',
          help: `delete ${path} at the end of the image build`,
          subject: path,
        };
      }
    }
  },
};
