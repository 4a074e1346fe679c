import type { Rule } from './rule.ts';
import { obstacleFindings } from './unit-findings.ts';

/** Mounts whose mount point is neither there nor can be made. */
export const mountPointUncreatable: Rule = {
  id: 'mount-point-uncreatable',
  severity: 'error',
  phase: 'start',
  title: 'a mount point does not exist and cannot be made',
  manual: {
    what: 'Looks for the mount points of .mount and .automount units in the tree, and whether one that is missing lies on a read-only file system; and for sources of bind mounts that do not exist and cannot be made.',
    why: 'systemd makes a missing mount point, but not on a read-only file system: the mount fails, and with it everything that lies below.',
    fix: 'Ship the directory in the image, or mount below /run, /var or /mnt on a writable file system.',
    bad: `--- /usr/lib/systemd/system/usr-share-lantern.mount
[Mount]
What=tmpfs
Where=/usr/share/lantern
Type=tmpfs
[Install]
WantedBy=multi-user.target
`,
    good: `--- /usr/lib/systemd/system/usr-share-lantern.mount
[Mount]
What=tmpfs
Where=/usr/share/lantern
Type=tmpfs
[Install]
WantedBy=multi-user.target
--- /usr/share/lantern/
`,
    references: ['systemd.mount(5)', 'coreos/rpm-ostree#337', 'coreos/fedora-coreos-tracker#270'],
  },
  *check(context) {
    yield* obstacleFindings(context, ['mount-point-read-only', 'mount-source-missing', 'socket-unbindable'], () => ({
      help: 'ship the directory in the image, or choose one on a writable file system',
    }));
  },
};
