package io.github.bootcluster.apps.job;

import java.util.Map;

import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Application that serves, or runs a job to its end.
 */
@SpringBootApplication(proxyBeanMethods = false)
@RestController
public class JobApplication {

	public static void main(String[] args) {
		ApplicationContext context = SpringApplication.run(JobApplication.class, args);
		if (context.getEnvironment().getProperty("spring.main.web-application-type", "").equals("none")) {
			System.exit(SpringApplication.exit(context));
		}
	}

	@GetMapping("/")
	Map<String, Long> pid() {
		return Map.of("pid", ProcessHandle.current().pid());
	}

	@Bean
	Job report(JobRepository repository) {
		Step step = new StepBuilder("write", repository).tasklet((contribution, chunk) -> {
			System.out.println("The job has run");
			return RepeatStatus.FINISHED;
		}).build();
		return new JobBuilder("report", repository).start(step).build();
	}

}
