// Output on the console UART, a PL011.

.include "machine.inc"

.text

// Sets 115200 baud, 8N1, FIFOs on, interrupts off.
.global uart_init
uart_init:
        ldr     x1, =UART
        str     wzr, [x1, #UARTCR]
        mov     w0, #BAUD_INTEGER
        str     w0, [x1, #UARTIBRD]
        mov     w0, #BAUD_FRACTION
        str     w0, [x1, #UARTFBRD]
        mov     w0, #LINE_8N1_FIFO
        str     w0, [x1, #UARTLCR_H]
        str     wzr, [x1, #UARTIMSC]
        mov     w0, #ALL_INTERRUPTS
        str     w0, [x1, #UARTICR]
        mov     w0, #ENABLE_TX_RX
        str     w0, [x1, #UARTCR]
        ret

// Prints the string at x0; a carriage return goes before each line feed. Changes x0 to x3.
.global print
print:
        ldr     x1, =UART
1:      ldrb    w2, [x0], #1
        cbz     w2, 4f
        cmp     w2, #'\n'
        b.ne    3f
2:      ldr     w3, [x1, #UARTFR]
        tbnz    w3, #UARTFR_TXFF_BIT, 2b
        mov     w3, #'\r'
        str     w3, [x1, #UARTDR]
3:      ldr     w3, [x1, #UARTFR]
        tbnz    w3, #UARTFR_TXFF_BIT, 3b
        str     w2, [x1, #UARTDR]
        b       1b
4:      ret

// Prints x0 in hexadecimal with 0x. Changes x0 to x5.
.global print_hex
print_hex:
        mov     x4, #16
        mov     w5, #'x'
        b       print_number

// Prints x0 in decimal. Changes x0 to x5.
.global print_decimal
print_decimal:
        mov     x4, #10
        mov     w5, wzr

// Prints x0 to base x4, after "0" and w5 unless w5 is 0. Digits are laid down from the last.
print_number:
        stp     x29, x30, [sp, #-48]!
        add     x3, sp, #47
        strb    wzr, [x3]
1:      udiv    x1, x0, x4
        msub    x2, x1, x4, x0
        add     w2, w2, #'0'
        cmp     w2, #'9'
        b.ls    2f
        add     w2, w2, #'a' - '9' - 1
2:      strb    w2, [x3, #-1]!
        mov     x0, x1
        cbnz    x0, 1b
        cbz     w5, 3f
        strb    w5, [x3, #-1]!
        mov     w2, #'0'
        strb    w2, [x3, #-1]!
3:      mov     x0, x3
        bl      print
        ldp     x29, x30, [sp], #48
        ret
