/* SPDX-License-Identifier: MIT
 * brain_dump PROTOCOL < body.sse: what a recorded stream means, as one line of JSON.
 * Exit status 2: wrong usage, 1: the stream is beyond our limits. */
#include <stdio.h>

#include "tests/support/brain_stream.h"

static const agent_codec *codec_of(const char *protocol)
{
	const agent_codec *const all[] = { &agent_codec_openai_chat };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (strcmp(all[i]->protocol, protocol) == 0) {
			return all[i];
		}
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const agent_codec *codec = argc == 2 ? codec_of(argv[1]) : NULL;
	agent_error err = { 0 };
	agent_buf body, line;
	char piece[65536];
	size_t len;
	if (codec == NULL) {
		fprintf(stderr, "usage: brain_dump PROTOCOL < body.sse (PROTOCOL: openai-chat)\n");
		return 2;
	}
	agent_buf_init(&body, BRAIN_STREAM_LIMIT);
	agent_buf_init(&line, BRAIN_STREAM_LIMIT);
	while ((len = fread(piece, 1, sizeof piece, stdin)) > 0) {
		agent_buf_add(&body, (agent_str){ piece, len });
	}
	agent_status status = agent_buf_check(&body, "the stream", &err);
	if (status == AGENT_OK) {
		status = brain_stream_run(codec, agent_buf_str(&body), 0, BRAIN_STREAM_LIMIT, &line, &err);
	}
	if (status == AGENT_OK) {
		printf("%.*s\n", AGENT_STR_ARG(agent_buf_str(&line)));
	} else {
		fprintf(stderr, "brain_dump: %s\n", err.message);
	}
	agent_buf_clear(&body);
	agent_buf_clear(&line);
	return status == AGENT_OK ? 0 : 1;
}
