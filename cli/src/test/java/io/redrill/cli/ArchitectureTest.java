package io.redrill.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// The arrows of docs/architecture.md, as rules that fail the build.
class ArchitectureTest {

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.redrill");

  @Test
  void everyModuleIsSeen() {
    assertThat(CODE.stream().map(type -> type.getPackageName().split("\\.", 4)[2]).distinct())
        .contains(
            "rdb", "aof", "server", "storage", "backup", "verify", "scheduler", "console", "cli");
  }

  @Test
  void modulesUseOnlyWhatStandsBelowThem() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("cli")
        .definedBy("io.redrill.cli..")
        .layer("console")
        .definedBy("io.redrill.console..")
        .layer("scheduler")
        .definedBy("io.redrill.scheduler..")
        .layer("restore-verifier")
        .definedBy("io.redrill.verify..")
        .layer("backup")
        .definedBy("io.redrill.backup..")
        .layer("storage-adapters")
        .definedBy("io.redrill.storage..")
        .layer("server")
        .definedBy("io.redrill.server..")
        .layer("aof-codec")
        .definedBy("io.redrill.aof..")
        .layer("rdb-codec")
        .definedBy("io.redrill.rdb..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("console")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("scheduler")
        .mayOnlyBeAccessedByLayers("console", "cli")
        .whereLayer("restore-verifier")
        .mayOnlyBeAccessedByLayers("scheduler", "console", "cli")
        .whereLayer("backup")
        .mayOnlyBeAccessedByLayers("restore-verifier", "scheduler", "console", "cli")
        .whereLayer("server")
        .mayOnlyBeAccessedByLayers("restore-verifier", "scheduler", "console", "cli")
        .whereLayer("storage-adapters")
        .mayOnlyBeAccessedByLayers("backup", "restore-verifier", "scheduler", "console", "cli")
        .ensureAllClassesAreContainedInArchitectureIgnoring("io.redrill.bench..")
        .check(CODE);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.redrill.(*)..").should().beFreeOfCycles().check(CODE);
    for (String module :
        new String[] {"rdb", "aof", "storage", "backup", "verify", "scheduler", "cli"}) {
      slices()
          .matching("io.redrill." + module + ".(*)..")
          .should()
          .beFreeOfCycles()
          .allowEmptyShould(true)
          .check(CODE);
    }
  }

  @Test
  void codecsNeedOnlyTheJdk() {
    classes()
        .that()
        .resideInAPackage("io.redrill.rdb..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", "io.redrill.rdb.."))
        .check(CODE);
    classes()
        .that()
        .resideInAPackage("io.redrill.aof..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..", "javax.net..", "org.jspecify..", "io.redrill.rdb..", "io.redrill.aof.."))
        .check(CODE);
  }

  @Test
  void eachLibraryHasOneModuleThatNamesIt() {
    only("io.redrill.storage..", "software.amazon.awssdk..", "com.google.cloud..").check(CODE);
    only("io.redrill.server..", "io.netty..").check(CODE);
    only("io.redrill.scheduler..", "org.quartz..", "org.flywaydb..", "com.zaxxer..").check(CODE);
    only("io.redrill.cli..", "picocli..").check(CODE);
    only("io.redrill.console..", "io.helidon..", "gg.jte..").check(CODE);
    only("io.redrill.backup..", "com.github.luben..").check(CODE);
  }

  @Test
  void onlyTheCompositionRootPicksStores() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.redrill.cli..", "io.redrill.storage..", "io.redrill.bench..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.redrill.storage.filesystem..",
            "io.redrill.storage.s3..",
            "io.redrill.storage.gcs..",
            "io.redrill.storage.memory..")
        .check(CODE);
  }

  @Test
  void onlyTheCompositionRootAsksTheClock() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.redrill.cli..", "io.redrill.bench..")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(CODE);
  }

  @Test
  void onlyOutputPrints() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.redrill.cli.output..", "io.redrill.bench..")
        .and()
        .haveNameNotMatching("io\\.redrill\\.server\\..*(Main|Log).*")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CODE);
  }

  private static ArchRule only(String module, String... libraries) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(module, "io.redrill.bench..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(libraries));
  }
}
