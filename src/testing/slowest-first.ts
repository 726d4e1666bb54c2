import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By the time they take: those of minutes, those that steer the built program, all others. */
const slowest = ['src/crash.test.ts', 'src/commands/', 'src/stages/testing/', 'src/emulator/', 'src/stages/'];

/** The longest test files begin first, so that no worker is left alone with one of them at the end. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((left, right) => rankOf(left) - rankOf(right));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = slowest.findIndex((part) => moduleId.includes(part));
  return rank === -1 ? slowest.length : rank;
}
