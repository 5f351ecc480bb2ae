package io.github.bootcluster.actuate;

import reactor.util.context.ContextView;

/**
 * Tells the requests that Spring Security answers for: those that have passed one of its
 * chains. An application may have chains for some paths only, so that their presence
 * alone says nothing.
 */
final class SecuredRequests {

	private static final String KEY = "org.springframework.security.core.context.SecurityContext";

	private SecuredRequests() {
	}

	static boolean isSecured(ContextView context) {
		return context.stream()
			.anyMatch((entry) -> entry.getKey() instanceof Class<?> type && type.getName().equals(KEY));
	}

}
