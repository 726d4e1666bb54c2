import { z } from 'zod';
import { Level } from '../core/words.ts';

/** `config/<name>.yaml`: a named place where services run. Unknown keys are errors, so that a typing slip is never silent. */
const Name = z.string().regex(/^[a-z][a-z0-9-]{0,48}$/, 'expected a lower-case name (letters, digits, hyphens)');
const EnvValue = z.union([z.string(), z.strictObject({ env: z.string().min(1) })]);

/** A status, or a class of them. A 500 is never healthy, so that it cannot be asked for. */
const HealthyStatus = z.union(
  [z.int().min(100).max(499), z.enum(['1xx', '2xx', '3xx', '4xx'])],
  'expected a status from 100 to 499, or a class: 2xx, 3xx, 4xx',
);

export const HealthCheckConfig = z.strictObject({
  path: z.string().startsWith('/').optional(),
  websocket: z.string().startsWith('/').optional(),
  subprotocol: z.string().optional(),
  status: z.union([HealthyStatus, z.array(HealthyStatus).min(1)]).optional(),
  /** By path: `redis.connected`. */
  json: z.record(z.string(), z.unknown()).optional(),
  header: z.record(z.string(), z.string()).optional(),
  /** A number is the limit of p95. */
  latencyMsMax: z
    .union([z.int().min(1), z.strictObject({ p50: z.int().min(1).optional(), p95: z.int().min(1).optional() })])
    .optional(),
  /** WebSocket: JSON fields of the server's first message, by path. */
  firstMessage: z.record(z.string(), z.unknown()).optional(),
  /** JSON path where the service tells its revision, commit or digest. */
  version: z.string().min(1).optional(),
  /** JSON path where the service tells how many seconds it has been up. */
  uptime: z.string().min(1).optional(),
  tlsDaysMin: z.int().min(0).optional(),
});
export type HealthCheckConfig = z.infer<typeof HealthCheckConfig>;

const Quantity = z.string().regex(/^\d+(\.\d+)?(m|Ki|Mi|Gi)?$/, 'expected a quantity such as 1, 2000m or 512Mi');

/** What this environment wants of a service's revisions; what is not named is left as it is, and no drift. */
const WantedSettingsConfig = z
  .strictObject({
    port: z.int().min(1).max(65535),
    cpu: Quantity,
    memory: Quantity,
    concurrency: z.int().min(1).max(1000),
    timeoutSeconds: z.int().min(1).max(3600),
    serviceAccount: z.string().min(1),
    minInstances: z.int().min(0),
    maxInstances: z.int().min(1),
    vpcConnector: z.string().min(1),
    vpcEgress: z.enum(['all-traffic', 'private-ranges-only']),
    sqlInstances: z.array(z.string().min(1)),
  })
  .partial();

/** What services need and loop does not deploy: told by a service's health, or asked by itself. */
const DependencyConfig = z.union([
  z.strictObject({ service: z.string(), path: z.string().startsWith('/'), json: z.record(z.string(), z.unknown()) }),
  z.strictObject({ url: z.url({ protocol: /^https?$/ }), status: z.int().min(100).max(499).default(200) }),
  z.strictObject({ tcp: z.string().regex(/^[^\s:]+:\d{1,5}$/, 'expected host:port') }),
]);

/** What starts an image of the embedded environment, which has no entry point of its own. */
export const commandDefault: readonly string[] = ['node', 'server.js'];

export const ServiceConfig = z.strictObject({
  cloudRun: z.string().regex(/^[a-z][a-z0-9-]{0,48}$/, 'expected a Cloud Run service name'),
  /** Folder in the repository. */
  path: z.string().min(1),
  candidate: z.enum(['tag', 'traffic', 'none']).default('tag'),
  needs: z.array(z.string()).default([]),
  command: z.array(z.string()).default([...commandDefault]),
  env: z.record(z.string(), EnvValue).default({}),
  health: z.array(HealthCheckConfig).default([]),
  hasMigrations: z.boolean().default(false),
  /** The image that the team's own build pushed; `${commit}` stands for the commit. */
  image: z.string().min(1).optional(),
  settings: WantedSettingsConfig.default({}),
  /** Callers need an ID token: minted by impersonating this account, for the service's own URL or this audience. */
  private: z
    .strictObject({
      serviceAccount: z.string().includes('@', 'expected the e-mail address of a service account'),
      audience: z.string().min(1).optional(),
    })
    .optional(),
});
export type ServiceConfig = z.infer<typeof ServiceConfig>;

const Endpoint = z.url({ protocol: /^https?$/ });

export const EnvironmentConfig = z.strictObject({
  environment: Name,
  level: Level.default('observe'),
  endpoints: z
    .union([
      z.literal('emulator'),
      z.strictObject({
        run: Endpoint.optional(),
        logging: Endpoint.optional(),
        github: Endpoint.optional(),
        iam: Endpoint.optional(),
      }),
    ])
    .default({}),
  project: z.string().min(1),
  region: z.string().min(1),
  repository: z.strictObject({
    owner: z.string().min(1),
    name: z.string().min(1),
    base: z.string().min(1).default('main'),
    /** Embedded environment only: the folder whose history the emulated repository starts with. */
    seed: z.string().optional(),
  }),
  store: z
    .string()
    .regex(/^sqlite:.+/, 'expected sqlite:<file>')
    .default('sqlite:.loop/loop.db'),
  services: z
    .record(Name, ServiceConfig)
    .refine((services) => Object.keys(services).length > 0, 'expected at least one service'),
  /** Names that services and suites may list under `needs`. */
  dependencies: z.record(Name, DependencyConfig).default({}),
  limits: z
    .strictObject({
      minutes: z.int().min(1).default(30),
      newIssues: z.int().min(0).default(10),
      openPulls: z.int().min(0).default(5),
      pullsPerRun: z.int().min(0).default(3),
      fixesPerCause: z.int().min(0).default(2),
      filesPerFix: z.int().min(1).default(15),
      logEntries: z.int().min(1).default(20_000),
      deploysAtOnce: z.int().min(1).default(4),
    })
    .prefault({}),
  /** Names of environment variables whose values never leave the process. */
  redact: z.array(z.string()).default([]),
});
export type EnvironmentConfig = z.infer<typeof EnvironmentConfig>;
