/** What an output needs of stdout or stderr. */
export interface TextStream {
  write(text: string): unknown;
  on?(event: 'error', listener: (error: Error) => void): unknown;
}

/** A reader that went away (`loop | head`) must not end the run: its errors are dropped, and so is what it would have read. */
export function forgiving(stream: TextStream): (text: string) => void {
  let gone = false;
  stream.on?.('error', () => {
    gone = true;
  });
  return (text) => {
    if (!gone && text !== '') stream.write(text);
  };
}
