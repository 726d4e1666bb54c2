/** `1 test`, `3 tests`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`;
}

/** `12,345`, whatever the machine's locale. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

export function bytesWords(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KiB` : `${Math.round(bytes / (1024 * 1024))} MiB`;
}
