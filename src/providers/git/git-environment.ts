import type { GitSettings } from './settings.ts';

const CERTIFICATES = ['GIT_SSL_CAINFO', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
const PROXIES = ['http_proxy', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'no_proxy', 'NO_PROXY'];
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** What every git command gets: no configuration but our own, no prompt, messages in English. */
export function localEnvironment(settings: GitSettings, home: string): Record<string, string> {
  const { name, email } = settings.identity;
  return {
    ...pick(settings.env, ['PATH', 'TMPDIR']),
    // An own HOME keeps ~/.netrc out.
    HOME: home,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
}

/** What commands that talk to the remote get besides. */
export function remoteEnvironment(settings: GitSettings): Record<string, string> {
  const remote = new URL(settings.remoteUrl);
  if (!remote.protocol.startsWith('http')) return {};
  const names = LOOPBACK.has(remote.hostname) ? CERTIFICATES : [...CERTIFICATES, ...PROXIES];
  return { ...pick(settings.env, names), ...authorization(remote, settings.token) };
}

/** The header is bound to the origin: a redirect elsewhere does not carry it. */
function authorization(remote: URL, token: string | null): Record<string, string> {
  if (token === null) return {};
  const credentials = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${remote.origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}`,
  };
}

function pick(env: GitSettings['env'], names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
