/** JMH suites; {@code perf/jmh} runs them. */
package orrery.perf.bench;
