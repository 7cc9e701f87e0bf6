package io.redrill.server.info;

import io.redrill.server.command.Call;
import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.command.CommandFlag;
import io.redrill.server.command.CommandTable;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// `INFO [section ...]`: sections are added by those who know their figures.
public final class InfoCommand {

  private final Map<String, Section> sections = new LinkedHashMap<>();

  private record Section(String title, boolean byDefault, Consumer<InfoText> body) {}

  /// Adds a section, in the order of the reply.
  ///
  /// @param byDefault whether it is shown when no section is asked for
  public InfoCommand add(String title, boolean byDefault, Consumer<InfoText> body) {
    sections.put(title.toLowerCase(Locale.ROOT), new Section(title, byDefault, body));
    return this;
  }

  /// Adds the command to `table`.
  public void register(CommandTable table) {
    table.add(
        "info",
        -1,
        KeyPositions.NONE,
        EnumSet.of(CommandFlag.LOADING, CommandFlag.STALE),
        this::info);
  }

  private void info(Call call) {
    Set<String> wanted = new LinkedHashSet<>();
    for (int i = 1; i < call.count(); i++) {
      wanted.add(call.text(i).toLowerCase(Locale.ROOT));
    }
    boolean all = wanted.contains("all") || wanted.contains("everything");
    boolean defaults = wanted.isEmpty() || wanted.contains("default");
    InfoText text = new InfoText();
    sections.forEach((name, section) -> {
      if (all || wanted.contains(name) || (defaults && section.byDefault())) {
        text.section(section.title());
        section.body().accept(text);
      }
    });
    call.reply().verbatim(text.toString());
  }
}
