/** Random units of all types, from tables of lines. The same seed gives the same units. */

export interface GeneratedFile {
  /** Absolute path inside the tree. */
  readonly path: string;
  readonly text?: string;
  /** Set for links. */
  readonly target?: string;
}

const vendor = '/usr/lib/systemd/system';
const types = [
  'service',
  'service',
  'service',
  'socket',
  'target',
  'timer',
  'path',
  'mount',
  'automount',
  'swap',
  'slice',
];

const ownLines: Readonly<Record<string, readonly string[]>> = {
  service: [
    'Type=simple|Type=oneshot|Type=idle|Type=notify|Type=forking|Type=nonsense|Type=dbus',
    'RemainAfterExit=yes|RemainAfterExit=perhaps',
    'Restart=always|Restart=on-failure|Restart=no',
    'StandardInput=null|StandardInput=tty|StandardInput=socket|StandardInput=data|StandardInput=fd:x|StandardInput=file:/srv/f',
    'StandardOutput=inherit|StandardOutput=null|StandardOutput=journal|StandardOutput=kmsg|StandardOutput=tty|StandardOutput=append:/srv/f|StandardOutput=nonsense',
    'StandardError=null|StandardError=journal|StandardError=inherit|StandardError=journal+console',
    'StateDirectory=x|StateDirectory=a/b c:d|CacheDirectory=%n|LogsDirectory=y|RuntimeDirectory=%p/z|ConfigurationDirectory=c|StateDirectory=',
    'WorkingDirectory=/srv/w|WorkingDirectory=-/srv/w|WorkingDirectory=~|WorkingDirectory=%S/x',
    'PrivateTmp=yes|PrivateTmp=no|PrivateTmp=disconnected|PrivateTmp=nonsense',
    'DynamicUser=yes|DynamicUser=no',
    'RootDirectory=/srv/r|RootImage=/srv/r.raw',
    'MountImages=/srv/m.raw:/m|DeviceAllow=/dev/null rw|PrivateDevices=yes|DevicePolicy=closed',
    'LogNamespace=ns|LogNamespace=%p|LogNamespace=',
    'Slice=a-b.slice|Slice=system.slice|Slice=nonsense|Slice=-.slice|Slice=g-%p.slice',
    'Sockets=SOCKET|Sockets=SOCKET SOCKET',
    'PAMName=p|KillMode=none|KillMode=process|KillMode=mixed',
    'ExecStop=/bin/true|ExecStart=|ExecStart=/bin/true|ExecStart=rel/ative|ExecStart=-/bin/true ; /bin/false|ExecStartPre=/bin/true',
  ],
  socket: [
    'ListenStream=/run/g/%p|ListenStream=1|ListenStream=@x|ListenStream=|ListenStream=nonsense|ListenDatagram=/srv/s',
    'ListenFIFO=/srv/f/%n|ListenFIFO=|ListenSpecial=/dev/x|ListenNetlink=route|ListenMessageQueue=/q',
    'Accept=yes|Accept=no|MaxConnections=0',
    'Service=SERVICE|Service=nonsense|Service=TARGET',
    'Symlinks=/run/l|Symlinks=/run/l /run/m',
    'BindToDevice=eth7|BindToDevice=lo',
    'ExecStartPre=/bin/true|StandardOutput=null|PrivateTmp=yes|Slice=a.slice',
  ],
  timer: [
    'OnCalendar=daily|OnCalendar=|OnCalendar=nonsense',
    'OnBootSec=5|OnBootSec=|OnUnitActiveSec=1h|OnClockChange=yes',
    'Persistent=yes|Persistent=no',
    'Unit=SERVICE|Unit=TARGET|Unit=nonsense|Unit=missing.service',
  ],
  path: [
    'PathExists=/srv/p|PathExists=|PathExists=relative|PathExistsGlob=/srv/*/x|PathChanged=/var/y',
    'DirectoryNotEmpty=/srv/%p|DirectoryNotEmpty=|MakeDirectory=yes',
    'Unit=SERVICE|Unit=TARGET|Unit=missing.service',
  ],
  mount: [
    'What=/dev/sda1|What=tmpfs|What=server:/x|What=/srv/source|What=UUID=12-34|What=',
    'Type=ext4|Type=tmpfs|Type=nfs|Type=none',
    'Options=bind|Options=_netdev|Options=nofail|Options=x-systemd.device-bound|Options=loop,nofail|Options=usrquota',
    'Where=/elsewhere',
    'PrivateTmp=yes|StandardOutput=null|Slice=a.slice',
  ],
  automount: ['Where=/elsewhere|TimeoutIdleSec=1'],
  swap: ['What=/dev/sdb|What=/elsewhere', 'Options=nofail|Priority=1', 'Slice=a.slice'],
  slice: ['CPUWeight=5'],
  target: [],
};

/** What every unit of a type has, so that most of them load. */
const usualLines: Readonly<Record<string, string>> = {
  service: 'ExecStart=/bin/true',
  socket: 'ListenStream=/run/g/%n',
  timer: 'OnBootSec=1',
  path: 'PathExists=/srv/x',
  mount: 'What=/dev/sdc',
};

