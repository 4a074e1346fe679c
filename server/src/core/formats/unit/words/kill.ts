/** What the settings of systemd.kill(5) do: a line each, the name and its sentences. */

export const killWords = `
SendSIGKILL Whether processes that outlast the stop timeout are killed.
SendSIGHUP Sends SIGHUP right after the stop signal, as shells expect.
KillMode Which processes of the unit a stop ends.
KillSignal First signal of a stop.
RestartKillSignal First signal of a stop that belongs to a restart.
FinalKillSignal Signal for what is still there after the stop timeout.
WatchdogSignal Signal for a service whose watchdog has run out.
`;

/** Settings that are read over, since they were removed from systemd. */
export const removedWords = `
IgnoreOnSnapshot Removed with snapshot units; without effect.
SysVStartPriority Removed ordering of init scripts; without effect.
BusPolicy Removed policy of the kernel's message bus; without effect.
Capabilities Removed way to set capabilities; AmbientCapabilities= and CapabilityBoundingSet= replace it.
NetClass Removed network class of the control group; without effect.
`;
