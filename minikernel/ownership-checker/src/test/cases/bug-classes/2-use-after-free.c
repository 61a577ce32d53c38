/* the completion may run before the next line */
virtqueue_add_outbuf(vq, sg, 1, req, GFP_ATOMIC);
virtqueue_kick(vq);
dev_dbg(dev, "sent %u bytes\n", req->len);
