// Reads the flattened device tree (Devicetree Specification v0.4, section 5). Every offset and
// length is checked against the block it lies in. Loads are of aligned words and bytes only,
// because memory is Device memory while the MMU is off.

.include "machine.inc"

.equ TREE_MAGIC,        0xd00dfeed
.equ TREE_VERSION,      17

.equ STRUCT_OFFSET,     8
.equ STRINGS_OFFSET,    12
.equ VERSION_OFFSET,    20
.equ STRINGS_SIZE,      32
.equ STRUCT_SIZE,       36

.equ BEGIN_NODE,        1
.equ END_NODE,          2
.equ PROPERTY,          3
.equ NOP,               4
.equ END,               9

// Which node is being read.
.equ NODE_OTHER,        0
.equ NODE_ROOT,         1
.equ NODE_CHOSEN,       2
.equ NODE_MEMORY,       3

.equ CELL_COUNT,        2       // cells of addresses and of sizes below the root

.macro word reg, base, offset   // a big-endian word
        ldr     \reg, [\base, #\offset]
        rev     \reg, \reg
.endm

.text

// tree_read(x0 = tree, x1 = findings): 0, or the address of a string that says what is wrong.
//   x19 cursor   x20 end of the structure   x21 strings   x22 size of the strings
//   w23 depth    w24 node                   x25 findings  x26 end of the wanted list
.global tree_read
tree_read:
        stp     x29, x30, [sp, #-80]!
        stp     x19, x20, [sp, #16]
        stp     x21, x22, [sp, #32]
        stp     x23, x24, [sp, #48]
        stp     x25, x26, [sp, #64]
        mov     x25, x1
        stp     xzr, xzr, [x25, #FOUND_MODEL]
        stp     xzr, xzr, [x25, #FOUND_MEMORY]
        stp     xzr, xzr, [x25, #FOUND_ENTRY]
        mov     w23, wzr
        mov     w24, #NODE_OTHER

        word    w1, x0, 0
        ldr     w2, =TREE_MAGIC
        cmp     w1, w2
        b.ne    bad_magic
        word    w1, x0, VERSION_OFFSET
        cmp     w1, #TREE_VERSION
        b.lo    bad_version
        word    w1, x0, TREE_TOTAL_SIZE
        cmp     w1, #TREE_MAX_SIZE
        b.hi    malformed
        word    w2, x0, STRUCT_OFFSET
        word    w3, x0, STRUCT_SIZE
        add     x4, x2, x3
        cmp     x4, x1
        b.hi    malformed
        tst     x2, #3
        b.ne    malformed
        add     x19, x0, x2
        add     x20, x19, x3
        word    w2, x0, STRINGS_OFFSET
        word    w22, x0, STRINGS_SIZE
        add     x4, x2, x22
        cmp     x4, x1
        b.hi    malformed
        cbz     x22, malformed
        add     x21, x0, x2
        add     x4, x21, x22            // the last string must end, then all do
        ldurb   w4, [x4, #-1]
        cbnz    w4, malformed

next_token:
        bl      next_word
        cmp     w0, #BEGIN_NODE
        b.eq    begin_node
        cmp     w0, #PROPERTY
        b.eq    property
        cmp     w0, #END_NODE
        b.eq    end_node
        cmp     w0, #NOP
        b.eq    next_token
        cmp     w0, #END
        b.ne    malformed
        cbnz    w23, malformed
        mov     x0, xzr
        b       done

begin_node:
        add     w23, w23, #1
        mov     x9, x19                 // the name
1:      cmp     x19, x20
        b.hs    malformed
        ldrb    w0, [x19], #1
        cbnz    w0, 1b
        bl      align_cursor
        mov     w24, #NODE_ROOT
        cmp     w23, #1
        b.eq    next_token
        mov     w24, #NODE_OTHER
        cmp     w23, #2
        b.ne    next_token
        mov     x0, x9
        adr     x1, name_chosen
        bl      equal
        mov     w1, #NODE_CHOSEN
        cbnz    w0, 2f
        mov     x0, x9
        adr     x1, name_memory
        bl      equal                   // w2: where they differ
        mov     w1, #NODE_MEMORY
        cbnz    w0, 2f
        cmp     w2, #'@'
        ccmp    w3, #0, #0, eq          // the wanted name ended where the unit address starts
        b.ne    next_token
2:      mov     w24, w1
        b       next_token

end_node:
        cbz     w23, malformed
        sub     w23, w23, #1
        mov     w24, #NODE_OTHER
        b       next_token

property:
        bl      next_word
        mov     w10, w0                 // length
        bl      next_word
        mov     w11, w0                 // offset of the name
        mov     x12, x19                // value
        sub     x1, x20, x19
        cmp     x10, x1
        b.hi    malformed
        cmp     x11, x22
        b.hs    malformed
        add     x11, x21, x11
        add     x19, x19, x10
        bl      align_cursor
        cbz     w24, next_token

        adr     x13, wanted
        adr     x26, wanted_end
1:      cmp     x13, x26
        b.eq    next_token
        ldp     x14, x15, [x13], #24    // node, name
        cmp     x14, x24
        b.ne    1b
        mov     x0, x11
        mov     x1, x15
        bl      equal
        cbz     w0, 1b
        ldur    x14, [x13, #-8]
        br      x14

// Handlers: x12 = value, w10 = its length.

found_model:
        bl      check_string
        str     x12, [x25, #FOUND_MODEL]
        b       next_token

found_arguments:
        cmp     w10, #1
        b.ls    next_token              // nothing, or the empty string
        bl      check_string
        str     x12, [x25, #FOUND_ARGUMENTS]
        b       next_token

found_cell_count:
        cmp     w10, #4
        b.ne    malformed
        word    w0, x12, 0
        cmp     w0, #CELL_COUNT
        b.ne    bad_cells
        b       next_token

found_memory:
        cmp     w10, #16
        b.lo    malformed
        bl      double_word
        str     x0, [x25, #FOUND_MEMORY]
        add     x12, x12, #8
        bl      double_word
        str     x0, [x25, #FOUND_MEMORY_SIZE]
        b       next_token

found_entry:
        cmp     w10, #8
        b.ne    malformed
        bl      double_word
        str     x0, [x25, #FOUND_ENTRY]
        b       next_token

found_hosted:
        mov     x0, #FLAG_HOSTED
        b       1f
found_quiet:
        mov     x0, #FLAG_QUIET
1:      ldr     x1, [x25, #FOUND_FLAGS]
        orr     x1, x1, x0
        str     x1, [x25, #FOUND_FLAGS]
        b       next_token

bad_magic:
        adr     x0, text_bad_magic
        b       done
bad_version:
        adr     x0, text_bad_version
        b       done
bad_cells:
        adr     x0, text_bad_cells
        b       done
malformed:
        adr     x0, text_malformed
done:
        ldp     x19, x20, [sp, #16]
        ldp     x21, x22, [sp, #32]
        ldp     x23, x24, [sp, #48]
        ldp     x25, x26, [sp, #64]
        ldp     x29, x30, [sp], #80
        ret

// Takes the word at the cursor into w0, or gives up.
next_word:
        sub     x0, x20, x19
        cmp     x0, #4
        b.lt    malformed
        word    w0, x19, 0
        add     x19, x19, #4
        ret

// Moves the cursor to the next token; it may pass the end, which next_word notices.
align_cursor:
        add     x19, x19, #3
        and     x19, x19, #~3
        ret

// Gives up unless the value ends in a NUL.
check_string:
        cbz     w10, malformed
        add     x0, x12, x10
        ldurb   w0, [x0, #-1]
        cbnz    w0, malformed
        ret

// The big-endian number of 64 bits at x12, which is aligned to a word, in x0.
double_word:
        word    w0, x12, 0
        word    w1, x12, 4
        orr     x0, x1, x0, lsl #32
        ret

// Compares the strings at x0 and x1: w0 = 1 if equal; else w0 = 0 and w2, w3 are the bytes of
// each where they first differ.
equal:
1:      ldrb    w2, [x0], #1
        ldrb    w3, [x1], #1
        cmp     w2, w3
        b.ne    2f
        cbnz    w2, 1b
        mov     w0, #1
        ret
2:      mov     w0, wzr
        ret

.section .rodata
name_chosen:            .asciz "chosen"
name_memory:            .asciz "memory"
name_model:             .asciz "model"
name_address_cells:     .asciz "#address-cells"
name_size_cells:        .asciz "#size-cells"
name_arguments:         .asciz "bootargs"
name_quiet:             .asciz "orrery,quiet"
name_hosted:            .asciz "orrery,hosted-kernel"
name_entry:             .asciz "orrery,kernel-entry"
name_reg:               .asciz "reg"
text_bad_magic:         .asciz "there is no device tree (bad magic number)"
text_bad_version:       .asciz "the device tree is older than version 17"
text_bad_cells:         .asciz "the device tree's addresses and sizes are not of two cells"
text_malformed:         .asciz "the device tree is malformed"

// What is looked for: node, name of the property, handler.
.balign 8
wanted:
        .quad   NODE_ROOT, name_model, found_model
        .quad   NODE_ROOT, name_address_cells, found_cell_count
        .quad   NODE_ROOT, name_size_cells, found_cell_count
        .quad   NODE_CHOSEN, name_arguments, found_arguments
        .quad   NODE_CHOSEN, name_quiet, found_quiet
        .quad   NODE_CHOSEN, name_hosted, found_hosted
        .quad   NODE_CHOSEN, name_entry, found_entry
        .quad   NODE_MEMORY, name_reg, found_memory
wanted_end:
