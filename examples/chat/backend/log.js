/** One JSON line an event on stdout. Without a severity the line has none in the platform's log either. */
export function log(message, fields = {}, traceparent = undefined) {
  process.stdout.write(`${JSON.stringify({ message, ...fields, ...traceFields(traceparent) })}\n`);
}

/** Joins a line with its request: the platform reads these two names. */
function traceFields(traceparent) {
  const parts = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(traceparent ?? '');
  if (!parts) return {};
  const project = process.env.GOOGLE_CLOUD_PROJECT ?? 'demo';
  return {
    'logging.googleapis.com/trace': `projects/${project}/traces/${parts[1]}`,
    'logging.googleapis.com/spanId': parts[2],
  };
}
