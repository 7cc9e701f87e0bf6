package io.redrill.cli.composition;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.Repository;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.StoreUrl;
import io.redrill.storage.filesystem.FilesystemStore;
import io.redrill.storage.gcs.GcsStore;
import io.redrill.storage.s3.S3Store;
import java.io.IOException;
import java.nio.file.Path;

/// The one place that picks a concrete store.
public final class Stores {

  private Stores() {}

  /// Opens the store at `url`; a relative directory is taken from `directory`. The caller closes
  /// it.
  public static ObjectStore open(StoreUrl url, Path directory) {
    try {
      return switch (url) {
        case StoreUrl.Directory local -> FilesystemStore.open(directory.resolve(local.path()));
        case StoreUrl.S3 s3 -> S3Store.open(s3);
        case StoreUrl.Gcs gcs -> GcsStore.open(gcs);
      };
    } catch (IOException e) {
      throw Failures.of(e, "store", url);
    }
  }

  /// The failure of a command that needs a backup where there is none.
  public static RedrillException nothingBackedUp(Repository repository) {
    return new RedrillException(ErrorCode.NO_SNAPSHOT, "repository", repository.store().location());
  }
}
