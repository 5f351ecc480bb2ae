package io.github.bootcluster.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

import org.springframework.util.FileSystemUtils;

/**
 * A real nginx with the shortest configuration that makes it a proxy: it adds no header
 * and names the application's own address as {@code Host}. Its workers have an account of
 * their own.
 */
final class NginxProxy implements AutoCloseable {

	static final String ACCOUNT = "daemon";

	private static final Path PROGRAM = Path.of("/usr/sbin/nginx");

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private final Path folder;

	private final int port;

	private final Process process;

	private NginxProxy(Path folder, int port, Process process) {
		this.folder = folder;
		this.port = port;
		this.process = process;
	}

	/**
	 * Starts nginx in front of an application, or skips the test where there is none.
	 * @param application the application's port
	 * @return the proxy
	 * @throws IOException if it can't be started
	 */
	static NginxProxy assumeAvailable(int application) throws IOException {
		Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "There is no " + PROGRAM);
		Path folder = Files.createTempDirectory("it-nginx-",
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
		int port = FreePorts.find(InetAddress.getLoopbackAddress());
		Path configuration = Files.writeString(folder.resolve("nginx.conf"), """
				daemon off;
				user %s;
				worker_processes 1;
				pid %s/nginx.pid;
				error_log %2$s/error.log;
				events { }
				http {
					access_log off;
					client_body_temp_path %2$s/body;
					proxy_temp_path %2$s/proxy;
					fastcgi_temp_path %2$s/fastcgi;
					uwsgi_temp_path %2$s/uwsgi;
					scgi_temp_path %2$s/scgi;
					server {
						listen 127.0.0.1:%d;
						location / {
							proxy_pass http://127.0.0.1:%d;
						}
					}
				}
				""".formatted(ACCOUNT, folder, port, application));
		Process process = new ProcessBuilder(PROGRAM.toString(), "-c", configuration.toString(), "-p",
				folder.toString(), "-e", folder.resolve("error.log").toString())
			.inheritIO()
			.start();
		NginxProxy proxy = new NginxProxy(folder, port, process);
		Awaitility.await().atMost(LIMIT).until(proxy::answers);
		return proxy;
	}

	private boolean answers() {
		try {
			return exchange("GET", "/").status() == 200;
		}
		catch (ExchangeFailedException ex) {
			return false;
		}
	}

	/**
	 * Sends a request as somebody from outside does.
	 * @param method the method
	 * @param path the path
	 * @return the answer
	 * @throws ExchangeFailedException if there is none
	 */
	HttpAnswer exchange(String method, String path) throws ExchangeFailedException {
		try (HttpConnection connection = HttpConnection.open(this.port, LIMIT)) {
			return connection.exchange(method, path);
		}
	}

	@Override
	public void close() throws IOException, InterruptedException {
		this.process.destroy();
		if (!this.process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
			this.process.destroyForcibly().waitFor();
		}
		FileSystemUtils.deleteRecursively(this.folder);
	}

}
