/* both come from the device: the sum wraps and the test passes */
u32 off = le32_to_cpu(d->offset), len = le32_to_cpu(d->length);
if (off + len > size)
	return -EINVAL;
memcpy(dst, base + off, len);
