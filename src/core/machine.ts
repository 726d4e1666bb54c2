import { assign, fromPromise, setup } from 'xstate';
import {
  firstContext,
  type LoopContext,
  type LoopEvent,
  type LoopOptions,
  type StageName,
  type StageOutput,
  type StageTask,
} from './loop-context.ts';
import { allows } from './words.ts';

/**
 * The loop. A working state invokes the one stage of its name, stores what it found and goes to its router; a router
 * only reads the context. No clock, no await and no provider lives here; the engine drives it with `transition`.
 *
 *   preparing → checkingRevisions → deploying → checkingHealth → testing (phase by phase) → controlling → rollingBack
 *   → readingLogs → promoting | diagnosing → deciding → fixing → auditing → proving → publishing → recording → resting | finished
 */
export const machineVersion = 1;

/** However its stages behave, a cycle decides this often at most. */
const decisionsMax = 100;
/** However often a budget for flaky tests saves a phase, a cycle goes on testing after a control this often at most. */
const controlsMax = 20;

const stage = fromPromise<StageOutput, StageTask>(() =>
  Promise.reject(new Error('The engine runs the stages, not the machine.')),
);

type Read = (context: LoopContext) => boolean;

/** One arrow of a router: where to, and when. Without a condition it is the last one. */
function to<T extends string>(target: T, when: Read = () => true) {
  return { target, guard: ({ context }: { context: LoopContext }) => when(context) } as const;
}

/** A working state: one actor, its result remembered whichever way it ends, then the router. */
function work<T extends string>(name: StageName, router: T) {
  return {
    tags: 'working',
    entry: { type: 'enter', params: { stage: name } },
    invoke: {
      id: name,
      src: 'stage',
      input: ({ context }: { context: LoopContext }) => taskOf(name, context),
      onDone: { target: router, actions: 'remember' },
      onError: { target: router, actions: { type: 'rememberBroken', params: { stage: name } } },
    },
  } as const;
}

const broke: Read = (c) => c.justBroke;
const cancelled: Read = (c) => c.cancelled;
const isGo: Read = (c) => c.verdict === 'GO';
const asks = (c: LoopContext, what: 'fix' | 'pull' | 'traffic') =>
  c.options.approve.includes(what) && !c.approved.includes(what);
const mayAct: Read = (c) => allows(c.options.level, 'act');
const mayDeploy: Read = (c) =>
  allows(c.options.level, 'propose') &&
  (c.options.deploy === 'always' || (c.options.deploy === 'auto' && c.facts.checkingRevisions?.fresh === false));
const mayPromote: Read = (c) =>
  isGo(c) && c.options.allSelected && mayAct(c) && c.facts.readingLogs?.somethingToMove === true;
const badTraffic = (facts: { badRevisionHasTraffic: boolean } | undefined) => facts?.badRevisionHasTraffic === true;
const foreignFirst = (facts: { foreign: boolean } | undefined, c: LoopContext) =>
  facts?.foreign === true && c.foreignSeen === 0;
const foreignAgain = (facts: { foreign: boolean } | undefined) => facts?.foreign === true;
/** A revision that nobody has proven may have traffic: it was deployed in this cycle, and some candidates serve at once. */
const mayServeUnproven: Read = (c) =>
  c.options.servesUnproven === true && mayAct(c) && (c.visits.deploying ?? 0) > 0 && c.facts.promoting === undefined;
/** A deployment that was stopped in the middle: what it left is taken back too. */
const stoppedDeploying: Read = (c) => (c.cancelled || c.expired) && c.facts.deploying === undefined;
/** A bug of ours led to the roll-back, not a verdict: the run ends with what is known. */
const brokeBeforeLogs: Read = (c) =>
  c.broken !== null && c.broken.stage !== 'rollingBack' && c.facts.readingLogs === undefined;
const metGate: Read = (c) => c.facts.testing?.gate === 'met';
const mayControl: Read = (c) => (c.visits.controlling ?? 0) < controlsMax;
const mayDecide: Read = (c) => (c.visits.deciding ?? 0) < decisionsMax;
const repeats: Read = (c) =>
  !(c.cancelled || c.expired || c.broken || c.options.dryRun || c.facts.preparing?.ready === false) &&
  (c.cycle < c.options.cycles || (c.options.untilGreen && c.verdict !== 'GO'));

