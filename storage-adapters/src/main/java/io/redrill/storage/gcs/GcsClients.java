package io.redrill.storage.gcs;

import com.google.api.gax.retrying.RetrySettings;
import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.HttpStorageOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import com.google.cloud.storage.StorageRetryStrategy;
import io.redrill.storage.StoreAccessException;
import io.redrill.storage.StoreException;
import io.redrill.storage.StoreTimeouts;
import io.redrill.storage.StoreUrl;
import java.io.IOException;
import java.time.Duration;

/// Builds the library's client from what a URL says.
final class GcsClients {

  private static final int MAX_ATTEMPTS = 4;

  private GcsClients() {}

  static Storage open(StoreUrl.Gcs url, StoreTimeouts timeouts) throws StoreException {
    HttpStorageOptions.Builder options =
        StorageOptions.http()
            .setTransportOptions(
                HttpTransportOptions.newBuilder()
                    .setConnectTimeout(Math.toIntExact(timeouts.connect().toMillis()))
                    .setReadTimeout(Math.toIntExact(timeouts.idle().toMillis()))
                    .build())
            .setRetrySettings(
                RetrySettings.newBuilder()
                    .setInitialRetryDelayDuration(Duration.ofMillis(200))
                    .setRetryDelayMultiplier(2)
                    .setMaxRetryDelayDuration(Duration.ofSeconds(10))
                    .setTotalTimeoutDuration(timeouts.call())
                    .setMaxAttempts(MAX_ATTEMPTS)
                    .build())
            // Every request of a store may be repeated: puts are conditional, deletions idempotent.
            .setStorageRetryStrategy(StorageRetryStrategy.getUniformStorageRetryStrategy())
            .setCredentials(credentials(url));
    url.endpoint().ifPresent(endpoint -> options.setHost(endpoint.toString()).setProjectId("none"));
    return options.build().getService();
  }

  private static Credentials credentials(StoreUrl.Gcs url) throws StoreException {
    if (url.endpoint().isPresent()) {
      return NoCredentials.getInstance();
    }
    try {
      return GoogleCredentials.getApplicationDefault();
    } catch (IOException e) {
      throw new StoreAccessException(
          "no usable credentials were found; set GOOGLE_APPLICATION_CREDENTIALS to the path of a"
              + " readable key file, or give this machine a service account",
          url.toString(),
          e);
    }
  }
}
