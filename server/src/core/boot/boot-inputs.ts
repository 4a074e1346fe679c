/** Everything a simulated boot or dry run depends on besides the image. What is undefined cannot be known. */

import type { Systemd } from '../versions/systemd.ts';

/**
 * The machine that the boot runs on (for a dry run: the calling one). Each value that is undefined makes lines that need
 * it unknown. `null` means known not to exist.
 */
export interface Machine {
  /** systemd's name of the architecture, for example `x86-64` (`%a`). */
  readonly architecture?: string;
  readonly hostName?: string;
  /** `%q`; falls back to the host name as systemd does. */
  readonly prettyHostName?: string;
  readonly kernelRelease?: string;
  /** 32 lowercase hexadecimal digits. */
  readonly bootId?: string;
  /** 32 lowercase hexadecimal digits; only for semantics `boot`, where PID 1 has set it; offline it is read from the root. */
  readonly machineId?: string;
  /** `%h`, `%T`, `%V`: /root, /tmp and /var/tmp at boot, the process environment's offline. */
  readonly home: string;
  readonly temporary: string;
  readonly persistentTemporary: string;
}

/** The surroundings that conditions and generators look at. */
export interface BootEnvironment {
  /** Whether the system runs in a container such as systemd-nspawn (no udev, no kernel modules); undefined: cannot be known. */
  readonly container?: boolean;
  /** The kernel's command line or, in a container, PID 1's arguments; undefined: cannot be known. */
  readonly kernelCommandLine?: string;
  /** The unit to boot instead of default.target. */
  readonly target?: string;
}

export interface BootInputs {
  readonly systemd: Systemd;
  /**
   * `boot`: run by PID 1 with root `/`, users resolved by NSS. `offline`: run with `--root=DIR` by a foreign system.
   * They differ where semantics.md section 0 says, and nowhere else.
   */
  readonly semantics: 'boot' | 'offline';
  /** Path that the tools know the root by; only visible where old versions put it in front of a value. `` at boot. */
  readonly rootPrefix: string;
  readonly machine: Machine;
  /** Contents of $CREDENTIALS_DIRECTORY by name. */
  readonly credentials: ReadonlyMap<string, Uint8Array>;
  /** Days since 1970-01-01, for shadow(5). */
  readonly day: number;
  /** Nanoseconds since 1970-01-01, for the ages of tmpfiles.d; undefined: ages cannot be judged. */
  readonly now?: bigint;
  /** What conditions ask about the machine. */
  readonly environment: BootEnvironment;
  /** Whether mknod(2) of devices is permitted; false in most containers. */
  readonly mayMakeDevices: boolean;
}

/** A configuration file given on the command line instead of those in the directories. */
export interface GivenFile {
  /** As the user named it, for messages. */
  readonly name: string;
  readonly text: string;
}
