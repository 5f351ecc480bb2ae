package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class EnvelopesTests {

	@TempDir
	Path base;

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(4096);

	private SocketDirectory directory;

	private Envelopes envelopes;

	@BeforeEach
	void open() throws IOException {
		Descriptors.close(Descriptors.open());
		this.directory = SocketDirectory.create(this.base);
		this.envelopes = Envelopes.open(this.directory);
	}

	@AfterEach
	void close() throws IOException {
		this.envelopes.close();
		this.directory.close();
	}

	@Test
	void connectionComesOutWithWhatWasReadFromIt() throws IOException {
		for (int length : new int[] { 0, 1, 40, 4096 }) {
			int connection = Descriptors.open();
			String target = Descriptors.target(connection);
			int envelope = this.envelopes.seal(connection, text("x".repeat(length)));
			assertThat(Descriptors.copies(target)).as("it is the envelope's").isZero();
			int unsealed = Envelopes.unseal(envelope, this.buffer);
			assertThat(Descriptors.target(unsealed)).isEqualTo(target);
			assertThat(StandardCharsets.US_ASCII.decode(this.buffer.rewind()).toString()).isEqualTo("x".repeat(length));
			assertThat(Descriptors.target(envelope)).isNotEqualTo(target);
			Descriptors.close(unsealed);
			assertThat(Descriptors.copies(target)).isZero();
		}
	}

	@Test
	void envelopesDoNotMixUp() throws IOException {
		int[] sealed = new int[50];
		String[] targets = new String[sealed.length];
		for (int i = 0; i < sealed.length; i++) {
			int connection = Descriptors.open();
			targets[i] = Descriptors.target(connection);
			sealed[i] = this.envelopes.seal(connection, text("number " + i));
		}
		for (int i = sealed.length - 1; i >= 0; i--) {
			int unsealed = Envelopes.unseal(sealed[i], this.buffer);
			assertThat(Descriptors.target(unsealed)).isEqualTo(targets[i]);
			assertThat(StandardCharsets.US_ASCII.decode(this.buffer.rewind()).toString()).isEqualTo("number " + i);
			Descriptors.close(unsealed);
		}
	}

	@Test
	void closedEnvelopeHoldsNothing() throws IOException {
		int connection = Descriptors.open();
		String target = Descriptors.target(connection);
		Descriptors.close(this.envelopes.seal(connection, text("lost")));
		assertThat(Descriptors.copies(target)).isZero();
	}

	@Test
	void connectionStaysTheCallersWhereThereIsNoEnvelopeForIt() throws IOException {
		int connection = Descriptors.open();
		String target = Descriptors.target(connection);
		this.envelopes.close();
		assertThatIOException().isThrownBy(() -> this.envelopes.seal(connection, text("kept")));
		assertThat(Descriptors.target(connection)).isEqualTo(target);
		Descriptors.close(connection);
	}

	@Test
	void envelopeWithoutAConnectionIsRefusedAndClosed() {
		int other = Descriptors.open();
		assertThatIOException().isThrownBy(() -> Envelopes.unseal(other, this.buffer));
		assertThat(Descriptors.target(other)).isEqualTo("nothing");
	}

	private ByteBuffer text(String text) {
		return this.buffer.clear().put(text.getBytes(StandardCharsets.US_ASCII)).flip();
	}

}
