import { UsageError } from '../arguments.ts';
import type { Command } from './command.ts';

/** `stateless-boot lsp`. */
export const lspCommand: Command = {
  name: 'lsp',
  summary: 'the language server, for any editor',
  help: `usage: stateless-boot lsp --stdio

Speaks the Language Server Protocol on standard input and output until the editor ends it: problems, completion, hover,
navigation and more for tmpfiles.d, sysusers.d, presets and unit files.
`,
  async run(words) {
    if (words.length !== 1 || words[0] !== '--stdio') {
      throw new UsageError('lsp takes exactly one argument, --stdio: an editor starts it and talks to it');
    }
    const { startServer } = await import('../../lsp/node-server.ts');
    startServer();
    // The connection ends the process.
    return new Promise<number>(() => undefined);
  },
};
