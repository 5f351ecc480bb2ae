package io.github.bootcluster;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the rooms of the house apart: who may import whom, and which library is whose.
 */
class ArchitectureTests {

	private static final String ROOT = "io.github.bootcluster";

	/**
	 * What each package may import of ours; the root's name is empty.
	 */
	private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(Map.entry("", Set.of("message")),
			Map.entry("event", Set.of("", "message")), Map.entry("message", Set.of()),
			Map.entry("message.support", Set.of("", "event", "message", "wire")), Map.entry("file", Set.of()),
			Map.entry("wire", Set.of("", "message", "file")), Map.entry("process", Set.of("file")),
			Map.entry("distribution", Set.of("")),
			Map.entry("master",
					Set.of("", "message", "message.support", "file", "wire", "process", "master.listen",
							"master.supervise")),
			Map.entry("master.listen", Set.of("", "file", "wire", "process", "distribution")),
			Map.entry("master.supervise",
					Set.of("", "event", "message", "message.support", "file", "wire", "process", "master.listen")),
			Map.entry("worker", Set.of("", "event", "message", "message.support", "wire")),
			Map.entry("worker.netty", Set.of("", "wire", "worker")), Map.entry("metrics", Set.of("", "event")),
			Map.entry("metrics.prometheus", Set.of("", "metrics", "wire", "worker")),
			Map.entry("actuate", Set.of("", "event", "metrics.prometheus")),
			Map.entry("standalone", Set.of("", "message")),
			Map.entry("autoconfigure", Set.of("", "event", "message", "message.support", "file", "wire", "process",
					"distribution", "master", "master.listen", "master.supervise", "worker", "worker.netty", "metrics",
					"metrics.prometheus", "actuate", "standalone", "autoconfigure.properties", "autoconfigure.role")),
			Map.entry("autoconfigure.diagnostics",
					Set.of("", "file", "wire", "process", "master", "master.listen", "master.supervise", "worker",
							"autoconfigure.properties")),
			Map.entry("autoconfigure.properties",
					Set.of("", "wire", "process", "distribution", "master.listen", "master.supervise")),
			Map.entry("autoconfigure.role",
					Set.of("", "actuate", "wire", "process", "worker", "autoconfigure.properties")));

	/**
	 * Packages of others, and who alone may import from them.
	 */
	private static final Map<String, Set<String>> CONFINED = Map.of("io.netty",
			Set.of("wire", "master", "master.listen", "worker", "worker.netty", "autoconfigure", "autoconfigure.role"),
			"tools.jackson", Set.of("wire", "message.support", "metrics.prometheus", "autoconfigure"), "com.fasterxml",
			Set.of("wire", "metrics.prometheus"), "reactor",
			Set.of("worker.netty", "standalone", "actuate", "autoconfigure"), "io.micrometer",
			Set.of("metrics", "metrics.prometheus", "autoconfigure"), "io.prometheus",
			Set.of("metrics.prometheus", "actuate", "autoconfigure"), "org.springframework.boot",
			Set.of("actuate", "autoconfigure", "autoconfigure.diagnostics", "autoconfigure.properties",
					"autoconfigure.role"),
			"org.springframework.http", Set.of("worker.netty", "actuate", "autoconfigure"), "org.springframework.web",
			Set.of("actuate", "autoconfigure"));

