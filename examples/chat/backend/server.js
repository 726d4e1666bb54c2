import { createServer } from 'node:http';
import { createApi } from './api.js';
import { listen, requireEnv } from './boot.js';
import { answering } from './http.js';
import { createLogin } from './login.js';
import { createMessages } from './messages.js';
import { createRedisCheck } from './redis.js';
import { createTokenCheck } from './tokens.js';
import { serveWebSocket } from './websocket.js';

const env = requireEnv(['PORT', 'AUTH_URL', 'JWT_SECRET']);
const messages = createMessages();
const userOf = createTokenCheck(env.JWT_SECRET);
const redis = process.env.REDIS_URL ? createRedisCheck(process.env.REDIS_URL) : undefined;

const server = createServer(answering(createApi({ login: createLogin(env.AUTH_URL), messages, userOf, redis })));
serveWebSocket(server, { messages, userOf });
listen(server, 'backend');
