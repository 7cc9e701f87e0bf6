package io.redrill.backup;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// A failure above the codecs and stores: an [ErrorCode] and its context.
///
/// The context holds no secret: passwords in URLs are taken out, and nothing else has any.
public final class RedrillException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient Map<String, String> context;

  /// Makes a failure; `context` is names and values in turn.
  public RedrillException(ErrorCode code, Object... context) {
    this(code, pairs(context));
  }

  /// As above, from a map whose order is kept.
  public RedrillException(ErrorCode code, Map<String, String> context) {
    super(message(code, context));
    this.code = code;
    this.context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
  }

  private RedrillException(ErrorCode code, Map<String, String> context, Throwable cause) {
    super(message(code, context), cause);
    this.code = code;
    this.context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
  }

  /// Makes a failure that `cause` caused; `context` is names and values in turn.
  public static RedrillException causedBy(Throwable cause, ErrorCode code, Object... context) {
    return new RedrillException(code, pairs(context), cause);
  }

  /// What kind of failure this is.
  public ErrorCode code() {
    return code;
  }

  /// Values that belong to this occurrence, in order.
  public Map<String, String> context() {
    return context;
  }

  /// The next step.
  public String hint() {
    return code.hint();
  }

  /// How a command ends that fails so.
  public ExitStatus status() {
    return code.status();
  }

  private static Map<String, String> pairs(Object... context) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (int i = 0; i + 1 < context.length; i += 2) {
      pairs.put(context[i].toString(), Redaction.withoutPasswords(String.valueOf(context[i + 1])));
    }
    return pairs;
  }

  private static String message(ErrorCode code, Map<String, String> context) {
    String values =
        context.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(", "));
    return "%s: %s%s"
        .formatted(code.number(), code.sentence(), values.isEmpty() ? "" : " (" + values + ")");
  }
}
