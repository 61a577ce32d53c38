buf = dma_alloc_coherent(dev, size, &dma, GFP_KERNEL);
err = init_queue(dev);
if (err)
	return err;              /* buf is lost */
