import { own } from './capture.ts';

/** Suite path > class > name. node writes the class `test` for every test, and many runners repeat the suite's name: neither tells tests apart. */
export function testId(path: string, className: string | null, name: string): string {
  const told = className === null || className === 'test' || className === name || path.endsWith(className);
  const owner = told || path === '' ? (told ? path : className) : `${path} > ${className}`;
  return own(owner === '' ? name : `${owner} > ${name}`);
}
