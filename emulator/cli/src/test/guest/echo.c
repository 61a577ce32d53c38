/* Sends back what it reads by polling, upper case, until a full stop. */
void main(void) {
  volatile unsigned *uart = (volatile unsigned *)0x09000000;
  unsigned c;
  do {
    while (uart[0x18 / 4] & 1 << 4)
      ;
    c = uart[0] & 0xff;
    uart[0] = c >= 'a' && c <= 'z' ? c - 32 : c;
  } while (c != '.');
  *(volatile unsigned *)0x09030000 = 9;
}
