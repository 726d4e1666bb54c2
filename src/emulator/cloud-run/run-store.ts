import { z } from 'zod';
import { fail, type Result, succeed } from '../../core/result.ts';
import { readJson, writeJson } from '../json-file.ts';
import { OperationRecord, RevisionRecord, ServiceRecord } from './records.ts';

const operationsMax = 200;

const RunFile = z.object({
  services: z.array(ServiceRecord),
  revisions: z.array(RevisionRecord),
  operations: z.array(OperationRecord),
});

/** Services, revisions and operations by full name; one file, replaced as a whole by `save`. */
export class RunStore {
  readonly services = new Map<string, ServiceRecord>();
  readonly revisions = new Map<string, RevisionRecord>();
  readonly operations = new Map<string, OperationRecord>();
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /** `unreadable` when the file is there and is not ours: to guess would be to lose what runs. */
  static open(file: string): Result<RunStore> {
    const store = new RunStore(file);
    const read = readJson(file, RunFile);
    if (read.state === 'unreadable') return fail('unreadable', `${file}: ${read.because}`, 'remove it to start afresh');
    if (read.state === 'absent') return succeed(store);
    for (const service of read.value.services) store.services.set(service.name, service);
    for (const revision of read.value.revisions) store.revisions.set(revision.name, revision);
    for (const operation of read.value.operations) store.operations.set(operation.name, operation);
    return succeed(store);
  }

  revisionsOf(service: ServiceRecord): RevisionRecord[] {
    return [...this.revisions.values()].filter((revision) => revision.name.startsWith(`${service.name}/revisions/`));
  }

  revisionOf(service: ServiceRecord, id: string): RevisionRecord | undefined {
    return this.revisions.get(`${service.name}/revisions/${id}`);
  }

  save(): void {
    const finished = [...this.operations.values()].filter((operation) => operation.done);
    for (const { name } of finished.slice(0, Math.max(0, finished.length - operationsMax)))
      this.operations.delete(name);
    writeJson(this.#file, {
      services: [...this.services.values()],
      revisions: [...this.revisions.values()],
      operations: [...this.operations.values()],
    });
  }
}
