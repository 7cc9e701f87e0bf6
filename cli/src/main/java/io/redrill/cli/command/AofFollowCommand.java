package io.redrill.cli.command;

import io.redrill.aof.follow.AofFollower;
import io.redrill.aof.follow.FollowedLogException;
import io.redrill.aof.follow.StreamPlace;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.aof.stream.PrimaryLocator;
import io.redrill.aof.stream.ReplicationOptions;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.source.Greeting;
import io.redrill.backup.source.SourceUrl;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import io.redrill.server.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Follows a primary into an append-only file.
@Command(
    name = "follow",
    mixinStandardHelpOptions = true,
    description = {
      "Follow a primary as a replica that only writes an append-only file, until it is interrupted: a"
          + " snapshot, and every command behind it, with the time of receipt. Run again, it goes on where"
          + " the durable log ends; where the primary no longer has what follows, it begins anew with a"
          + " snapshot and says what is missing.",
      "A server that is started on DIR deletes the history of before a snapshot: cut or copy it first.",
      "What is acknowledged to the primary is durable: WAIT 1 there returns when a write is on this disk.",
      "The primary's password is in the variable REDRILL_SOURCE_PASSWORD."
    },
    footer = {
      "",
      "Examples:",
      "  redrill aof follow redis://10.0.0.5 --to /var/backups/orders/appendonlydir",
      "  redrill aof cut /var/backups/orders --at 2026-11-24T02:41:00Z --to restored"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:stopped, and everything that was received is durable",
      "1:the files cannot be written",
      "2:the command line is wrong",
      "4:DIR holds something else, or somebody else follows into it",
      "8:the primary does not answer at the beginning",
      "9:the primary refuses the credentials, or lacks the rights"
    })
final class AofFollowCommand implements Callable<Integer> {

  private static final long MEGABYTE = 1024 * 1024;

  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "URL",
      description =
          "The primary, or a replica of it: redis://[user@]host:port, or with TLS rediss://, as for sources.")
  private String url = "";

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description =
          "The directory of the append-only file: new, empty, or one that was followed into.")
  private Path to = Path.of("");

  @Option(
      names = "--file-size",
      paramLabel = "MB",
      defaultValue = "64",
      description =
          "Begin another file of the log after so many megabytes (default: ${DEFAULT-VALUE}).")
  private int fileMegabytes;

  @Option(
      names = "--for",
      paramLabel = "SECONDS",
      description = "Stop after so many seconds (default: when it is interrupted).")
  private long seconds;

  AofFollowCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (fileMegabytes < 1 || seconds < 0) {
      throw new ParameterException(
          spec.commandLine(), "--file-size and --for are positive numbers");
    }
    SourceUrl source = SourceUrl.parse(url).in(context.directory());
    ServerEndpoint endpoint =
        source.endpoint(
            Optional.ofNullable(context.environment().get(SourceArgument.PASSWORD_VARIABLE)));
    greet(endpoint);
    try (AofFollower follower = open(endpoint)) {
      Signals.handle("INT", _ -> stop(follower));
      Signals.handle("TERM", _ -> stop(follower));
      if (seconds > 0) {
        Thread.ofVirtual().start(() -> stopAfter(Duration.ofSeconds(seconds), follower));
      }
      follower.run();
      context
          .output()
          .result(
              follower
                  .end()
                  .map(end -> "stopped; everything is durable up to " + end)
                  .orElse("stopped; nothing was received"));
      return ExitStatus.PROVEN.code();
    } catch (FollowedLogException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.FOLLOW_FAILED, "path", e.path(), "problem", e.problem());
    } catch (IOException e) {
      throw Failures.of(e, "source", source);
    }
  }

  /// Whoever mistypes a host wants to know it at once, and not to see attempts.
  private static void greet(ServerEndpoint endpoint) {
    try {
      Greeting.connect(endpoint).close();
    } catch (IOException e) {
      throw Failures.of(e, "source", endpoint.address());
    }
  }

  private AofFollower open(ServerEndpoint endpoint) throws IOException {
    try {
      return new AofFollower(
          ReplicationOptions.of(endpoint),
          PrimaryLocator.fixed(endpoint),
          context.directory().resolve(to),
          fileMegabytes * MEGABYTE,
          context.clock(),
          new SecureRandom(),
          new Teller(context.output(), to));
    } catch (FollowedLogException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.NOT_A_FOLLOWED_LOG, "path", e.path(), "problem", e.problem());
    }
  }

  private static void stopAfter(Duration time, AofFollower follower) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stop(follower);
  }

  private static void stop(AofFollower follower) {
    try {
      follower.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Tells of what happens.
  private record Teller(Output output, Path to) implements AofFollower.Listener {

    @Override
    public void snapshot(StreamPlace start, Optional<StreamPlace> before) {
      before.ifPresent(end ->
          output.message(
              "redrill: warning: the primary no longer has what follows %s; a new snapshot is taken, and"
                      .formatted(end)
                  + " what was written in between stands in no log; what was followed before stays, as history"));
      output.result("receiving a snapshot of " + start);
    }

    @Override
    public void following(StreamPlace start) {
      output.result("following from %s into %s".formatted(start, Output.oneLine(to.toString())));
    }

    @Override
    public void durable(StreamPlace end) {
      output.progress("durable up to " + end);
    }

    @Override
    public void lost(IOException cause, Duration pause) {
      output.message(
          "redrill: lost the primary: %s; the next attempt is in %s"
              .formatted(
                  Output.oneLine(String.valueOf(cause.getMessage())), Quantity.duration(pause)));
    }
  }
}
