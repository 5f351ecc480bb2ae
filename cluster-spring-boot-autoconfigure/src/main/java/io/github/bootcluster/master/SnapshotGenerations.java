package io.github.bootcluster.master;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.GenerationStatus;
import io.github.bootcluster.file.WriteFailures;
import io.github.bootcluster.master.supervise.Generations;
import io.github.bootcluster.process.ApplicationLayout;
import io.github.bootcluster.process.ApplicationSnapshot;
import io.github.bootcluster.process.ArchiveCache;
import io.github.bootcluster.process.JvmCommand;
import io.github.bootcluster.process.LaunchException;
import io.github.bootcluster.process.RunningProgram;
import io.github.bootcluster.process.WorkerAccount;
import io.github.bootcluster.process.WorkerStart;
import io.github.bootcluster.process.WorkingDirectory;
import io.github.bootcluster.wire.SocketDirectory;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * {@link Generations} that are snapshots of the application's JAR. Copying and deleting
 * is done on a thread of its own, as it may take seconds.
 */
final class SnapshotGenerations implements Generations {

	private static final Log logger = LogFactory.getLog(SnapshotGenerations.class);

	private static final long CLOSE_SECONDS = 5;

	private static final Duration TRAINING = Duration.ofMinutes(5);

	/**
	 * The end of a worker's process is noticed by two threads.
	 */
	private static final Duration FINISHED = Duration.ofMillis(200);

	/**
	 * Making an AOT cache takes some four seconds of a processor.
	 */
	private static final Duration FINISHING = Duration.ofSeconds(15);

	/**
	 * Cleaners of temporary files spare what is younger than some days, and run once a
	 * day.
	 */
	private static final Duration UPKEEP = Duration.ofHours(6);

	private final JvmCommand command;

	private final SocketDirectory directory;

	private final @Nullable WorkerAccount readers;

	private final @Nullable ArchiveCache archives;

	private final Map<Integer, ApplicationLayout> layouts = new ConcurrentHashMap<>();

	private final WorkingDirectory workingDirectory = WorkingDirectory.ofThisProcess();

	/**
	 * The working directories of the generations.
	 */
	private final Map<Integer, Path> folders = new ConcurrentHashMap<>();

	private final Map<Integer, ApplicationSnapshot> snapshots = new ConcurrentHashMap<>();

	private volatile @Nullable ApplicationSnapshot mastersOwn;

	private @Nullable Path fallback;

	private boolean archivesTold;

	private final Map<ApplicationSnapshot, String> lost = new ConcurrentHashMap<>();

