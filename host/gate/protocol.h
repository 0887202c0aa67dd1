/* The channel between the host and paddock-gate: grammar and limits, shared by both sides.
 *
 * Either way a frame is a 32-bit little-endian length and that many bytes.
 *
 * To the gate a frame's bytes are fields, each ended by a NUL; the first is the verb:
 *
 *   configure {KEY VALUE}           applied in the order given, to the gate itself
 *     umask OCTAL                   file mode creation mask
 *     rlimit NUMBER:VALUE           soft and hard limit alike; a lower hard limit stays
 *     session new | terminal        own session; with `terminal` standard input controls it
 *   probe COUNT {MODE CALLS {NUMBER ARGUMENTS {ARGUMENT}}}
 *     MODE      inline | isolated   isolated: in a child, for calls that would change the gate
 *     NUMBER                        of the system call, or PADDOCK_GATE_MATCH
 *     ARGUMENT  iN                  integer N, decimal, may be negative
 *               sTEXT               pointer to TEXT
 *               xHEX                pointer to these bytes
 *               oN                  pointer to an output buffer of N bytes, zeroed
 *               rK                  what call K of this probe returned
 *     A probe stops at its first call that fails; descriptors that it opened are closed.
 *   show PATH                       a file of the kernel's, of 60 KiB at most
 *   hold MODE CWD ARGC {ARG} ENVC {KEY=VALUE}    what a release will start; once
 *     MODE      exec | init         init: the gate stays, forwards signals and reaps
 *     ARG 0 without a slash is looked up in the PATH of the given environment.
 *   release                         starts what is held
 *
 * From the gate a frame is one JSON object:
 *
 *   {"gate":"paddock-gate/3","pid":1}       once, at the start
 *   {"ok":true}                             configure, hold
 *   {"results":[[STEP,VALUE,ERRNO,SIGNAL],...]}   probe, in the order asked: index and result of
 *                                           the last call, its errno or 0, and the signal that
 *                                           ended an isolated child or 0
 *   {"shown":HEX,"errno":N}                 show: its bytes, all of them where errno is 0
 *   {"error":TEXT,"errno":N}                anything else; the gate then exits. After release
 *                                           TEXT is "cwd", "command", "interpreter" or "fork"
 *
 * A release that works is answered by end of file: the channel is close-on-exec. A channel that
 * closes before ends the gate with 125. */
/* Where a launcher cannot let the gate inherit its descriptors:
 *
 *   paddock-gate connect SOCKET [leash]
 *     SOCKET        path of a unix stream socket; whoever listens there answers one byte, the
 *                   sum of 1, 2 and 4 for those of the streams 0, 1 and 2 that are terminals, and
 *                   with it by SCM_RIGHTS the channel and these streams, in this order
 *     leash         the connection stays, as below */
/* Entering a running sandbox, for backends that do it by namespaces:
 *
 *   paddock-gate enter GATE CHANNEL PIDFD REPORT NAMESPACES CAPABILITIES
 *                      DATA PROCESSES USER GROUP FILTERS
 *     GATE          path of the gate inside
 *     CHANNEL       descriptor that the gate inside inherits, beside 0, 1 and 2
 *     PIDFD         of a process of the sandbox, whose namespaces are joined
 *     REPORT        pipe for lines "ERRNO TEXT": "0 PID" names the gate inside, anything else is
 *                   a step that failed; it ends when that gate runs
 *     NAMESPACES    to join, the sum of their CLONE_NEW* flags
 *     CAPABILITIES  to keep, a decimal bit set
 *     DATA, PROCESSES  values of RLIMIT_DATA and RLIMIT_NPROC, 0 for none
 *     USER, GROUP   to become, without any supplementary group; 0 for whoever it is there
 *     FILTERS       of system calls to install, 0 for none: a file of programs, the first installed
 *                   first, each its length as a 64-bit number and then its instructions (8 bytes
 *                   each, struct sock_filter), in the machine's byte order
 *
 * The gate inside is a child of the one who starts this, who reaps both. The workload can look
 * into neither before the gate inside is executed. */
/* Entering a running sandbox whose kernel is not the host's, started in it as root by its engine:
 *
 *   paddock-gate arrive SOCKET USER GROUP
 *     standard input  PADDOCK_GATE_SECRET_SIZE bytes, said back on the socket as the first words
 *     SOCKET          as for `connect`, which this goes on as; the connection is its leash
 *     USER, GROUP     to become then, without any other group or capability
 *
 *   paddock-gate leash CONNECTION [TERMINAL]
 *     stands for that gate on the host: passes the signals on that it gets, and ends as it does
 *     TERMINAL        of the host's, which the gate has as standard input
 *
 * To the gate a leash carries one byte for each signal, its number, behind SIGWINCH the rows and
 * columns of the terminal, two bytes each, the higher first; from the gate one byte, the exit
 * status. Released, such a gate stays as `init`; the leash's end kills the command.
 *
 * A terminal of the host's controls no session there. `session terminal` makes one of the sandbox's
 * own, and puts it in the place of each stream that is the host's; the gate passes on between both.
 */
#ifndef PADDOCK_GATE_PROTOCOL_H
#define PADDOCK_GATE_PROTOCOL_H

#define PADDOCK_GATE_VERSION "paddock-gate/3"

/* Bounds; a frame beyond them is malformed. */
#define PADDOCK_GATE_FRAME_MAX (4u << 20) /* bytes; the kernel's own limit of argv is half */
#define PADDOCK_GATE_WORDS_MAX 65536      /* argv and environment entries */
#define PADDOCK_GATE_CALLS_MAX 16         /* of one probe */
#define PADDOCK_GATE_ARGUMENTS_MAX 6
#define PADDOCK_GATE_OUTPUT_MAX 4096 /* bytes of the output buffer */

#define PADDOCK_GATE_SECRET_SIZE 32

/* Pseudo call (OFFSET as iN, then xHEX): compares the output buffer from OFFSET with the bytes;
 * 0, or EILSEQ when they differ. */
#define PADDOCK_GATE_MATCH (-1)

/* Exit statuses of the gate itself. */
#define PADDOCK_GATE_EXIT_FAILED 125
#define PADDOCK_GATE_EXIT_CANNOT_EXECUTE 126
#define PADDOCK_GATE_EXIT_NOT_FOUND 127

#endif
