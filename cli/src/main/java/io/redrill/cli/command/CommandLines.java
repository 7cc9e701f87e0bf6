package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.Failures;
import io.redrill.backup.Redaction;
import io.redrill.backup.RedrillException;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.ResultsClosedException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Puts the commands together: how they are made, and how their failures end.
public final class CommandLines {

  private CommandLines() {}

  /// The command line of `redrill`. A command's result is its exit status; a failure prints its
  /// code, sentence, context and next step, and ends with the status of its code. Where whoever
  /// reads the results has closed them, the command ends at once and says nothing.
  public static CommandLine of(CommandContext context) {
    CommandLine redrill = new CommandLine(RedrillCommand.class, factory(context));
    sayVersion(redrill, redrill.getCommandSpec().versionProvider());
    return redrill
        .setOut(context.output().writer())
        .setExecutionStrategy(CommandLines::execute)
        .setExecutionExceptionHandler(failures(context.output()))
        .setParameterExceptionHandler(usage(context.output()))
        .setExitCodeExceptionMapper(thrown -> ExitStatus.FAILURE.code())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }

  /// Runs one command and returns its exit status, also where memory ran out.
  public static int run(CommandContext context, String... arguments) {
    try {
      return of(context).execute(arguments);
    } catch (OutOfMemoryError e) {
      RedrillException failure = Failures.of(e);
      context.output().endProgress();
      print(failure, context.output());
      return failure.status().code();
    }
  }

  /// Has every command say the version that the whole has.
  private static void sayVersion(CommandLine command, IVersionProvider version) {
    command.getCommandSpec().versionProvider(version);
    command.getSubcommands().values().forEach(below -> sayVersion(below, version));
  }

  /// Runs the command, or prints its help or version; where that cannot be printed, it fails as the
  /// command itself would.
  private static int execute(ParseResult parsed) {
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (UncheckedIOException | ResultsClosedException e) {
      throw new CommandLine.ExecutionException(
          parsed.commandSpec().commandLine(), "the help could not be printed", e);
    }
  }

  /// Commands and options that need the context have a constructor that takes it.
  private static IFactory factory(CommandContext context) {
    return new IFactory() {
      @Override
      public <K> K create(Class<K> type) throws Exception {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
          if (constructor.getParameterCount() == 1
              && constructor.getParameterTypes()[0] == CommandContext.class) {
            constructor.setAccessible(true);
            return type.cast(constructor.newInstance(context));
          }
        }
        return CommandLine.defaultFactory().create(type);
      }
    };
  }

  private static IExecutionExceptionHandler failures(Output output) {
    return (Exception thrown, CommandLine command, ParseResult parsed) -> {
      output.endProgress();
      if (thrown instanceof ResultsClosedException) {
        return ExitStatus.OUTPUT_CLOSED.code();
      }
      RedrillException failure = failure(thrown);
      print(failure, output);
      if (failure.code() == ErrorCode.INTERNAL) {
        output.stackTrace(thrown);
      }
      return failure.status().code();
    };
  }

  /// An interrupt closes files and sockets under whoever uses them: what they say then is not why.
  private static RedrillException failure(Exception thrown) {
    RedrillException failure = Failures.of(thrown);
    return Thread.currentThread().isInterrupted() && failure.status() != ExitStatus.INTERRUPTED
        ? RedrillException.causedBy(thrown, ErrorCode.INTERRUPTED)
        : failure;
  }

  /// Prints a failure as every command does.
  static void print(RedrillException failure, Output output) {
    output.message("redrill: " + failure.code().number() + " " + failure.code().sentence());
    failure
        .context()
        .forEach((name, value) -> output.message("  " + name + ": " + Output.oneLine(value)));
    output.message("  next: " + failure.hint());
  }

  private static IParameterExceptionHandler usage(Output output) {
    return (ParameterException thrown, String[] arguments) -> {
      CommandLine command = thrown.getCommandLine();
      output.message("redrill: " + Redaction.withoutPasswords(String.valueOf(thrown.getMessage())));
      String suggestions = suggestions(thrown);
      if (!suggestions.isEmpty()) {
        output.message("  did you mean: " + suggestions);
      }
      output.message("  next: " + command.getCommandSpec().qualifiedName() + " --help");
      return ExitStatus.USAGE.code();
    };
  }

  private static String suggestions(ParameterException thrown) {
    return thrown instanceof CommandLine.UnmatchedArgumentException unmatched
        ? String.join(", ", unmatched.getSuggestions())
        : "";
  }
}
