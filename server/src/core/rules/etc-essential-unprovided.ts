import { compareBytes } from '../text/bytes.ts';
import type { Tree } from '../tree/tree.ts';
import { joinPath } from '../tree/tree.ts';
import type { Rule, RuleFinding } from './rule.ts';
import type { RuleContext } from './rule-context.ts';
import { joined } from './unit-findings.ts';

/** One thing that nearly every system keeps in /etc and that nothing but a package's installation puts there. */
interface Essential {
  /** What is lost, if the shipped image has it and the boot has not; undefined if all is well. */
  readonly lost: (context: RuleContext) => Lost | undefined;
  readonly message: (lost: Lost) => string;
  readonly consequence: string;
  readonly help: string;
}

interface Lost {
  readonly path: string;
  readonly what?: string;
  readonly affects?: readonly string[];
}

const essentials: readonly Essential[] = [
  {
    lost: (context) =>
      lostUnless(context, '/etc/pam.d/login', ['/etc/pam.d/login', '/etc/pam.d/other', '/usr/lib/pam.d/login'], {
        affects: unitsNamed(context, /^(getty@|serial-getty@|console-getty|container-getty@).*service$/),
      }),
    message: () => 'no PAM configuration is left for logins',
    consequence: 'nobody can log in at the console: PAM refuses a service without configuration',
    help: 'copy /etc/pam.d from /usr/share/factory with "C /etc/pam.d" in tmpfiles.d, or ship it where the distribution\'s PAM looks below /usr',
  },
  {
    lost: (context) => {
      const path = '/etc/nsswitch.conf';
      const sources = context
        .shippedText(path)
        ?.match(/\b(systemd|altfiles|extrausers|resolve|mymachines|myhostname|sss|ldap)\b/g);
      if (sources === undefined || sources === null || sources.length === 0) return undefined;
      const vendor = ['/usr/lib/nsswitch.conf', '/usr/etc/nsswitch.conf'];
      return lostUnless(context, path, [path, ...vendor], { what: joined([...new Set(sources)].sort(compareBytes)) });
    },
    message: ({ what }) => `/etc/nsswitch.conf is lost, and with it the sources ${what}`,
    consequence: 'the C library asks its files and DNS only: dynamic users have no names, resolved is not asked',
    help: 'ship /usr/share/factory/etc/nsswitch.conf and add "C /etc/nsswitch.conf" to tmpfiles.d',
  },
  {
    lost: (context) =>
      lostUnless(context, '/etc/ssl/certs/ca-certificates.crt', ['/etc/ssl/certs/ca-certificates.crt']),
    message: () => 'the bundle of CA certificates is lost',
    consequence: 'no program that reads it can verify a TLS server',
    help: 'make the bundle at boot from /usr/share/ca-certificates, or link /etc/ssl/certs to a copy below /usr',
  },
  {
    lost: (context) => {
      const directory = '/etc/ld.so.conf.d';
      const extra = entriesOf(context.shipped, directory).filter(
        (name) => name.endsWith('.conf') && context.simulation.tree.lookup(joinPath(directory, name)) === undefined,
      );
      const paths = extra
        .flatMap((name) => (context.shippedText(joinPath(directory, name)) ?? '').split('\n'))
        .map((line) => line.trim())
        .filter((line) => line.startsWith('/') && !/^\/(usr\/)?lib(64|32)?(\/[\w-]+-linux-gnu\w*)?$/.test(line))
        .filter((line) => !line.startsWith('/usr/local/') && context.simulation.tree.lookup(line) !== undefined);
      return paths.length === 0 ? undefined : { path: directory, what: joined(paths) };
    },
    message: ({ what }) => `the dynamic linker no longer looks into ${what}`,
    consequence: 'programs that need libraries from there do not start',
    help: 'let tmpfiles.d copy /etc/ld.so.conf.d from the factory, or give the programs a run path',
  },
  {
    lost: (context) => {
      const directory = '/etc/dbus-1/system.d';
      const files = entriesOf(context.shipped, directory).filter(
        (name) =>
          name.endsWith('.conf') &&
          context.simulation.tree.lookup(joinPath(directory, name)) === undefined &&
          context.simulation.tree.lookup(joinPath('/usr/share/dbus-1/system.d', name)) === undefined,
      );
      return files.length === 0 ? undefined : { path: directory, what: joined(files) };
    },
    message: ({ what }) => `the bus policies ${what} are lost`,
    consequence: 'the system bus refuses the names and calls that they allow',
    help: 'ship them in /usr/share/dbus-1/system.d',
  },
  {
    lost: (context) => {
      const links = danglingAlternatives(context);
      return links.length === 0 ? undefined : { path: '/etc/alternatives', what: joined(links) };
    },
    message: ({ what }) => `/etc/alternatives is lost, so ${what} lead nowhere`,
    consequence: 'the programs behind those links cannot be run by these names',
    help: 'make the links in tmpfiles.d ("L /etc/alternatives/NAME"), or link to the programs directly',
  },
  {
    lost: (context) => {
      const outcome = context.simulation.units.outcomes.find(({ unit }) => unit.name === 'systemd-firstboot.service');
      const isAsking =
        outcome?.outcome === 'active' &&
        outcome.unit.list('Service', 'ExecStart').some(({ entry }) => entry.value.includes('--prompt'));
      if (!isAsking || context.simulation.tree.lookup('/etc/locale.conf') !== undefined) return undefined;
      return {
        path: outcome.unit.fragmentPath ?? '/usr/lib/systemd/system/systemd-firstboot.service',
        affects: ['systemd-firstboot.service'],
      };
    },
    message: () => 'systemd-firstboot asks at the console for what /etc lacks',
    consequence:
      'a machine that nobody sits at waits at its first boot, unless systemd.firstboot=off is on the kernel command line',
    help: 'make /etc/locale.conf, /etc/localtime and the root account by tmpfiles.d, credentials or systemd.firstboot=off',
  },
];

