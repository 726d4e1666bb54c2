import WebSocket from 'ws';

const WAIT_MS_MAX = 5_000;

/**
 * Opens a WebSocket and reads its messages in order. Resolves to the open socket; a refused handshake rejects with the
 * status in its message.
 */
export async function openSocket(url, protocols, headers) {
  const address = new URL(url);
  address.protocol = address.protocol.replace('http', 'ws');
  const socket = new WebSocket(address, protocols, { headers, handshakeTimeout: WAIT_MS_MAX });
  const inbox = collect(socket);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    protocol: socket.protocol,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    next: inbox.next,
    /** Asks for a run and returns its events, the last one being `agent_completed`. */
    async run(message) {
      this.send({ type: 'run', message });
      return await readRun(inbox.next);
    },
    close: () => closed(socket),
  };
}

/** The events up to the end of a run. */
export async function readRun(next) {
  const events = [];
  for (;;) {
    const event = await next();
    events.push(event);
    if (event.type === 'error') throw new Error(`the run failed: ${event.code}`);
    if (event.type === 'agent_completed') return events;
  }
}

function collect(socket) {
  const unread = [];
  const waiting = [];
  socket.on('message', (data) => {
    const message = JSON.parse(data.toString('utf8'));
    const reader = waiting.shift();
    if (reader) reader(message);
    else unread.push(message);
  });
  return {
    next: () =>
      unread.length > 0
        ? Promise.resolve(unread.shift())
        : new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error(`no message within ${WAIT_MS_MAX} ms`)), WAIT_MS_MAX);
            waiting.push((message) => {
              clearTimeout(timer);
              resolve(message);
            });
          }),
  };
}

/** Waits for the close, so that the platform has written the connection's log entry when the suite ends. */
function closed(socket) {
  if (socket.readyState === WebSocket.CLOSED) return Promise.resolve();
  return new Promise((resolve) => {
    socket.once('close', resolve);
    socket.close();
  });
}
