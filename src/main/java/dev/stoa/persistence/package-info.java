/**
 * Databases: one SQL text for SQLite and PostgreSQL, migrations, transactions. The only place that
 * knows a SQL client. May depend on {@code config} and {@code problem}.
 */
package dev.stoa.persistence;
