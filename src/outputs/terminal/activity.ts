/** Shows that something is going on between two lines that stay. */
export interface Activity {
  /** A stage began. */
  begin(what: string): void;
  /** What it does right now. */
  progress(text: string): void;
  /** Lines that stay, each ended by a line feed. */
  print(lines: string): void;
  end(): void;
}
