/**
 * The javac plugin that enforces the ownership annotations. It depends on nothing else here, so
 * that others can use it alone. Unfurnished yet.
 */
module orrery.ownership.checker {
  requires jdk.compiler;
}
