/**
 * Memory: page frames, address spaces with page tables in guest RAM, page faults, and access to
 * user memory from the kernel. Knows {@code abi}, {@code hw} and the CPU's translation contexts;
 * files are known only as {@link orrery.kernel.memory.PageSource}.
 *
 * <p>Single-threaded, on the vCPU's thread. Faults and user memory access allocate nothing; what a
 * program can make the kernel keep per page lies in guest frames, and what it can make the kernel
 * keep per mapping is limited in number.
 */
package orrery.kernel.memory;
