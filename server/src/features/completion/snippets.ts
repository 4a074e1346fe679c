/** Whole entries to fill in: a new unit, an account, a directory. Only for editors that know snippets. */

import type { UnitType } from '../../core/formats/unit/directives.ts';
import { unescapeUnitPath } from '../../core/formats/unit/settings/unit-name.ts';
import type { Span } from '../../core/text/source-text.ts';
import type { Candidate, CompletionRequest } from './candidate.ts';

interface Snippet {
  readonly label: string;
  readonly what: string;
  /** `<1:text>` is the first placeholder; `NAME` is the unit's or file's own name. */
  readonly body: string;
}

const tmpfilesSnippets: readonly Snippet[] = [
  {
    label: 'state directory',
    what: 'A directory below /var/lib with an owner of its own',
    body: 'd /var/lib/<1:NAME> <2:0750> <3:NAME> <4:NAME> -\n$0',
  },
  {
    label: 'runtime directory',
    what: 'A directory below /run with an owner of its own',
    body: 'd /run/<1:NAME> <2:0755> <3:NAME> <4:NAME> -\n$0',
  },
  {
    label: 'factory copy',
    what: 'A copy of what /usr/share/factory has for the path, unless something is there',
    body: 'C /etc/<1:NAME> - - - -\n$0',
  },
  {
    label: 'link to shipped file',
    what: 'A link into /usr, unless something is there',
    body: 'L /etc/<1:NAME.conf> - - - - ../usr/share/<2:NAME>/<3:NAME.conf>\n$0',
  },
];

const sysusersSnippets: readonly Snippet[] = [
  {
    label: 'system user',
    what: 'A user with a group of the same name',
    body: 'u <1:NAME> - "<2:Description>" <3:/var/lib/NAME>\n$0',
  },
  { label: 'system group', what: 'A group', body: 'g <1:NAME> -\n$0' },
  { label: 'group member', what: 'A user who is in a group as well', body: 'm <1:NAME> <2:group>\n$0' },
];

const install = '\n\n[Install]\nWantedBy=';

const unitSnippets: Readonly<Partial<Record<UnitType, readonly Snippet[]>>> = {
  service: [
    {
      label: 'new service',
      what: 'A service with a user and a state directory of its own',
      body: `[Unit]\nDescription=<1:What it is>\n\n[Service]\nExecStart=/usr/bin/<2:NAME>\nUser=<3:NAME>\nStateDirectory=<4:NAME>${install}multi-user.target\n$0`,
    },
    {
      label: 'new one-shot service',
      what: 'A service that does something once a boot',
      body: `[Unit]\nDescription=<1:What it does>\n\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/usr/bin/<2:NAME>${install}multi-user.target\n$0`,
    },
  ],
  socket: [
    {
      label: 'new socket',
      what: 'A socket that starts the service of the same name',
      body: `[Unit]\nDescription=<1:What it is>\n\n[Socket]\nListenStream=<2:/run/NAME/socket>${install}sockets.target\n$0`,
    },
  ],
  timer: [
    {
      label: 'new timer',
      what: 'A timer that starts the service of the same name',
      body: `[Unit]\nDescription=<1:What it is>\n\n[Timer]\nOnCalendar=<2:daily>\nPersistent=yes${install}timers.target\n$0`,
    },
  ],
  path: [
    {
      label: 'new path',
      what: 'Starts the service of the same name when a path changes',
      body: `[Unit]\nDescription=<1:What it is>\n\n[Path]\nPathChanged=<2:/run/NAME>${install}paths.target\n$0`,
    },
  ],
  mount: [
    {
      label: 'new mount',
      what: 'A mount; its unit is named after the place',
      body: `[Unit]\nDescription=<1:What it is>\n\n[Mount]\nWhat=<2:tmpfs>\nWhere=<3:WHERE>\nType=<4:tmpfs>${install}local-fs.target\n$0`,
    },
  ],
  target: [
    {
      label: 'new target',
      what: 'A group of units',
      body: `[Unit]\nDescription=<1:What it is>${install}multi-user.target\n$0`,
    },
  ],
};

/** The snippets that fit the kind of the file; the text they replace is the span. */
export function snippetCandidates({ context, takesSnippets }: CompletionRequest, span: Span): readonly Candidate[] {
  if (!takesSnippets) return [];
  const { kind, file } = context.document;
  const name = kind.format === 'unit' ? (kind.unit ?? file) : file;
  const own = ownName(name);
  // The name of a mount unit is its place (systemd.mount(5)).
  const place = unescapeUnitPath(name.slice(name.lastIndexOf('/') + 1).replace(/\.mount$/, ''));
  const where = place !== undefined && /^[\w./-]+$/.test(place) ? place : '/srv/NAME';
  const snippets =
    kind.format === 'tmpfiles'
      ? tmpfilesSnippets
      : kind.format === 'sysusers'
        ? sysusersSnippets
        : kind.format === 'unit'
          ? (unitSnippets[kind.type ?? 'service'] ?? [])
          : [];
  return snippets.map(({ label, what, body }) => ({
    label,
    span,
    kind: 'snippet',
    detail: what,
    insert: body
      .replaceAll('WHERE', where)
      .replaceAll('NAME', own)
      .replace(/<(\d):([^>]*)>/g, (_whole, number: string, text: string) => `\${${number}:${text}}`),
    isSnippet: true,
  }));
}

/** A file's name without what is no name of a program; `example` if nothing is left. */
function ownName(file: string): string {
  const name = file
    .slice(file.lastIndexOf('/') + 1)
    .replace(/\..*$/, '')
    .replace(/@.*$/, '');
  return /^[A-Za-z_][\w-]*$/.test(name) ? name : 'example';
}
