import { makeRedactor, type Redactor, type Secret } from './redact.ts';

/** Learned secrets that are kept at most; the oldest of so many have long expired. */
const learnedMax = 200;

/** A redactor that learns secrets which did not exist when the run began: minted tokens. */
export interface GrowingRedactor extends Pick<Redactor, 'text' | 'problems'> {
  /** From here on the value is redacted everywhere. */
  learn(secret: Secret): void;
}

export function growingRedactor(secrets: readonly Secret[]): GrowingRedactor {
  const first = makeRedactor(secrets);
  let learned: readonly Secret[] = [];
  let current: Redactor = first;
  return {
    problems: first.problems,
    text: (text) => current.text(text),
    learn: (secret) => {
      if (learned.some((one) => one.value === secret.value)) return;
      learned = [...learned, secret].slice(-learnedMax);
      current = makeRedactor([...secrets, ...learned]);
    },
  };
}
