/* Answers the instruction `cpuid` as a processor with AVX2 and without anything newer would (see avx2_only.py).

The instruction cannot be intercepted on most machines, so `avx2_only.py` writes `ud2` over it in a copy of the library;
that raises SIGILL, and the handler here does what the instruction would have done. Newer vector units are left out of
what it answers. Programs that read /proc/cpuinfo get AVX2_ONLY_CPUINFO in its place. */

#define _GNU_SOURCE
#include <cpuid.h>
#include <dlfcn.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <sys/stat.h>
#include <ucontext.h>

/* Of leaf 7, subleaf 0: AVX-512 F, DQ, IFMA, PF, ER, CD, BW, VL. */
#define LEFT_OUT_OF_EBX (1u << 16 | 1u << 17 | 1u << 21 | 1u << 26 | 1u << 27 | 1u << 28 | 1u << 30 | 1u << 31)
/* AVX-512 VBMI, VBMI2, VNNI, BITALG, VPOPCNTDQ, and GFNI, VAES, VPCLMULQDQ. */
#define LEFT_OUT_OF_ECX (1u << 1 | 1u << 6 | 1u << 8 | 1u << 9 | 1u << 10 | 1u << 11 | 1u << 12 | 1u << 14)
/* AVX-512 4VNNIW, 4FMAPS, VP2INTERSECT, FP16, and AMX BF16, TILE, INT8. */
#define LEFT_OUT_OF_EDX (1u << 2 | 1u << 3 | 1u << 8 | 1u << 22 | 1u << 23 | 1u << 24 | 1u << 25)

static void answer(int signal_number, siginfo_t *info, void *context)
{
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    const unsigned char *instruction = (const unsigned char *)registers[REG_RIP];
    unsigned a, b, c, d, leaf = (unsigned)registers[REG_RAX], subleaf = (unsigned)registers[REG_RCX];
    (void)info;
    if (instruction[0] != 0x0f || instruction[1] != 0x0b) {
        signal(signal_number, SIG_DFL); /* not ours: the instruction is run again, and the process ends */
        return;
    }
    __cpuid_count(leaf, subleaf, a, b, c, d);
    if (leaf == 7 && subleaf == 0) {
        b &= ~LEFT_OUT_OF_EBX;
        c &= ~LEFT_OUT_OF_ECX;
        d &= ~LEFT_OUT_OF_EDX;
    } else if (leaf == 7) { /* AVX-VNNI, AVX-512 BF16 and all that came later */
        a = b = c = d = 0;
    }
    registers[REG_RAX] = a;
    registers[REG_RBX] = b;
    registers[REG_RCX] = c;
    registers[REG_RDX] = d;
    registers[REG_RIP] += 2;
}

__attribute__((constructor)) static void install(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = answer;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigaction(SIGILL, &action, NULL);
}

static const char *instead(const char *path)
{
    const char *other = getenv("AVX2_ONLY_CPUINFO");
    return path && other && strcmp(path, "/proc/cpuinfo") == 0 ? other : path;
}

#define OPENING(name)                                                        \
    int name(const char *path, int flags, ...)                               \
    {                                                                        \
        static int (*real)(const char *, int, ...);                          \
        va_list rest;                                                        \
        mode_t mode;                                                         \
        va_start(rest, flags);                                               \
        mode = va_arg(rest, mode_t);                                         \
        va_end(rest);                                                        \
        if (!real)                                                           \
            real = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name); \
        return real(instead(path), flags, mode);                             \
    }
OPENING(open)
OPENING(open64)

#define OPENING_STREAM(name)                                                             \
    FILE *name(const char *path, const char *mode)                                       \
    {                                                                                    \
        static FILE *(*real)(const char *, const char *);                                \
        if (!real)                                                                       \
            real = (FILE * (*)(const char *, const char *)) dlsym(RTLD_NEXT, #name);     \
        return real(instead(path), mode);                                                \
    }
OPENING_STREAM(fopen)
OPENING_STREAM(fopen64)
