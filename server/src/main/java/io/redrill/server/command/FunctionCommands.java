package io.redrill.server.command;

import static io.redrill.server.command.Commands.NONE;

import io.redrill.server.keyspace.FunctionLibraries;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `FUNCTION`: libraries are kept, listed and written back; functions are not run.
///
/// That is what replaying a log and restoring a data set need. `FCALL` is no command here.
final class FunctionCommands {

  private static final Pattern SHEBANG = Pattern.compile("^#!(\\S+)(.*)$");
  private static final Pattern NAME = Pattern.compile("\\bname=([A-Za-z0-9_]+)");
  private static final Set<CommandFlag> WRITE =
      EnumSet.of(CommandFlag.WRITE, CommandFlag.DENYOOM, CommandFlag.NOSCRIPT);
  private static final Set<CommandFlag> READ = EnumSet.of(CommandFlag.NOSCRIPT);

  private FunctionCommands() {}

  static void register(CommandTable table) {
    table
        .add("function", -2, NONE, READ, call -> {})
        .sub("load", -3, NONE, WRITE, FunctionCommands::load)
        .sub("delete", 3, NONE, WRITE, FunctionCommands::delete)
        .sub("restore", -3, NONE, WRITE, FunctionCommands::restore)
        .sub("flush", -2, NONE, WRITE, FunctionCommands::flush)
        .sub("list", -2, NONE, READ, FunctionCommands::list);
  }

  private static void load(Call call) {
    boolean replace = call.count() == 4 && call.is(2, "REPLACE");
    if (call.count() > 3 && !replace) {
      throw new CommandException("ERR Unknown option given: " + call.text(2));
    }
    byte[] source = call.arg(call.count() - 1);
    String name = nameOf(source);
    FunctionLibraries libraries = call.keyspace().functions();
    if (libraries.contains(name) && !replace) {
      throw new CommandException("ERR Library '%s' already exists".formatted(name));
    }
    libraries.put(name, source);
    call.changed(1);
    call.reply().bulk(name);
  }

  private static void restore(Call call) {
    String policy = call.count() == 3 ? "APPEND" : call.word(3);
    if (call.count() > 4 || !Set.of("APPEND", "REPLACE", "FLUSH").contains(policy)) {
      throw new CommandException(
          "ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.");
    }
    List<byte[]> sources = FunctionDump.parse(call.arg(2));
    FunctionLibraries libraries = call.keyspace().functions();
    for (byte[] source : sources) {
      String name = nameOf(source);
      if (policy.equals("APPEND") && libraries.contains(name)) {
        throw new CommandException("ERR Library %s already exists".formatted(name));
      }
    }
    if (policy.equals("FLUSH")) {
      libraries.clear();
    }
    sources.forEach(source -> libraries.put(nameOf(source), source));
    call.changed(1);
    call.reply().ok();
  }

  private static void delete(Call call) {
    if (!call.keyspace().functions().remove(call.text(2))) {
      throw new CommandException("ERR Library not found");
    }
    call.changed(1);
    call.reply().ok();
  }

  private static void flush(Call call) {
    if (call.count() > 3 || (call.count() == 3 && !call.is(2, "SYNC") && !call.is(2, "ASYNC"))) {
      throw new CommandException("ERR FUNCTION FLUSH only supports SYNC|ASYNC option");
    }
    call.keyspace().functions().clear();
    call.changed(1);
    call.reply().ok();
  }

  /// Lists libraries by name; which functions they register only running them would tell, so that
  /// list is left out, and the source is always there.
  private static void list(Call call) {
    FunctionLibraries libraries = call.keyspace().functions();
    call.reply().array(libraries.sources().size());
    for (byte[] source : libraries.sources()) {
      call.reply().map(3);
      call.reply().bulk("library_name");
      call.reply().bulk(nameOf(source));
      call.reply().bulk("engine");
      call.reply().bulk(shebang(source).group(1).toUpperCase(java.util.Locale.ROOT));
      call.reply().bulk("library_code");
      call.reply().bulk(source);
    }
  }

  private static String nameOf(byte[] source) {
    Matcher name = NAME.matcher(shebang(source).group(2));
    if (!name.find()) {
      throw new CommandException("ERR Library name was not given");
    }
    return name.group(1);
  }

  private static Matcher shebang(byte[] source) {
    String first = new String(source, StandardCharsets.UTF_8).lines().findFirst().orElse("");
    Matcher matcher = SHEBANG.matcher(first);
    if (!matcher.matches()) {
      throw new CommandException("ERR Missing library metadata");
    }
    return matcher;
  }
}
