struct buf *b = kmalloc(len, GFP_ATOMIC);
b->len = len;                    /* no memory: a write to address 0 */
