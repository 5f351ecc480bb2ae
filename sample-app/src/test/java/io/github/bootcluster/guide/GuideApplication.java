package io.github.bootcluster.guide;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Application made of the snippets of {@code docs/coming-from-node.md}: what stands
 * between a {@code tag} and an {@code end} in this package stands there as well.
 */
@SpringBootApplication
public class GuideApplication {

	public static void main(String[] args) {
		SpringApplication.run(GuideApplication.class, args);
	}

}
