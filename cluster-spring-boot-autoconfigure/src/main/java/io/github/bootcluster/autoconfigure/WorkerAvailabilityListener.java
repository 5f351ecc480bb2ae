package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.worker.WorkerRuntime;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

/**
 * Tells the master when the application refuses traffic, or says that it is broken. What
 * other contexts say of themselves, as one that is closed alone does, is not the
 * application's word.
 */
class WorkerAvailabilityListener implements ApplicationListener<AvailabilityChangeEvent<?>> {

	private final WorkerRuntime runtime;

	private final ApplicationContext context;

	private boolean accepting = true;

	private boolean correct = true;

	WorkerAvailabilityListener(WorkerRuntime runtime, ApplicationContext context) {
		this.runtime = runtime;
		this.context = context;
	}

	@Override
	public synchronized void onApplicationEvent(AvailabilityChangeEvent<?> event) {
		if (event.getSource() instanceof ApplicationContext && event.getSource() != this.context) {
			return;
		}
		boolean nowAccepting = this.accepting;
		boolean nowCorrect = this.correct;
		if (event.getState() instanceof ReadinessState readiness) {
			nowAccepting = readiness == ReadinessState.ACCEPTING_TRAFFIC;
		}
		else if (event.getState() instanceof LivenessState liveness) {
			nowCorrect = liveness == LivenessState.CORRECT;
		}
		if (nowAccepting != this.accepting || nowCorrect != this.correct) {
			this.accepting = nowAccepting;
			this.correct = nowCorrect;
			this.runtime.available(nowAccepting, nowCorrect);
		}
	}

}
