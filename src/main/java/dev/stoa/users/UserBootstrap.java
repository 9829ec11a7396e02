package dev.stoa.users;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Identity;
import dev.stoa.users.AdminPolicy.NewAdmin;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the first admin, without whom nobody could make one. */
final class UserBootstrap {
  private static final Logger LOG = LoggerFactory.getLogger(UserBootstrap.class);
  private static final int GENERATED_BYTES = 15;

  private final UserRepository users;
  private final Accounts accounts;

  UserBootstrap(UserRepository users, Accounts accounts) {
    this.users = users;
    this.accounts = accounts;
  }

  /** Creates an admin if there is none yet and the configuration or the policy allows it. */
  Future<Void> ensureAdmin(UsersConfig config, AdminPolicy policy) {
    return users
        .hasAdmin()
        .compose(there -> there ? Future.succeededFuture() : firstAdmin(config, policy))
        .recover(failure -> unlessMadeMeanwhile(config, failure));
  }

  // By another process that started at the same moment.
  private Future<Void> unlessMadeMeanwhile(UsersConfig config, Throwable failure) {
    return users
        .hasAdmin()
        .compose(there -> there ? Future.succeededFuture() : withoutAdmin(config, failure));
  }

  // Anyone may have registered under that name; that must not keep the shop closed.
  private static Future<Void> withoutAdmin(UsersConfig config, Throwable failure) {
    if (failure instanceof ProblemException p && p.type() == ProblemType.USERNAME_TAKEN) {
      LOG.error(
          "there is no admin, and {} is a customer's name; set users.bootstrap_admin.username",
          config.adminUsername());
      return Future.succeededFuture();
    }
    return Future.failedFuture(failure);
  }

  private Future<Void> firstAdmin(UsersConfig config, AdminPolicy policy) {
    String username = config.adminUsername();
    if (config.adminPassword().isPresent()) {
      return create(username, config.adminPassword().get());
    }
    if (policy.announcement().isPresent()) {
      String password = generate();
      return create(username, password)
          .onSuccess(made -> policy.announcement().get().accept(new NewAdmin(username, password)));
    }
    LOG.warn("there is no admin; set users.bootstrap_admin.password to make one");
    return Future.succeededFuture();
  }

  private Future<Void> create(String username, String password) {
    return accounts
        .create(username, new Password(password), Optional.empty(), Set.of(Identity.ADMIN))
        .onSuccess(admin -> LOG.info("made the first admin, {} ({})", username, admin.id()))
        .mapEmpty();
  }

  private static String generate() {
    byte[] bytes = new byte[GENERATED_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
