import { WebSocketServer } from 'ws';
import { runAgent } from './agent.js';
import { pathOf } from './http.js';
import { log } from './log.js';
import { storedMessage } from './messages.js';

const SUBPROTOCOL = 'jwt-auth';
const TOKEN_PREFIX = 'jwt.';
const MESSAGE_BYTES_MAX = 64 * 1024;

/**
 * The WebSocket side at `/ws`. A client offers the subprotocol `jwt-auth` and, as a second one, `jwt.<token>`: a token in
 * the address would end up in request logs. Without a token the socket opens, says `ready` and runs nothing.
 */
export function serveWebSocket(server, { messages, userOf }) {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    handleProtocols: () => SUBPROTOCOL,
  });
  server.on('upgrade', async (request, socket, head) => {
    // Nobody else listens until the handshake is done, and an error that nobody hears ends the process.
    socket.on('error', () => socket.destroy());
    const { refusal, user } = await admit(request, userOf);
    if (refusal) return refuse(request, socket, refusal);
    sockets.handleUpgrade(request, socket, head, (client) => converse(client, { request, user, messages }));
  });
}

async function admit(request, userOf) {
  if (pathOf(request) !== '/ws') return { refusal: '404 Not Found' };
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((word) => word.trim());
  if (!offered.includes(SUBPROTOCOL)) return { refusal: '400 Bad Request' };
  const token = offered.find((word) => word.startsWith(TOKEN_PREFIX))?.slice(TOKEN_PREFIX.length);
  if (token === undefined) return { user: undefined };
  const user = await userOf(token);
  return user ? { user } : { refusal: '401 Unauthorized' };
}

function refuse(request, socket, refusal) {
  log('handshake refused', { severity: 'WARNING', refusal }, request.headers.traceparent);
  socket.end(`HTTP/1.1 ${refusal}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

function converse(client, session) {
  const trace = session.request.headers.traceparent;
  log('socket opened', { user: session.user ?? null }, trace);
  client.on('message', (data) => receive(client, data, session));
  client.on('error', (error) => log('socket failed', { severity: 'WARNING', reason: error.message }, trace));
  client.on('close', (code) => log('socket closed', { code }, trace));
  send(client, { type: 'ready', authenticated: session.user !== undefined }, trace);
}

async function receive(client, data, { request, user, messages }) {
  const trace = request.headers.traceparent;
  const { problem, message } = readRun(data, user);
  if (problem) return send(client, { type: 'error', code: problem }, trace);
  try {
    const outcome = await runAgent({ user, message }, (event) => send(client, event, trace));
    messages.add(user, storedMessage(message, outcome));
  } catch (error) {
    log('agent failed', { severity: 'ERROR', reason: error.stack }, trace);
    send(client, { type: 'error', code: 'internal' }, trace);
  }
}

function readRun(data, user) {
  let parsed;
  try {
    parsed = JSON.parse(data.toString('utf8'));
  } catch {
    return { problem: 'not-json' };
  }
  if (parsed?.type !== 'run' || typeof parsed.message !== 'string') return { problem: 'not-a-run' };
  return user === undefined ? { problem: 'unauthenticated' } : { message: parsed.message };
}

/** Sends an event and logs its type and keys: enough to see what clients got, without what users wrote. */
function send(client, event, trace) {
  client.send(JSON.stringify(event));
  log('event sent', { event: { type: event.type, keys: Object.keys(event) } }, trace);
}
