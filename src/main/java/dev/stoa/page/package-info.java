/**
 * What is made or read once and then served as it is, with an entity tag. Depends on nothing of
 * ours.
 */
package dev.stoa.page;
