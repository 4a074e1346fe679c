import type { Unit } from '../units/unit.ts';
import type { Rule } from './rule.ts';

/** Units that run once after an update, but whose order does not fit the stamp that ends the update. */
export const needsUpdateHygiene: Rule = {
  id: 'needs-update-hygiene',
  severity: 'warning',
  phase: 'start',
  title: 'a unit with ConditionNeedsUpdate= or ConditionFirstBoot= misses its place in the boot',
  manual: {
    what: 'Looks for units with ConditionNeedsUpdate= that are not ordered before systemd-update-done.service, and for units with ConditionFirstBoot=yes that are not ordered before first-boot-complete.target.',
    why: 'systemd-update-done writes the stamp that makes the condition false. A unit that is not ordered before it may find the stamp already there and is skipped although it should have run. A first boot that is interrupted counts as done before the unit has run.',
    fix: 'Add Before=systemd-update-done.service (with DefaultDependencies=no, because that comes before sysinit.target), or Before=first-boot-complete.target with Wants=first-boot-complete.target.',
    bad: `--- /usr/lib/systemd/system/lantern-cache.service
[Unit]
ConditionNeedsUpdate=/var
[Service]
Type=oneshot
ExecStart=/usr/bin/true
[Install]
WantedBy=sysinit.target
`,
    good: `--- /usr/lib/systemd/system/lantern-cache.service
[Unit]
DefaultDependencies=no
ConditionNeedsUpdate=/var
After=local-fs.target
Before=sysinit.target systemd-update-done.service
[Service]
Type=oneshot
ExecStart=/usr/bin/true
[Install]
WantedBy=sysinit.target
`,
    references: [
      'ConditionNeedsUpdate= in systemd.unit(5)',
      'systemd-update-done.service(8)',
      'ostreedev/ostree#3069',
      'systemd/systemd#19836',
    ],
  },
  *check(context) {
    for (const { unit, outcome } of context.simulation.units.outcomes) {
      if (outcome === 'absent' || outcome === 'masked') continue;
      yield* stamps(unit).flatMap(({ key, target, accepts }) => {
        const value = unit.all('Unit', key).find(({ entry }) => accepts.test(entry.value));
        // The units that the stamp's own service waits for say so on their side, or with default ordering of a target.
        if (value === undefined || unit.names.includes(target) || isBefore(unit, target)) return [];
        return [
          {
            message: `${unit.name} is not ordered before ${target}`,
            place: unit.place(value),
            severity:
              unit.files.length > 0 && outcome !== 'idle' && outcome !== 'unloaded'
                ? ('warning' as const)
                : ('info' as const),
            consequence: `${key}= may be false already when the unit gets its turn`,
            help: `add Before=${target} to [Unit]`,
            affects: [unit.name],
            subject: unit.name,
          },
        ];
      });
    }
  },
};

function stamps(unit: Unit): readonly { readonly key: string; readonly target: string; readonly accepts: RegExp }[] {
  const isTemplateless = unit.type === 'service';
  if (!isTemplateless) return [];
  return [
    { key: 'ConditionNeedsUpdate', target: 'systemd-update-done.service', accepts: /^\|?\/(etc|var)$/ },
    { key: 'ConditionFirstBoot', target: 'first-boot-complete.target', accepts: /^\|?(1|y|yes|t|true|on)$/i },
  ];
}

/** Before= of the unit itself, or of a target that it stands before, one step on. */
function isBefore(unit: Unit, target: string): boolean {
  return unit.dependencies.some((dependency) => dependency.kind === 'Before' && dependency.target === target);
}
