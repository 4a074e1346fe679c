/** Values that several formats share: access rights, ages, time spans, devices. */

import type { Span } from '../../core/text/source-text.ts';
import type { Candidate, CandidateKind } from './candidate.ts';

export interface WordRow {
  readonly word: string;
  readonly what?: string;
}

export function wordCandidates(
  rows: readonly WordRow[],
  span: Span,
  kind: CandidateKind = 'value',
): readonly Candidate[] {
  return rows.map(({ word, what }) => ({ label: word, span, kind, ...(what === undefined ? {} : { detail: what }) }));
}

export const directoryModes: readonly WordRow[] = [
  { word: '0755', what: 'everybody may look, the owner may change' },
  { word: '0750', what: 'owner and group only' },
  { word: '0700', what: 'owner only' },
  { word: '0775', what: 'owner and group may change' },
  { word: '1777', what: 'everybody may change, but only what is their own' },
  { word: '2755', what: 'new entries take the group of the directory' },
  { word: '2775', what: 'group may change, new entries take its group' },
];

export const fileModes: readonly WordRow[] = [
  { word: '0644', what: 'everybody may read, the owner may write' },
  { word: '0640', what: 'owner and group only' },
  { word: '0600', what: 'owner only' },
  { word: '0660', what: 'owner and group may write' },
  { word: '0664', what: 'owner and group may write, everybody may read' },
  { word: '0666', what: 'everybody may write' },
  { word: '0755', what: 'a program' },
];

const spanUnits: readonly WordRow[] = [
  { word: 's', what: 'seconds' },
  { word: 'min', what: 'minutes' },
  { word: 'h', what: 'hours' },
  { word: 'd', what: 'days' },
  { word: 'w', what: 'weeks' },
  { word: 'month', what: 'months' },
  { word: 'y', what: 'years' },
  { word: 'ms', what: 'milliseconds' },
  { word: 'us', what: 'microseconds' },
];

/** The units behind a number that is typed; undefined if there is none. */
export function spanUnitCandidates(before: string, start: number, end: number): readonly Candidate[] | undefined {
  const number = /(\d+(?:\.\d*)?)[a-z]*$/.exec(before);
  if (number?.[1] === undefined) return undefined;
  const digits = number[1];
  return wordCandidates(
    spanUnits.map(({ word, what }) => ({ word: `${digits}${word}`, what: what ?? '' })),
    { start: start + number.index, end },
  );
}

/** Device nodes whose numbers never change (admin-guide/devices.txt of the kernel). */
export const charDevices: readonly WordRow[] = [
  { word: '1:3', what: 'null' },
  { word: '1:5', what: 'zero' },
  { word: '1:7', what: 'full' },
  { word: '1:8', what: 'random' },
  { word: '1:9', what: 'urandom' },
  { word: '5:0', what: 'tty' },
  { word: '5:1', what: 'console' },
  { word: '5:2', what: 'ptmx' },
  { word: '10:200', what: 'net/tun' },
  { word: '10:229', what: 'fuse' },
  { word: '10:232', what: 'kvm' },
  { word: '10:237', what: 'loop-control' },
];

export const blockDevices: readonly WordRow[] = [
  { word: '7:0', what: 'loop0' },
  { word: '1:0', what: 'ram0' },
];

/** System calls that filters often name; groups stand for most needs. */
export const systemCalls =
  'accept4 acct add_key bind bpf brk capset chmod chown chroot clock_settime clone clone3 close connect delete_module dup execve execveat exit_group fchmod fchown finit_module fork fsopen ftruncate futex getdents64 getrandom init_module io_uring_enter io_uring_register io_uring_setup ioctl ioperm iopl kcmp kexec_file_load kexec_load keyctl kill link listen lseek memfd_create mknod mlock mlockall mmap mount mount_setattr move_mount mprotect munmap name_to_handle_at nanosleep open openat openat2 open_by_handle_at perf_event_open personality pidfd_open pipe2 pivot_root pkey_alloc poll ppoll prctl process_vm_readv process_vm_writev ptrace quotactl read readlink reboot recvmsg rename request_key sched_setaffinity sched_setscheduler seccomp select sendfile sendmsg setdomainname setgid setgroups sethostname setns setpriority setrlimit setsid setuid shmat shmget signalfd4 socket socketpair splice stat statx swapoff swapon symlink syslog truncate umount2 uname unlink unshare userfaultfd vfork wait4 write';
