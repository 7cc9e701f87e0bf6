package io.redrill.storage.s3;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// What the SDK's default chain finds, as system properties.
final class AwsEnvironment {

  private static final String ACCESS_KEY = "aws.accessKeyId";
  private static final String SECRET_KEY = "aws.secretAccessKey";
  private static final String PROFILE = "aws.profile";
  private static final String CREDENTIALS_FILE = "aws.sharedCredentialsFile";
  private static final String CONFIG_FILE = "aws.configFile";
  private static final String NO_METADATA = "aws.disableEc2Metadata";

  private AwsEnvironment() {}

  /// Any credentials: the stand-ins do not check them.
  static void set() {
    set("redrill-test", "redrill-test");
  }

  static void set(String accessKey, String secretKey) {
    replace(Map.of(ACCESS_KEY, accessKey, SECRET_KEY, secretKey));
  }

  static void useProfile(String name, Path credentials) {
    replace(Map.of(PROFILE, name, CREDENTIALS_FILE, "" + credentials, CONFIG_FILE, "/nonexistent"));
  }

  /// No credentials anywhere, but those of environment variables.
  static void setNone() {
    replace(Map.of(CREDENTIALS_FILE, "/nonexistent", CONFIG_FILE, "/nonexistent"));
  }

  private static void replace(Map<String, String> properties) {
    clear();
    properties.forEach(System::setProperty);
    System.setProperty(NO_METADATA, "true");
  }

  static void clear() {
    Set.of(ACCESS_KEY, SECRET_KEY, PROFILE, CREDENTIALS_FILE, CONFIG_FILE, NO_METADATA)
        .forEach(System::clearProperty);
  }
}