	/**
	 * Types of the API that name those of a library that not every application has.
	 */
	private static final DescribedPredicate<JavaClass> OF_OPTIONAL_LIBRARIES = DescribedPredicate.describe(
			"of optional libraries",
			(type) -> type.isEquivalentTo(OnClusterRoleCondition.class) || type.isEquivalentTo(ClusterServers.class));

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ROOT);

	static Set<String> packages() {
		return CLASSES.stream()
			.map((type) -> room(type.getPackageName()))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static String room(String packageName) {
		return packageName.equals(ROOT) ? "" : packageName.substring(ROOT.length() + 1);
	}

	@Test
	void packagesHaveNoCycles() {
		SlicesRuleDefinition.slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void everyPackageIsInTheDesign() {
		assertThat(ALLOWED.keySet()).containsAll(packages());
	}

	@ParameterizedTest
	@MethodSource("packages")
	void packageImportsOfOursWhatTheDesignAllows(String room) {
		Set<String> imported = dependencies(room).map(Dependency::getTargetClass)
			.map(JavaClass::getBaseComponentType)
			.map(JavaClass::getPackageName)
			.filter((name) -> name.equals(ROOT) || name.startsWith(ROOT + "."))
			.map(ArchitectureTests::room)
			.filter((target) -> !target.equals(room))
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(ALLOWED.get(room)).as("what '%s' may import", room).containsAll(imported);
	}

	@ParameterizedTest
	@MethodSource("packages")
	void thirdPartiesStayInTheirRooms(String room) {
		CONFINED.forEach((library, rooms) -> {
			if (!rooms.contains(room)) {
				assertThat(dependencies(room)
					.filter((dependency) -> !OF_OPTIONAL_LIBRARIES.test(dependency.getOriginClass()))
					.filter((dependency) -> isIn(dependency.getTargetClass(), library)))
					.as("dependencies of '%s' on %s", room, library)
					.isEmpty();
			}
		});
	}

	private static Stream<Dependency> dependencies(String room) {
		return CLASSES.stream()
			.filter((type) -> room(type.getPackageName()).equals(room))
			.flatMap((type) -> type.getDirectDependenciesFromSelf().stream());
	}

	private static boolean isIn(JavaClass type, String packageName) {
		String name = type.getBaseComponentType().getPackageName();
		return name.equals(packageName) || name.startsWith(packageName + ".");
	}

	@Test
	void apiNeedsNothingButSpringContext() {
		ArchRuleDefinition.classes()
			.that()
			.resideInAnyPackage(ROOT, ROOT + ".message", ROOT + ".event")
			.and(DescribedPredicate.not(OF_OPTIONAL_LIBRARIES))
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(ROOT, ROOT + ".message", ROOT + ".event", "java..", "org.springframework.context..",
					"org.springframework.core..", "org.jspecify.annotations..")
			.check(CLASSES);
	}

	@Test
	void processAndDistributionNeedNothingButTheJdk() {
		ArchRuleDefinition.classes()
			.that()
			.resideInAnyPackage(ROOT + ".file", ROOT + ".process", ROOT + ".distribution")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(ROOT, ROOT + ".file", ROOT + ".process", ROOT + ".distribution", "java..",
					"javax.management..", "com.sun.management..", "org.jspecify.annotations..")
			.check(CLASSES);
	}

	@Test
	void reactorNettyAndTheActuatorAreUsedWhereTheyAreMeantToBe() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackages(ROOT + ".worker.netty", ROOT + ".standalone", ROOT + ".autoconfigure")
			.and(DescribedPredicate.not(OF_OPTIONAL_LIBRARIES))
			.and()
			.doNotHaveFullyQualifiedName(ROOT + ".actuate.ReceivedRequest")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("reactor.netty..")
			.because("but for the true peer of a request, which only the web server knows")
			.check(CLASSES);
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackages(ROOT + ".actuate", ROOT + ".autoconfigure")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.boot.actuate..", "org.springframework.boot.health..")
			.check(CLASSES);
	}

	@Test
	void webServersAreNamedByTheirAdaptersAlone() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(ROOT + ".worker.netty")
			.and(DescribedPredicate.not(adapters()))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("reactor.netty..", "io.netty.handler.codec..")
			.because("a second web server will stand beside Reactor Netty")
			.check(CLASSES);
	}

	private static DescribedPredicate<JavaClass> adapters() {
		Set<String> adapters = Set.of("ReactorNettyDrain", "HttpConnection", "DrainResponseHandler",
				"DrainWebSocketHandler", "ClusterLoopResources", "LoopResourcesPostProcessor", "ClusterServers",
				"WorkerServers");
		return DescribedPredicate.describe("adapters of a web server",
				(type) -> adapters.stream().anyMatch((name) -> type.getName().contains("." + name)));
	}

	@Test
	void autoConfigurationsArePublicAndFinalWithPackagePrivateBeanMethods() {
		ArchRuleDefinition.classes()
			.that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.andShould()
			.resideInAPackage(ROOT + ".autoconfigure")
			.check(CLASSES);
		ArchRuleDefinition.methods().that().areAnnotatedWith(Bean.class).should().bePackagePrivate().check(CLASSES);
	}

	@Test
	void namesOfBeansAreOurOwn() {
		ArchRuleDefinition.methods()
			.that()
			.areAnnotatedWith(Bean.class)
			.and()
			.haveNameNotMatching("cluster(Readiness)?HealthIndicator")
			.should()
			.haveNameStartingWith("bootCluster")
			.because(
					"the application may have a bean named cluster; the names of indicators are those of health components, "
							+ "and they step back by name")
			.check(CLASSES);
	}

	@Test
	void contextThatIsClosedDoesNotShutTheClusterDown() {
		ArchRuleDefinition.methods()
			.that()
			.areAnnotatedWith(Bean.class)
			.and()
			.haveRawReturnType(Cluster.class)
			.should(new ArchCondition<>("set no destroy method, as Spring would choose shutdown()") {

				@Override
				public void check(JavaMethod method, ConditionEvents events) {
					boolean none = method.getAnnotationOfType(Bean.class).destroyMethod().isEmpty();
					events.add(new SimpleConditionEvent(method, none, method.getFullName()));
				}

			})
			.check(CLASSES);
	}

	@ParameterizedTest
	@MethodSource("packages")
	void packageIsNullMarked(String room) {
		JavaPackage javaPackage = CLASSES.getPackage(room.isEmpty() ? ROOT : ROOT + "." + room);
		assertThat(javaPackage.tryGetPackageInfo()).as("package-info of '%s'", room)
			.hasValueSatisfying((info) -> assertThat(info.isAnnotatedWith(NullMarked.class)).isTrue());
	}

}