const unitSettings = [
  'Wants',
  'Requires',
  'After',
  'Before',
  'Wants',
  'BindsTo',
  'PartOf',
  'Upholds',
  'Requisite',
  'OnFailure',
  'OnSuccess',
  'PropagatesReloadTo',
];
const otherUnitLines = [
  'DefaultDependencies=no',
  'DefaultDependencies=no',
  'RequiresMountsFor=/srv/g/a /var/x',
  'WantsMountsFor=/srv/%p',
  'SuccessAction=exit',
  'OnFailureJobMode=isolate',
  'Wants=',
  'Nonsense=x',
  'Wants=%p.service missing.service "quoted.service"',
];

class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 … 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick(from: readonly string[]): string {
    return from[Math.floor(this.next() * from.length)] ?? '';
  }
}

/** Units `g0` … of random types, with drop-ins, links and aliases, and a target that loads them all. */
export function generateUnits(seed: number, count: number): readonly GeneratedFile[] {
  const dice = new Dice(seed);
  const names = Array.from({ length: count }, (_, n) => unitName(dice, n));
  const files: GeneratedFile[] = [];
  const started: string[] = [];
  for (const [index, name] of names.entries()) {
    const file = name.replace(/@[^.]*\./, '@.');
    const isTwice = files.some((other) => other.path === `${vendor}/${file}`);
    if (isTwice) continue;
    files.push({ path: `${vendor}/${file}`, text: unitText(dice, names, index, name) });
    if (dice.chance(0.3)) started.push(name);
    if (dice.chance(0.15)) {
      const directory = dice.pick([file, file, 'g-.service', 'service']);
      // Some services of systemd are special to it when they are early.
      const text = unitText(dice, names, index, name, true).replace(/^DefaultDependencies=no\n/gm, '');
      files.push({ path: `${vendor}/${directory}.d/${index}.conf`, text });
    }
    if (dice.chance(0.1)) {
      const other = dice.pick(names);
      files.push({
        path: `${vendor}/${file}.${dice.pick(['wants', 'requires', 'upholds'])}/${other}`,
        target: dice.pick([`../${other}`, '/nowhere', '/dev/null']),
      });
    }
    if (/\.(service|target|socket|timer|path)$/.test(file) && !file.includes('@') && dice.chance(0.05)) {
      files.push({ path: `${vendor}/alias-${file}`, target: file });
    }
  }
  const unique = new Map(files.map((file) => [file.path, file]));
  const everything = {
    path: `${vendor}/g-everything.target`,
    text: `[Unit]\nDefaultDependencies=no\n${names.map((name) => `Wants=${name}`).join('\n')}\n`,
  };
  const some = {
    path: `${vendor}/g-started.target`,
    text: `[Unit]\nDefaultDependencies=no\n${started.map((name) => `Wants=${name}`).join('\n')}\n`,
  };
  // Ordered after the one, everything is loaded; the other one is started.
  const hook = {
    path: `${vendor}/multi-user.target.d/g.conf`,
    text: '[Unit]\nAfter=g-everything.target\nWants=g-started.target\n',
  };
  return [...unique.values(), everything, some, hook];
}

function unitName(dice: Dice, n: number): string {
  const type = dice.pick(types);
  if (type === 'mount' || type === 'automount') return `srv-g-${dice.pick(['a', 'b', 'c'])}${n % 7}.${type}`;
  if (type === 'swap') return `${dice.pick(['dev', 'srv'])}-g${n}.swap`;
  if (type === 'slice') return `g-s${n}.slice`;
  return dice.chance(0.15) ? `g-${n}@${dice.pick(['x', 'a-b', 'a\\x2db'])}.${type}` : `g-${n}.${type}`;
}

function unitText(dice: Dice, names: readonly string[], index: number, name: string, isDropIn = false): string {
  const type = name.slice(name.lastIndexOf('.') + 1);
  const lines = ['[Unit]'];
  for (let n = 0; n < 3; n++) {
    if (!dice.chance(0.5)) continue;
    const setting = dice.pick(unitSettings);
    // Orders lead one way only, so that there are few cycles.
    const others = setting === 'After' ? names.slice(0, index) : setting === 'Before' ? names.slice(index + 1) : names;
    if (others.length > 0) lines.push(`${setting}=${dice.pick(others)}`);
  }
  if (dice.chance(0.03)) lines.push(`Conflicts=${dice.pick(names)}`);
  if (dice.chance(0.3)) lines.push(dice.pick(otherUnitLines));
  const section = type.charAt(0).toUpperCase() + type.slice(1);
  const own = [`[${section}]`];
  const usual = usualLines[type];
  if (usual !== undefined && !isDropIn && !dice.chance(0.05)) own.push(usual);
  for (const row of ownLines[type] ?? []) {
    if (!dice.chance(0.12)) continue;
    own.push(fill(dice, dice.pick(row.split('|')), names));
  }
  // Two units with one bus name are a matter of who comes first.
  if (type === 'service' && !isDropIn && !name.includes('@') && dice.chance(0.08))
    own.push(`BusName=org.example.g${index}`);
  return `${[...lines, ...(type === 'target' ? [] : own)].join('\n')}\n`;
}

/** Names of other units in place of the words in capitals. */
function fill(dice: Dice, line: string, names: readonly string[]): string {
  return line.replace(/\b(SERVICE|SOCKET|TARGET)\b/g, (word) => {
    const fitting = names.filter((name) => name.endsWith(`.${word.toLowerCase()}`));
    return fitting.length === 0 ? `missing.${word.toLowerCase()}` : dice.pick(fitting);
  });
}
