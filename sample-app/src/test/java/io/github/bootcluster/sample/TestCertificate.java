package io.github.bootcluster.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate for the loopback address, made afresh by the JDK's keytool.
 */
final class TestCertificate {

	/**
	 * A name of the server by which it may choose another context.
	 */
	static final String OTHER_NAME = "other.example";

	private static final String PASSWORD = "changeit";

	private static final String ALIAS = "sample";

	private final Path keyStore;

	private final X509Certificate certificate;

	private TestCertificate(Path keyStore) throws IOException, GeneralSecurityException {
		this.keyStore = keyStore;
		KeyStore content = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
		this.certificate = (X509Certificate) content.getCertificate(ALIAS);
	}

	static TestCertificate create(Path folder) throws Exception {
		Files.createDirectories(folder);
		Path keyStore = folder.resolve("sample.p12").toAbsolutePath();
		Files.deleteIfExists(keyStore);
		String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
		Process process = new ProcessBuilder(keytool, "-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-groupname",
				"secp256r1", "-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1", "-validity", "2",
				"-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", keyStore.toString())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes());
		if (process.waitFor() != 0) {
			throw new IllegalStateException("keytool failed: " + output);
		}
		return new TestCertificate(keyStore);
	}

	/**
	 * Returns the program arguments that make a Boot application serve TLS with it.
	 * @return the arguments
	 */
	String[] serverArguments() {
		return List
			.of("--server.ssl.key-store=file:" + this.keyStore, "--server.ssl.key-store-type=PKCS12",
					"--server.ssl.key-store-password=" + PASSWORD, "--server.ssl.key-alias=" + ALIAS)
			.toArray(String[]::new);
	}

	/**
	 * Returns the program arguments that make a Boot application choose it, in an SSL
	 * bundle, for {@link #OTHER_NAME} as well.
	 * @param bundle the name of the bundle
	 * @return the arguments
	 */
	String[] bundleArguments(String bundle) {
		String prefix = "--spring.ssl.bundle.jks." + bundle + ".keystore.";
		return new String[] { prefix + "location=file:" + this.keyStore, prefix + "type=PKCS12",
				prefix + "password=" + PASSWORD, "--server.ssl.server-name-bundles[0].server-name=" + OTHER_NAME,
				"--server.ssl.server-name-bundles[0].bundle=" + bundle };
	}

	X509Certificate certificate() {
		return this.certificate;
	}

	/**
	 * Returns a client's context that trusts this certificate and no other.
	 * @return the context
	 * @throws IOException if the JDK lacks what it needs
	 * @throws GeneralSecurityException if the JDK lacks what it needs
	 */
	SSLContext clientContext() throws IOException, GeneralSecurityException {
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		trusted.load(null, null);
		trusted.setCertificateEntry(ALIAS, this.certificate);
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(trusted);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		return context;
	}

}
