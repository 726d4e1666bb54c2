import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { agentCompleted, agentStarted, agentThinking, toolCompleted, toolExecuting } from './events.js';
import { toolFor, tools } from './tools.js';

/**
 * Runs the agent once. `emit` is told each event as it happens; the outcome is returned for callers that only want the
 * answer: `{ run_id, tool_name, results, final_response }`.
 */
export async function runAgent({ user, message }, emit) {
  const run = { id: randomUUID(), user, message };
  emit(agentStarted(run));
  const toolName = toolFor(message);
  emit(agentThinking(run, `I shall use ${toolName}.`));
  await nextTurn();
  emit(toolExecuting(run, toolName, { message }));
  const results = await tools[toolName](message);
  emit(toolCompleted(run, toolName, results));
  await nextTurn();
  const finalResponse = results.map(({ name, value }) => `${name}: ${value}`).join(', ');
  emit(agentCompleted(run, finalResponse));
  return { run_id: run.id, tool_name: toolName, results, final_response: finalResponse };
}