/** What lives in /etc on every distribution and is missed everywhere when it is gone. */
export const etcEssentialUnprovided: Rule = {
  id: 'etc-essential-unprovided',
  severity: 'warning',
  phase: 'start',
  title: 'something that every system needs in /etc is not brought back',
  manual: {
    what: 'Looks for a few things that programs take for granted and that the image ships in /etc only: PAM for logins, nsswitch.conf with sources of its own, the CA certificates, directories of the dynamic linker, D-Bus policies, alternatives, and the questions of systemd-firstboot.',
    why: 'No unit names them, so no unit fails for them at its start: logins are refused, names are not resolved, TLS fails, a boot waits for an answer.',
    fix: "Ship the vendor's copy below /usr where the program looks there, or bring the file back from /usr/share/factory with a C or L line of tmpfiles.d.",
    bad: `--- /etc/pam.d/login
auth required pam_unix.so
`,
    good: `--- /etc/pam.d/login
auth required pam_unix.so
--- /usr/share/factory/etc/pam.d/login
auth required pam_unix.so
--- /usr/lib/tmpfiles.d/pam.conf
C /etc/pam.d
`,
    references: [
      'systemd/systemd#12950',
      'linux-pam/linux-pam#127',
      'systemd/systemd#5395',
      'systemd/mkosi#2025',
      'nss-systemd(8)',
      'ldconfig(8)',
    ],
  },
  *check(context) {
    if (context.simulation.volatile !== 'yes') return;
    for (const essential of essentials) {
      const lost = essential.lost(context);
      if (lost === undefined) continue;
      const finding: RuleFinding = {
        message: essential.message(lost),
        place: { file: lost.path },
        consequence: essential.consequence,
        help: essential.help,
        affects: lost.affects ?? [],
        subject: lost.path,
      };
      yield finding;
    }
  },
};

/** The path is lost if the image ships it and none of the alternatives is there after the boot. */
function lostUnless(
  context: RuleContext,
  path: string,
  alternatives: readonly string[],
  more: Omit<Lost, 'path'> = {},
): Lost | undefined {
  if (context.shipped.lookup(path) === undefined) return undefined;
  if (alternatives.some((one) => context.simulation.tree.lookup(one) !== undefined)) return undefined;
  return { path, ...more };
}

function unitsNamed(context: RuleContext, name: RegExp): readonly string[] {
  return context.simulation.units.outcomes
    .filter(({ unit, outcome }) => name.test(unit.name) && outcome === 'active')
    .map(({ unit }) => unit.name);
}

function entriesOf(tree: Tree, directory: string): readonly string[] {
  const inode = tree.lookup(directory);
  return inode?.type === 'directory' ? inode.names().sort(compareBytes) : [];
}

/** Commands below /usr that are links to alternatives which the boot does not have. */
function danglingAlternatives({ shipped, simulation }: RuleContext): readonly string[] {
  const found: string[] = [];
  for (const directory of ['/usr/bin', '/usr/sbin']) {
    const inode = shipped.lookup(directory);
    if (inode?.type !== 'directory') continue;
    for (const name of inode.names().sort(compareBytes)) {
      const path = joinPath(directory, name);
      const link = inode.child(name);
      if (link?.type !== 'symlink' || link.target?.startsWith('/etc/alternatives/') !== true) continue;
      if (shipped.lookup(path) !== undefined && simulation.tree.lookup(path) === undefined) found.push(path);
    }
  }
  return found;
}
