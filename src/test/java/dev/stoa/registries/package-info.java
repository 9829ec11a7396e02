/** Real registries for the tests: fetched once, started as child processes on free ports. */
package dev.stoa.registries;
