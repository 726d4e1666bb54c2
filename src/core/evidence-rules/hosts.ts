import { broken, type EvidenceRule, holds, notAsked } from './rule.ts';
import { belongs } from './url-hosts.ts';

const namedMax = 5;

/** Addresses that console and messages name, and that are neither given to the suite nor declared. */
export const hosts: EvidenceRule = {
  name: 'hosts',
  set: 'hosts',
  check: ({ signs, hosts: declared }) => {
    if (signs === undefined || declared === undefined) return notAsked('nobody said what the suite may talk to');
    const foreign = signs.hosts.filter(({ host }) => !belongs(host, declared));
    if (foreign.length === 0) return holds(`${signs.hosts.length} named, all declared`);
    const named = foreign.slice(0, namedMax).map(({ host, times, where }) => `${host} (${times} ×, first in ${where})`);
    const more = foreign.length > namedMax ? ` and ${foreign.length - namedMax} more` : '';
    return broken(
      `wrong host: the suite names ${named.join(', ')}${more}, which the config does not declare`,
      `${foreign.length} of ${signs.hosts.length} named are not declared`,
    );
  },
};
