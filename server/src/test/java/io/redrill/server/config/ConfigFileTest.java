package io.redrill.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {

  @TempDir private Path dir;

  @Test
  void lastDirectiveWins() throws IOException {
    ServerConfig config =
        ConfigFile.parse(
            """
            # a comment
            port 7000

            PORT 7001
            maxmemory 2mb
            """);
    assertThat(config.number(Directive.PORT)).isEqualTo(7001);
    assertThat(config.number(Directive.MAXMEMORY)).isEqualTo(2 << 20);
  }

  @Test
  void quotedWordsKeepSpacesAndEscapes() throws IOException {
    ServerConfig config =
        ConfigFile.parse(
            """
            requirepass "a b\\x41\\n"
            dbfilename 'it\\'s.rdb'
            """);
    assertThat(config.text(Directive.REQUIREPASS)).isEqualTo("a bA\n");
    assertThat(config.text(Directive.DBFILENAME)).isEqualTo("it's.rdb");
  }

  @Test
  void saveLinesAddUpAndReplaceTheDefault() throws IOException {
    assertThat(ConfigFile.parse("").text(Directive.SAVE)).isEqualTo("3600 1 300 100 60 10000");
    assertThat(ConfigFile.parse("save 900 1\nsave 300 10 60 20\n").text(Directive.SAVE))
        .isEqualTo("900 1 300 10 60 20");
    assertThat(ConfigFile.parse("save 900 1\nsave \"\"\n").text(Directive.SAVE)).isEmpty();
    assertThat(ConfigFile.parse("save ''\n").text(Directive.SAVE)).isEmpty();
  }

  @Test
  void outputLimitsChangeOneClass() throws IOException {
    assertThat(
            ConfigFile.parse("client-output-buffer-limit replica 2mb 1mb 5")
                .text(Directive.CLIENT_OUTPUT_BUFFER_LIMIT))
        .isEqualTo("normal 0 0 0 slave 2097152 1048576 5 pubsub 33554432 8388608 60");
  }

  @Test
  void badLineIsNamedInRedisForm() {
    assertThatThrownBy(() -> ConfigFile.parse("port 1\nbla bla\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            """
            Reading the configuration file, at line 2
            >>> 'bla bla'
            Bad directive or wrong number of arguments\
            """);
    assertThatThrownBy(() -> ConfigFile.parse("port abc"))
        .hasMessageEndingWith("argument couldn't be parsed into an integer");
    assertThatThrownBy(() -> ConfigFile.parse("requirepass \"abc"))
        .hasMessageEndingWith("Unbalanced quotes in configuration line");
    assertThatThrownBy(() -> ConfigFile.parse("appendfsync sometimes"))
        .hasMessageEndingWith("argument(s) must be one of the following: everysec, always, no");
  }

  @Test
  void argumentsFollowTheFile() throws IOException {
    Path file = dir.resolve("redis.conf");
    Path included = dir.resolve("more.conf");
    Files.writeString(file, "port 7000\nappendonly yes\ninclude " + included + "\n");
    Files.writeString(included, "hz 20\n");
    ServerConfig config =
        ConfigFile.read(
            List.of(
                file.toString(),
                "--port",
                "7002",
                "--save",
                "--dir " + dir,
                "--bind",
                "::1",
                "-*"));
    assertThat(config.number(Directive.PORT)).isEqualTo(7002);
    assertThat(config.number(Directive.HZ)).isEqualTo(20);
    assertThat(config.yes(Directive.APPENDONLY)).isTrue();
    assertThat(config.text(Directive.SAVE)).isEmpty();
    assertThat(config.dir()).isEqualTo(dir.toAbsolutePath());
    assertThat(config.text(Directive.BIND)).isEqualTo("::1 -*");
  }

  @Test
  void valueMayLookLikeAnOption() throws IOException {
    assertThat(ConfigFile.read(List.of("--requirepass", "--secret")).text(Directive.REQUIREPASS))
        .isEqualTo("--secret");
  }

  @Test
  void directivesWithoutEffectAreAcceptedAndNamed() throws IOException {
    assertThat(ConfigFile.parse("tcp-backlog 511\nsupervised no\n").ignored())
        .containsExactly("tcp-backlog", "supervised");
  }
}
