package io.github.bootcluster.process;

import java.nio.charset.Charset;

/**
 * The charset in which the JDK encodes a command line. Decoding with the same one gives a
 * worker the bytes that the master was given.
 */
final class NativeCharset {

	/**
	 * The release whose default charset is UTF-8, whatever the locale (JEP 400).
	 */
	private static final int UTF_8_BY_DEFAULT = 18;

	private NativeCharset() {
	}

	static Charset get() {
		String jnu = System.getProperty("sun.jnu.encoding");
		boolean byDefault = Runtime.version().feature() < UTF_8_BY_DEFAULT || jnu == null || !Charset.isSupported(jnu);
		return byDefault ? Charset.defaultCharset() : Charset.forName(jnu);
	}

}
