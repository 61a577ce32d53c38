struct reply r;                  /* some fields are never set ... */
if (fast)
	r.status = 0;
copy_to_user(arg, &r, sizeof(r)); /* ... and leak the kernel's stack */
