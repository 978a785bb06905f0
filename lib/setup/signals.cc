// Keeps signals away from the threads that compute. oneDNN's single-precision matrix products, as TensorFlow carries
// them, let the stack pointer point into the heap for a while: a handler that runs at that moment overwrites the heap, and
// the process aborts sooner or later ("corrupted size vs. prev_size"). Found with a terminal's window that was resized
// during training; known as uxlfoundation/oneDNN issue 4845, mended there in 2026, after the versions that we can use.
//
// Loading this starts a thread that only waits and takes the signals, and blocks them in the loading thread and so in every
// thread that it starts later. libuv's handlers may run in any thread; child processes start with nothing blocked.
#include <node_api.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <initializer_list>

static void* take_signals(void*) {
  for (;;) pause();
  return nullptr;
}

/** Whether signals are now taken by another thread. */
static bool keep_signals_away() {
  pthread_attr_t attributes;
  pthread_t thread;
  if (pthread_attr_init(&attributes) != 0) return false;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  const bool started = pthread_create(&thread, &attributes, take_signals, nullptr) == 0;
  pthread_attr_destroy(&attributes);
  if (!started) return false;
  sigset_t away;
  sigfillset(&away);
  // A fault belongs to the thread that made it, and V8's profiler asks for its own thread by SIGPROF.
  for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGPROF}) sigdelset(&away, own);
  return pthread_sigmask(SIG_BLOCK, &away, nullptr) == 0;
}

NAPI_MODULE_INIT() {
  static const bool kept = keep_signals_away();
  napi_value value;
  napi_get_boolean(env, kept, &value);
  napi_set_named_property(env, exports, "keptAway", value);
  return exports;
}
