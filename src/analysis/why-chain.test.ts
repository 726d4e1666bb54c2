import { describe, expect, test } from 'vitest';
import type { Control, Suspect } from '../core/record.ts';
import type { ControlMeaning } from '../core/words.ts';
import type { FailureGroup } from './failure-groups.ts';
import { endsKnown, type WhyFacts, whyChain } from './why-chain.ts';

test('a revision that broke an event is followed to its commit and line, each claim with its evidence', () => {
  const chain = whyChain(facts('revision'));
  expect(
    chain.whys.map(({ question, claim, status, evidence }) => `${question} ${claim} [${status} ${evidence}]`),
  ).toEqual([
    'Why is the run red? The test "names its tool" of websocket-events fails: tool_executing has no tool_name [supported E1]',
    'Did this revision bring the fault? Yes. Run again, the tests fail on the candidate and pass on the reference (candidate b-2: FFF, reference b-1: PPP). [supported E2]',
    'What does this revision do differently? backend logs event sent, event.type=tool_executing: event.keys tool_name gone, payload new. [supported E3,E4]',
    'Which change does that? The only suspect is commit 0123456789 "nest event fields" at backend/events.js:14: it removes 2 lines that name tool_name (backend/events.js:14). [supported E5]',
  ]);
  expect(chain).toMatchObject({ class: 'product', title: 'websocket-events: tool_executing has no tool_name' });
  expect(chain.survived).toEqual({
    question: 'Why did it survive testing?',
    claim: 'Not known.',
    status: 'unknown',
    evidence: [],
  });
  expect(endsKnown(chain.whys)).toBe(true);
});

describe('the chain ends unknown', () => {
  const tie = [suspect({ commit: 'a' }), suspect({ commit: 'b' })];
  test.each<[string, WhyFacts, RegExp]>([
    ['without a suspect', { ...facts('revision'), suspects: [] }, /no commit between/],
    ['with two equal suspects', { ...facts('revision'), suspects: tie }, /equally/],
    [
      'with a suspect that nothing proves',
      { ...facts('revision'), suspects: [{ ...suspect({}), evidence: [] }] },
      /only suspect/,
    ],
    ['when both revisions fail and nothing is proven down', facts('environment-or-older'), /Not known/],
    ['when it is flaky', facts('flaky'), /no fact tells/],
    ['when it does not come back', facts('not-reproduced'), /did not fail again/],
    ['without a reference', facts('impossible'), /no reference/],
  ])('%s', (_story, given, claim) => {
    const { whys } = whyChain(given);
    expect(whys.at(-1)).toMatchObject({ status: 'unknown', claim: expect.stringMatching(claim) });
    expect(endsKnown(whys)).toBe(false);
  });
});

describe('settings that differ', () => {
  const setting = (names: string[], sameCode: boolean) => [{ service: 'backend', names, sameCode, evidence: ['E7'] }];
  const bare = { ...facts('revision'), eventDifferences: [], suspects: [] };

  test('are told beside a suspect, who stays the end of the chain', () => {
    const chain = whyChain({ ...facts('revision'), settings: setting(['env MODE', 'memory'], false) });
    const told = 'Which settings differ between the two revisions?';
    expect(chain.whys.find(({ question }) => question === told)).toMatchObject({
      claim: 'backend: env MODE, memory.',
      status: 'supported',
      evidence: ['E7'],
    });
    expect([chain.class, chain.whys.at(-1)?.claim]).toEqual(['product', expect.stringContaining('The only suspect')]);
  });

  test.each<[string, string[], boolean, string, RegExp, boolean]>([
    [
      'the only difference is the cause',
      ['env MODE'],
      true,
      'config',
      /^The setting env MODE of backend: nothing else/,
      true,
    ],
    [
      'two are equally likely',
      ['env MODE', 'memory'],
      true,
      'config',
      /no commit differs, and env MODE of backend, memory of backend do/,
      false,
    ],
    [
      'with another commit nothing is settled',
      ['env MODE'],
      false,
      'product',
      /no commit between the two revisions is tied/,
      false,
    ],
  ])('without a suspect: %s', (_story, names, sameCode, kind, claim, known) => {
    const chain = whyChain({ ...bare, settings: setting(names, sameCode) });
    expect(chain.class).toBe(kind);
    expect(chain.whys.at(-1)?.claim).toMatch(claim);
    expect(endsKnown(chain.whys)).toBe(known);
  });
});

