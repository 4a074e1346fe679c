/** Hover: what the thing under the cursor is, and what it will be after the boot. */

import { type Hover, type HoverParams, MarkupKind } from 'vscode-languageserver';
import { decodeText } from '../core/text/bytes.ts';
import { hoverAt } from '../features/hover/hover.ts';
import type { CheckedSet } from '../workspace/checked-set.ts';
import type { LspFeature } from './feature.ts';
import type { Platform } from './platform.ts';

/** Longest source of a manual page that is unpacked. */
const PAGE_MAX = 2_000_000;

export const hoverFeature: LspFeature = {
  name: 'hover',
  capabilities: { hoverProvider: true },
  register(server) {
    server.connection.onHover(
      server.guard('hover', null, async (params: HoverParams, token): Promise<Hover | null> => {
        const { uri } = params.textDocument;
        const context = await server.context(uri, token);
        if (context === undefined) return null;
        const { document, set } = context;
        const found = hoverAt(context, server.offset(document, params.position), {
          uriOf: (path) => (set === undefined ? undefined : server.uriOfImagePath(set, path)),
          manual: (page) => (set === undefined ? undefined : manualOf(set, page, server.platform)),
        });
        if (found === undefined) return null;
        const contents = { kind: MarkupKind.Markdown, value: found.text };
        return { contents, range: server.range(document, found.span) };
      }),
    );
  },
};

/** Sources by the file that they were read from. Its node stays the same as long as nobody touches the file. */
const manuals = new WeakMap<object, { readonly text: string | undefined }>();

/** The source of a page, `systemd.exec(5)`, of the image as shipped, plain or compressed. */
function manualOf(set: CheckedSet, page: string, platform: Platform): string | undefined {
  const match = /^([\w@.-]+)\((\d)\)$/.exec(page);
  if (match === null) return undefined;
  const path = `/usr/share/man/man${match[2]}/${match[1]}.${match[2]}`;
  const { shipped } = set.result.context;
  for (const suffix of ['', '.gz']) {
    const inode = shipped.lookup(path + suffix);
    if (inode?.type !== 'file') continue;
    const key = inode.lower ?? inode;
    let known = manuals.get(key);
    if (known === undefined) {
      const { content } = inode;
      const packed = content.kind === 'bytes' ? content.bytes : undefined;
      const bytes = packed === undefined || suffix === '' ? packed : platform.gunzip?.(packed, PAGE_MAX);
      known = { text: bytes === undefined ? undefined : decodeText(bytes) };
      manuals.set(key, known);
    }
    if (known.text !== undefined) return known.text;
  }
  return undefined;
}
