import type { TranscriptError } from './error-blocks.ts';
import type { Line } from './transcript-lines.ts';

/** What a transcript says of one service. It proves nothing: only the platform's answer does. */
export interface ServiceClaim {
  readonly name: string;
  readonly revision: string | null;
  readonly url: string | null;
  /** `begun` and not heard of again; `ready` and `not-ready` where the text is the platform's own description. */
  readonly claim: 'begun' | 'deployed' | 'failed' | 'ready' | 'not-ready';
  /** Class of the error it failed with, or what a description adds; null where nothing was said. */
  readonly because: string | null;
}

const servicesMax = 100;
const name = '([a-z][a-z0-9-]{0,62})';
const icon = String.raw`^\W*`;
/** Words that stand where a service's name would: they name no service. */
const noNames = new Set(
  (
    'all services service everything container containers deployment deploy to new the a an it and application app successfully was ' +
    'been is build push image images test tests check checks verification validation step job health revision traffic cloud docker'
  ).split(' '),
);

const deployedGcloud = /Service \[([^\]]+)\] revision \[([^\]]+)\] has been deployed/;
const urlLine = /^\s*Service URL: (https?:\/\/\S+)/;
const failed = new RegExp(`${icon}(?:Failed to deploy|Deployment failed for|Could not deploy) ${name}\\b`, 'i');
const failedAfter = new RegExp(`${icon}${name}[: ]+(?:deployment |deploy )?failed\\b`, 'i');
const deployed = new RegExp(
  `${icon}${name}[: ]+(?:was |has been )?(?:successfully deployed|deployed(?: successfully)?\\b(?!\\s+with))`,
  'i',
);
const deployedBefore = new RegExp(`${icon}Successfully deployed ${name}\\b`, 'i');
const begunGcloud = /Deploying (?:new service|container|.*)\bservice \[([^\]]+)\]/i;
const begun = new RegExp(`${icon}(?:Deploying|Building) ${name}(?: to Cloud Run)?\\s*(?:\\.\\.\\.|…|$)`, 'i');
const namedRevision = /Revision ['"[]([a-z][a-z0-9-]*)['"\]]/;

/** Every service that a run names, with the last that was said of it. An error belongs to the service that was at work. */
export function servicesIn(lines: readonly Line[], errors: readonly TranscriptError[]): ServiceClaim[] {
  const found = new Map<string, ServiceClaim>();
  let current: string | null = null;
  const tell = (service: string, change: Partial<ServiceClaim>) => {
    const key = service.toLowerCase();
    if (key === '' || noNames.has(key) || (!found.has(key) && found.size >= servicesMax)) return;
    const before = found.get(key) ?? { name: key, revision: null, url: null, claim: 'begun', because: null };
    found.set(key, { ...before, ...change });
    current = key;
  };
  const atLine = new Map(errors.map((error) => [error.line, error]));
  for (const { n, text } of lines) {
    const error = atLine.get(n);
    if (error) tell(current ?? ownerOf(error) ?? '', failureOf(error));
    else tellLine(text, current, tell);
  }
  return [...found.values()];
}

function tellLine(
  text: string,
  current: string | null,
  tell: (service: string, change: Partial<ServiceClaim>) => void,
) {
  const gcloud = deployedGcloud.exec(text);
  if (gcloud)
    return tell(asCalled(gcloud[1], current), { claim: 'deployed', revision: gcloud[2] ?? null, because: null });
  const url = urlLine.exec(text)?.[1];
  if (url !== undefined) return current === null ? undefined : tell(current, { url });
  const red = (failed.exec(text) ?? failedAfter.exec(text))?.[1];
  if (red !== undefined) return tell(red, { claim: 'failed' });
  const green = (deployed.exec(text) ?? deployedBefore.exec(text))?.[1];
  if (green !== undefined) return tell(green, { claim: 'deployed', because: null });
  const start = begun.exec(text)?.[1] ?? begunGcloud.exec(text)?.[1];
  if (start !== undefined) tell(asCalled(start, current), { claim: 'begun', because: null });
}

/** A script says `auth` and gcloud `staging-auth-service`: one service, by the name that came first. */
function asCalled(platformName: string | undefined, current: string | null): string {
  return current !== null && platformName?.includes(current) ? current : (platformName ?? '');
}

function failureOf(error: TranscriptError): Partial<ServiceClaim> {
  const revision = namedRevision.exec(error.text)?.[1];
  return { claim: 'failed', because: error.class, ...(revision === undefined ? {} : { revision }) };
}

/** `netra-auth-00051-fsm` is a revision of `netra-auth`; a conflict names its resource. */
function ownerOf(error: TranscriptError): string | null {
  const revision = namedRevision.exec(error.text)?.[1];
  return revision?.replace(/-\d{5}-[a-z0-9]{3}$/, '') ?? /resource '([a-z][a-z0-9-]*)'/.exec(error.text)?.[1] ?? null;
}
