/** Colours for terminals: four meanings, never the only sign of anything. */

export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly info: (text: string) => string;
  readonly good: (text: string) => string;
}

const plain = (text: string) => text;

const paint = (code: string) => (text: string) => (text === '' ? '' : `\u001b[${code}m${text}\u001b[0m`);

const colours: Style = {
  bold: paint('1'),
  dim: paint('2'),
  error: paint('1;31'),
  warning: paint('1;33'),
  info: paint('1;36'),
  good: paint('32'),
};

const colourless: Style = { bold: plain, dim: plain, error: plain, warning: plain, info: plain, good: plain };

/** Colours only for a terminal, and only if neither `--no-color` nor NO_COLOR (no-color.org) asks for none. */
export function styleFor(
  { isTerminal, environment }: { readonly isTerminal: boolean; readonly environment: NodeJS.ProcessEnv },
  wanted: boolean,
): Style {
  const refused = !wanted || (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb';
  return isTerminal && !refused ? colours : colourless;
}

/** Text from an image without control characters, so that nothing in it can steer the terminal. */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]/g,
    (character) => {
      const code = character.charCodeAt(0);
      if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
      return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
    },
  );
}
