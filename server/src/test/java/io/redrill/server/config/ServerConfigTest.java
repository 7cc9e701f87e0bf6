package io.redrill.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerConfigTest {

  private final ServerConfig config = new ServerConfig();

  @Test
  void changesSeveralOrNone() throws IOException {
    config.change(List.of("hz", "50", "save", "10 1"), false);
    assertThat(config.number(Directive.HZ)).isEqualTo(50);
    assertThat(config.text(Directive.SAVE)).isEqualTo("10 1");

    assertThatThrownBy(() -> config.change(List.of("hz", "60", "timeout", "x"), false))
        .hasMessage(
            "CONFIG SET failed (possibly related to argument 'timeout') - argument couldn't be"
                + " parsed into an integer");
    assertThat(config.number(Directive.HZ)).isEqualTo(50);
  }

  @Test
  void refusesInRedisWords() {
    assertThatThrownBy(() -> config.change(List.of("foo", "1"), false))
        .hasMessage("Unknown option or number of arguments for CONFIG SET - 'foo'");
    assertThatThrownBy(() -> config.change(List.of("port", "1"), true))
        .hasMessageEndingWith("can't set immutable config");
    assertThatThrownBy(() -> config.change(List.of("dir", "/"), false))
        .hasMessageEndingWith("can't set protected config");
    assertThatThrownBy(() -> config.change(List.of("hz", "1", "HZ", "2"), false))
        .hasMessageEndingWith("duplicate parameter");
    assertThatThrownBy(() -> config.change(List.of("maxmemory", "1x"), false))
        .hasMessageEndingWith("argument must be a memory value");
  }

  @Test
  void watchersHearOfRealChanges() throws IOException {
    List<String> heard = new ArrayList<>();
    config.watch(Directive.APPENDONLY, () -> heard.add(config.text(Directive.APPENDONLY)));
    config.change(List.of("appendonly", "no"), false);
    assertThat(heard).isEmpty();
    config.change(List.of("appendonly", "YES"), false);
    assertThat(heard).containsExactly("yes");
  }

  @Test
  void olderNamesAreTheSameDirective() {
    assertThat(Directive.find("HASH-max-ziplist-entries"))
        .contains(Directive.HASH_MAX_LISTPACK_ENTRIES);
  }
}
