/**
 * The machine as a whole: its RAM, its parts, how it starts and how it ends. The room may touch
 * every other room of this module; device models and kernels stand above it and are never named
 * here.
 */
package orrery.machine;
