package dev.stoa.products;

import dev.stoa.config.Live;
import dev.stoa.problem.ProblemException;
import dev.stoa.service.Call;
import dev.stoa.service.Money;
import dev.stoa.service.Operations;
import dev.stoa.service.PageRequest;
import dev.stoa.service.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The operations on products, from call to reply. */
final class ProductOperations {
  private final Catalog catalog;
  private final Live<ProductsConfig> config;

  ProductOperations(Catalog catalog, Live<ProductsConfig> config) {
    this.catalog = catalog;
    this.config = config;
  }

  Operations addTo(Operations operations) {
    return operations
        .on("createProduct", this::create)
        .on("listProducts", this::list)
        .on("searchProducts", this::search)
        .on("lookupProducts", this::lookup)
        .on("getProduct", this::read)
        .on("updateProduct", this::update)
        .on("takeStock", this::takeStock)
        .on("listStockMovements", this::movements);
  }

  private Future<Reply> create(Call call) {
    JsonObject body = call.body();
    String currency = body.getString("currency", config.get().currency());
    Money price = Money.parse(body.getValue("price"), currency, "price");
    return catalog
        .add(
            new NewProduct(
                call.work().id(),
                name(body).orElseThrow(),
                body.getString("description", ""),
                price,
                body.getLong("stock")),
            cause(call))
        .map(product -> Reply.created("products/" + product.id(), json(product)));
  }

  private Future<Reply> list(Call call) {
    PageRequest page = call.page();
    return catalog.page(page).map(found -> reply(page, found));
  }

  private Future<Reply> search(Call call) {
    PageRequest page = call.page();
    return catalog.search(call.query("q").orElseThrow(), page).map(found -> reply(page, found));
  }

  private static Reply reply(PageRequest page, List<Product> found) {
    return Reply.ok(page.toJson(found, Product::id, ProductOperations::json));
  }

  private Future<Reply> lookup(Call call) {
    List<String> ids =
        call.body().getJsonArray("product_ids").stream().map(id -> canonical((String) id)).toList();
    return catalog
        .read(ids)
        .map(found -> new JsonArray(found.stream().map(ProductOperations::json).toList()))
        .map(items -> Reply.ok(new JsonObject().put("items", items)));
  }

  private Future<Reply> read(Call call) {
    return catalog.read(id(call)).map(product -> Reply.ok(json(product)));
  }

  private Future<Reply> update(Call call) {
    JsonObject body = call.body();
    Optional<Long> minorUnits =
        Optional.ofNullable(body.getValue("price"))
            .map(price -> Money.parse(price, config.get().currency(), "price").minorUnits());
    ProductChange change =
        new ProductChange(
            name(body),
            Optional.ofNullable(body.getString("description")),
            minorUnits,
            Optional.ofNullable(body.getString("currency")),
            Optional.ofNullable(body.getLong("stock")));
    return catalog.change(id(call), change, cause(call)).map(product -> Reply.ok(json(product)));
  }

  private Future<Reply> takeStock(Call call) {
    return catalog
        .take(id(call), call.body().getLong("quantity"), cause(call))
        .map(product -> Reply.ok(json(product)));
  }

  private Future<Reply> movements(Call call) {
    PageRequest page = call.page();
    return catalog
        .movements(id(call), page)
        .map(
            found ->
                Reply.ok(
                    page.toJson(
                        found, entry -> String.valueOf(entry.number()), ProductOperations::json)));
  }

  private static JsonObject json(StockLedger.Entry entry) {
    return new JsonObject()
        .put("number", entry.number())
        .put("at", entry.at().toString())
        .put("kind", entry.kind())
        .put("quantity", entry.quantity())
        .put("cause", entry.cause());
  }

  private static String cause(Call call) {
    return "user:" + call.identity().userId();
  }

  /** The name without the blanks around it, of which there are more kinds than a pattern knows. */
  private static Optional<String> name(JsonObject body) {
    Optional<String> name = Optional.ofNullable(body.getString("name")).map(String::strip);
    if (name.filter(String::isEmpty).isPresent()) {
      throw ProblemException.invalid("name", "must not be blank");
    }
    return name;
  }

  private static String id(Call call) {
    return canonical(call.path("id"));
  }

  /** Ids are kept in lower case; callers may write them in any (RFC 9562, section 4). */
  static String canonical(String id) {
    return id.toLowerCase(Locale.ROOT);
  }

  private static JsonObject json(Product product) {
    return new JsonObject()
        .put("product_id", product.id())
        .put("name", product.name())
        .put("description", product.description())
        .put("price", product.price().toJson())
        .put("currency", product.price().currency())
        .put("stock", product.stock())
        .put("created_at", product.createdAt().toString())
        .put("updated_at", product.updatedAt().toString());
  }
}
