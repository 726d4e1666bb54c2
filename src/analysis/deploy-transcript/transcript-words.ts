import type { DeployTranscript } from './deploy-transcript.ts';
import type { ServiceClaim } from './service-claims.ts';

/** What the words of a transcript amount to, before the platform was asked. */
export type TranscriptStanding = 'partial' | 'failed' | 'incomplete' | 'unverified' | 'described' | 'silent';

/** A failure that was told stays one, however the text ends; success that was told is unverified at best. */
export function standingOf(transcript: DeployTranscript): TranscriptStanding {
  const { services, errors, incomplete, described, saysSuccess } = transcript;
  const failed = services.some(({ claim }) => claim === 'failed');
  if (failed && services.some(({ claim }) => claim === 'deployed')) return 'partial';
  if (described) return 'described';
  if (failed || (errors.length > 0 && !saysSuccess)) return 'failed';
  if (incomplete) return 'incomplete';
  return saysSuccess ? 'unverified' : 'silent';
}

/** One line for people: `partial: backend says deployed (unverified), auth failed (conflict)`. */
export function transcriptSentence(transcript: DeployTranscript): string {
  const { services, errors, doubts } = transcript;
  const told = services.map(claimWords).join(', ');
  const bare = services.length === 0 ? errors.map((error) => error.class).join(', ') : '';
  const worth = doubts.length === 0 ? '' : ` (${doubts.join('; ')})`;
  return `${standingOf(transcript)}: ${told || bare || 'no service named'}${worth}`;
}

function claimWords({ name, claim, because, revision }: ServiceClaim): string {
  const which = revision === null ? '' : `revision ${revision}`;
  switch (claim) {
    case 'begun':
      return `${name} was begun`;
    case 'deployed':
      return `${name} says deployed, unverified${which && `, ${which}`}`;
    case 'failed':
      return `${name} failed (${[because ?? 'unknown', which].filter(Boolean).join(', ')})`;
    case 'ready':
      return `${name} is READY (${[which, because].filter(Boolean).join(', ')})`;
    case 'not-ready':
      return `${name} is not ready (${because ?? 'no reason told'})`;
  }
}
