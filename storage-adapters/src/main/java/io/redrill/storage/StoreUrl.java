package io.redrill.storage;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// Where a store is, as an operator writes it.
///
/// | form | example |
/// |---|---|
/// | `file:PATH` | `file:/var/lib/redrill`, `file:redrill-data/repository` |
/// | `s3://BUCKET[/PREFIX][?…]` | `s3://backups/redis?region=eu-central-1` |
/// | `gs://BUCKET[/PREFIX][?…]` | `gs://backups/redis` |
///
/// `s3:BUCKET` and `gs:BUCKET` are accepted as well. S3 takes the parameters `region`, `endpoint`,
/// `pathStyle` (`true`, `false`) and `checksum` (`when-supported`, `when-required`); GCS takes
/// `endpoint`. A URL never holds credentials. `toString()` gives the URL back in its first form.
///
/// Opening is left to the stores: `FilesystemStore.open`, `S3Store.open`, `GcsStore.open`.
public sealed interface StoreUrl {

  /// Reads a URL.
  ///
  /// @throws IllegalArgumentException with a sentence for the operator if it is not one of the
  ///   forms above, has an unknown parameter, or holds credentials (which the sentence does not
  ///   repeat)
  static StoreUrl parse(String url) {
    return StoreUrlParser.parse(url);
  }

  /// A directory of this machine.
  ///
  /// @param path as written, so perhaps relative to the working directory
  record Directory(Path path) implements StoreUrl {

    @Override
    public String toString() {
      return "file:" + StoreUrlParser.encode(path.toString());
    }
  }

  /// A bucket of S3 or of a store that speaks its protocol.
  ///
  /// @param prefix before every key, without `/` at either end; empty for the whole bucket
  /// @param region empty to take it from the environment, as AWS tools do
  /// @param endpoint empty for AWS itself
  /// @param pathStyle whether the bucket stands in the path of requests, not in the host name
  record S3(
      String bucket,
      String prefix,
      Optional<String> region,
      Optional<URI> endpoint,
      boolean pathStyle,
      ChecksumMode checksum)
      implements StoreUrl {

    /// A whole bucket of AWS, with what the environment says.
    public static S3 ofBucket(String bucket) {
      return new S3(
          bucket, "", Optional.empty(), Optional.empty(), false, ChecksumMode.WHEN_SUPPORTED);
    }

    @Override
    public String toString() {
      return StoreUrlParser.write(this);
    }
  }

  /// When S3 requests carry a trailing checksum.
  enum ChecksumMode {
    /// Whenever the protocol allows one; the choice for AWS.
    WHEN_SUPPORTED,
    /// Only when the protocol demands one: for stores that refuse trailing checksums.
    WHEN_REQUIRED
  }

  /// A bucket of Google Cloud Storage.
  ///
  /// @param prefix before every key, without `/` at either end; empty for the whole bucket
  /// @param endpoint of an emulator, which gets no credentials; empty for Google itself
  record Gcs(String bucket, String prefix, Optional<URI> endpoint) implements StoreUrl {

    @Override
    public String toString() {
      return StoreUrlParser.write(this);
    }
  }
}
