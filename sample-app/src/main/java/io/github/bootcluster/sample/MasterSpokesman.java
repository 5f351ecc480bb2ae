package io.github.bootcluster.sample;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.message.ClusterMessage;
import io.github.bootcluster.message.ClusterMessageListener;

import org.springframework.stereotype.Component;

/**
 * Lives in the master and answers the questions of workers.
 */
@Component
@ConditionalOnClusterRole(ClusterRole.MASTER)
class MasterSpokesman {

	@ClusterMessageListener("question")
	Answer answer(MessageController.Note question, ClusterMessage message) {
		return new Answer(ProcessHandle.current().pid(),
				"Worker %d asks: %s".formatted(message.senderId(), question.text()));
	}

	/**
	 * What the master answers.
	 *
	 * @param pid the master's process id
	 * @param text the answer
	 */
	record Answer(long pid, String text) {

	}

}
