package io.redrill.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.redrill.aof.resp.Tls;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.CaptureMode;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.SourceUrl;
import io.redrill.scheduler.Cron;
import io.redrill.scheduler.job.JobKind;
import io.redrill.storage.StoreUrl;
import io.redrill.verify.DrillAssertion.Expected;
import io.redrill.verify.instance.ScratchKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {

  @TempDir private Path directory;

  private static final String WHOLE =
      """
      repository: file:./redrill-data/repository
      data: ./state
      console: { bind: localhost, port: 8400 }
      sources:
        main:
          url: redis://127.0.0.1:6379
          username: backup
          passwordEnv: MAIN_PASSWORD
          capture: data-dir
          directory: ../redis
          archive: false
          objectives: { rpo: 60s, rto: 10m }
          schedule:
            snapshot: "0 0 * * * ?"
            rewrite: "0 0 4 * * ?"
            drill: "0 30 3 * * ?"
          assertions:
            - { command: [GET, k], equals: 5 }
            - { name: orders, db: 2, command: [XLEN, orders], between: [1, 99] }
          scratch: redis-server
        other: { url: "redis://user@10.0.0.2" }
      """;

  private Configuration read(String yaml) {
    Path file = directory.resolve("redrill.yaml");
    try {
      Files.writeString(file, yaml);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return Configuration.read(file);
  }

  private RedrillException refused(String yaml) {
    RedrillException e = catchThrowableOfType(RedrillException.class, () -> read(yaml));
    assertThat(e).as("the configuration is refused").isNotNull();
    assertThat(e.status()).isEqualTo(ExitStatus.USAGE);
    return e;
  }

  @Test
  void takesTheFilesOfTlsFromItsOwnDirectory() {
    Configuration configuration =
        read(
            """
            repository: file:./repository
            sources:
              main: { url: "rediss://db.example?ca=pki/ca.crt", username: backup }
            """);
    SourceUrl url = configuration.needSource(SourceName.of("main")).url();
    assertThat(url.user()).contains("backup");
    assertThat(url.tls())
        .contains(
            Tls.ofDefaults().trusting(directory.toAbsolutePath().resolve("pki").resolve("ca.crt")));
  }

  @Test
  void namesTheParameterOfAUrlThatMeansNothing() {
    RedrillException e =
        refused(
            """
            repository: file:./repository
            sources:
              main: { url: "rediss://db.example?colour=red" }
            """);
    assertThat(e.code()).isEqualTo(ErrorCode.BAD_SOURCE_URL);
    assertThat(e)
        .hasMessageContaining("there is no parameter 'colour'")
        .hasMessageContaining("line=3");
  }

  @Test
  void readsEveryKey() {
    Configuration configuration = read(WHOLE);

    assertThat(configuration.repository())
        .isEqualTo(new StoreUrl.Directory(directory.resolve("redrill-data/repository")));
    assertThat(configuration.data()).isEqualTo(directory.resolve("state"));
    assertThat(configuration.console()).isEqualTo(new ConsoleConfig("localhost", 8400));
    assertThat(configuration.sources()).hasSize(2);
    SourceConfig main = configuration.needSource(SourceName.of("main"));
    assertThat(main.url()).hasToString("redis://backup@127.0.0.1:6379");
    assertThat(main.password()).isEqualTo(new PasswordSource.Variable("MAIN_PASSWORD"));
    assertThat(main.capture()).isEqualTo(CaptureMode.DATA_DIR);
    assertThat(main.directory()).contains(directory.resolve("../redis").normalize());
    assertThat(main.archive()).isFalse();
    assertThat(main.objectives().rpo()).contains(Duration.ofSeconds(60));
    assertThat(main.objectives().rto()).contains(Duration.ofMinutes(10));
    assertThat(main.schedule()).containsEntry(JobKind.DRILL, new Cron("0 30 3 * * ?")).hasSize(3);
    assertThat(main.assertions().get(0).expected()).isEqualTo(new Expected.Equal("5"));
    assertThat(main.assertions().get(1).expected()).isEqualTo(new Expected.Between(1, 99));
    assertThat(main.assertions().get(1).db()).isEqualTo(2);
    assertThat(main.scratch()).isEqualTo(ScratchKind.redisServer());
  }

  @Test
  void aSourceNeedsOnlyItsUrl() {
    SourceConfig other = read(WHOLE).needSource(SourceName.of("other"));

    assertThat(other.capture()).isEqualTo(CaptureMode.PSYNC);
    assertThat(other.archive()).isTrue();
    assertThat(other.schedule()).isEmpty();
    assertThat(other.password()).isEqualTo(new PasswordSource.None());
  }

  @Test
  void anUnknownKeyIsNamedWithItsLineAndTheNearestKey() {
    RedrillException e = refused(WHOLE.replace("objectives:", "objectivs:"));

    assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_UNKNOWN_KEY);
    assertThat(e.context())
        .containsEntry("file", directory.resolve("redrill.yaml").toString())
        .containsEntry("line", "12")
        .containsEntry("column", "5")
        .containsEntry("key", "sources.main.objectivs")
        .containsEntry("nearest", "objectives");
  }

  @Test
  void aBadCronExpressionIsNamedWithItsLine() {
    RedrillException e = refused(WHOLE.replace("0 30 3 * * ?", "0 99 3 * * ?"));

    assertThat(e.context())
        .containsEntry("line", "16")
        .containsEntry("column", "14")
        .containsEntry("key", "sources.main.schedule.drill");
    assertThat(e).hasMessageContaining("99 is above 59");
  }

  @Test
  void aPasswordInTheFileIsRefusedAndNotRepeated() {
    RedrillException e =
        refused(WHOLE.replace("passwordEnv: MAIN_PASSWORD", "password: hunter2hunter2"));

    assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_PASSWORD);
    assertThat(e.context()).containsEntry("line", "8");
    assertThat(e.getMessage()).doesNotContain("hunter2");
    assertThat(e.hint()).contains("passwordFile");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          port: 8400           | port: '"8400"'        | console.port           | 3
          port: 8400           | port: 99999           | console.port           | 3
          archive: false       | archive: perhaps      | sources.main.archive   | 11
          archive: false       | archive: no           | sources.main.archive   | 11
          rpo: 60s             | rpo: 60               | sources.main.objectives.rpo | 12
          capture: data-dir    | capture: scan         | sources.main.capture   | 9
          scratch: redis-server | scratch: podman      | sources.main.scratch   | 20
          command: [GET, k]    | command: GET          | sources.main.assertions.command | 18
          equals: 5            | equals: 5, matches: x | sources.main.assertions | 18
          data: ./state        | data: [a]             | data                   | 2
          capture: data-dir    | url: redis://b        | sources.main.url       | 9
          """)
  void aWrongValueIsNamedWithItsLine(String right, String wrong, String key, String line) {
    RedrillException e = refused(WHOLE.replace(right, wrong));

    assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_BAD_VALUE);
    assertThat(e.context()).containsEntry("key", key).containsEntry("line", line);
  }

  @Test
  void aUrlWithAPasswordIsRefusedAndNotRepeated() {
    RedrillException e = refused(WHOLE.replace("redis://127", "redis://u:hunter2@127"));

    assertThat(e.code()).isEqualTo(ErrorCode.PASSWORD_IN_URL);
    assertThat(e.context()).containsEntry("line", "6");
    assertThat(e.getMessage()).doesNotContain("hunter2");
  }

  @Test
  void brokenYamlIsNamedWithItsLine() {
    RedrillException e = refused("repository: file:x\nsources: { main: [\n");

    assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_SYNTAX);
    assertThat(e.context()).containsKey("line");
  }

  @Test
  void whatLacksIsNamed() {
    assertThat(refused("repository: file:x\n").context()).containsEntry("key", "sources");
    assertThat(refused("").code()).isEqualTo(ErrorCode.CONFIG_MISSING_KEY);
    assertThat(refused("repository: file:x\nsources: { a: { archive: true } }\n").context())
        .containsEntry("key", "sources.a.url")
        .containsEntry("line", "2");
  }

  @Test
  void aFileThatIsNotThereIsSaidSo() {
    RedrillException e =
        catchThrowableOfType(
            RedrillException.class, () -> Configuration.read(directory.resolve("none.yaml")));

    assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_UNREADABLE);
  }

  @Test
  void aPasswordComesFromTheEnvironmentOrTheFirstLineOfAFile() throws IOException {
    Path file = Files.writeString(directory.resolve("secret"), "s3cret\nsecond line\n");

    assertThat(new PasswordSource.Variable("P").fetch(Map.of("P", "x"))).contains("x");
    assertThat(new PasswordSource.FirstLine(file).fetch(Map.of())).contains("s3cret");
    assertThat(new PasswordSource.None().fetch(Map.of())).isEmpty();
    RedrillException e =
        catchThrowableOfType(
            RedrillException.class, () -> new PasswordSource.Variable("P").fetch(Map.of()));
    assertThat(e.status()).isEqualTo(ExitStatus.CREDENTIALS);
  }

  @Test
  void aControlCharacterIsNamedByItsLine() {
    RedrillException e = refused("# fine\nsources:\n  a\u0001b: 1\n");

    assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_SYNTAX);
    assertThat(e.context()).containsEntry("line", "3");
    assertThat(e.context().get("problem")).contains("U+0001");
  }

  @Test
  void aPasswordThatIsNotToBeHadIsSaidSo() {
    PasswordSource variable = new PasswordSource.Variable("NOT_SET");

    RedrillException e =
        catchThrowableOfType(RedrillException.class, () -> variable.fetch(Map.of()));

    assertThat(e.code()).isEqualTo(ErrorCode.PASSWORD_MISSING);
    assertThat(e.context()).containsEntry("variable", "NOT_SET");
  }
}
