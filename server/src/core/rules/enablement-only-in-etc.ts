import { baseName, joinPath } from '../tree/tree.ts';
import type { Rule } from './rule.ts';

/** Enablement links and masks of the image that presets do not make again. */
export const enablementOnlyInEtc: Rule = {
  id: 'enablement-only-in-etc',
  severity: 'warning',
  phase: 'preset',
  title: "a unit is enabled, aliased or masked only by a link in the image's /etc",
  manual: {
    what: 'Compares the links in the shipped /etc/systemd/system with those that the presets make on an empty /etc.',
    why: 'The link is gone after a reset and nothing makes it again, so the unit is not started any more, loses its other name, or, if it was masked, comes back to life.',
    fix: 'Enable the unit in a preset file below /usr, or ship the link itself in /usr/lib/systemd/system.',
    bad: `--- /usr/lib/systemd/system/mooring.service
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
--- /usr/lib/systemd/system-preset/90-default.preset
disable *
--- /etc/systemd/system/multi-user.target.wants/mooring.service -> /usr/lib/systemd/system/mooring.service
`,
    good: `--- /usr/lib/systemd/system/mooring.service
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
--- /usr/lib/systemd/system-preset/80-mooring.preset
enable mooring.service
--- /usr/lib/systemd/system-preset/90-default.preset
disable *
--- /etc/systemd/system/multi-user.target.wants/mooring.service -> /usr/lib/systemd/system/mooring.service
`,
    references: ['systemd.preset(5)', 'CentOS/centos-bootc#167', 'osbuild/image-builder#130'],
  },
  *check(context) {
    if (context.simulation.volatile !== 'yes') return;
    const directory = '/etc/systemd/system';
    const shipped = context.shipped.lookup(directory);
    if (shipped?.type !== 'directory') return;
    for (const name of shipped.names().sort()) {
      const child = shipped.child(name);
      const path = joinPath(directory, name);
      if (child?.type === 'symlink') {
        if (context.simulation.tree.lookup(path, { follow: false }) !== undefined) continue;
        const isMask = child.target === '/dev/null';
        if (isMask && !isShippedInUsr(name)) continue;
        const unit = baseName(child.target ?? '');
        yield isMask
          ? {
              message: `${name} is masked only by the image's /etc`,
              place: { file: path },
              consequence: 'after a reset it can be started again',
              help: `mask it in /usr (an empty /usr/lib/systemd/system/${name}), or disable it in a preset`,
              affects: [name],
              subject: name,
            }
          : {
              message: `the name ${name} for ${unit} exists only in the image's /etc`,
              place: { file: path },
              consequence: `nothing is called ${name} after a reset; what asks for that name does not find it`,
              help: `give ${unit} an Alias= that a preset enables, or ship the link in /usr/lib/systemd/system`,
              affects: [unit],
              subject: name,
            };
        continue;
      }
      const [, target, kind] = /^(.+)\.(wants|requires|upholds)$/.exec(name) ?? [];
      if (child?.type !== 'directory' || target === undefined || kind === undefined) continue;
      for (const unit of child.names().sort()) {
        const link = joinPath(path, unit);
        if (context.simulation.tree.lookup(link, { follow: false }) !== undefined) continue;
        if (context.simulation.tree.lookup(`/usr/lib/systemd/system/${name}/${unit}`, { follow: false }) !== undefined)
          continue;
        yield {
          message: `${unit} is enabled for ${target} only by the image's /etc`,
          place: { file: link },
          consequence: `after a reset ${target} no longer pulls it in`,
          suggestion: {
            file: `/usr/lib/systemd/system-preset/50-${unit.slice(0, unit.lastIndexOf('.'))}.preset`,
            lines: [`enable ${unit}`],
          },
          affects: [unit],
          subject: `${name}/${unit}`,
        };
      }
    }

    function isShippedInUsr(unit: string): boolean {
      return ['/usr/lib/systemd/system', '/lib/systemd/system'].some(
        (path) => context.shipped.lookup(joinPath(path, unit)) !== undefined,
      );
    }
  },
};
