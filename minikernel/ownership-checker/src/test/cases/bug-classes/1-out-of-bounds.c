/* the device says how long its answer is, and is believed */
u32 len = readl(dev->regs + RX_LENGTH);
memcpy(skb_put(skb, len), dev->rx_buf, len);
