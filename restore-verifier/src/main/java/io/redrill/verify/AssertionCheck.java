package io.redrill.verify;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.verify.report.CheckResult;
import io.redrill.verify.report.CheckResult.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// Runs the user's assertions against a scratch instance.
///
/// A report is evidence and no copy of the data: of a reply that is a stored value, only the length
/// is told. What the user expects is told as the user wrote it.
final class AssertionCheck {

  private AssertionCheck() {}

  /// Runs `assertion` over `connection`, and leaves database 0 selected.
  ///
  /// @throws IOException if the server does not answer
  static CheckResult run(DrillAssertion assertion, RespConnection connection) throws IOException {
    connection.send("SELECT", String.valueOf(assertion.db()));
    connection.send(assertion.command().toArray(String[]::new));
    connection.send("SELECT", "0");
    RespReply selected = connection.receive();
    RespReply answer = connection.receive();
    connection.receive();
    RespReply reply = selected instanceof RespReply.ErrorReply ? selected : answer;
    boolean holds = assertion.expected().accepts(text(reply));
    return new CheckResult(
        assertion.name(),
        "The assertion holds: " + String.join(" ", assertion.command()),
        false,
        assertion.expected().words(),
        holds ? "as expected" : told(reply),
        holds ? Outcome.PASSED : Outcome.FAILED);
  }

  private static String told(RespReply reply) {
    return switch (reply) {
      case RespReply.SimpleString _,
          RespReply.ErrorReply _,
          RespReply.IntegerReply _,
          RespReply.NullReply _,
          RespReply.BooleanReply _ ->
          text(reply);
      case RespReply.BulkString _,
          RespReply.ArrayReply _,
          RespReply.SetReply _,
          RespReply.PushReply _,
          RespReply.MapReply _,
          RespReply.DoubleReply _,
          RespReply.BigNumber _,
          RespReply.VerbatimString _ ->
          "another text, of %d characters".formatted(text(reply).length());
    };
  }

  /// A reply as [DrillAssertion.Expected] describes it.
  static String text(RespReply reply) {
    return switch (reply) {
      case RespReply.SimpleString(String text) -> text;
      case RespReply.ErrorReply(String text) -> "(error) " + text;
      case RespReply.IntegerReply(long value) -> String.valueOf(value);
      case RespReply.BulkString(byte[] bytes) -> new String(bytes, StandardCharsets.UTF_8);
      case RespReply.NullReply _ -> "(nil)";
      case RespReply.ArrayReply(List<RespReply> items) -> lines(items);
      case RespReply.SetReply(List<RespReply> items) -> lines(items);
      case RespReply.PushReply(List<RespReply> items) -> lines(items);
      case RespReply.MapReply(List<RespReply.MapReply.Entry> entries) ->
          entries.stream()
              .map(entry -> text(entry.key()) + "\n" + text(entry.value()))
              .collect(Collectors.joining("\n"));
      case RespReply.DoubleReply(double value) -> String.valueOf(value);
      case RespReply.BooleanReply(boolean value) -> String.valueOf(value);
      case RespReply.BigNumber big -> big.value().toString();
      case RespReply.VerbatimString(_, byte[] bytes) -> new String(bytes, StandardCharsets.UTF_8);
    };
  }

  private static String lines(List<RespReply> items) {
    return items.stream().map(AssertionCheck::text).collect(Collectors.joining("\n"));
  }
}
