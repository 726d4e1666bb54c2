import { createServer } from 'node:http';
import { health, listen, requireEnv } from './boot.js';
import { log } from './log.js';
import { publicFile } from './public-files.js';

const env = requireEnv(['PORT', 'BACKEND_URL']);

listen(
  createServer((request, response) => {
    const path = request.url.split('?', 1)[0];
    const answer = request.method === 'GET' ? answerTo(path) : { status: 405, type: 'text/plain', body: 'GET only\n' };
    response.writeHead(answer.status, { 'content-type': answer.type, 'cache-control': 'no-store' });
    response.end(answer.body);
    if (answer.status !== 200) {
      log('not served', { severity: 'WARNING', status: answer.status, path }, request.headers.traceparent);
    }
  }),
  'frontend',
);

function answerTo(path) {
  if (path === '/health') return json(health('frontend'));
  if (path === '/config.json') return json({ backendUrl: env.BACKEND_URL });
  return publicFile(path) ?? { status: 404, type: 'text/plain', body: 'not found\n' };
}

function json(body) {
  return { status: 200, type: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}
