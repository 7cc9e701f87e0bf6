package io.redrill.cli.composition;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/// The version of this build, from the manifest of its jar.
public final class BuildVersion implements IVersionProvider {

  /// The version, or `development` when not run from a jar.
  public static String text() {
    return Objects.requireNonNullElse(
        BuildVersion.class.getPackage().getImplementationVersion(), "development");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "redrill " + text(), "Java " + Runtime.version() + ", " + System.getProperty("os.name")
    };
  }
}
