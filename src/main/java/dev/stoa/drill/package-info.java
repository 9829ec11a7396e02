/**
 * The drill: a whole system in a sandbox of its own, broken on purpose while requests flow, and
 * held to what is promised. It knows Stoa from outside only, as its operators do: processes, HTTP
 * and the command line. Depends on nothing of Stoa's; blocks the threads it runs on.
 */
package dev.stoa.drill;
