/** What the settings of [Service] do: a line each, the name and its sentences. */

export const serviceWords = `
PIDFile File into which a forking daemon writes its main process id; relative paths lie below /run. The directory must exist, and /run starts empty.
ExecCondition Commands before ExecStartPre=; status 1 to 254 skips the service without failure.
ExecStartPre Commands before ExecStart=; a failure ends the start, unless "-" stands in front.
ExecStart Command of the service. A program that the image lacks fails it with 203/EXEC.
ExecStartPost Commands that run after the service counts as started.
ExecReload Commands that make the running service read its configuration again.
ExecReloadPost Commands that run after a reload has succeeded.
ExecStop Commands that ask the service to stop; what is left afterwards is killed.
ExecStopPost Commands that run after the service has ended, even after a failed start.
RestartSec Pause before an automatic restart.
RestartSteps In how many steps the pause grows from RestartSec= to RestartMaxDelaySec=.
RestartMaxDelaySec Longest pause before an automatic restart, reached after RestartSteps=.
RestartRandomizedDelaySec Upper bound of a random time that is added to each pause before a restart.
RestartMode Whether a restart passes through the inactive or failed state that other units see, or not.
TimeoutSec Sets TimeoutStartSec= and TimeoutStopSec= at once.
TimeoutStartSec How long the start may take before the service counts as failed.
TimeoutStopSec How long each stop command and the stop itself may take before stronger signals follow.
TimeoutAbortSec How long the service may take to end after an abort by the watchdog.
TimeoutStartFailureMode Whether a start that takes too long is terminated, aborted or killed.
TimeoutStopFailureMode Whether a stop that takes too long is terminated, aborted or killed.
RuntimeMaxSec Longest time that the service may stay active; then it fails.
RuntimeRandomizedExtraSec Upper bound of a random time that is added to RuntimeMaxSec=.
WatchdogSec Longest silence of a service that sends keep-alive messages; then it fails.
StartLimitInterval Old place and name of StartLimitIntervalSec= in [Unit].
StartLimitBurst Old place of StartLimitBurst= in [Unit].
StartLimitAction Old place of StartLimitAction= in [Unit].
FailureAction Old place of FailureAction= in [Unit].
RebootArgument Old place of RebootArgument= in [Unit].
Type How the manager learns that the service has started.
ExitType Whether the service ends with its main process or with the last process of its control group.
Restart After which kinds of ending the service is started again.
PermissionsStartOnly Old form: only the main command runs with User= and the like; prefix "+" replaces it.
RootDirectoryStartOnly Only ExecStart= runs below RootDirectory= or RootImage=, the other commands do not.
RemainAfterExit The service counts as active even after all its processes have ended.
GuessMainPID Whether the manager guesses the main process of a forking service without PIDFile=.
RestartPreventExitStatus Statuses and signals after which the service is never started again automatically.
RestartForceExitStatus Statuses and signals after which the service is always started again.
SuccessExitStatus Statuses and signals that count as success, besides the usual ones.
NonBlocking Sets the non-blocking flag on sockets that are passed to the service.
BusName Name on the message bus; a service of type dbus has started when it owns it. Its bus policy must lie in /usr to outlive an empty /etc.
FileDescriptorStoreMax How many file descriptors the manager keeps for the service.
FileDescriptorStorePreserve Whether kept file descriptors survive a stop of the service.
NotifyAccess Which processes of the service may send it status notifications.
Sockets Sockets that are passed to the service, besides the one of the same name.
USBFunctionDescriptors File with the descriptors of a USB gadget function.
USBFunctionStrings File with the strings of a USB gadget function.
OOMPolicy What becomes of the service when the kernel or oomd kills one of its processes for lack of memory.
OpenFile File or socket that is opened and passed on as file descriptor. If it is missing the start fails, unless "graceful" is given.
ReloadSignal Signal that asks a service of type notify-reload to read its configuration again.
LUOSession Names of live update sessions whose descriptors survive a reboot by kexec.
RefreshOnReload What a reload makes anew: extension images, credentials or both.
`;
