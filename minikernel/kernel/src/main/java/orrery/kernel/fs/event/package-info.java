/** Descriptors that stand for events: eventfd, timerfd and epoll. */
package orrery.kernel.fs.event;
