package io.github.bootcluster;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on where {@link ConditionalOnClusterRole} may stand.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConditionalOnClusterRoleTests {

	private ApplicationContextRunner runner(ClusterRole role) {
		return new ApplicationContextRunner().withUserConfiguration(Beans.class)
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource(ClusterRole.PROPERTY_SOURCE_NAME,
						Map.of(ClusterRole.PROPERTY_NAME, role))));
	}

	@ParameterizedTest
	@EnumSource
	void methodsClassesAndComposedAnnotationsAreAsked(ClusterRole role) {
		runner(role).run((context) -> {
			assertThat(context.containsBean("methodOfMaster")).isEqualTo(role == ClusterRole.MASTER);
			assertThat(context.containsBean("composedMethodOfMaster")).isEqualTo(role == ClusterRole.MASTER);
			assertThat(context.containsBean("methodOfBoth")).isEqualTo(role != ClusterRole.STANDALONE);
			assertThat(context.containsBean("importedOfMaster")).isEqualTo(role == ClusterRole.MASTER);
			assertThat(context.containsBean("composedImportedOfMaster")).isEqualTo(role == ClusterRole.MASTER);
			assertThat(context.containsBean("agreed")).isEqualTo(role == ClusterRole.WORKER);
		});
	}

	@Test
	void reportOfConditionsTellsTheRole() {
		String message = "@ConditionalOnClusterRole [MASTER] the role of this process is WORKER";
		runner(ClusterRole.WORKER).run((context) -> assertThat(ConditionEvaluationReport.get(context.getBeanFactory())
			.getConditionAndOutcomesBySource()
			.get(Beans.class.getName() + "#methodOfMaster")).isNotNull()
			.singleElement()
			.extracting((condition) -> condition.getOutcome().getMessage())
			.isEqualTo(message));
	}

	@Test
	void workerPointsOutAMethodThatTheMasterDoesNotSee(CapturedOutput output) {
		runner(ClusterRole.WORKER)
			.run((context) -> assertThat(output).containsOnlyOnce("$Beans.methodOfMaster is meant")
				.doesNotContain("Seen.inSeenClass is"));
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Imported.class, ComposedImported.class, Agreed.class, Seen.class })
	static class Beans {

		@Bean
		@ConditionalOnClusterRole(ClusterRole.MASTER)
		String methodOfMaster() {
			return "";
		}

		@Bean
		@OnMaster
		String composedMethodOfMaster() {
			return "";
		}

		@Bean
		@ConditionalOnClusterRole({ ClusterRole.MASTER, ClusterRole.WORKER })
		String methodOfBoth() {
			return "";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClusterRole(ClusterRole.MASTER)
	static class Imported {

		@Bean
		String importedOfMaster() {
			return "";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@OnMaster
	static class ComposedImported {

		@Bean
		String composedImportedOfMaster() {
			return "";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@OnCluster
	@ConditionalOnClusterRole({ ClusterRole.STANDALONE, ClusterRole.WORKER })
	static class Agreed {

		@Bean
		String agreed() {
			return "";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@OnCluster
	static class Seen {

		@Bean
		@OnMaster
		String inSeenClass() {
			return "";
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@ConditionalOnClusterRole(ClusterRole.MASTER)
	@interface OnMaster {

	}

	@Retention(RetentionPolicy.RUNTIME)
	@ConditionalOnClusterRole({ ClusterRole.MASTER, ClusterRole.WORKER })
	@interface OnCluster {

	}

}
