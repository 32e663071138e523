/* SPDX-License-Identifier: MIT
 * What a turn waits for before it runs: its session's lease, then a place among the site's turns (agent.max_turns, agent.queue_ms).
 * No wait lasts longer than the tick; what is over is shed, with the visitor's message left to be sent again. */
#include "ext/run/chat_internal.h"

#include <time.h>
#include <unistd.h>

#define NAP_MAX_MS 5

/* --- places --- */

static agent_turn_place *find_place(agent_worker *worker, const char *site)
{
	for (size_t i = 0; i < AGENT_SITES_MAX; i++) {
		agent_turn_place *place = &worker->places[i];
		if (place->turns > 0 && place->pid == getpid() && memcmp(place->site, site, sizeof place->site) == 0) {
			return place;
		}
	}
	return NULL;
}

/* Records of the process that forked this one are its, not ours. */
static agent_turn_place *free_place(agent_worker *worker)
{
	for (size_t i = 0; i < AGENT_SITES_MAX; i++) {
		if (worker->places[i].turns == 0 || worker->places[i].pid != getpid()) {
			return &worker->places[i];
		}
	}
	return NULL;
}

static agent_status take_place(agent_chat *chat, agent_error *err)
{
	agent_site *site = chat->site;
	int64_t wall_ms = site->clock.wall_ms(site->clock.state);
	int64_t until_ms = wall_ms + (chat->deadline_ms - agent_chat_now(chat));
	agent_turn_place *place = find_place(site->worker, site->key);
	bool taken;
	if (place != NULL) {
		if (until_ms > place->until_ms) {
			site->slots.extend(site->slots.state, &place->slot, until_ms);
			place->until_ms = until_ms;
		}
		place->turns++;
		chat->place = place;
		return AGENT_OK;
	}
	place = free_place(site->worker);
	if (place == NULL) {
		return AGENT_OK;
	}
	agent_slot slot;
	if (site->slots.enter(site->slots.state, AGENT_SLOT_TURN, site->host.max_turns, wall_ms, until_ms, &slot, &taken, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (taken) {
		*place = (agent_turn_place){ .pid = getpid(), .turns = 1, .until_ms = until_ms, .slot = slot };
		memcpy(place->site, site->key, sizeof place->site);
		chat->place = place;
	}
	return AGENT_OK;
}

static void leave_place(agent_chat *chat)
{
	agent_turn_place *place = chat->place;
	chat->place = NULL;
	if (place != NULL && place->pid == getpid() && --place->turns == 0) {
		chat->site->slots.leave(chat->site->slots.state, &place->slot);
	}
}

static void leave_waiting(agent_chat *chat)
{
	if (chat->waiting.place >= 0) {
		chat->site->slots.leave(chat->site->slots.state, &chat->waiting);
	}
}

void agent_chat_give_back(agent_chat *chat)
{
	chat->site->sessions.release(chat->lease);
	chat->lease = NULL;
	leave_waiting(chat);
	leave_place(chat);
}

/* --- waiting --- */

static agent_status shed(agent_chat *chat, agent_error *err)
{
	return agent_chat_shed(chat, chat->phase == AGENT_CHAT_QUEUED
		? AGENT_STR("Another message of this conversation is still being answered. Please send it again in a moment.")
		: AGENT_STR("Many visitors are asking just now. Please send your message again in a moment."), err);
}

/* As many may wait as may run: a worker that waits is as busy as one that works. */
static agent_status wait_in_line(agent_chat *chat, bool *waits, agent_error *err)
{
	agent_site *site = chat->site;
	*waits = chat->waiting.place >= 0 || site->host.max_turns == 0;
	if (*waits) {
		return AGENT_OK;
	}
	int64_t wall_ms = site->clock.wall_ms(site->clock.state);
	int64_t until_ms = wall_ms + (chat->deadline_ms - agent_chat_now(chat));
	return site->slots.enter(site->slots.state, AGENT_SLOT_WAITING, site->host.max_turns, wall_ms, until_ms, &chat->waiting, waits, err);
}

static agent_status lease(agent_chat *chat, int64_t until_ms, agent_error *err)
{
	agent_sessions *port = &chat->site->sessions;
	return port->lease(port->state, chat->options.session, agent_str_cstr(chat->turn_id), until_ms, &chat->lease, err);
}

/* A turn that waits for another one of its session takes no place from others' turns. */
static agent_status wait_for_lease(agent_chat *chat, int64_t until_ms, agent_error *err)
{
	bool waits;
	until_ms = until_ms < chat->deadline_ms ? until_ms : chat->deadline_ms;
	agent_status status = lease(chat, 0, err);
	if (status != AGENT_OK && err->domain == AGENT_DOMAIN_TIMEOUT) {
		if (wait_in_line(chat, &waits, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		if (!waits) {
			return shed(chat, err);
		}
		status = lease(chat, until_ms, err);
	}
	if (status == AGENT_OK) {
		chat->phase = AGENT_CHAT_WAITING;
		chat->waiting_since_ms = agent_chat_now(chat);
		return AGENT_OK;
	}
	if (err->domain != AGENT_DOMAIN_TIMEOUT) {
		return AGENT_ERR;
	}
	return agent_chat_now(chat) < chat->deadline_ms ? AGENT_OK : shed(chat, err);
}

/* Naps grow: most turns end while many wait, and each look is a few system calls. A signal shortens one nap, no more. */
static void nap(agent_chat *chat, int64_t left_ms)
{
	chat->nap_ms = chat->nap_ms < NAP_MAX_MS ? chat->nap_ms + 1 : NAP_MAX_MS;
	int64_t ms = chat->nap_ms < left_ms ? chat->nap_ms : left_ms;
	struct timespec time = { 0, (long)ms * 1000000L };
	nanosleep(&time, NULL);
}

static agent_status wait_for_place(agent_chat *chat, int64_t until_ms, agent_error *err)
{
	int64_t end_ms = chat->waiting_since_ms + chat->site->host.queue_ms;
	end_ms = end_ms < chat->deadline_ms ? end_ms : chat->deadline_ms;
	while (chat->site->host.max_turns > 0) {
		bool waits = false;
		if (take_place(chat, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		if (chat->place != NULL) {
			break;
		}
		int64_t now = agent_chat_now(chat);
		if (now < end_ms && wait_in_line(chat, &waits, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		if (!waits) {
			return shed(chat, err);
		}
		if (now >= until_ms) {
			return AGENT_OK;
		}
		nap(chat, (until_ms < end_ms ? until_ms : end_ms) - now);
	}
	leave_waiting(chat);
	if (agent_chat_check_session(chat, err) != AGENT_OK) { /* it may have ended, or been granted something, while we waited */
		return AGENT_ERR;
	}
	chat->phase = AGENT_CHAT_RUNNING;
	return agent_chat_begin(chat, err);
}

agent_status agent_chat_queue(agent_chat *chat, int tick_ms, agent_error *err)
{
	int64_t until_ms = agent_chat_now(chat) + tick_ms;
	if (chat->phase == AGENT_CHAT_QUEUED && wait_for_lease(chat, until_ms, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return chat->phase == AGENT_CHAT_WAITING ? wait_for_place(chat, until_ms, err) : AGENT_OK;
}
