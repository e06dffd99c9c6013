"""What a learner's process may ask of the kernel: to compute, to read what it may see, and to end.

A seccomp filter, made by libseccomp, which knows the numbers of system calls on every processor. All that is not listed
is refused: no other process, no signal, no socket, no change to any file, no tracing, no clock, no key.
"""

import ctypes
import os

# Files: to look, never to change. Where a file may be opened is for the sandbox to say.
_FILES = (
    "access close close_range dup dup2 dup3 faccessat faccessat2 fadvise64 fdatasync fstat fstat64 fstatfs fsync "
    "getcwd getdents getdents64 lseek _llseek lstat newfstatat open openat pipe pipe2 pread64 preadv read readahead "
    "readlink readlinkat readv stat statfs statx umask chdir fchdir write writev pwrite64"
)
_MEMORY = (
    "brk get_mempolicy madvise mbind membarrier mincore mlock mmap mmap2 mprotect mremap msync munlock munmap "
    "set_mempolicy set_mempolicy_home_node"
)
_TIME = (
    "alarm clock_getres clock_gettime clock_nanosleep getitimer gettimeofday nanosleep pause setitimer time "
    "timerfd_create timerfd_gettime timerfd_settime times"
)
_WAITING = (
    "_newselect epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 futex "
    "futex_wait futex_waitv futex_wake poll ppoll pselect6 select"
)
_ITSELF = (
    "arch_prctl exit exit_group getcpu getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getpgid getpgrp "
    "getpid getppid getrandom getresgid getresuid getrlimit getrusage getsid gettid getuid getuid32 restart_syscall "
    "riscv_hwprobe rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait "
    "sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min sched_yield "
    "set_robust_list set_tid_address sigaltstack sigreturn sysinfo ugetrlimit uname wait4 waitid"
)
ALLOWED = " ".join((_FILES, _MEMORY, _TIME, _WAITING, _ITSELF)).split()

_THREAD = 0x00010000  # CLONE_THREAD: a thread of this process, not a process of its own
_NAMESPACES = 0x7E020000  # CLONE_NEW*
# Allowed with some values of one argument: name -> (argument, mask or None, values). Otherwise fcntl could make the
# kernel signal another process, ioctl change a file that is open for reading, prlimit64 set the limits of the grader,
# prctl outlive the parent.
GUARDED: dict[str, tuple[int, int | None, tuple[int, ...]]] = {
    "clone": (0, _THREAD | _NAMESPACES, (_THREAD,)),
    "fcntl": (
        1,
        None,
        (0, 1, 2, 3, 4, 1030, 1032),
    ),  # F_DUPFD, F_GETFD/SETFD/GETFL/SETFL, ..CLOEXEC, GETPIPE_SZ
    "fcntl64": (1, None, (0, 1, 2, 3, 4, 1030, 1032)),
    "ioctl": (
        1,
        None,
        (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451),
    ),  # TCGETS, TIOCGWINSZ, FION*, FIO*CLEX
    "prctl": (0, None, (15, 16, 0x53564D41)),  # to name a thread or a piece of memory
    "prlimit64": (0, None, (0,)),  # of itself
    "sched_setaffinity": (0, None, (0,)),
}
# Refused with "Operation not permitted"; the rest with "Function not implemented", after which the C library tries an
# older call of the same use.
_REFUSED = (
    "fork vfork execve execveat kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo socket socketpair connect bind ptrace "
    "process_vm_readv process_vm_writev unlink unlinkat rename renameat renameat2 mkdir mkdirat rmdir symlink symlinkat "
    "link linkat truncate ftruncate chmod fchmod fchmodat fchmodat2 chown fchown fchownat lchown utime utimes utimensat "
    "setpriority setsid setpgid mount umount2 unshare setns chroot memfd_create"
)

_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_EQUAL, _MASKED_EQUAL = 4, 7  # libseccomp's comparisons


class _Comparison(ctypes.Structure):
    _fields_ = [
        ("argument", ctypes.c_uint),
        ("how", ctypes.c_int),
        ("a", ctypes.c_uint64),
        ("b", ctypes.c_uint64),
    ]


def filter_program() -> bytes:
    """Return the filter as the kernel takes it: instructions of the classic BPF machine, 8 bytes each.

    Raises:
        OSError: if there is no libseccomp, or it can't make the filter.
    """
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(_ERRNO | _ENOSYS))
    if not context.value:
        raise OSError("libseccomp made no filter")
    try:
        for name in ALLOWED:
            _add(library, context, _ALLOW, name)
        for name, (argument, mask, values) in GUARDED.items():
            for value in values:
                how = _MASKED_EQUAL if mask else _EQUAL
                pair = (mask, value) if mask else (value, 0)
                _add(library, context, _ALLOW, name, _Comparison(argument, how, *pair))
        for name in _REFUSED.split():
            _add(library, context, _ERRNO | _EPERM, name)
        _add(library, context, _ERRNO | _EPERM, "clone", _Comparison(0, _MASKED_EQUAL, _THREAD, 0))
        return _export(library, context)
    finally:
        library.seccomp_release(context)


def _add(library, context, action: int, name: str, *comparisons: _Comparison) -> None:
    number = library.seccomp_syscall_resolve_name(name.encode())
    if number < 0:
        return  # this processor, or this libseccomp, has no such call: it stays refused
    array = (_Comparison * max(len(comparisons), 1))(*comparisons)
    result = library.seccomp_rule_add_array(
        context, ctypes.c_uint32(action), ctypes.c_int(number), ctypes.c_uint(len(comparisons)), array
    )
    if result:
        raise OSError(-result, f"libseccomp takes no rule for {name}")


def _export(library, context) -> bytes:
    reading, writing = os.pipe()
    try:
        os.set_blocking(writing, False)  # a filter longer than a pipe holds would otherwise wait for ever
        result = library.seccomp_export_bpf(context, writing)
        if result:
            raise OSError(-result, "libseccomp exports no filter")
        os.close(writing)
        writing = -1
        with os.fdopen(os.dup(reading), "rb") as stream:
            return stream.read()
    finally:
        os.close(reading)
        if writing >= 0:
            os.close(writing)
