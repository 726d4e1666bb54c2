import { z } from 'zod';
import { readJson, writeJson } from '../json-file.ts';
import { isAlive, markProcess, signalGroup } from '../process-group.ts';

const Journal = z.array(z.object({ pid: z.number(), startedAt: z.string(), revision: z.string() }));

/** Which process groups are ours, on disk, so that the next emulator can end what a killed one left behind. */
export class InstanceJournal {
  readonly #file: string;
  #rows: z.infer<typeof Journal> = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** Ends the groups of an earlier emulator. A pid that belongs to another program by now is left alone. */
  reap(): number {
    const read = readJson(this.#file, Journal);
    const left = read.state === 'read' ? read.value.filter(isAlive) : [];
    for (const { pid } of left) signalGroup(pid, 'SIGKILL');
    this.#rows = [];
    writeJson(this.#file, this.#rows);
    return left.length;
  }

  add(pid: number, revision: string): void {
    const mark = markProcess(pid);
    if (mark === null) return;
    this.#rows = [...this.#rows, { ...mark, revision }];
    writeJson(this.#file, this.#rows);
  }

  remove(pid: number): void {
    this.#rows = this.#rows.filter((row) => row.pid !== pid);
    writeJson(this.#file, this.#rows);
  }
}
