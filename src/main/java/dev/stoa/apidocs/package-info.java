/**
 * What people and programs read about the API: the one document made of all contracts, the pages of
 * the problems, and Swagger UI. Knows no route and no service; those who serve it tell. Depends on
 * {@code page} and {@code problem}.
 */
package dev.stoa.apidocs;
