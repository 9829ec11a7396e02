/**
 * The operations page: files that a browser runs, and how they are served. All that it shows comes
 * from the admin API of the gateway and from the services behind it, asked for with the token of
 * whoever looks. May depend on what lies below the services; knows neither the gateway nor any
 * service.
 */
package dev.stoa.console;
