package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about a signal that nobody can handle, by files like the kernel's.
 */
class QuitSignalsTests {

	@TempDir
	Path tasks;

	private final AtomicLong handled = new AtomicLong();

	private QuitSignals signals;

	@BeforeEach
	void watch() throws IOException {
		thread(1, "java");
		thread(7, "Signal Dispatch");
		wake(1);
		this.signals = QuitSignals.watch(this.tasks, this.handled::get).orElseThrow();
	}

	@Test
	void nothingIsToldWhileTheThreadSleeps() {
		assertThat(this.signals.poll()).isFalse();
		assertThat(this.signals.poll()).isFalse();
	}

	@Test
	void signalThatNobodyHandlesIsToldOnce() throws IOException {
		wake(8);
		assertThat(this.signals.poll()).as("it may still be counted").isFalse();
		assertThat(this.signals.poll()).isTrue();
		assertThat(this.signals.poll()).isFalse();
		wake(15);
		assertThat(this.signals.poll()).isFalse();
		assertThat(this.signals.poll()).isTrue();
	}

	@Test
	void signalThatIsHandledIsNotTold() throws IOException {
		wake(4);
		this.handled.incrementAndGet();
		assertThat(this.signals.poll()).isFalse();
		assertThat(this.signals.poll()).isFalse();
		wake(7);
		assertThat(this.signals.poll()).isFalse();
		this.handled.incrementAndGet();
		assertThat(this.signals.poll()).as("counted late").isFalse();
		assertThat(this.signals.poll()).isFalse();
	}

	@Test
	void toolThatAttachesIsNotTakenForTheSignal() throws IOException {
		wake(4);
		thread(9, "Attach Listener");
		assertThat(this.signals.poll()).isFalse();
		assertThat(this.signals.poll()).isFalse();
		wake(11);
		assertThat(this.signals.poll()).isFalse();
		assertThat(this.signals.poll()).as("the tool needs no further signal").isTrue();
	}

	@Test
	void systemThatDoesNotTellIsNotWatched() {
		assertThat(QuitSignals.watch(this.tasks.resolve("missing"), this.handled::get)).isEmpty();
	}

	@Test
	void jvmWithoutTheThreadIsNotWatched() throws IOException {
		Files.writeString(this.tasks.resolve("7/comm"), "java\n");
		assertThat(QuitSignals.watch(this.tasks, this.handled::get)).isEmpty();
	}

	private void thread(int id, String name) throws IOException {
		Path task = Files.createDirectories(this.tasks.resolve(String.valueOf(id)));
		Files.writeString(task.resolve("comm"), name + "\n");
	}

	private void wake(int switches) throws IOException {
		Files.writeString(this.tasks.resolve("7/status"), """
				Name:	Signal Dispatch
				voluntary_ctxt_switches:	%d
				nonvoluntary_ctxt_switches:	2
				""".formatted(switches));
	}

}
