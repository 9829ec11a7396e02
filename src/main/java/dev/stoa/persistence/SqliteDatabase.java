package dev.stoa.persistence;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

final class SqliteDatabase {
  private SqliteDatabase() {}

  static Future<Database> open(Vertx vertx, DatabaseConfig config, String service) {
    return Future.failedFuture("follows");
  }
}
