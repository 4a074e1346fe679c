import { compareBytes } from '../text/bytes.ts';
import { baseName, joinPath } from '../tree/tree.ts';
import { generatorInputs } from '../units/generators/run-generators.ts';
import type { Rule, RuleFinding } from './rule.ts';
import type { RuleContext } from './rule-context.ts';
import { joined } from './unit-findings.ts';

/** First systemd that no longer makes units of init scripts (NEWS of 260). */
const WITHOUT_INIT_SCRIPTS = 260;

/** Units that a generator makes of configuration which the reset has taken away. */
export const generatorInputLost: Rule = {
  id: 'generator-input-lost',
  severity: 'warning',
  phase: 'start',
  title: 'a generator finds nothing of what it makes units from',
  manual: {
    what: "Looks for generators of the image that are not systemd's own and name a path below /etc or /var which the image has and the boot has not; and for init scripts in /etc/init.d without a unit of their name.",
    why: 'The units that the generator makes today are not made, without any error. An init script is lost together with /etc.',
    fix: 'Bring the configuration back with tmpfiles.d from /usr/share/factory, or ship a unit file in /usr/lib/systemd/system instead.',
    bad: `--- /etc/init.d/lantern 0755
#!/bin/sh
### BEGIN INIT INFO
# Provides: lantern
# Default-Start: 2 3 4 5
# Default-Stop: 0 1 6
### END INIT INFO
exec /usr/bin/true
--- /etc/rc3.d/S01lantern -> ../init.d/lantern
`,
    good: `--- /etc/init.d/lantern 0755
#!/bin/sh
### BEGIN INIT INFO
# Provides: lantern
# Default-Start: 2 3 4 5
# Default-Stop: 0 1 6
### END INIT INFO
exec /usr/bin/true
--- /etc/rc3.d/S01lantern -> ../init.d/lantern
--- /usr/lib/systemd/system/lantern.service
[Service]
ExecStart=/usr/bin/true
[Install]
WantedBy=multi-user.target
`,
    references: ['systemd.generator(7)', 'systemd-sysv-generator(8)'],
  },
  *check(context) {
    if (context.simulation.volatile === 'no' || context.simulation.volatile === 'overlay') return;
    yield* lostInputs(context);
    if (context.simulation.inputs.systemd.version < WITHOUT_INIT_SCRIPTS) yield* lostInitScripts(context);
  },
};

function* lostInputs(context: RuleContext): Generator<RuleFinding> {
  const { simulation, shipped } = context;
  const { image, tree } = simulation;
  for (const path of simulation.units.store.unknownGenerators) {
    const lost = generatorInputs(shipped, path, (program) => image.embeddedPaths?.(program)).filter(
      (input) => shipped.lookup(input) !== undefined && tree.lookup(input) === undefined,
    );
    if (lost.length === 0) continue;
    yield {
      message: `the generator ${baseName(path)} reads ${joined(lost)}, which ${lost.length === 1 ? 'is' : 'are'} gone`,
      place: { file: path },
      confidence: 'likely',
      consequence: 'the units that it makes from there today are not made, and nothing says so',
      help: `bring ${lost[0]} back with tmpfiles.d`,
      related: lost.map((input) => ({ file: input, message: 'the image ships it; nothing brings it back' })),
      subject: path,
    };
  }
}

/** Scripts that a runlevel starts today and that no unit replaces. */
function* lostInitScripts(context: RuleContext): Generator<RuleFinding> {
  const { simulation, shipped } = context;
  const started = new Set<string>();
  for (const level of ['2', '3', '4', '5', 'S']) {
    const links = shipped.lookup(`/etc/rc${level}.d`);
    for (const name of links?.type === 'directory' ? links.names() : []) {
      const script = /^S\d\d(.+)$/.exec(name)?.[1];
      if (script !== undefined) started.add(script);
    }
  }
  for (const script of [...started].sort(compareBytes)) {
    const path = joinPath('/etc/init.d', script);
    if (shipped.lookup(path)?.type !== 'file' || simulation.tree.lookup(path) !== undefined) continue;
    const unit = simulation.units.store.load(`${script.replace(/\.sh$/, '')}.service`);
    if (unit.loadState !== 'not-found') continue;
    yield {
      message: `the init script ${path} is lost, and there is no unit ${unit.name}`,
      place: { file: path },
      consequence: `${unit.name}, which systemd makes of the script today, does not exist`,
      help: `ship /usr/lib/systemd/system/${unit.name}`,
      affects: [unit.name],
      subject: path,
    };
  }
}
