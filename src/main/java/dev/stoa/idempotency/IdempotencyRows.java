package dev.stoa.idempotency;

import dev.stoa.persistence.Database;
import dev.stoa.persistence.Parameters;
import dev.stoa.persistence.Row;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The tables of an {@link IdempotencyStore}. */
final class IdempotencyRows {
  /**
   * One key as it stands.
   *
   * @param leaseUntil null where it is answered
   */
  record Found(
      String fingerprint,
      String claimId,
      String workId,
      Instant leaseUntil,
      Optional<KeptReply> reply) {}

  private final Database database;

  IdempotencyRows(Database database) {
    this.database = database;
  }

  /** The secret of this database, made by whoever comes first. */
  Future<String> secret() {
    return findSecret()
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture(found.get())
                    : database
                        .run(
                            "INSERT INTO idempotency_secret (id, secret) VALUES (1, $1)"
                                + " ON CONFLICT (id) DO NOTHING",
                            KeyHashes.newSecret())
                        .compose(inserted -> findSecret())
                        .map(Optional::orElseThrow));
  }

  private Future<Optional<String>> findSecret() {
    return database
        .read("SELECT secret FROM idempotency_secret")
        .map(rows -> rows.first(row -> row.text("secret")));
  }

  /** Whether the key was there for the taking: new, or kept for long enough and not at work. */
  Future<Boolean> insert(
      Claim claim, String fingerprint, Instant now, Instant leaseUntil, Instant expiresAt) {
    return database
        .run(
            """
            INSERT INTO idempotency_keys
              (key_hash, fingerprint, claim_id, work_id, lease_until, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (key_hash) DO UPDATE
            SET fingerprint = excluded.fingerprint, claim_id = excluded.claim_id,
                work_id = excluded.work_id, lease_until = excluded.lease_until,
                expires_at = excluded.expires_at, status = NULL, head = NULL, body = NULL
            WHERE idempotency_keys.expires_at <= $7
              AND (idempotency_keys.lease_until IS NULL OR idempotency_keys.lease_until <= $7)""",
            claim.keyHash(),
            fingerprint,
            claim.id(),
            claim.workId(),
            leaseUntil,
            expiresAt,
            now)
        .map(rows -> rows.changed() == 1);
  }

  Future<Optional<Found>> find(String keyHash) {
    return database
        .read("SELECT * FROM idempotency_keys WHERE key_hash = $1", keyHash)
        .map(rows -> rows.first(IdempotencyRows::found));
  }

  private static Found found(Row row) {
    boolean answered = row.number("status") != 0;
    return new Found(
        row.text("fingerprint"),
        row.text("claim_id"),
        row.text("work_id"),
        row.instant("lease_until"),
        answered
            ? Optional.of(
                new KeptReply((int) row.number("status"), row.text("head"), row.text("body")))
            : Optional.empty());
  }

  /** Whether the claim is ours now: its holder has not come back, and nobody was faster. */
  Future<Boolean> takeOver(Claim claim, Found from, Instant leaseUntil) {
    return database
        .run(
            """
            UPDATE idempotency_keys SET claim_id = $1, lease_until = $2
            WHERE key_hash = $3 AND claim_id = $4 AND status IS NULL AND lease_until <= $5""",
            claim.id(),
            leaseUntil,
            claim.keyHash(),
            from.claimId(),
            from.leaseUntil())
        .map(rows -> rows.changed() == 1);
  }

  /** Whether the claim was still ours to begin anew. */
  Future<Boolean> replace(Claim claim, Claim anew, Instant leaseUntil) {
    return database
        .run(
            """
            UPDATE idempotency_keys SET claim_id = $1, work_id = $2, lease_until = $3
            WHERE key_hash = $4 AND claim_id = $5 AND status IS NULL""",
            anew.id(),
            anew.workId(),
            leaseUntil,
            claim.keyHash(),
            claim.id())
        .map(rows -> rows.changed() == 1);
  }

  /** Whether the claim was still ours to end. */
  Future<Boolean> keep(Claim claim, KeptReply reply, Instant expiresAt) {
    return database
        .run(
            """
            UPDATE idempotency_keys
            SET status = $1, head = $2, body = $3, lease_until = NULL, expires_at = $4
            WHERE key_hash = $5 AND claim_id = $6""",
            reply.status(),
            reply.head(),
            reply.body(),
            expiresAt,
            claim.keyHash(),
            claim.id())
        .map(rows -> rows.changed() == 1);
  }

  Future<Boolean> delete(Claim claim) {
    return database
        .run(
            "DELETE FROM idempotency_keys WHERE key_hash = $1 AND claim_id = $2 AND status IS NULL",
            claim.keyHash(),
            claim.id())
        .map(rows -> rows.changed() == 1);
  }

  /** Sets the end of the leases of claims that still stand. */
  Future<Void> renew(List<String> claimIds, Instant until) {
    Parameters given = new Parameters();
    return database
        .run(
            "UPDATE idempotency_keys SET lease_until = "
                + given.add(until)
                + " WHERE status IS NULL AND claim_id IN "
                + given.addAll(claimIds),
            given.values())
        .mapEmpty();
  }

  /** Forgets at most so many keys that were kept for long enough; how many. */
  Future<Integer> forget(Instant now, int limit) {
    return database
        .read(
            """
            SELECT key_hash FROM idempotency_keys
            WHERE expires_at <= $1 AND (lease_until IS NULL OR lease_until <= $1)
            ORDER BY expires_at LIMIT $2""",
            now,
            limit)
        .compose(
            rows ->
                rows.isEmpty()
                    ? Future.succeededFuture(0)
                    : delete(rows.map(row -> row.text("key_hash")), now));
  }

  // A key may have been claimed anew since it was found.
  private Future<Integer> delete(List<String> keyHashes, Instant now) {
    Parameters given = new Parameters();
    return database
        .run(
            "DELETE FROM idempotency_keys WHERE expires_at <= "
                + given.add(now)
                + " AND key_hash IN "
                + given.addAll(keyHashes),
            given.values())
        .map(rows -> rows.changed());
  }

  Future<Long> count() {
    return database
        .read("SELECT count(*) AS keys FROM idempotency_keys")
        .map(rows -> rows.rows().get(0).number("keys"));
  }
}
