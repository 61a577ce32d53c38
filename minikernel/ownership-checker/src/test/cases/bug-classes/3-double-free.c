	err = submit(dev, buf);      /* frees buf when it fails */
	if (err)
		goto free;
	return 0;
free:
	kfree(buf);
