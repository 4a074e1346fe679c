/** What the settings of systemd.resource-control(5) do: a line each, the name and its sentences. */

export const resourceControlWords = `
Slice Slice in which the unit's control group lies.
AllowedCPUs Processors that the control group may use.
StartupAllowedCPUs AllowedCPUs= while the system starts or stops.
AllowedMemoryNodes Memory nodes that the control group may use.
StartupAllowedMemoryNodes AllowedMemoryNodes= while the system starts or stops.
CPUSetPartition How the processors of AllowedCPUs= are kept apart from those of other groups.
CPUAccounting Counts the processor time of the unit.
CPUWeight Share of processor time beside other units: 1 to 10000, usually 100.
StartupCPUWeight CPUWeight= while the system starts or stops.
CPUShares Processor share of the old control groups; CPUWeight= replaces it.
StartupCPUShares CPUShares= while the system starts or stops.
CPUQuota Most processor time in percent of one processor.
CPUQuotaPeriodSec Period over which CPUQuota= is measured.
CPUPressureWatch Whether the service is told how to watch the processor pressure on it.
CPUPressureThresholdSec Stalled time for lack of processors after which the service is notified.
MemoryAccounting Counts the memory of the unit.
MemoryMin Memory that is never taken from the unit.
DefaultMemoryMin MemoryMin= of child units that set none.
MemoryLow Memory that is taken from the unit only if nothing else is left.
DefaultMemoryLow MemoryLow= of child units that set none.
StartupMemoryLow MemoryLow= while the system starts or stops.
DefaultStartupMemoryLow StartupMemoryLow= of child units that set none.
MemoryHigh Memory above which the unit is slowed down and its pages are reclaimed.
StartupMemoryHigh MemoryHigh= while the system starts or stops.
MemoryMax Memory above which processes of the unit are killed.
StartupMemoryMax MemoryMax= while the system starts or stops.
MemorySwapMax Limit of swap space for the unit.
StartupMemorySwapMax MemorySwapMax= while the system starts or stops.
MemoryZSwapMax Limit of compressed swap in memory for the unit.
StartupMemoryZSwapMax MemoryZSwapMax= while the system starts or stops.
MemoryZSwapWriteback Whether compressed swap may be moved on to a swap device.
MemoryLimit Memory limit of the old control groups; MemoryMax= replaces it.
MemoryPressureWatch Whether the service is told how to watch the memory pressure on it.
MemoryPressureThresholdSec Stalled time for lack of memory after which the service is notified.
DeviceAllow Device nodes that the unit may use, with r, w and m for reading, writing and making them.
DevicePolicy Which devices the unit may use besides those of DeviceAllow=.
IOAccounting Counts input and output of the unit.
IOWeight Share of disk access beside other units: 1 to 10000, usually 100.
StartupIOWeight IOWeight= while the system starts or stops.
IODeviceWeight IOWeight= for single devices.
IOReadBandwidthMax Most bytes a second that are read from a device.
IOWriteBandwidthMax Most bytes a second that are written to a device.
IOReadIOPSMax Most read operations a second on a device.
IOWriteIOPSMax Most write operations a second on a device.
IODeviceLatencyTargetSec Mean latency of a device that the kernel tries to keep for the unit.
IOPressureWatch Whether the service is told how to watch the pressure on its input and output.
IOPressureThresholdSec Stalled time for input and output after which the service is notified.
BlockIOAccounting Old form of IOAccounting=.
BlockIOWeight Old form of IOWeight=.
StartupBlockIOWeight Old form of StartupIOWeight=.
BlockIODeviceWeight Old form of IODeviceWeight=.
BlockIOReadBandwidth Old form of IOReadBandwidthMax=.
BlockIOWriteBandwidth Old form of IOWriteBandwidthMax=.
TasksAccounting Counts processes and threads of the unit.
TasksMax Limit of processes and threads of the unit.
Delegate Leaves the control groups below the unit, or some controllers, to its own processes.
DelegateSubgroup Control group below the delegated one in which the unit's processes begin.
DisableControllers Controllers that are not used for the units below.
IPAccounting Counts packets and bytes of IP traffic of the unit.
IPAddressAllow IP addresses and networks with which the unit may exchange packets.
IPAddressDeny IP addresses and networks with which the unit may not exchange packets.
IPIngressFilterPath Pinned BPF program that filters incoming IP packets.
IPEgressFilterPath Pinned BPF program that filters outgoing IP packets.
BPFProgram Pinned BPF program, TYPE:PATH, that is attached to the control group.
SocketBindAllow Addresses, protocols and ports to which the unit may bind sockets.
SocketBindDeny Addresses, protocols and ports to which the unit may not bind sockets.
RestrictNetworkInterfaces Network interfaces that the unit may use; "~" lists forbidden ones.
BindNetworkInterface Network interface to which every socket of the unit is tied.
NFTSet Sets of nftables that get the ids of the unit's control group, user or group.
ManagedOOMSwap Whether oomd kills below the unit when swap runs out.
ManagedOOMMemoryPressure Whether oomd kills below the unit when memory pressure stays high.
ManagedOOMMemoryPressureLimit Pressure above which oomd acts for the unit.
ManagedOOMMemoryPressureDurationSec How long the pressure must stay high before oomd acts.
ManagedOOMPreference Whether oomd passes over the unit when it looks for one to kill.
OOMRules Rule sets of oomd that watch the unit. Sets that lie only in /etc are lost with it.
CoredumpReceive Whether core dumps of a container in the unit are passed on into it.
`;
