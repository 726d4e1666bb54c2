import type { TrafficShare } from '../core/record.ts';
import type { Result } from '../core/result.ts';

/** A service as the platform describes it. Absent facts are null, never guessed. */
export interface ServiceFacts {
  /** The platform's short name, e.g. `chat-backend`. */
  readonly name: string;
  /** Where users reach it; read from the platform, never built. */
  readonly url: string | null;
  readonly etag: string;
  readonly ready: boolean;
  readonly latestReady: string | null;
  readonly latestCreated: string | null;
  /** As it is served now, read back. */
  readonly traffic: readonly (TrafficShare & { url: string | null })[];
  /** As it was asked for; served differently while a change is under way, or where one failed. */
  readonly asked: readonly TrafficShare[];
  /** The revision with most of the traffic; null when nothing serves. */
  readonly serving: string | null;
  readonly updatedAt: string;
  /** The platform's own sentence when it is not ready. */
  readonly message: string | null;
  readonly conditions: readonly Condition[];
  /** True where the platform gives no URL of its own, and so none to tags. */
  readonly defaultUriDisabled: boolean;
  /** `all`, `internal`, `internal-load-balancer`; null when the platform does not say. */
  readonly ingress: string | null;
  readonly lastModifier: string | null;
}

/** A condition by its type, never by its place in a list. */
export interface Condition {
  readonly type: string;
  readonly state: 'succeeded' | 'failed' | 'pending';
  readonly reason: string | null;
  readonly message: string | null;
}

/**
 * Settings of a revision by name, each as text that can be compared and shown: `env DATABASE_URL` → `sha256:<12 hex>` or
 * `secret <name>@<version>`, `port`, `cpu`, `memory`, `concurrency`, `timeout`, `service account`, `vpc connector`, `vpc egress`,
 * `sql instances`, `min instances`, `max instances`, `startup probe`, `liveness probe`, `command`, `image <container>` for sidecars.
 */
type Settings = Readonly<Record<string, string>>;

export interface RevisionFacts {
  readonly name: string;
  readonly service: string;
  readonly image: string;
  /** sha256:… where the image reference or the image store tells it. */
  readonly digest: string | null;
  /** Where the digest was read: `image`, `image-store`; null when unknown. */
  readonly digestFrom: string | null;
  readonly commit: string | null;
  /** Where the commit was read: `label`, `image`; null when unknown. */
  readonly commitFrom: string | null;
  /** Label `loop-run` of the run that made it; null for a foreign one, and for one that only copied the labels of ours. */
  readonly madeBy: string | null;
  readonly configHash: string | null;
  /** Label `loop-step`: the key of the effect that made it; null for a foreign one. */
  readonly stepKey: string | null;
  readonly ready: boolean;
  /** The platform's word for why it is not ready, e.g. `HEALTH_CHECK_CONTAINER_ERROR`. */
  readonly reason: string | null;
  /** The platform's sentence when it is not ready. */
  readonly message: string | null;
  readonly conditions: readonly Condition[];
  readonly settings: Settings;
  /** Names of the settings that loop gave it, or the revision that it was made from. */
  readonly given: readonly string[];
  readonly creator: string | null;
  readonly createdAt: string;
}

export interface ContainerSpec {
  readonly image: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Only what the config names; all else stays as the service has it. */
  readonly settings: WantedSettings;
}

/** Settings that a config may ask for; absent ones are left alone. */
interface WantedSettings {
  readonly port?: number;
  /** As the platform writes it: `1`, `2000m`. */
  readonly cpu?: string;
  /** As the platform writes it: `512Mi`. */
  readonly memory?: string;
  /** Requests at once for one instance. */
  readonly concurrency?: number;
  readonly timeoutSeconds?: number;
  readonly serviceAccount?: string;
  readonly minInstances?: number;
  readonly maxInstances?: number;
  readonly vpcConnector?: string;
  readonly vpcEgress?: 'all-traffic' | 'private-ranges-only';
  readonly sqlInstances?: readonly string[];
}

export interface CandidateRequest {
  /** Names this effect; becomes label and revision suffix, so that a repeated call finds what it made. */
  readonly key: string;
  readonly service: string;
  /** Full revision name, at most 63 characters. */
  readonly revision: string;
  /** The tag that reaches it without traffic; null sends traffic to it. */
  readonly tag: string | null;
  readonly container: ContainerSpec;
  /** Labels on the revision: `commit-sha`, `loop-run`, `loop-config`, `loop-step`; the provider adds what binds them to it. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * `unrouted`: nothing reaches it any more, but the platform keeps it, as it does with the latest created one of a service.
 * `untagged`: it has lost its tags of `tags`, and stays because somebody else reaches it by another one.
 */
export type Removed = 'deleted' | 'unrouted' | 'untagged';

/**
 * The platform that runs services. Reads are safe to repeat. Calls that change something carry a key and look it up first:
 * a revision or a traffic split that is already there is success. Failures are values: `permission`, `quota`, `conflict`
 * (someone else is deploying), `not-started` (the container did not come up, message of the platform), `unavailable`, `timeout`.
 * `deploy` and `moveTraffic` may be slow (minutes) and stop at the signal.
 */
export interface Deployer {
  services(names: readonly string[], signal: AbortSignal): Promise<Result<ReadonlyMap<string, ServiceFacts>>>;
  revision(service: string, revision: string, signal: AbortSignal): Promise<Result<RevisionFacts>>;
  revisions(service: string, signal: AbortSignal): Promise<Result<readonly RevisionFacts[]>>;
  /** Makes the revision and waits until the platform calls it ready. The serving revision stays pinned unless `tag` is null. */
  deploy(request: CandidateRequest, signal: AbortSignal): Promise<Result<RevisionFacts>>;
  /**
   * `percent` of the traffic to one revision and the rest where it was, tags kept; the split is read back and compared before
   * success is said. With `latest`, a revision that is the latest ready one and gets everything is served as LATEST, so that the
   * next deployment of someone else reaches its users. With `expected`, it is moved only from that split (`conflict` where
   * someone else has moved it since); what is as wanted already is success.
   */
  moveTraffic(
    request: {
      key: string;
      service: string;
      revision: string;
      percent: number;
      latest: boolean;
      expected?: readonly Pick<TrafficShare, 'revision' | 'percent'>[];
    },
    signal: AbortSignal,
  ): Promise<Result<ServiceFacts>>;
  /**
   * Removes a revision and its tags. Gone already is `deleted`; a serving revision is `conflict`. With `tags` only these are the
   * caller's: where it has another one, it stays.
   */
  remove(
    request: { key: string; service: string; revision: string; tags?: readonly string[] },
    signal: AbortSignal,
  ): Promise<Result<Removed>>;
}
