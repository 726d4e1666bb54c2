import { log } from './log.js';

/** The named variables, or the end of the process: a service that lacks one must not become ready. */
export function requireEnv(names) {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) {
    log('missing environment', { severity: 'CRITICAL', missing });
    process.exit(3);
  }
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

/** Listens where the platform says, and ends at once when it says so. */
export function listen(server, service) {
  const host = process.env.HOST ?? '0.0.0.0';
  server.listen(Number(process.env.PORT), host, () => {
    log('listening', { service, host, port: server.address().port, revision: revision() });
  });
  process.on('SIGTERM', () => process.exit(0));
}

export function health(service) {
  return { status: 'ok', service, revision: revision(), uptimeSeconds: Math.round(process.uptime()) };
}

function revision() {
  return process.env.K_REVISION ?? null;
}
