/** What a subcommand is, and what it may write to. */

export interface Streams {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean;
  readonly environment: NodeJS.ProcessEnv;
}

export interface Command {
  readonly name: string;
  /** One line for the overview. */
  readonly summary: string;
  /** Usage, options and examples. */
  readonly help: string;
  /** Returns the exit status. Throws UsageError for what the user can mend. */
  run(words: readonly string[], streams: Streams): Promise<number> | number;
}

/** Help of the options that all image commands share. */
export const sharedHelp = `  --systemd-version N     judge as systemd N does (default: the image's own version)
  --base IMAGE|none       image below a source repository (default: a generic systemd system)
  --arch NAME             architecture as systemd names it, for example x86-64
  --container, --no-container   boot in a container (no device nodes) or not (default: not)
  --no-color, -q, -v      plain output, less output, more output
`;
