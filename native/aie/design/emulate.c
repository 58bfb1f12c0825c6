/* Runs a lowered design (lower.py) on this machine: a thread for each core, memory tile and DMA task. Fifos block as the
 * hardware's locks do; the descriptors of the runtime sequence are applied to the host's buffers word by word as they stand.
 *
 *   emulate DESCRIPTION HOP FRAMES [AUDIO FEATURES]
 *
 * AUDIO holds int16 samples; without it the audio is noise. The design is run three times, since its cores go on waiting between
 * two runs, and each time its features must be those of the kernel called on frames cut one by one. Nothing here models time. */
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FRAME = 400, MAX_FIFOS = 128, MAX_LINKS = 32, MAX_TASKS = 32, MAX_STEPS = 96, MAX_DEPTH = 4, MAX_PARTS = 8, RUNS = 3 };
enum { MOST_SECONDS = 120 };

extern const int32_t core_count;
extern void (*const cores[])(void);
extern void (*const the_kernel)(const int16_t *, int8_t *);
void *acquire(int32_t fifo, int32_t port);
void release(int32_t fifo, int32_t port);

struct fifo {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int depth;
  size_t bytes;
  uint64_t produced, consumed;
  uint8_t *objects[MAX_DEPTH];
};

struct link {
  int joins, whole, count, parts[MAX_PARTS];
  size_t offsets[MAX_PARTS];
};

struct descriptor {
  int64_t offset, sizes[4], strides[4];
};

struct task {
  int fifo, buffer, count;
  struct descriptor *descriptors;
  pthread_t thread;
};

struct buffer {
  int64_t elements, width;
  uint8_t *bytes;
};

static struct fifo fifos[MAX_FIFOS];
static struct link links[MAX_LINKS];
static struct task tasks[MAX_TASKS];
static struct buffer buffers[2]; /* audio, features */
static struct {
  int waits, task;
} steps[MAX_STEPS];
static int fifo_count, link_count, task_count, buffer_count, step_count;

static void fail(const char *problem) {
  fprintf(stderr, "emulate: %s\n", problem);
  exit(1);
}

static void *allocate(size_t bytes) {
  /* Zeros would hide an object that nobody wrote. */
  void *memory = malloc(bytes);
  if (memory == NULL) fail("out of memory");
  return memset(memory, 0xA5, bytes);
}

void *acquire(int32_t number, int32_t port) {
  struct fifo *fifo = &fifos[number];
  pthread_mutex_lock(&fifo->lock);
  while (port == 1 ? fifo->produced - fifo->consumed == (uint64_t)fifo->depth : fifo->produced == fifo->consumed)
    pthread_cond_wait(&fifo->changed, &fifo->lock);
  uint64_t which = (port == 1 ? fifo->produced : fifo->consumed) % (uint64_t)fifo->depth;
  pthread_mutex_unlock(&fifo->lock);
  return fifo->objects[which];
}

void release(int32_t number, int32_t port) {
  struct fifo *fifo = &fifos[number];
  pthread_mutex_lock(&fifo->lock);
  if (port == 1)
    fifo->produced++;
  else
    fifo->consumed++;
  pthread_cond_broadcast(&fifo->changed);
  pthread_mutex_unlock(&fifo->lock);
}

static void *run_core(void *number) {
  cores[(intptr_t)number]();
  fail("a core ended: it must wait for the next run");
  return NULL;
}

static void *run_link(void *argument) {
  const struct link *link = argument;
  for (;;) {
    uint8_t *whole = acquire(link->whole, link->joins);
    for (int i = 0; i < link->count; i++) {
      uint8_t *part = acquire(link->parts[i], !link->joins);
      size_t bytes = fifos[link->parts[i]].bytes;
      if (link->joins)
        memcpy(whole + link->offsets[i], part, bytes);
      else
        memcpy(part, whole + link->offsets[i], bytes);
      release(link->parts[i], !link->joins);
    }
    release(link->whole, link->joins);
  }
  return NULL;
}

