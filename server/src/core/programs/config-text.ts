/**
 * What a configuration file of unknown syntax names: absolute paths and accounts. Comments and values that are only shown
 * are left out by the few conventions that nearly all formats share.
 */

export interface NamedPath {
  readonly path: string;
  readonly line: number;
  /** The word in front of it on its line, for example `logdir`; empty if there is none. */
  readonly key: string;
}

export interface NamedAccount {
  readonly kind: 'user' | 'group';
  readonly name: string;
  readonly line: number;
}

export interface ConfigText {
  readonly paths: readonly NamedPath[];
  readonly accounts: readonly NamedAccount[];
}

/** More paths than any configuration names; lists of data are cut there. */
const pathsMax = 500;

const pathPattern = /(?<![\w.$%~}/*-])\/(?:etc|var|run|srv|usr\/share)\/[A-Za-z0-9._/@+*?%:,-]{2,200}/g;
const accountPattern =
  /^\s*(?:[\w.-]+[.:])?(?:(user|setuid|runas|run[-_]?as[-_]?user|server[-_]user|user[-_]?name|uid|effective_user)|(group|setgid|server[-_]group|gid))\s*[:=\s]\s*["']?([a-z_][a-z0-9_-]*\$?)["']?\s*[;,]?\s*(?:[#;].*)?$/i;

/** Reads a file's text line by line. `quoted`: only paths that stand in quotes count (programs in an interpreted language). */
export function readConfigText(text: string, options: { readonly quoted?: boolean } = {}): ConfigText {
  const paths: NamedPath[] = [];
  const accounts: NamedAccount[] = [];
  let line = 0;
  let isInComment = false;
  for (const raw of text.split('\n')) {
    line += 1;
    if (paths.length >= pathsMax) break;
    if (raw.length > 4096) continue;
    let content = raw;
    if (isInComment) {
      const end = content.indexOf('*/');
      if (end === -1) continue;
      content = content.slice(end + 2);
      isInComment = false;
    }
    const trimmed = content.trimStart();
    if (/^(?:#|;|\/\/|!|--|dnl\b|REM\b)/.test(trimmed)) continue;
    const open = /(?:^|\s)\/\*/.exec(content);
    if (open !== null) {
      const close = content.indexOf('*/', open.index + 3);
      isInComment = close === -1;
      content = content.slice(0, open.index) + (close === -1 ? '' : content.slice(close + 2));
    }
    content = content.replace(/(?:^|\s)(?:#|\/\/).*$/, '');
    if (!content.includes('/')) {
      const account = accountPattern.exec(content);
      if (account?.[3] !== undefined) {
        accounts.push({ kind: account[1] === undefined ? 'group' : 'user', name: account[3], line });
      }
      continue;
    }
    for (const match of content.matchAll(pathPattern)) {
      const before = content.slice(0, match.index);
      if (options.quoted && !/["']$/.test(before)) continue;
      const key = /([\w-]+)\W*$/.exec(before)?.[1] ?? '';
      paths.push({ path: match[0].replace(/[.,:;]+$/, ''), line, key });
    }
  }
  return { paths, accounts };
}
