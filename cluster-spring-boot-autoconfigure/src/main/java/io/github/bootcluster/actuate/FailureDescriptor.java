package io.github.bootcluster.actuate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.HttpStatus;

/**
 * Body that says why a request was not fulfilled. Its first members are those of Boot's
 * own error responses.
 *
 * @param status the status code
 * @param error what the status code means
 * @param message the reason, one sentence
 * @param id the id of the operation that is in the way, or {@code null}
 */
record FailureDescriptor(int status, String error, @Nullable String message,
		@Nullable String id) implements OperationResponseBody {

	static WebEndpointResponse<OperationResponseBody> response(HttpStatus status, @Nullable String message) {
		return response(status, message, null);
	}

	static WebEndpointResponse<OperationResponseBody> response(HttpStatus status, @Nullable String message,
			@Nullable String id) {
		return new WebEndpointResponse<>(new FailureDescriptor(status.value(), status.getReasonPhrase(), message, id),
				status.value());
	}

}
