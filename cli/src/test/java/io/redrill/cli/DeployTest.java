package io.redrill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.redrill.cli.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// What `deploy/` ships is what this version of Redrill reads.
class DeployTest {

  private static final Path DEPLOY = Path.of("..", "deploy").toAbsolutePath().normalize();
  private static final Path CHART = DEPLOY.resolve("helm/redrill");

  @TempDir private Path directory;

  /// The rendered resources by kind.
  private static Map<String, Map<?, ?>> resources(String manifests) {
    Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    return StreamSupport.stream(yaml.loadAll(manifests).spliterator(), false)
        .filter(Map.class::isInstance)
        .map(resource -> (Map<?, ?>) resource)
        .collect(Collectors.toMap(resource -> (String) resource.get("kind"), resource -> resource));
  }

  /// Reads the `redrill.yaml` of the rendered ConfigMap as the daemon does.
  private Configuration configurationIn(Map<String, Map<?, ?>> resources) throws IOException {
    assertThat(resources).containsKey("ConfigMap");
    String text =
        resources.values().stream()
            .map(resource -> resource.get("data"))
            .filter(Map.class::isInstance)
            .map(data -> String.valueOf(((Map<?, ?>) data).get("redrill.yaml")))
            .findFirst()
            .orElseThrow();
    return Configuration.read(Files.writeString(directory.resolve("redrill.yaml"), text));
  }

  @Test
  void chartPassesTheLinter() {
    LintResult result = new Helm(CHART).lint().strict().call();

    assertThat(result.isFailed()).as(String.join("\n", result.getMessages())).isFalse();
  }

  @Test
  void chartRendersAConfigurationThatTheDaemonReads() throws IOException {
    Map<String, Map<?, ?>> resources =
        resources(new Helm(CHART).template().withName("nightly").call());

    assertThat(resources).containsOnlyKeys("ConfigMap", "PersistentVolumeClaim", "Deployment");
    Configuration configuration = configurationIn(resources);
    assertThat(configuration.repository()).hasToString("file:/var/lib/redrill/repository");
    assertThat(configuration.data()).isEqualTo(Path.of("/var/lib/redrill/daemon"));
    assertThat(configuration.sources())
        .singleElement()
        .satisfies(source -> {
          assertThat(source.name().toString()).contains("main");
          assertThat(source.archive()).isTrue();
          assertThat(source.schedule()).hasSize(2);
        });
  }

  @Test
  void chartTakesOtherRepositories() throws IOException {
    Map<String, Map<?, ?>> resources =
        resources(
            new Helm(CHART)
                .template()
                .withName("nightly")
                .set("repository", "s3://backups/redis?region=eu-central-1")
                .call());

    assertThat(configurationIn(resources).repository())
        .hasToString("s3://backups/redis?region=eu-central-1");
  }

  @Test
  void chartRefusesToRenderWithoutARepository() {
    assertThatThrownBy(() -> new Helm(CHART).template().set("repository", "").call())
        .hasMessageContaining("repository is required");
  }

  @Test
  void serviceComesWithAConfigurationThatTheDaemonReads() {
    Configuration configuration = Configuration.read(DEPLOY.resolve("systemd/redrill.yaml"));

    assertThat(configuration.data()).isEqualTo(Path.of("/var/lib/redrill/daemon"));
    assertThat(configuration.sources()).hasSize(1);
  }
}