/* Moves a task's elements between its buffer and its fifo; a descriptor may end anywhere in an object. */
static void *run_task(void *argument) {
  const struct task *task = argument;
  struct buffer *buffer = &buffers[task->buffer];
  int produces = task->buffer == 0;
  size_t width = (size_t)buffer->width, size = fifos[task->fifo].bytes, at = 0;
  uint8_t *object = NULL;
  for (int i = 0; i < task->count; i++) {
    const struct descriptor *d = &task->descriptors[i];
    for (int64_t a = 0; a < d->sizes[0]; a++)
      for (int64_t b = 0; b < d->sizes[1]; b++)
        for (int64_t c = 0; c < d->sizes[2]; c++)
          for (int64_t e = 0; e < d->sizes[3]; e++) {
            int64_t index =
                d->offset + a * d->strides[0] + b * d->strides[1] + c * d->strides[2] + e * d->strides[3];
            if (index < 0 || index >= buffer->elements) fail("a descriptor leaves its buffer");
            if (object == NULL) object = acquire(task->fifo, produces);
            uint8_t *element = buffer->bytes + (size_t)index * width;
            if (produces)
              memcpy(object + at, element, width);
            else
              memcpy(element, object + at, width);
            at += width;
            if (at == size) {
              release(task->fifo, produces);
              object = NULL;
              at = 0;
            }
          }
  }
  if (object != NULL) fail("a task ends within an object");
  return NULL;
}

static void start(pthread_t *thread, void *(*body)(void *), void *argument) {
  if (pthread_create(thread, NULL, body, argument) != 0) fail("no thread can be made");
}

static void read_description(const char *path) {
  FILE *file = fopen(path, "r");
  if (file == NULL) fail("the description cannot be read");
  char word[16];
  while (fscanf(file, "%15s", word) == 1) {
    int ok = 0;
    if (strcmp(word, "fifo") == 0 && fifo_count < MAX_FIFOS) {
      struct fifo *fifo = &fifos[fifo_count++];
      ok = fscanf(file, "%d %zu", &fifo->depth, &fifo->bytes) == 2 && fifo->depth >= 1 && fifo->depth <= MAX_DEPTH;
      pthread_mutex_init(&fifo->lock, NULL);
      pthread_cond_init(&fifo->changed, NULL);
      for (int i = 0; ok && i < fifo->depth; i++) fifo->objects[i] = allocate(fifo->bytes);
    } else if (strcmp(word, "link") == 0 && link_count < MAX_LINKS) {
      struct link *link = &links[link_count++];
      ok = fscanf(file, "%d %d %d", &link->joins, &link->whole, &link->count) == 3 && link->count <= MAX_PARTS;
      for (int i = 0; ok && i < link->count; i++) ok = fscanf(file, "%d %zu", &link->parts[i], &link->offsets[i]) == 2;
    } else if (strcmp(word, "buffer") == 0 && buffer_count < 2) {
      struct buffer *buffer = &buffers[buffer_count++];
      ok = fscanf(file, "%ld %ld", &buffer->elements, &buffer->width) == 2;
      if (ok) buffer->bytes = allocate((size_t)(buffer->elements * buffer->width));
    } else if (strcmp(word, "task") == 0 && task_count < MAX_TASKS) {
      struct task *task = &tasks[task_count++];
      ok = fscanf(file, "%d %d %d", &task->fifo, &task->buffer, &task->count) == 3;
      if (ok) task->descriptors = allocate((size_t)task->count * sizeof *task->descriptors);
      for (int i = 0; ok && i < task->count; i++) {
        struct descriptor *d = &task->descriptors[i];
        ok = fscanf(file, "%ld", &d->offset) == 1;
        for (int j = 0; ok && j < 8; j++) ok = fscanf(file, "%ld", j < 4 ? &d->sizes[j] : &d->strides[j - 4]) == 1;
      }
    } else if ((strcmp(word, "start") == 0 || strcmp(word, "await") == 0) && step_count < MAX_STEPS) {
      steps[step_count].waits = word[0] == 'a';
      ok = fscanf(file, "%d", &steps[step_count++].task) == 1;
    }
    if (!ok) fail("the description is not what lower.py writes");
  }
  fclose(file);
  if (buffer_count != 2) fail("a design has two buffers");
}

