/** What the settings of [Unit] and [Install] do: a line each, the name and its sentences. */

export const unitWords = `
Description Short title of the unit, shown in status output and boot messages.
Documentation Where people can read more: http, https, file, info and man addresses.
SourcePath Configuration file from which a generator made this unit.
Requires Units that are started with this one; with After= too, it does not start if one of them fails.
Requisite Units that must be active already; otherwise the start fails at once and nothing is pulled in.
Wants Units that are started with this one, whether they succeed or exist or not.
BindsTo As Requires=, and this unit also stops whenever one of them goes away, for whatever reason.
BindTo Old name of BindsTo=.
Upholds Units that are started again whenever they are found stopped while this one is active.
Conflicts Units that cannot run beside this one: starting one side stops the other.
Before Units that wait with their start until this one has started.
After Units that must have finished starting before this one begins, if both are started.
OnSuccess Units to start when this one becomes inactive without failure.
OnFailure Units to start when this one fails.
PropagatesReloadTo Units that are reloaded together with this one.
PropagateReloadTo Old name of PropagatesReloadTo=.
ReloadPropagatedFrom Units whose reload also reloads this one.
PropagateReloadFrom Old name of ReloadPropagatedFrom=.
PropagatesStopTo Units that are stopped together with this one.
StopPropagatedFrom Units whose stop also stops this one.
PartOf Stopping or restarting one of these units does the same to this one; starting does not.
JoinsNamespaceOf Units whose private network, IPC and temporary directories this one shares.
RequiresOverridable Obsolete form of Requires=, still read as that.
RequisiteOverridable Obsolete form of Requisite=, still read as that.
RequiresMountsFor Paths whose mount units are required and waited for. Directories that are missing are not made.
StopWhenUnneeded Stops the unit as soon as no active unit needs it any more.
RefuseManualStart Lets the unit start only as a dependency, never by a direct request.
RefuseManualStop Lets the unit stop only by way of other units, never by a direct request.
AllowIsolate Allows "systemctl isolate" and booting into the unit.
DefaultDependencies Whether the usual dependencies of the type are added. Without them a unit may run before tmpfiles and sysusers have filled /etc and /var.
OnSuccessJobMode How jobs for the OnSuccess= units deal with jobs that are queued already.
OnFailureJobMode How jobs for the OnFailure= units deal with jobs that are queued already.
OnFailureIsolate Old form of OnFailureJobMode=isolate.
IgnoreOnIsolate Keeps the unit running when another one is isolated.
JobTimeoutSec How long a job of the unit may take in all, waiting in the queue included.
JobRunningTimeoutSec How long a job of the unit may take once it has begun.
JobTimeoutAction What happens to the system when a job of the unit takes too long.
JobTimeoutRebootArgument Argument of the reboot that JobTimeoutAction= causes.
StartLimitIntervalSec Length of the window in which StartLimitBurst= counts starts.
StartLimitInterval Old name of StartLimitIntervalSec=.
StartLimitBurst How many starts are allowed within the window of StartLimitIntervalSec=.
StartLimitAction What happens to the system when the unit hits its start limit.
FailureAction What happens to the system when the unit fails.
SuccessAction What happens to the system when the unit ends without failure.
FailureActionExitStatus Exit status of the manager or container after FailureAction=exit.
SuccessActionExitStatus Exit status of the manager or container after SuccessAction=exit.
RebootArgument Argument of a reboot that an action of this unit causes.
CollectMode Whether the manager forgets failed units too once nobody refers to them.
WantsMountsFor Paths whose mount units are wanted and waited for, but may fail.
SurviveFinalKillSignal Spares the processes of the unit in the last killing before shutdown or soft reboot.
`;

export const installWords = `
Alias Further names, made as links when the unit is enabled. An empty /etc has none of these links until a preset makes them.
WantedBy Units that want this one once it is enabled. The links lie in /etc: an empty one has them only if a preset makes them.
RequiredBy Units that require this one once it is enabled, by links in /etc.
UpheldBy Units that uphold this one once it is enabled, by links in /etc.
Also Units that are enabled and disabled together with this one.
DefaultInstance Instance that is enabled when a template is named without one.
`;

/** What must hold for a condition or assertion, behind "unless". */
export const conditionWords = `
PathExists the path exists
PathExistsGlob some path matches the pattern
PathIsDirectory the path is a directory
PathIsSymbolicLink the path is a symlink
PathIsMountPoint the path is a mount point
PathIsReadWrite the file system of the path is writable
PathIsEncrypted the block device below the path is encrypted
PathIsSocket the path is a socket
DirectoryNotEmpty the directory exists and has entries
FileNotEmpty the path is a regular file with content
FileIsExecutable the path is a regular file that may be executed
NeedsUpdate /etc or /var, as named, is older than /usr. It counts as older while it has no .updated stamp, so after emptying it too
FirstBoot the answer to "is /etc still unprovisioned?" is the given boolean. An /etc without machine-id is a first boot
Architecture the machine is of this architecture
Firmware the firmware is of this kind or names this device
Virtualization the system runs in this kind of virtual machine or container
Host the host name matches the pattern, or the machine id is the given one
KernelCommandLine the kernel command line has this word or assignment
KernelVersion the kernel release matches the comparisons
Credential a credential of this name was passed to the manager
Security this security technology is available
Capability the manager has this capability in its bounding set
ACPower the answer to "is the machine on mains power?" is the given boolean
Memory the size of physical memory satisfies the comparison
CPUFeature the processor has this feature
CPUs the number of usable processors satisfies the comparison
Environment the manager has this environment variable, or this value of it
User the manager runs as this user
Group the manager runs with this group
ControlGroupController this control group controller or hierarchy version is available
OSRelease the fields of os-release satisfy the comparisons
MemoryPressure memory pressure stays below the limit
CPUPressure processor pressure stays below the limit
IOPressure pressure on input and output stays below the limit
Fraction the machine id falls into this share of all machines. A machine that gets a new id at each boot is drawn anew
Version the version of kernel, systemd or C library matches the comparisons
MachineTag machine-info carries a matching tag. An empty /etc has no machine-info and so no tags
KernelModuleLoaded this kernel module is loaded and ready
`;