/** Where a person's or the clock's word leads from a working state. */
function on<C extends string, E extends string>(cancel: C, expire: E) {
  return {
    cancel: { target: cancel, actions: 'markCancelled' },
    expire: { target: expire, actions: 'markExpired' },
  } as const;
}
/** The same where an unproven revision may have traffic: first of all it gives it back. */
function onBackFirst<C extends string, E extends string>(cancel: C, expire: E) {
  return {
    cancel: [
      { ...to('rollingBack', mayServeUnproven), actions: 'markCancelled' },
      { ...to(cancel), actions: 'markCancelled' },
    ],
    expire: [
      { ...to('rollingBack', mayServeUnproven), actions: 'markExpired' },
      { ...to(expire), actions: 'markExpired' },
    ],
  } as const;
}
/** The same for states that a deadline must not interrupt. */
function onCancel<C extends string>(cancel: C) {
  return { cancel: { target: cancel, actions: 'markCancelled' } } as const;
}
/** Where a dry run may be: it publishes nothing, whatever stops it. */
const beforeAnything = {
  ...onCancel('recording'),
  expire: [
    { ...to('recording', (c) => c.options.dryRun), actions: 'markExpired' },
    { ...to('publishing'), actions: 'markExpired' },
  ],
} as const;
/** A cancelled question: a fix that waited for its answer is taken back. */
const cancelWhereAsked = [
  { ...to('recording', (c) => c.awaiting?.what === 'traffic'), actions: 'markCancelled' },
  { ...to('reverting'), actions: 'markCancelled' },
] as const;

