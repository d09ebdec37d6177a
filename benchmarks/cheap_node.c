/* A node that costs next to nothing, so that a benchmark shows the harness.
 *
 * It answers echo, floods broadcasts to its neighbours without acknowledgements,
 * and, given a number of tokens, sends so many to the next node at its first echo
 * and passes on every token that comes. It relies on messages as the harness
 * writes them, without spaces, and copies what it does not need to understand.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 1 << 16, NAME = 72, NODES = 1000, VALUES = 1 << 20 };

typedef struct {
    const char *start;
    size_t size;
} Text;

static char node_id[NAME], next_id[NAME];
static char neighbours[NODES][NAME];
static int neighbour_count, tokens;
static unsigned char is_known[VALUES];
static int known[VALUES], known_count;

static char *out;
static size_t out_size, out_room;

static void put(const char *data, size_t size)
{
    if (out_size + size > out_room) {
        out_room = 2 * (out_size + size);
        out = realloc(out, out_room);
        if (out == NULL)
            exit(1);
    }
    memcpy(out + out_size, data, size);
    out_size += size;
}

static void put_string(const char *string) { put(string, strlen(string)); }
static void put_text(Text text) { put(text.start, text.size); }

static void write_out(void)
{
    for (size_t done = 0; done < out_size;) {
        ssize_t size = write(STDOUT_FILENO, out + done, out_size - done);
        if (size < 0)
            exit(1);
        done += (size_t)size;
    }
    out_size = 0;
}

/* What stands behind `label`, up to the first character of `ends`. */
static Text field(const char *from, const char *label, const char *ends)
{
    const char *found = strstr(from, label);
    Text text = {"0", 1};
    if (found != NULL) {
        text.start = found + strlen(label);
        text.size = strcspn(text.start, ends);
    }
    return text;
}

static int is(Text text, const char *word)
{
    return text.size == strlen(word) && memcmp(text.start, word, text.size) == 0;
}

static void keep(char *name, Text text)
{
    size_t size = text.size < NAME - 1 ? text.size : NAME - 1;
    memcpy(name, text.start, size);
    name[size] = '\0';
}

static void begin(Text dest)
{
    put_string("{\"src\":\"");
    put_string(node_id);
    put_string("\",\"dest\":\"");
    put_text(dest);
    put_string("\",\"body\":{\"type\":\"");
}

static void begin_reply(Text dest, const char *body, const char *type)
{
    begin(dest);
    put_string(type);
    put_string("\",\"in_reply_to\":");
    put_text(field(body, "\"msg_id\":", ",}"));
}

static void end(void) { put_string("}}\n"); }

/* Fills `neighbours` from a list of strings; returns what follows our own name. */
static Text take_names(const char *list)
{
    Text after = {"", 0};
    neighbour_count = 0;
    int is_next = 0;
    while (*list == '"' && neighbour_count < NODES) {
        Text name = {list + 1, strcspn(list + 1, "\"")};
        if (is_next || after.size == 0)
            after = name;
        is_next = is(name, node_id);
        if (!is_next)
            keep(neighbours[neighbour_count++], name);
        list = name.start + name.size + 1;
        list += *list == ',';
    }
    return after;
}

static void send_token(void)
{
    begin((Text){next_id, strlen(next_id)});
    put_string("token\"");
    end();
}

/* Passes a value on to all neighbours but the one that it came from. */
static void learn(const char *body, Text src)
{
    Text value = field(body, "\"message\":", ",}");
    int number = atoi(value.start);
    if (number < 0 || number >= VALUES || is_known[number])
        return;
    is_known[number] = 1;
    known[known_count++] = number;
    for (int i = 0; i < neighbour_count; i++) {
        if (is(src, neighbours[i]))
            continue;
        begin((Text){neighbours[i], strlen(neighbours[i])});
        put_string("gossip\",\"message\":");
        put_text(value);
        end();
    }
}

static void answer_read(Text src, const char *body)
{
    begin_reply(src, body, "read_ok");
    put_string(",\"messages\":[");
    for (int i = 0; i < known_count; i++) {
        char digits[16];
        int size = snprintf(digits, sizeof digits, i ? ",%d" : "%d", known[i]);
        put(digits, (size_t)size);
    }
    put_string("]");
    end();
}

static void receive(const char *line)
{
    Text src = field(line, "\"src\":\"", "\"");
    const char *body = strstr(src.start, "\"body\":");
    if (body == NULL)
        return;
    Text type = field(body, "\"type\":\"", "\"");
    if (is(type, "token")) {
        send_token();
    } else if (is(type, "gossip")) {
        learn(body, src);
    } else if (is(type, "echo")) {
        begin_reply(src, body, "echo_ok");
        put_string(",\"echo\":\"");
        put_text(field(body, "\"echo\":\"", "\""));
        put_string("\"");
        end();
        for (; tokens > 0; tokens--)
            send_token();
    } else if (is(type, "broadcast")) {
        learn(body, src);
        begin_reply(src, body, "broadcast_ok");
        end();
    } else if (is(type, "read")) {
        answer_read(src, body);
    } else if (is(type, "init")) {
        keep(node_id, field(body, "\"node_id\":\"", "\""));
        keep(next_id, take_names(strstr(body, "\"node_ids\":[") + 12));
        begin_reply(src, body, "init_ok");
        end();
    } else if (is(type, "topology")) {
        char label[NAME + 8];
        snprintf(label, sizeof label, "\"%s\":[", node_id);
        take_names(field(body, label, "]").start);
        begin_reply(src, body, "topology_ok");
        end();
    }
}

int main(int argc, char **argv)
{
    size_t room = 2 * CHUNK, held = 0;
    char *buffer = malloc(room + 1);
    tokens = argc > 1 ? atoi(argv[1]) : 0;
    for (;;) {
        if (room - held < CHUNK)
            room *= 2, buffer = realloc(buffer, room + 1);
        if (buffer == NULL)
            return 1;
        ssize_t size = read(STDIN_FILENO, buffer + held, CHUNK);
        if (size <= 0)
            return size < 0;
        held += (size_t)size;
        char *line = buffer, *newline;
        while ((newline = memchr(line, '\n', (size_t)(buffer + held - line)))) {
            *newline = '\0';
            receive(line);
            line = newline + 1;
        }
        held -= (size_t)(line - buffer);
        memmove(buffer, line, held);
        write_out();
    }
}
