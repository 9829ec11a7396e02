package dev.stoa.service;

import dev.stoa.problem.FieldError;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import io.vertx.json.schema.common.dsl.SchemaType;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.RequestBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks the input of one operation against the schemas of its contract and names every field at
 * fault, the same for every transport.
 */
final class InputCheck {
  private static final String JSON = "application/json";

  private record ParameterCheck(
      String name, Location in, boolean required, SchemaType type, Validator validator) {}

  private final List<ParameterCheck> parameters = new ArrayList<>();
  private final Optional<Validator> body;
  private final boolean bodyRequired;

  InputCheck(OpenAPIContract contract, Operation operation) {
    SchemaRepository schemas = contract.getSchemaRepository();
    for (var parameter : operation.getParameters()) {
      parameters.add(
          new ParameterCheck(
              parameter.getName(),
              parameter.getIn(),
              parameter.isRequired(),
              parameter.getSchemaType(),
              schemas.validator(parameter.getSchema())));
    }
    RequestBody declared = operation.getRequestBody();
    this.bodyRequired = declared != null && declared.isRequired();
    this.body =
        Optional.ofNullable(declared)
            .map(content -> content.getContent().get(JSON))
            .map(content -> schemas.validator(content.getSchema()));
  }

  boolean takesBody() {
    return body.isPresent();
  }

  /**
   * Passes or throws INVALID_INPUT.
   *
   * @param given the body, empty where the caller sent none
   */
  void check(Map<String, String> path, Map<String, String> query, Optional<JsonObject> given) {
    List<FieldError> errors = new ArrayList<>();
    for (ParameterCheck parameter : parameters) {
      switch (parameter.in()) {
        case PATH -> checkParameter(parameter, path.get(parameter.name()), errors);
        case QUERY -> checkParameter(parameter, query.get(parameter.name()), errors);
        default -> {
          /* Header and cookie parameters are for documentation only. */
        }
      }
    }
    if (given.isEmpty() && bodyRequired) {
      throw new ProblemException(
          ProblemType.MALFORMED_REQUEST, "This operation needs a JSON body.");
    }
    if (body.isPresent() && given.isPresent()) {
      errors.addAll(SchemaErrors.of(body.get().validate(given.get()), ""));
    }
    if (!errors.isEmpty()) {
      throw ProblemException.invalid(errors);
    }
  }

  private static void checkParameter(
      ParameterCheck parameter, String text, List<FieldError> errors) {
    if (text != null) {
      Object value = typed(text, parameter.type());
      errors.addAll(SchemaErrors.of(parameter.validator().validate(value), parameter.name()));
    } else if (parameter.required()) {
      errors.add(new FieldError(parameter.name(), "is required"));
    }
  }

  /**
   * The value a parameter's text stands for; the text itself where it stands for none, which its
   * schema refuses.
   */
  private static Object typed(String text, SchemaType type) {
    try {
      return switch (type) {
        case INTEGER -> Long.valueOf(text);
        case NUMBER -> Double.valueOf(text);
        case BOOLEAN -> text.equals("true") || text.equals("false") ? Boolean.valueOf(text) : text;
        default -> text;
      };
    } catch (NumberFormatException e) {
      return text;
    }
  }
}
