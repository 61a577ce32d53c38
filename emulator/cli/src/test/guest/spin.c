/* Loops for ever with all interrupts masked. */
void spin(void) {
  for (;;)
    asm volatile("");
}

void main(void) { spin(); }
