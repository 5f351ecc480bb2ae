package io.github.bootcluster.operated;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.ApplicationPidFileWriter;

/**
 * Application that writes a pid file by Boot's means, in whatever process it runs.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class OperatedApplication {

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(OperatedApplication.class);
		application.addListeners(new ApplicationPidFileWriter());
		application.run(args);
	}

}
