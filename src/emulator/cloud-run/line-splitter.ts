import { StringDecoder } from 'node:string_decoder';

/** Cloud Logging's limit for one entry; a longer line is told in parts. */
const lineCharactersMax = 256 * 1024;

/** Cuts a stream of bytes into lines. Call `end` for a last line that has no newline. */
export function lineSplitter(tell: (line: string) => void): { push(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const push = (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) tellParts(line.replace(/\r$/, ''), tell);
    while (rest.length > lineCharactersMax) {
      tell(rest.slice(0, lineCharactersMax));
      rest = rest.slice(lineCharactersMax);
    }
  };
  return {
    push: (chunk) => push(decoder.write(chunk)),
    end() {
      push(decoder.end());
      tellParts(rest, tell);
      rest = '';
    },
  };
}

function tellParts(line: string, tell: (line: string) => void): void {
  for (let at = 0; at < line.length; at += lineCharactersMax) tell(line.slice(at, at + lineCharactersMax));
}
