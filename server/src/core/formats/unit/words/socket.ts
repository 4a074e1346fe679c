/** What the settings of [Socket] do: a line each, the name and its sentences. */

export const socketWords = `
ListenStream Stream socket to listen on: port, address, path or abstract name. Missing parent directories of a path are made.
ListenDatagram Datagram socket to listen on: port, address, path or abstract name.
ListenSequentialPacket Local socket to listen on that keeps packets whole and in order.
ListenFIFO Named pipe to make and listen on. Its parent directories are made if missing.
ListenNetlink Netlink family, and perhaps a multicast group, to listen on.
ListenSpecial Device or special file to wait on. It is not made: without it the socket fails.
ListenMessageQueue POSIX message queue to make and listen on.
ListenUSBFunction USB function file system whose endpoints are listened on.
SocketProtocol Protocol that replaces the usual one of a stream or datagram socket.
BindIPv6Only Whether an IPv6 socket also takes IPv4 connections.
Backlog How many connections may wait to be accepted.
BindToDevice Network interface to which the sockets are tied.
ExecStartPre Commands that run before the sockets are made.
ExecStartPost Commands that run after the sockets are made and bound.
ExecStopPre Commands that run before the sockets are closed.
ExecStopPost Commands that run after the sockets are closed.
TimeoutSec How long each command of the socket unit may take.
SocketUser Owner of the socket files and pipes. If nobody declares the user for an empty /etc, the socket fails with 217/USER.
SocketGroup Group of the socket files and pipes. If nobody declares it for an empty /etc, the socket fails with 216/GROUP.
SocketMode Access mode of the socket files and pipes.
DirectoryMode Access mode of parent directories that must be made for a socket or pipe.
Accept Whether each connection gets a service instance of its own.
FlushPending Empties the socket's buffer after the service has ended.
Writable Opens a special file for writing too.
MaxConnections How many connections may be served at once with Accept=yes.
MaxConnectionsPerSource How many connections a single peer may have at once with Accept=yes.
KeepAlive Sends probes on idle TCP connections.
KeepAliveTimeSec How long a TCP connection is idle before the first probe.
KeepAliveIntervalSec Time between probes on an idle TCP connection.
KeepAliveProbes How many probes may stay unanswered before a TCP connection is given up.
DeferAcceptSec How long the start of the service may wait for the first data of a TCP connection.
NoDelay Sends small TCP packets at once instead of collecting them.
Priority Priority of all packets that the sockets send.
ReceiveBuffer Size of the sockets' receive buffer.
SendBuffer Size of the sockets' send buffer.
IPTOS Type of service in the header of outgoing IP packets.
IPTTL Time to live, or hop limit, of outgoing IP packets.
Mark Firewall mark of packets that the sockets send.
PipeSize Size of the buffer of a named pipe.
FreeBind Allows addresses that no interface has yet.
Transparent Allows foreign addresses, for transparent proxies.
Broadcast Allows datagrams to broadcast addresses.
PassCredentials Lets the receiver see process, user and group ids of the sender.
PassPIDFD Lets the receiver get a file descriptor that stands for the process of the sender.
PassSecurity Lets the receiver see the security context of the sender.
PassPacketInfo Lets the receiver see through which address and interface a packet came.
Timestamping Whether received packets carry their time, and how fine.
TCPCongestion Algorithm against congestion for TCP connections.
ReusePort Allows several sockets to bind to the same port.
MessageQueueMaxMessages How many messages a message queue holds.
MessageQueueMessageSize Largest message that a message queue takes.
RemoveOnStop Removes socket files, pipes and message queues when the unit stops.
Symlinks Paths that become symlinks to the socket file or pipe.
FileDescriptorName Name under which the service receives the socket.
Service Service that incoming traffic starts, if its name is not that of the socket.
TriggerLimitIntervalSec Length of the window in which TriggerLimitBurst= counts activations.
TriggerLimitBurst How many activations are allowed in the window; beyond that the socket fails.
PollLimitIntervalSec Length of the window in which PollLimitBurst= counts events.
PollLimitBurst How many events on a socket are handled in the window; beyond that it pauses.
PassFileDescriptorsToExec Passes the sockets to the commands of the socket unit too.
AcceptFileDescriptors Whether peers may send file descriptors through a local socket.
DeferTrigger Waits with the service while conflicting units are running instead of stopping them.
DeferTriggerMaxSec How long DeferTrigger= waits at most.
XAttrEntryPoint Extended attributes of the socket file in the file system.
XAttrListen Extended attributes of the listening socket itself.
XAttrAccept Extended attributes of the sockets of accepted connections.
SmackLabel SMACK label of socket files and pipes.
SmackLabelIPIn SMACK label that incoming packets are checked against.
SmackLabelIPOut SMACK label of outgoing packets.
SELinuxContextFromNet Derives the SELinux context of a connection's service from the label of the peer.
`;
