import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { HealthAnswer } from '../../ports/health.ts';

const msPerDay = 86_400_000;
const namesShownMax = 5;
const nameCharsMax = 200;

/** A certificate that proves nothing: expired, of another name, or signed by nobody whom this machine trusts. */
export class CertificateFault extends Error {}

/** Name and end of the certificate that the server showed on this connection; null when it showed none. */
export function certificateOf(socket: TLSSocket, now: Date): HealthAnswer['tls'] {
  const shown = socket.getPeerCertificate();
  const ends = new Date(shown.valid_to ?? Number.NaN);
  if (Number.isNaN(ends.getTime())) return null;
  const daysLeft = Math.floor((ends.getTime() - now.getTime()) / msPerDay);
  return { name: namesOf(shown)[0] ?? 'no name', expiresAt: ends.toISOString(), daysLeft };
}

/** Null when the certificate holds; the connection is not used otherwise, since a token would go to who knows whom. */
export function certificateFault(socket: TLSSocket, host: string, tls: HealthAnswer['tls']): CertificateFault | null {
  if (socket.authorized) return null;
  const code = String(socket.authorizationError ?? 'unknown');
  return new CertificateFault(faultWords(code, host, namesOf(socket.getPeerCertificate()), tls));
}

function faultWords(code: string, host: string, names: readonly string[], tls: HealthAnswer['tls']): string {
  const name = tls?.name ?? host;
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `showed a certificate of ${name} that expired on ${tls?.expiresAt ?? 'an unknown day'}`;
    case 'CERT_NOT_YET_VALID':
      return `showed a certificate of ${name} that is not valid yet`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `showed a certificate of another name: it is for ${names.slice(0, namesShownMax).join(', ')}, not for ${host}`;
    default:
      return `showed a certificate of ${name} that is not trusted (${code})`;
  }
}

/** The subject first, then its other names; a certificate may say anything, so each is cut. */
function namesOf({ subject, subjectaltname }: PeerCertificate): string[] {
  const others = (subjectaltname ?? '').split(', ').map((one) => one.replace(/^(DNS|IP Address):/, ''));
  const all = [subject?.CN ?? [], others].flat().filter((name) => typeof name === 'string' && name !== '');
  return [...new Set(all.map((name) => name.slice(0, nameCharsMax)))];
}
