/** What the own settings of the smaller unit types do, by section: a line each, the name and its sentences. */

export const mountWords = `
What Device, file or name of what is mounted. A source that a mount unit needs and the image lacks makes it fail.
Where Directory to mount on; the unit must be named after it. It is made if missing, where its parent is writable.
Type Type of the file system; without it the kernel and mount(8) find out.
Options Mount options, with commas between them.
TimeoutSec How long mounting and unmounting may take.
DirectoryMode Access mode of directories that must be made for the mount point.
SloppyOptions Passes over mount options that the file system does not know.
LazyUnmount Detaches the file system at once and cleans up when nobody uses it any more.
ForceUnmount Unmounts by force, as for a file server that does not answer.
ReadWriteOnly Fails instead of falling back to mounting read-only.
`;

export const automountWords = `
Where Directory whose first access causes the mount. It is made at the start if missing.
ExtraOptions Options for the automount point itself.
DirectoryMode Access mode of directories that must be made for the automount point.
TimeoutIdleSec Unmounts again after no access for this long.
`;

export const swapWords = `
What Device or file to swap on. A swap file is not made: one in /var is gone with it.
Priority Which swap space is used first: the higher number.
Options Options for swapon(8), with commas between them.
TimeoutSec How long swapon may take.
`;

export const timerWords = `
OnCalendar Elapses at times of the calendar, such as "daily" or "Mon 12:00".
OnActiveSec Elapses this long after the timer was activated.
OnBootSec Elapses this long after the boot of the machine.
OnStartupSec Elapses this long after the start of the manager.
OnUnitActiveSec Elapses this long after the unit was last activated.
OnUnitInactiveSec Elapses this long after the unit was last deactivated.
OnClockChange Elapses when the system clock jumps.
OnTimezoneChange Elapses when the time zone changes.
Persistent Catches up on an elapse missed while off. The stamp of the last one lies in /var, so an empty /var forgets that any was missed.
WakeSystem Wakes the machine from suspend to elapse in time.
RemainAfterElapse Keeps the timer loaded after it has elapsed for the last time.
FixedRandomDelay Keeps the random delay the same from run to run, derived from machine id and timer. A new machine id means a new delay.
AccuracySec Window within which elapses may be moved to wake the machine less often.
RandomizedDelaySec Upper bound of a random delay of each elapse.
RandomizedOffsetSec Upper bound of a fixed shift of calendar times, different on each machine. It follows the machine id.
DeferReactivation Counts the next calendar time from the end of the unit's run, not from its beginning.
Unit Unit to start, if its name is not that of the timer.
`;

export const pathWords = `
PathExists Starts the unit while the path exists.
PathExistsGlob Starts the unit while something matches the pattern.
PathChanged Starts the unit when the path changes and a writer has closed it.
PathModified Starts the unit on every write to the path too.
DirectoryNotEmpty Starts the unit while the directory has entries.
Unit Unit that the watched path starts, if its name is not that of the path unit.
MakeDirectory Makes the directories that are watched if they are missing.
DirectoryMode Access mode of the directories that MakeDirectory= makes.
TriggerLimitIntervalSec Length of the window in which TriggerLimitBurst= counts starts by the path.
TriggerLimitBurst How many starts by the path are allowed in the window; beyond that the path unit fails.
`;

export const sliceWords = `
ConcurrencySoftMax How many units in the slice may be active at once; further starts wait.
ConcurrencyHardMax How many units in the slice may be active at once; further starts fail.
ActivatingConcurrencyMax How many units in the slice may be starting at the same time; further starts wait.
`;

export const scopeWords = `
RuntimeMaxSec Longest time that the scope may stay active; then it is ended.
RuntimeRandomizedExtraSec Upper bound of a random time on top of the scope's RuntimeMaxSec=.
TimeoutStopSec How long the processes of the scope have to end before they are killed.
OOMPolicy What becomes of the scope when one of its processes is killed for lack of memory.
`;
