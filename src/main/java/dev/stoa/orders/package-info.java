/**
 * Orders: who bought what for how much, and how far it has come. The only place that orchestrates
 * other services. May depend on the chassis ({@code service}) and the floors below; users, products
 * and payments are known only by their contracts.
 */
package dev.stoa.orders;
