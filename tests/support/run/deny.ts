/**
 * Runs a program that the kernel denies something by seccomp, as a container's profile or
 * systemd's settings do.
 *
 * `deno run --allow-ffi deny.ts SYSCALL|writable-code PROGRAM`, with the program's environment
 *
 * @module
 */

/** Of `prctl(2)` and `seccomp(2)`. */
const PR_SET_NO_NEW_PRIVS = 38;
const PR_SET_SECCOMP = 22;
const SECCOMP_MODE_FILTER = 2;
const ALLOW = 0x7fff_0000;
const DENY = 0x0005_0000 + /* EPERM */ 1;

/** Instructions of a filter: load a word, the same and with it, compare, return. */
const [LOAD, AND, EQUAL, RETURN] = [0x20, 0x54, 0x15, 0x06];

/** Offsets into `struct seccomp_data`. */
const [NUMBER, THIRD_ARGUMENT] = [0, 32];

const [PROT_WRITE, PROT_EXEC] = [2, 4];

/** Numbers of system calls. */
const NUMBERS = {
  x86_64: { clone3: 435, madvise: 28, eventfd2: 290, mmap: 9, mprotect: 10 },
  aarch64: { clone3: 435, madvise: 233, eventfd2: 19, mmap: 222, mprotect: 226 },
}[Deno.build.arch as "x86_64" | "aarch64"];

type Instruction = [code: number, ifTrue: number, ifFalse: number, value: number];

/** Denies a system call whatever its arguments are. */
function denying(call: number): Instruction[] {
  return [
    [LOAD, 0, 0, NUMBER],
    [EQUAL, 0, 1, call],
    [RETURN, 0, 0, DENY],
    [RETURN, 0, 0, ALLOW],
  ];
}

/** Denies memory that is or becomes executable while it can be written, as systemd does. */
function denyingWritableCode({ mmap, mprotect }: typeof NUMBERS): Instruction[] {
  return [
    [LOAD, 0, 0, NUMBER],
    [EQUAL, 4, 0, mprotect],
    [EQUAL, 0, 6, mmap],
    [LOAD, 0, 0, THIRD_ARGUMENT],
    [AND, 0, 0, PROT_WRITE | PROT_EXEC],
    [EQUAL, 4, 3, PROT_WRITE | PROT_EXEC],
    [LOAD, 0, 0, THIRD_ARGUMENT],
    [AND, 0, 0, PROT_EXEC],
    [EQUAL, 1, 0, PROT_EXEC],
    [RETURN, 0, 0, ALLOW],
    [RETURN, 0, 0, DENY],
  ];
}

/** `struct sock_filter[]`. */
function encode(filter: readonly Instruction[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(filter.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [index, [code, ifTrue, ifFalse, value]] of filter.entries()) {
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, ifTrue);
    view.setUint8(index * 8 + 3, ifFalse);
    view.setUint32(index * 8 + 4, value, true);
  }
  return bytes;
}

/** An array of addresses that ends with a null pointer. */
function pointers(...values: (Uint8Array<ArrayBuffer> | undefined)[]) {
  return new BigUint64Array(
    [...values, undefined].map((value) =>
      value ? BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(value))) : 0n
    ),
  );
}

const [what, program] = Deno.args as [string, string];
const libc = Deno.dlopen("libc.so.6", {
  prctl: { parameters: ["i32", "u64", "buffer", "u64", "u64"], result: "i32" },
  execv: { parameters: ["buffer", "buffer"], result: "i32" },
}).symbols;
const call = NUMBERS[what as keyof typeof NUMBERS];
const filter = encode(call ? denying(call) : denyingWritableCode(NUMBERS));
const path = new TextEncoder().encode(`${program}\0`);
// `struct sock_fprog`: how many instructions, and where they are.
const program64 = new BigUint64Array([BigInt(filter.length / 8), ...pointers(filter).slice(0, 1)]);
const argv = pointers(path);
const none = new Uint8Array();

libc.prctl(PR_SET_NO_NEW_PRIVS, 1n, none, 0n, 0n);
if (libc.prctl(PR_SET_SECCOMP, BigInt(SECCOMP_MODE_FILTER), program64, 0n, 0n) === 0) {
  libc.execv(path, argv);
}
console.error("cannot filter system calls");
Deno.exit(125);
