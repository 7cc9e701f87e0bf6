package io.redrill.storage.s3;

import java.util.Map;

/// Credentials for the SDK's default chain, as system properties. The stand-ins do not check them.
final class AwsEnvironment {

  private static final Map<String, String> PROPERTIES =
      Map.of(
          "aws.accessKeyId", "redrill-test",
          "aws.secretAccessKey", "redrill-test",
          "aws.disableEc2Metadata", "true");

  private AwsEnvironment() {}

  static void set() {
    PROPERTIES.forEach(System::setProperty);
  }

  static void clear() {
    PROPERTIES.keySet().forEach(System::clearProperty);
  }
}
