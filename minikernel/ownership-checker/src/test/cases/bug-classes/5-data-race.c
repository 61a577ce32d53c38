static irqreturn_t handler(int irq, void *arg)
{
	struct dev *dev = arg;
	dev->received++;         /* read() does the same with interrupts on */
	return IRQ_HANDLED;
}
