package io.github.bootcluster.autoconfigure.role;

import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.BasicStatusManager;
import ch.qos.logback.core.status.StatusManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.spi.MDCAdapter;

/**
 * Logging context as Logback sees it when it makes an event out of a call, whichever
 * thread calls: some constant values, and what the application has put there. The MDC
 * that applications write to is another one, kept for each thread, and stays as it is:
 * nothing has to be copied to threads, and nothing that clears the MDC clears these.
 */
final class ConstantMdcAdapter implements MDCAdapter {

	private final MDCAdapter delegate;

	private final Map<String, String> constants;

	ConstantMdcAdapter(MDCAdapter delegate, Map<String, String> constants) {
		this.delegate = delegate;
		this.constants = Map.copyOf(constants);
	}

	/**
	 * Puts constant values into the events of a logger context.
	 */
	static void install(LoggerContext context, Map<String, String> constants) {
		MDCAdapter current = context.getMDCAdapter();
		if (current instanceof ConstantMdcAdapter) {
			return;
		}
		// Logback would print a warning of a second adapter among the application's lines
		StatusManager statuses = context.getStatusManager();
		context.setStatusManager(new BasicStatusManager());
		try {
			context.setMDCAdapter(new ConstantMdcAdapter(current, constants));
		}
		finally {
			context.setStatusManager(statuses);
		}
	}

	@Override
	public Map<String, String> getCopyOfContextMap() {
		Map<String, String> own = (this.delegate instanceof LogbackMDCAdapter logback) ? logback.getPropertyMap()
				: this.delegate.getCopyOfContextMap();
		if (own == null || own.isEmpty()) {
			return this.constants;
		}
		Map<String, String> all = new HashMap<>(this.constants);
		all.putAll(own);
		return all;
	}

	@Override
	public @Nullable String get(String key) {
		String own = this.delegate.get(key);
		return (own != null) ? own : this.constants.get(key);
	}

	@Override
	public void put(String key, String value) {
		this.delegate.put(key, value);
	}

	@Override
	public void remove(String key) {
		this.delegate.remove(key);
	}

	@Override
	public void clear() {
		this.delegate.clear();
	}

	@Override
	public void setContextMap(Map<String, String> contextMap) {
		this.delegate.setContextMap(contextMap);
	}

	@Override
	public void pushByKey(String key, String value) {
		this.delegate.pushByKey(key, value);
	}

	@Override
	public @Nullable String popByKey(String key) {
		return this.delegate.popByKey(key);
	}

	@Override
	public @Nullable Deque<String> getCopyOfDequeByKey(String key) {
		return this.delegate.getCopyOfDequeByKey(key);
	}

	@Override
	public void clearDequeByKey(String key) {
		this.delegate.clearDequeByKey(key);
	}

}
