package io.redrill.cli.command;

import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Progress;
import io.redrill.rdb.salvage.SalvageWatch;
import java.io.Closeable;
import java.util.Optional;
import java.util.function.LongConsumer;

/// The line of progress for each pass of a salvage; [#close] removes the last.
final class SalvageProgress implements SalvageWatch, Closeable {

  private final CommandContext context;
  private final String name;
  private Optional<Progress> line = Optional.empty();

  /// @param name of the damaged file
  SalvageProgress(CommandContext context, String name) {
    this.context = context;
    this.name = name;
  }

  @Override
  public LongConsumer begin(Pass pass, long totalBytes) {
    close();
    Progress begun =
        new Progress(context.output(), context.clock(), activity(pass) + " " + name, totalBytes);
    line = Optional.of(begun);
    return begun::at;
  }

  private static String activity(Pass pass) {
    return switch (pass) {
      case READING -> "reading";
      case SEARCHING -> "searching";
      case SUMMING -> "checking";
      case COPYING -> "copying";
    };
  }

  @Override
  public void close() {
    line.ifPresent(Progress::close);
    line = Optional.empty();
  }
}
