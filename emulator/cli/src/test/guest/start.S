// Starts a bare-metal C program: stack, vectors, main(device tree); then switches off by PSCI.
// A synchronous exception is counted in x28, and the instruction after it goes on.

.section .text.start, "ax"
.global _start
_start:
        ldr     x1, =stack_top
        mov     sp, x1
        adr     x1, vectors
        msr     vbar_el1, x1
        isb
        mov     x28, xzr
        bl      main
        ldr     w0, =0x84000008
        hvc     #0
        b       .

.global aborts
aborts:
        mov     x0, x28
        ret

.balign 0x800
vectors:
.rept 4
        b       .
        .balign 0x80
.endr
        mrs     x27, elr_el1
        add     x27, x27, #4
        msr     elr_el1, x27
        add     x28, x28, #1
        eret
        .balign 0x80
.rept 11
        b       .
        .balign 0x80
.endr
