/* A register that threads share (level 1). A compare-and-set looks before it locks, which is its bug; with the argument "right" it does not.
 * Build it with: cc -pthread -o register register.c */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 64 };
struct call { char op; long value, old, invoked, returned, read; int ok; };
static struct call calls[MOST][MOST];
static int counts[MOST], clients, hasty = 1;
static volatile long cell, ticks;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t ready;

static void pause_(void) { usleep(200); } /* others get on meanwhile, however many processors there are */

static void do_call(struct call *c) {
	c->invoked = __sync_add_and_fetch(&ticks, 1);
	long seen = cell;
	if (c->op == 'c' && hasty) pause_();
	pthread_mutex_lock(&mutex);
	if (!hasty || c->op != 'c') seen = cell;
	c->read = seen;
	c->ok = seen == c->old;
	if (c->op == 'w' || (c->op == 'c' && c->ok)) cell = c->value;
	pthread_mutex_unlock(&mutex);
	pause_();
	c->returned = __sync_add_and_fetch(&ticks, 1);
}

static void *client(void *number) {
	long n = (long)number;
	pthread_barrier_wait(&ready);
	for (int i = 0; i < counts[n]; i++) do_call(&calls[n][i]);
	return NULL;
}

static long field(const char *from, const char *end, const char *name) {
	const char *at = strstr(from, name);
	return at && at < end ? atol(at + strlen(name)) : 0;
}

/* Reads {"clients":[[{"op":"cas","value":2,"old":1},…],…]}: brackets are clients, braces are calls. */
static void parse(const char *text) {
	clients = 0;
	for (const char *p = strchr(strstr(text, "\"clients\""), '[') + 1; *p && *p != ']'; p++) {
		if (*p != '[') continue;
		for (counts[clients] = 0; *p != ']'; p++) {
			if (*p != '{') continue;
			const char *end = strchr(p, '}');
			calls[clients][counts[clients]++] =
				(struct call){strstr(p, "\"op\":\"")[6], field(p, end, "\"value\":"), field(p, end, "\"old\":"), 0, 0, 0, 0};
			p = end;
		}
		clients++;
	}
}

int main(int argc, char **argv) {
	static char line[1 << 20];
	FILE *requests = fdopen(3, "r"), *answers = fdopen(4, "w");
	hasty = argc < 2 || strcmp(argv[1], "right") != 0;
	fprintf(answers, "{\"protocol\":1,\"name\":\"register.c\",\"kinds\":[\"register\"],\"levels\":[1]}\n");
	for (fflush(answers); fgets(line, sizeof line, requests); fflush(answers)) {
		pthread_t threads[MOST];
		parse(line);
		cell = ticks = 0;
		pthread_barrier_init(&ready, NULL, clients ? clients : 1);
		for (long i = 0; i < clients; i++) pthread_create(&threads[i], NULL, client, (void *)i);
		for (int i = 0; i < clients; i++) pthread_join(threads[i], NULL);
		fprintf(answers, "{\"id\":%ld,\"observation\":{\"calls\":[", field(line, line + sizeof line, "\"id\":"));
		for (int i = 0, first = 1; i < clients; i++)
			for (int k = 0; k < counts[i]; k++, first = 0)
				fprintf(answers, "%s{\"client\":%d,\"invoked\":%ld,\"returned\":%ld,\"value\":%ld,\"ok\":%s}", first ? "" : ",", i,
					calls[i][k].invoked, calls[i][k].returned, calls[i][k].op == 'r' ? calls[i][k].read : 0, calls[i][k].ok ? "true" : "false");
		fprintf(answers, "]}}\n");
	}
}
