package dev.stoa.users;

import dev.stoa.service.Call;
import dev.stoa.service.Identity;
import dev.stoa.service.Operations;
import dev.stoa.service.PageRequest;
import dev.stoa.service.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The operations of the contract, from call to reply. */
final class UserOperations {
  private final Accounts accounts;

  UserOperations(Accounts accounts) {
    this.accounts = accounts;
  }

  Operations table() {
    return new Operations()
        .on("register", this::register)
        .on("login", this::login)
        .on("createUser", this::create)
        .on("listUsers", this::list)
        .on("getUser", this::read)
        .on("updateUser", this::update)
        .on("deleteUser", this::delete);
  }

  private Future<Reply> register(Call call) {
    return created("../users/", call, Set.of(Identity.CUSTOMER));
  }

  private Future<Reply> create(Call call) {
    return created("users/", call, roles(call.body()).orElse(Set.of(Identity.CUSTOMER)));
  }

  private Future<Reply> created(String path, Call call, Set<String> roles) {
    JsonObject body = call.body();
    return accounts
        .create(
            call.work(),
            body.getString("username"),
            new Password(body.getString("password")),
            text(body, "email"),
            roles)
        .map(user -> Reply.created(path + user.id(), json(user)));
  }

  private Future<Reply> login(Call call) {
    JsonObject body = call.body();
    return accounts
        .logIn(body.getString("username"), new Password(body.getString("password")))
        .map(
            user ->
                Reply.ok(
                    new JsonObject()
                        .put("user_id", user.id())
                        .put("username", user.username())
                        .put("roles", sorted(user.roles()))));
  }

  private Future<Reply> list(Call call) {
    PageRequest page = call.page();
    return accounts
        .page(page)
        .map(users -> Reply.ok(page.toJson(users, User::id, UserOperations::json)));
  }

  private Future<Reply> read(Call call) {
    return accounts.read(call.identity(), id(call)).map(user -> Reply.ok(json(user)));
  }

  private Future<Reply> update(Call call) {
    JsonObject body = call.body();
    return accounts
        .change(
            call.identity(),
            id(call),
            new UserChange(text(body, "username"), text(body, "email"), roles(body)),
            new PasswordChange(
                text(body, "password").map(Password::new),
                text(body, "current_password").map(Password::new)))
        .map(user -> Reply.ok(json(user)));
  }

  private Future<Reply> delete(Call call) {
    return accounts.delete(call.identity(), id(call)).map(gone -> Reply.noContent());
  }

  /** Ids are kept in lower case; callers may write them in any (RFC 9562, section 4). */
  private static String id(Call call) {
    return call.path("id").toLowerCase(Locale.ROOT);
  }

  private static Optional<String> text(JsonObject body, String field) {
    return Optional.ofNullable(body.getString(field));
  }

  private static Optional<Set<String>> roles(JsonObject body) {
    return Optional.ofNullable(body.getJsonArray("roles"))
        .map(list -> list.stream().map(String.class::cast).collect(Collectors.toSet()));
  }

  private static JsonObject json(User user) {
    return new JsonObject()
        .put("user_id", user.id())
        .put("username", user.username())
        .put("email", user.email().orElse(null))
        .put("roles", sorted(user.roles()))
        .put("created_at", user.createdAt().toString());
  }

  private static JsonArray sorted(Set<String> roles) {
    return new JsonArray(List.copyOf(new TreeSet<>(roles)));
  }
}