test('no suspect is named unless the control blames the revision, whatever the caller hands in', () => {
  for (const means of ['environment-or-older', 'flaky', 'not-reproduced', 'impossible'] as const) {
    expect(JSON.stringify(whyChain(facts(means)).whys)).not.toContain('nest event fields');
  }
});

test.each<[string, WhyFacts, string]>([
  ['flaky', facts('flaky'), 'flaky'],
  ['not reproduced', facts('not-reproduced'), 'flaky'],
  [
    'both red, a dependency down',
    { ...facts('environment-or-older'), down: { what: 'chat-db refuses connections.', evidence: ['E9'] } },
    'environment',
  ],
  [
    'both red, the test itself is broken',
    facts('environment-or-older', "Error: Cannot find module './lib/x.js'"),
    'test',
  ],
  [
    'the suspect changes a setting',
    { ...facts('revision'), suspects: [suspect({ path: 'backend/service.yaml' })] },
    'config',
  ],
])('the class of a cause: %s', (_story, given, expected) => {
  expect(whyChain(given).class).toBe(expected);
});

test('what is down ends the chain, an error that is new says what differs, and a claim without evidence is unknown', () => {
  const down = whyChain({
    ...facts('environment-or-older'),
    down: { what: 'chat-db refuses connections.', evidence: ['E9'] },
  });
  expect(down.whys.at(-1)).toMatchObject({
    claim: 'chat-db refuses connections.',
    status: 'supported',
    evidence: ['E9'],
  });
  const newErrors = [{ template: 'TypeError: x', service: 'backend', count: 3, evidence: ['E8'] }];
  const error = whyChain({ ...facts('revision'), eventDifferences: [], newErrors });
  expect(error.whys[2]?.claim).toBe('backend logs an error that the reference does not (3 times): TypeError: x');
  expect(whyChain({ ...facts('revision'), reportEvidence: [] }).whys[0]?.status).toBe('unknown');
  expect(whyChain({ ...facts('revision'), controls: [] }).whys[1]?.status).toBe('unknown');
});

test('a long message makes a title of at most 120 characters', () => {
  expect(whyChain(facts('revision', 'x'.repeat(500))).title).toHaveLength(120);
});

function facts(means: ControlMeaning, says = 'tool_executing has no tool_name'): WhyFacts {
  const difference = {
    service: 'backend',
    gone: ['tool_name'],
    added: ['payload'],
    candidateInsertId: 'c',
    referenceInsertId: 'r',
  };
  return {
    group: group(means, says),
    reportEvidence: ['E1'],
    controls: [control(means)],
    eventDifferences: [
      {
        ...difference,
        gone: ['user'],
        added: [],
        what: 'event sent, event.type=agent_started: event.keys user gone',
        candidateSample: '',
        referenceSample: '',
        evidence: ['E7'],
      },
      {
        ...difference,
        what: 'event sent, event.type=tool_executing: event.keys tool_name gone, payload new',
        candidateSample: '',
        referenceSample: '',
        evidence: ['E3', 'E4'],
      },
    ],
    newErrors: [],
    suspects: [suspect({})],
    settings: [],
    down: null,
    survived: null,
  };
}

function group(means: ControlMeaning, says: string): FailureGroup {
  const test = {
    id: 't',
    name: 'names its tool',
    outcome: 'failed' as const,
    attempts: 'F',
    message: says,
    frames: [],
  };
  const of = { suite: 'websocket-events', service: 'backend', priority: 'P1' as const };
  return {
    ...of,
    means,
    says,
    fingerprint: 'f',
    aliases: ['f'],
    services: ['backend'],
    reds: [{ ...of, means, test }],
    missing: ['tool_name'],
    joinedBecause: [],
  };
}

function control(means: ControlMeaning): Control {
  const [candidate, reference] =
    means === 'revision' ? ['FFF', 'PPP'] : means === 'flaky' ? ['FPF', 'PPP'] : ['FFF', 'FFF'];
  return {
    suite: 'websocket-events',
    test: 'names its tool',
    first: 'F',
    candidate: { revision: 'b-2', runs: candidate },
    reference: { revision: 'b-1', runs: reference },
    means,
    note: null,
    evidence: ['E2'],
  };
}

function suspect(given: Partial<Suspect>): Suspect & { evidence: string[] } {
  const reasons = ['removes 2 lines that name tool_name (backend/events.js:14)'];
  return {
    commit: '0123456789abcdef',
    title: 'nest event fields',
    path: 'backend/events.js',
    line: 14,
    score: 9,
    reasons,
    evidence: ['E5'],
    ...given,
  };
}
