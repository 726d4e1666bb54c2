import { z } from 'zod';
import { Level } from '../core/words.ts';

/** `config/<name>.yaml`: a named place where services run. Unknown keys are errors, so that a typing slip is never silent. */
const Name = z.string().regex(/^[a-z][a-z0-9-]{0,48}$/, 'expected a lower-case name (letters, digits, hyphens)');
const EnvValue = z.union([z.string(), z.strictObject({ env: z.string().min(1) })]);

export const HealthCheckConfig = z.strictObject({
  path: z.string().startsWith('/').optional(),
  websocket: z.string().startsWith('/').optional(),
  subprotocol: z.string().optional(),
  status: z.int().min(100).max(599).optional(),
  json: z.record(z.string(), z.unknown()).optional(),
  header: z.record(z.string(), z.string()).optional(),
  latencyMsMax: z.int().min(1).optional(),
});
export type HealthCheckConfig = z.infer<typeof HealthCheckConfig>;

export const ServiceConfig = z.strictObject({
  cloudRun: z.string().regex(/^[a-z][a-z0-9-]{0,48}$/, 'expected a Cloud Run service name'),
  /** Folder in the repository. */
  path: z.string().min(1),
  candidate: z.enum(['tag', 'traffic', 'none']).default('tag'),
  needs: z.array(z.string()).default([]),
  command: z.array(z.string()).default(['node', 'server.js']),
  env: z.record(z.string(), EnvValue).default({}),
  health: z.array(HealthCheckConfig).default([]),
  hasMigrations: z.boolean().default(false),
});
export type ServiceConfig = z.infer<typeof ServiceConfig>;

const Endpoint = z.url({ protocol: /^https?$/ });

export const EnvironmentConfig = z.strictObject({
  environment: Name,
  level: Level.default('observe'),
  endpoints: z
    .union([
      z.literal('emulator'),
      z.strictObject({ run: Endpoint.optional(), logging: Endpoint.optional(), github: Endpoint.optional() }),
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
  limits: z
    .strictObject({
      minutes: z.int().min(1).default(30),
      newIssues: z.int().min(0).default(10),
      openPulls: z.int().min(0).default(5),
      pullsPerRun: z.int().min(0).default(3),
      fixesPerCause: z.int().min(0).default(2),
      filesPerFix: z.int().min(1).default(15),
      logEntries: z.int().min(1).default(20_000),
    })
    .prefault({}),
  /** Names of environment variables whose values never leave the process. */
  redact: z.array(z.string()).default([]),
});
export type EnvironmentConfig = z.infer<typeof EnvironmentConfig>;
