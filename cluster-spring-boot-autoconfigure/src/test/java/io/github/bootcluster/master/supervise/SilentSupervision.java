package io.github.bootcluster.master.supervise;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Keeps tests that let everything happen from writing hundreds of thousands of lines.
 */
final class SilentSupervision implements BeforeAllCallback, AfterAllCallback {

	private final Logger logger = (Logger) LoggerFactory.getLogger(SilentSupervision.class.getPackageName());

	@Override
	public void beforeAll(ExtensionContext context) {
		this.logger.setLevel(Level.OFF);
	}

	@Override
	public void afterAll(ExtensionContext context) {
		this.logger.setLevel(null);
	}

}