static void run_sequence(void) {
  for (int i = 0; i < step_count; i++) {
    struct task *task = &tasks[steps[i].task];
    if (steps[i].waits)
      pthread_join(task->thread, NULL);
    else
      start(&task->thread, run_task, task);
  }
  /* What is read needs no wait on the NPU: it was read before the features could be written. */
  for (int i = 0; i < task_count; i++)
    if (tasks[i].buffer == 0) pthread_join(tasks[i].thread, NULL);
}

/* The features of the kernel alone, on frames that are cut from the audio one by one. */
static void run_directly(int64_t hop, size_t object_in, size_t object_out, uint8_t *out) {
  const int16_t *audio = (const int16_t *)(const void *)buffers[0].bytes;
  int64_t call_frames = (int64_t)(object_in / (FRAME * sizeof(int16_t)));
  int64_t all = (buffers[0].elements - FRAME) / hop + 1;
  int16_t *frames = allocate(object_in);
  for (int64_t first = 0; first < all; first += call_frames) {
    for (int64_t i = 0; i < call_frames; i++)
      memcpy(frames + i * FRAME, audio + (first + i) * hop, FRAME * sizeof(int16_t));
    the_kernel(frames, (int8_t *)out + (size_t)(first / call_frames) * object_out);
  }
  free(frames);
}

static void fill(const char *path, int64_t used, uint32_t seed) {
  int16_t *audio = (int16_t *)(void *)buffers[0].bytes;
  memset(audio, 0, buffers[0].elements * sizeof *audio);
  if (path != NULL) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fread(audio, sizeof *audio, (size_t)used, file) == 0) fail("the audio cannot be read");
    fclose(file);
    return;
  }
  for (int64_t i = 0; i < used; i++) {
    seed = seed * 1664525u + 1013904223u;
    audio[i] = (int16_t)(seed >> 16);
  }
}

static void stuck(int signal) {
  (void)signal;
  static const char message[] = "emulate: the design is stuck\n";
  if (write(STDERR_FILENO, message, sizeof message - 1) < 0) _exit(4);
  _exit(3);
}

int main(int argc, char **argv) {
  if (argc != 4 && argc != 6) fail("usage: emulate DESCRIPTION HOP FRAMES [AUDIO FEATURES]");
  signal(SIGALRM, stuck);
  alarm(MOST_SECONDS);
  read_description(argv[1]);
  int64_t hop = atol(argv[2]), frames = atol(argv[3]), used = (frames - 1) * hop + FRAME;
  if (hop < 1 || frames < 1 || used > buffers[0].elements) fail("hop or frames out of range");
  /* A core's objects are the fifos' smallest: those of the memory tile are whole numbers of them. */
  size_t object_in = SIZE_MAX, object_out = SIZE_MAX;
  for (int i = 0; i < task_count; i++) {
    size_t *object = tasks[i].buffer == 0 ? &object_in : &object_out;
    int parts = 1;
    for (int j = 0; j < link_count; j++)
      if (links[j].whole == tasks[i].fifo) parts = links[j].count;
    *object = fifos[tasks[i].fifo].bytes / (size_t)parts;
  }
  pthread_t thread;
  for (intptr_t i = 0; i < core_count; i++) start(&thread, run_core, (void *)i);
  for (int i = 0; i < link_count; i++) start(&thread, run_link, &links[i]);
  size_t bytes = (size_t)(buffers[1].elements * buffers[1].width);
  uint8_t *direct = allocate(bytes);
  for (uint32_t run = 0; run < RUNS; run++) {
    fill(argc == 6 ? argv[4] : NULL, used, run + 1);
    memset(buffers[1].bytes, 0x5A, bytes);
    run_sequence();
    run_directly(hop, object_in, object_out, direct);
    if (memcmp(direct, buffers[1].bytes, bytes) != 0) fail("the features differ from the kernel's own");
  }
  if (argc == 6) {
    FILE *file = fopen(argv[5], "wb");
    if (file == NULL || fwrite(buffers[1].bytes, 1, bytes, file) != bytes || fclose(file) != 0)
      fail("the features cannot be written");
  }
  printf("%zu bytes of features equal the kernel's own, in each of %d runs\n", bytes, RUNS);
  fflush(stdout);
  _exit(0);
}