export const loopMachine = setup({
  types: { context: {} as LoopContext, events: {} as LoopEvent, input: {} as LoopOptions },
  actors: { stage },
  actions: {
    enter: assign({
      visits: ({ context }, { stage }: { stage: StageName }) => ({
        ...context.visits,
        [stage]: (context.visits[stage] ?? 0) + 1,
      }),
    }),
    remember: assign(({ context, event }) => remembered(context, (event as unknown as { output: StageOutput }).output)),
    rememberBroken: assign(({ context, event }, params: { stage: StageName }) => ({
      justBroke: true,
      broken: context.broken ?? {
        stage: params.stage,
        message: messageOf((event as unknown as { error: unknown }).error),
      },
    })),
    markCancelled: assign({ cancelled: true }),
    markExpired: assign({ expired: true }),
    nextPhase: assign({ phase: ({ context }) => context.phase + 1 }),
    // What was found, and what a person allowed, was about a world that is gone.
    startOver: assign(({ context }) => ({
      ...firstContext(context.options),
      cycle: context.cycle,
      visits: context.visits,
      expired: context.expired,
      broken: context.broken,
      foreignSeen: context.foreignSeen + 1,
    })),
    // The world moved on while a person was asked: nobody's results are void, they are simply old.
    lookAgain: assign(({ context }) => ({
      ...firstContext(context.options),
      cycle: context.cycle,
      visits: context.visits,
      expired: context.expired,
      broken: context.broken,
      foreignSeen: context.foreignSeen,
    })),
    nextCycle: assign(({ context }) => ({
      ...firstContext(context.options),
      cycle: context.cycle + 1,
      broken: context.broken,
    })),
    awaitFix: assign({ awaiting: { what: 'fix', target: 'fixing' } }),
    awaitPull: assign({ awaiting: { what: 'pull', target: 'publishing' } }),
    awaitPromotion: assign({ awaiting: { what: 'traffic', target: 'promoting' } }),
    awaitRollback: assign({ awaiting: { what: 'traffic', target: 'rollingBack' } }),
    approved: assign({
      approved: ({ context }) => (context.awaiting ? [...context.approved, context.awaiting.what] : context.approved),
    }),
    refused: assign({ refused: true }),
  },
}).createMachine({
  id: 'loop',
  context: ({ input }) => firstContext(input),
  initial: 'preparing',
  states: {
    preparing: { ...work('preparing', 'afterPreparing'), on: beforeAnything },
    afterPreparing: {
      always: [to('recording', (c) => broke(c) || c.facts.preparing?.ready === false), to('checkingRevisions')],
    },

    checkingRevisions: { ...work('checkingRevisions', 'afterRevisions'), on: beforeAnything },
    afterRevisions: {
      always: [to('recording', (c) => broke(c) || c.options.dryRun), to('deploying', mayDeploy), to('checkingHealth')],
    },

    deploying: { ...work('deploying', 'afterDeploying'), on: onBackFirst('reverting', 'reverting') },
    afterDeploying: {
      always: [
        to('rollingBack', (c) => broke(c) && mayServeUnproven(c)),
        to('recording', broke),
        to('rollingBack', (c) => badTraffic(c.facts.deploying) && mayAct(c)),
        to(
          'readingLogs',
          (c) => c.facts.deploying?.result === 'platform-refused' || c.facts.deploying?.result === 'none-up',
        ),
        to('checkingHealth'),
      ],
    },

    checkingHealth: { ...work('checkingHealth', 'afterHealth'), on: onBackFirst('recording', 'publishing') },
    afterHealth: {
      always: [
        to('rollingBack', (c) => broke(c) && mayServeUnproven(c)),
        to('recording', broke),
        to('rollingBack', (c) => badTraffic(c.facts.checkingHealth) && mayAct(c)),
        to('readingLogs', (c) => c.facts.checkingHealth?.result !== 'ok'),
        to('testing'),
      ],
    },

    testing: { ...work('testing', 'afterTesting'), on: onBackFirst('recording', 'publishing') },
    afterTesting: {
      always: [
        to('rollingBack', (c) => broke(c) && mayServeUnproven(c)),
        to('recording', broke),
        { ...to('checkingRevisions', (c) => foreignFirst(c.facts.testing, c)), actions: 'startOver' },
        to('recording', (c) => foreignAgain(c.facts.testing)),
        {
          // An override changes the order of things, never a verdict.
          ...to('testing', (c) => (metGate(c) || c.options.override === true) && c.facts.testing?.morePhases === true),
          actions: 'nextPhase',
        },
        to('controlling', (c) => c.facts.testing?.red === true),
        to('readingLogs'),
      ],
    },

    controlling: { ...work('controlling', 'afterControlling'), on: onBackFirst('recording', 'publishing') },
    afterControlling: {
      always: [
        to('rollingBack', (c) => broke(c) && mayServeUnproven(c)),
        to('recording', broke),
        { ...to('checkingRevisions', (c) => foreignFirst(c.facts.controlling, c)), actions: 'startOver' },
        to('recording', (c) => foreignAgain(c.facts.controlling)),
        to(
          'rollingBack',
          (c) => badTraffic(c.facts.controlling) && c.facts.controlling?.referenceGreen === true && mayAct(c),
        ),
        to('testing', (c) => c.facts.controlling?.gate === 'unfinished' && mayControl(c)),
        {
          ...to(
            'testing',
            (c) => c.facts.controlling?.gate === 'met' && c.facts.controlling.morePhases && mayControl(c),
          ),
          actions: 'nextPhase',
        },
        to('readingLogs'),
      ],
    },

    rollingBack: { ...work('rollingBack', 'afterRollingBack'), on: onCancel('recording') },
    afterRollingBack: {
      always: [
        {
          ...to(
            'awaitingApproval',
            (c) => !(broke(c) || cancelled(c)) && c.facts.rollingBack?.result === 'migration-forbids',
          ),
          actions: 'awaitRollback',
        },
        to('reverting', stoppedDeploying),
        to('recording', cancelled),
        to('publishing', (c) => c.expired),
        to('recording', brokeBeforeLogs),
        to('readingLogs', (c) => c.facts.readingLogs === undefined),
        to('diagnosing'),
      ],
    },

    readingLogs: { ...work('readingLogs', 'afterReadingLogs'), on: onBackFirst('recording', 'publishing') },
    afterReadingLogs: {
      always: [
        to('rollingBack', (c) => broke(c) && mayServeUnproven(c)),
        to('recording', broke),
        { ...to('awaitingApproval', (c) => mayPromote(c) && asks(c, 'traffic')), actions: 'awaitPromotion' },
        to('promoting', mayPromote),
        to('publishing', isGo),
        to('diagnosing'),
      ],
    },

    promoting: { ...work('promoting', 'afterPromoting'), on: on('rollingBack', 'rollingBack') },
    afterPromoting: {
      always: [
        to('rollingBack', (c) => broke(c) || c.facts.promoting?.result === 'worse'),
        { ...to('checkingRevisions', (c) => foreignFirst(c.facts.promoting, c)), actions: 'startOver' },
        to('recording', (c) => foreignAgain(c.facts.promoting)),
        to('diagnosing', (c) => c.facts.promoting?.result === 'refused'),
        to('publishing'),
      ],
    },

    diagnosing: { ...work('diagnosing', 'afterDiagnosing'), on: on('recording', 'publishing') },
    afterDiagnosing: { always: [to('recording', broke), to('deciding')] },

    deciding: { ...work('deciding', 'afterDeciding'), on: on('recording', 'publishing') },
    afterDeciding: {
      always: [
        to('recording', broke),
        to('publishing', (c) => c.facts.deciding?.choice !== 'fix' || c.refused || c.expired || c.broken !== null),
        { ...to('awaitingApproval', (c) => asks(c, 'fix')), actions: 'awaitFix' },
        to('fixing'),
      ],
    },

    fixing: { ...work('fixing', 'afterFixing'), on: on('reverting', 'reverting') },
    afterFixing: { always: [to('auditing', (c) => !broke(c) && c.facts.fixing?.outcome === 'fixed'), to('reverting')] },

    auditing: { ...work('auditing', 'afterAuditing'), on: on('reverting', 'reverting') },
    afterAuditing: { always: [to('proving', (c) => !broke(c) && c.facts.auditing?.passed === true), to('reverting')] },

    proving: { ...work('proving', 'afterProving'), on: on('reverting', 'reverting') },
    afterProving: {
      always: [
        to('reverting', broke),
        { ...to('checkingRevisions', (c) => foreignFirst(c.facts.proving, c)), actions: 'startOver' },
        to('recording', (c) => foreignAgain(c.facts.proving)),
        { ...to('awaitingApproval', (c) => c.facts.proving?.holds === true && asks(c, 'pull')), actions: 'awaitPull' },
        to('publishing', (c) => c.facts.proving?.holds === true),
        to('reverting'),
      ],
    },

    reverting: { ...work('reverting', 'afterReverting'), on: onCancel('recording') },
    afterReverting: {
      always: [
        to('recording', cancelled),
        // A fix that broke once would break again: the cause gets its issue, and no further fix is begun.
        to('publishing', (c) => c.broken !== null || c.expired || c.facts.deciding === undefined),
        to('deciding', mayDecide),
        to('publishing'),
      ],
    },

    publishing: { ...work('publishing', 'afterPublishing'), on: onCancel('recording') },
    afterPublishing: {
      always: [
        to('recording', (c) => broke(c) || c.cancelled),
        to('deciding', (c) => (c.facts.publishing?.causesLeft ?? 0) > 0 && mayDecide(c)),
        to('recording'),
      ],
    },

    recording: { ...work('recording', 'afterRecording') },
    afterRecording: { always: [to('resting', (c) => !broke(c) && repeats(c)), to('finished')] },

    resting: { ...work('resting', 'afterResting'), on: on('finished', 'finished') },
    afterResting: { always: [to('finished', broke), { ...to('checkingRevisions'), actions: 'nextCycle' }] },

    // Only people speak here: no worker can approve its own work.
    awaitingApproval: {
      tags: 'parked',
      on: {
        approve: { target: 'revalidating', actions: 'approved' },
        reject: [
          { target: 'publishing', guard: ({ context }) => context.awaiting?.what === 'traffic' },
          { target: 'reverting', actions: 'refused' },
        ],
        approvalExpired: [
          { target: 'publishing', guard: ({ context }) => context.awaiting?.what === 'traffic' },
          { target: 'reverting', actions: 'refused' },
        ],
        cancel: cancelWhereAsked,
      },
    },
    revalidating: { ...work('revalidating', 'afterRevalidating'), on: { cancel: cancelWhereAsked } },
    afterRevalidating: {
      always: [
        to('recording', broke),
        { ...to('checkingRevisions', (c) => c.facts.revalidating?.unchanged !== true), actions: 'lookAgain' },
        to('fixing', (c) => c.awaiting?.target === 'fixing'),
        to('promoting', (c) => c.awaiting?.target === 'promoting'),
        to('rollingBack', (c) => c.awaiting?.target === 'rollingBack'),
        to('publishing'),
      ],
    },

    finished: { type: 'final' },
  },
});

function taskOf(name: StageName, context: LoopContext): StageTask {
  return {
    stage: name,
    cycle: context.cycle,
    visit: context.visits[name] ?? 1,
    phase: context.phase,
    cause: context.cause,
    expired: context.expired,
    cancelled: context.cancelled,
    refused: context.refused,
    // To let traffic forward is not to let it back across a migration: that is asked for by itself.
    trafficApproved: context.awaiting?.target === 'rollingBack' && context.approved.includes('traffic'),
  };
}

function remembered(context: LoopContext, output: StageOutput): Partial<LoopContext> {
  const facts = { ...context.facts, [output.stage]: output.facts };
  const base = { facts, justBroke: false, verdict: output.verdict ?? context.verdict };
  if (output.stage !== 'deciding') return base;
  const { cause } = output.facts as { cause: string | null };
  // A new cause starts with a clean slate: an approval or a refusal was given for the one before.
  if (cause === context.cause) return base;
  return { ...base, cause, refused: false, approved: context.approved.filter((what) => what === 'traffic') };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String((error as { message?: unknown } | null)?.message ?? error);
}
