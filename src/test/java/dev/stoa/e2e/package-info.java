/**
 * End-to-end tests: the packaged jar as a process of its own, seen only from outside, over real
 * HTTP, by its files and its exit codes. Run by {@code mvn verify}; a single one by {@code mvn
 * verify -Dit.test=SingleJarIT}.
 */
package dev.stoa.e2e;
