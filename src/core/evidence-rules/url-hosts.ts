/** A named address: `host` or `host:port`, lower case; loopback is `localhost`, whatever its spelling. */
const pattern =
  /\b(?:https?|wss?):\/\/([^\s/?#"'<>()[\]{}\\|^`,;]*@)?(\[[0-9a-f:]+\]|[a-z0-9._-]+)(:\d{1,5})?|\b(localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0)(:\d{2,5})\b|(?<![0-9a-f:])(::1)(:\d{2,5})\b/gi;

/** Pages that runners and answers point their readers to, and names that lead nowhere by the standards: nobody tests against them. */
const reading =
  /(^|\.)(docs\.pytest\.org|readthedocs\.io|python\.org|nodejs\.org|nodejs\.dev|vitest\.dev|vite\.dev|jestjs\.io|mochajs\.org|playwright\.dev|aka\.ms|go\.dev|golang\.org|github\.com|mozilla\.org|w3\.org|ietf\.org|rfc-editor\.org|json-schema\.org|npmjs\.com|npmjs\.org|pypi\.org|yarnpkg\.com|stackoverflow\.com|example\.(com|net|org)|example|invalid)$/;

/** The addresses that a text names, without user information and paths: those may hold secrets. */
export function hostsIn(text: string): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(pattern)) {
    const name = plain(match[2] ?? match[4] ?? match[6] ?? '');
    if (name === '' || reading.test(name)) continue;
    found.push(`${name}${match[3] ?? match[5] ?? match[7] ?? ''}`);
  }
  return found;
}

/** `host` declares all its ports; a loopback address is known by its port, since names and numbers of it are one machine. */
export function belongs(host: string, declared: readonly string[]): boolean {
  const [name, port] = parts(host);
  return declared.some((one) => {
    const [known, at] = parts(one);
    const sameName = known === name || (isLoopback(known) && isLoopback(name));
    return sameName && (at === undefined || at === port);
  });
}

export function isLoopback(host: string): boolean {
  const [name] = parts(host);
  return name === 'localhost' || name.endsWith('.localhost');
}

/** `https://a.run.app/x` is `a.run.app`; with the scheme's own port left out. Null when it is no URL. */
export function hostOf(url: string): string | null {
  return URL.canParse(url) ? (hostsOfUrl(new URL(url)) ?? null) : null;
}

function hostsOfUrl({ hostname, port }: URL): string {
  return `${plain(hostname)}${port === '' ? '' : `:${port}`}`;
}

function parts(host: string): [name: string, port: string | undefined] {
  const match = /^(.*?)(?::(\d+))?$/.exec(host);
  return [plain(match?.[1] ?? host), match?.[2]];
}

function plain(name: string): string {
  const lower = name.toLowerCase().replace(/\.$/, '');
  return /^(127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|::1)$/.test(lower) ? 'localhost' : lower;
}
