import { broken, type EvidenceRule, holds, notAsked } from './rule.ts';

/** Who was killed had more to say: what is missing may be what fails. */
export const ended: EvidenceRule = {
  name: 'ended',
  set: 'law',
  check: ({ how, exitCode, message }) => {
    if (how === 'not-started') return notAsked('did not start');
    if (how === 'timeout') return broken(`timed out: ${message ?? 'the time limit was reached'}`);
    if (how === 'test-timeout') return broken(`hung: ${message ?? 'a test took too long'}`);
    if (how === 'stopped') return broken(message ?? 'stopped: its gate was lost');
    if (how === 'cancelled') return broken('killed: the run was stopped');
    if (exitCode === null) return broken(`killed: ${message ?? 'ended by a signal'}`);
    return holds(`ended by itself with exit code ${exitCode}`);
  },
};
