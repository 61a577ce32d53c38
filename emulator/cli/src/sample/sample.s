// The built-in sample: what runs when the host has no root file system for the guest. A static
// Linux/arm64 program without a library: prints its text and ends with status 0.
//
// Built by src/sample/build into src/main/resources/orrery/cli/sample; CI compares the two.

        .equ    SYS_write, 64
        .equ    SYS_exit_group, 94
        .equ    STDOUT, 1

        .text
        .global _start
_start:
        mov     x0, #STDOUT
        adr     x1, text
        mov     x2, #(text_end - text)
        mov     x8, #SYS_write
        svc     #0
        mov     x0, #0
        mov     x8, #SYS_exit_group
        svc     #0

text:
        .ascii  "Hello from an AArch64 program on Orrery's mini-kernel.\n"
        .ascii  "This is the built-in sample: there is no root file system to run your command in.\n"
        .ascii  "Bring one with --root DIR, or a static AArch64 busybox with ORRERY_BUSYBOX=FILE.\n"
text_end:
