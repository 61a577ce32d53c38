package orrery.ownership.checker.flow;

import orrery.ownership.checker.Code;
import orrery.ownership.checker.Marks;
import orrery.ownership.checker.Reporter;
import orrery.ownership.checker.Session;

/**
 * What the analysis of one body works with.
 *
 * @param session what all classes of the compilation share
 * @param code the trees of the class
 * @param sinks where values go
 * @param reporter for the lines of trees
 * @param body the code that is analysed
 * @param findings takes the faults
 * @param patterns what patterns bind
 */
record Analysis(
    Session session,
    Code code,
    Sinks sinks,
    Reporter reporter,
    Body body,
    Findings findings,
    Patterns patterns) {
  Marks marks() {
    return session.marks();
  }
}