	private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "cluster-snapshot");
		thread.setDaemon(true);
		return thread;
	});

	/**
	 * Creates generations of which there is none yet.
	 * @param readers the account of the workers, or {@code null} if it is the master's
	 * @param archives where applications are laid out for a fast start, or {@code null}
	 * for nowhere
	 */
	SnapshotGenerations(JvmCommand command, SocketDirectory directory, @Nullable WorkerAccount readers,
			@Nullable ArchiveCache archives) {
		this.command = command;
		this.directory = directory;
		this.readers = readers;
		this.archives = archives;
		this.executor.scheduleWithFixedDelay(this::keepUp, UPKEEP.toMinutes(), UPKEEP.toMinutes(), TimeUnit.MINUTES);
		if (command.jar().isEmpty()) {
			logger.info("The application does not run from a JAR: no snapshot is taken of it, so that what changes "
					+ "on its class path reaches every worker that is forked later");
		}
	}

	@Override
	public CompletionStage<Void> prepare(int generation) {
		Optional<Path> jar = this.command.jar();
		Path folder = this.workingDirectory.current();
		if (folder != null) {
			this.folders.put(generation, folder);
		}
		if (jar.isEmpty()) {
			return CompletableFuture.completedStage(null);
		}
		CompletableFuture<Void> prepared = new CompletableFuture<>();
		execute(() -> {
			try {
				Path original = this.workingDirectory.resolve(jar.get());
				ApplicationSnapshot snapshot = ApplicationSnapshot.take(original, directory(generation), this.readers);
				if (this.snapshots.isEmpty()) {
					moveMaster(original, snapshot);
				}
				logger.info("Generation %d is a copy of '%s' (%d bytes, written at %s)".formatted(generation,
						snapshot.original(), snapshot.size(), snapshot.modified()));
				this.snapshots.put(generation, snapshot);
				layOut(generation, snapshot);
				prepared.complete(null);
			}
			catch (RuntimeException | Error ex) {
				prepared.completeExceptionally(ex);
			}
		});
		return prepared;
	}

	private void layOut(int generation, ApplicationSnapshot snapshot) {
		if (this.archives == null) {
			return;
		}
		try {
			ApplicationLayout layout = this.archives.layOut(snapshot, this.command.java());
			if (layout != null) {
				this.layouts.put(generation, layout);
			}
		}
		catch (IOException | RuntimeException ex) {
			logger
				.warn("Workers of generation %d start without an archive of classes: it cannot be laid out in '%s': %s"
					.formatted(generation, this.archives.folder(),
							(ex instanceof IOException failure) ? WriteFailures.describe(failure) : ex));
		}
	}

	/**
	 * Lets the master itself read from the first snapshot: it too has to outlive what is
	 * done to the JAR.
	 */
	private void moveMaster(Path jar, ApplicationSnapshot snapshot) {
		if (RunningProgram.readFrom(jar, snapshot.jar())) {
			this.mastersOwn = snapshot;
		}
		else {
			logger.info("The master itself still reads from '%s': replace it and its libraries by renaming others "
				.formatted(jar) + "over them, not by writing into them");
		}
	}

	private Path directory(int generation) {
		return this.directory.generations().resolve(Integer.toString(generation));
	}

	private void execute(Runnable task) {
		try {
			this.executor.execute(task);
		}
		catch (RejectedExecutionException ex) {
			// The master ends, and deletes the folder
		}
	}

	/**
	 * Returns the copy that a generation runs from.
	 * @return the JAR, or {@code null} if none was copied
	 */
	@Nullable Path jar(int generation) {
		ApplicationSnapshot snapshot = this.snapshots.get(generation);
		return (snapshot != null) ? snapshot.jar() : null;
	}

	/**
	 * Returns how to start a worker of a generation.
	 * @param environment the variables that it is started with
	 * @throws LaunchException if the copy is gone
	 */
	WorkerStart start(String worker, JvmCommand template, int generation, Map<String, String> environment)
			throws LaunchException {
		Optional<Path> missing = this.directory.missing();
		if (missing.isPresent()) {
			throw new LaunchException(worker,
					"'%s', which it needs, has been deleted: exempt '%s' from the cleaning of temporary files, "
						.formatted(missing.get(), this.directory.path())
							+ "or set cluster.work-directory, and start the master anew",
					null);
		}
		ApplicationSnapshot snapshot = this.snapshots.get(generation);
		if (snapshot == null) {
			return new WorkerStart(template);
		}
		if (!snapshot.isComplete()) {
			String reason = this.lost.get(snapshot);
			execute(() -> restore(snapshot));
			throw new LaunchException(worker,
					"the copy '%s' of the application was deleted and %s".formatted(snapshot.jar(),
							(reason != null) ? "cannot be copied again: " + reason : "is being copied again"),
					null);
		}
		ApplicationLayout layout = this.layouts.get(generation);
		if (layout != null && layout.isComplete()) {
			return start(layout, template, environment);
		}
		if (layout != null && this.layouts.remove(generation, layout)) {
			logger.warn("Files in '%s' are missing or damaged: workers start without an archive of classes"
				.formatted(layout.jar().getParent()));
			execute(() -> layOut(generation, snapshot));
		}
		return new WorkerStart(template.withJar(snapshot.jar()));
	}

	private WorkerStart start(ApplicationLayout layout, JvmCommand template, Map<String, String> environment) {
		List<String> unfit = this.command.archives();
		WorkerStart start = layout.archives().start(template, environment, unfit);
		boolean left = !Collections.disjoint(template.jvmArguments(), unfit)
				&& Collections.disjoint(start.command().jvmArguments(), unfit);
		if (left && !this.archivesTold) {
			this.archivesTold = true;
			logger.warn("Workers do not inherit %s, which does not fit the copy of the JAR that they run from: "
				.formatted(unfit) + "they start from an archive of their own");
		}
		return start;
	}

	/**
	 * Waits until no archive of a generation is written any more. All of its workers must
	 * have ended.
	 * @return the folder with at least one archive, or {@code null} if there is none
	 */
	@Nullable Path awaitArchive(int generation) {
		ApplicationLayout layout = this.layouts.get(generation);
		return (layout != null && layout.archives().await(TRAINING)) ? layout.folder() : null;
	}

	/**
	 * Lets archives be finished that are being written, for some seconds. All workers
	 * must have ended.
	 */
	void finishArchives() {
		if (this.archives == null || this.archives.finish(FINISHED)) {
			return;
		}
		logger.info("Waiting up to %d s for the AOT cache to be written".formatted(FINISHING.toSeconds()));
		if (!this.archives.finish(FINISHING)) {
			logger.info("Stopped writing the AOT cache: the workers of the next master start without it");
		}
	}

	@Override
	public boolean hasRunBefore(int generation) {
		ApplicationLayout layout = this.layouts.get(generation);
		return layout != null && layout.hasStarted();
	}

	@Override
	public void ran(int generation) {
		ApplicationLayout layout = this.layouts.get(generation);
		if (layout != null && !layout.hasStarted()) {
			execute(layout::started);
		}
	}

	/**
	 * Returns the folder to start a worker in: that of its generation, unless it is gone.
	 */
	Path folder(int generation) {
		Path wanted = this.folders.get(generation);
		Path existing = this.workingDirectory.existing(wanted);
		if (!existing.equals(wanted) && !existing.equals(this.fallback)) {
			this.fallback = existing;
			logger.warn("The working directory '%s' is gone: workers are started in '%s'"
				.formatted((wanted != null) ? wanted : this.workingDirectory, existing));
		}
		return existing;
	}

	@Override
	public List<GenerationStatus> describe() {
		List<GenerationStatus> all = new ArrayList<>();
		new TreeMap<>(this.snapshots).forEach((number, snapshot) -> all
			.add(new GenerationStatus(number, snapshot.original().toString(), snapshot.size(), snapshot.modified())));
		return all;
	}

	private void keepUp() {
		this.directory.refresh();
		this.snapshots.values().stream().filter((snapshot) -> !snapshot.isComplete()).forEach(this::restore);
	}

	private void restore(ApplicationSnapshot snapshot) {
		if (snapshot.isComplete()) {
			return;
		}
		try {
			snapshot.restore();
			this.lost.remove(snapshot);
			logger.warn(
					"The copy '%s' of the application was deleted and has been copied again: ".formatted(snapshot.jar())
							+ "exempt its folder from the cleaning of temporary files, or set cluster.work-directory");
		}
		catch (IOException | RuntimeException ex) {
			this.lost.put(snapshot, String.valueOf(ex.getMessage()));
			logger.error("The copy '%s' of the application was deleted and cannot be copied again: %s. ".formatted(
					snapshot.jar(), ex.getMessage()) + "Restart the workers, which copies the application again");
		}
	}

	@Override
	public boolean isKept(int generation) {
		return this.snapshots.containsKey(generation);
	}

	@Override
	public void retain(Set<Integer> needed) {
		this.folders.keySet().retainAll(needed);
		if (this.archives != null && this.layouts.keySet().retainAll(needed)) {
			execute(() -> this.archives.retain(this.layouts.values()));
		}
		for (Integer generation : this.snapshots.keySet()) {
			ApplicationSnapshot dropped = needed.contains(generation) ? null : this.snapshots.remove(generation);
			if (dropped != null && dropped != this.mastersOwn) {
				this.lost.remove(dropped);
				execute(dropped::delete);
			}
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
		try {
			this.executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (this.archives != null) {
			this.archives.close();
		}
	}

}
