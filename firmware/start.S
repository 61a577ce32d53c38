// From reset to the hand-over. The CPU starts here at EL1 with the MMU off.

.include "machine.inc"

.section .text.reset, "ax"
.global _start
_start:
        adr     x0, vectors
        msr     vbar_el1, x0
        isb
        ldr     x0, =DEVICE_TREE
        ldr     w1, [x0, #TREE_TOTAL_SIZE]
        rev     w1, w1
        mov     w2, #TREE_MAX_SIZE      // whatever stands there
        cmp     w1, w2
        csel    w1, w1, w2, ls
        add     x19, x0, x1
        add     x19, x19, #15
        and     x19, x19, #~15
        add     x0, x19, #DATA_SIZE
        mov     sp, x0
        bl      uart_init

        ldr     x0, =DEVICE_TREE
        mov     x1, x19
        bl      tree_read
        cbnz    x0, fail

        ldr     x20, [x19, #FOUND_FLAGS]
        ldr     x21, [x19, #FOUND_ENTRY]
        ldr     x0, [x19, #FOUND_MEMORY_SIZE]
        cbz     x0, no_memory
        tst     x20, #FLAG_QUIET
        b.ne    1f
        bl      report
1:      tst     x20, #FLAG_HOSTED
        b.ne    attach
        cbz     x21, no_kernel

        // Linux/arm64 boot protocol: x0 the device tree, x1 to x3 zero, interrupts masked.
        msr     daifset, #0xf
        ldr     x0, =DEVICE_TREE
        mov     x1, xzr
        mov     x2, xzr
        mov     x3, xzr
        br      x21

attach:
        ldr     w0, =CALL_ATTACH
        ldr     x1, =DEVICE_TREE
        hvc     #0
        // Only comes back if the machine has no kernel to attach.
        adr     x0, text_no_hosted
        b       fail
no_memory:
        adr     x0, text_no_memory
        b       fail
no_kernel:
        adr     x0, text_no_kernel

// Prints the reason in x0 and switches off with an error.
fail:
        mov     x19, x0
        adr     x0, text_error
        bl      print
        mov     x0, x19
        bl      print
        adr     x0, text_newline
        bl      print
power_off:
        ldr     w0, =CALL_FAIL
        mov     w1, #STATUS_FAILED
        hvc     #0
1:      wfi
        b       1b

// Prints what was found; x19 = findings.
report:
        stp     x29, x30, [sp, #-16]!
        adr     x0, text_banner
        bl      print
        ldr     x0, [x19, #FOUND_MODEL]
        cbz     x0, 1f
        mov     x20, x0
        adr     x0, text_machine
        bl      print
        mov     x0, x20
        bl      print
1:      adr     x0, text_memory
        bl      print
        ldr     x0, [x19, #FOUND_MEMORY_SIZE]
        lsr     x0, x0, #20
        bl      print_decimal
        adr     x0, text_memory_at
        bl      print
        ldr     x0, [x19, #FOUND_MEMORY]
        bl      print_hex
        ldr     x0, [x19, #FOUND_ARGUMENTS]
        cbz     x0, 2f
        mov     x20, x0
        adr     x0, text_arguments
        bl      print
        mov     x0, x20
        bl      print
2:      ldr     x20, [x19, #FOUND_FLAGS]
        adr     x0, text_hosted
        tst     x20, #FLAG_HOSTED
        b.ne    3f
        cbz     x21, 4f
        adr     x0, text_kernel
        bl      print
        mov     x0, x21
        bl      print_hex
        b       4f
3:      bl      print
4:      adr     x0, text_newline
        bl      print
        ldp     x29, x30, [sp], #16
        ret

// No exception is expected: say which one it was and give up.
unexpected:
        adr     x0, text_exception
        bl      print
        mrs     x0, esr_el1
        bl      print_hex
        adr     x0, text_exception_at
        bl      print
        mrs     x0, elr_el1
        bl      print_hex
        adr     x0, text_newline
        bl      print
        b       power_off

.balign 0x800
vectors:
.rept 16
        b       unexpected
        .balign 0x80
.endr

.section .rodata
text_banner:        .asciz "Orrery firmware 1.0"
text_machine:       .asciz "\n  machine:   "
text_memory:        .asciz "\n  memory:    "
text_memory_at:     .asciz " MiB at "
text_arguments:     .asciz "\n  arguments: "
text_hosted:        .asciz "\n  starting:  the hosted kernel"
text_kernel:        .asciz "\n  starting:  the kernel at "
text_newline:       .asciz "\n"
text_error:         .asciz "Orrery firmware: "
text_no_memory:     .asciz "the device tree has no memory node"
text_no_kernel:     .asciz "the device tree names no kernel to start"
text_no_hosted:     .asciz "the machine has no hosted kernel to attach"
text_exception:     .asciz "Orrery firmware: unexpected exception, syndrome "
text_exception_at:  .asciz " at "
