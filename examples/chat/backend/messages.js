/** The last messages of each user, newest first, in this process's memory. */
export function createMessages() {
  const byUser = new Map();
  return {
    add(user, message) {
      const kept = byUser.get(user) ?? [];
      byUser.set(user, [message, ...kept].slice(0, 500));
    },
    /** A user's messages; `runId` narrows them to one run. */
    list(user, { runId, limit }) {
      const kept = byUser.get(user) ?? [];
      const wanted = runId ? kept.filter((message) => message.run_id === runId) : kept;
      return wanted.slice(0, Math.min(limit ?? 50, 500));
    },
  };
}

/** What a finished run leaves for `GET /api/messages`. */
export function storedMessage(message, outcome) {
  return { run_id: outcome.run_id, text: message, answer: outcome.final_response, at: new Date().toISOString() };
}
