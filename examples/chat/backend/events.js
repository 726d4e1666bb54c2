/** The events of an agent's run, in the order in which a client sees them. The page and the suites read these names. */

export function agentStarted(run) {
  return { ...envelope('agent_started', run), user: run.user, message: run.message };
}

export function agentThinking(run, thought) {
  return { ...envelope('agent_thinking', run), thought };
}

export function toolExecuting(run, toolName, toolInput) {
  return { ...envelope('tool_executing', run), tool_name: toolName, tool_input: toolInput };
}

export function toolCompleted(run, toolName, results) {
  return { ...envelope('tool_completed', run), tool_name: toolName, results };
}

export function agentCompleted(run, finalResponse) {
  return { ...envelope('agent_completed', run), final_response: finalResponse };
}

/** What every event carries: its type, and the run that it belongs to. */
function envelope(type, run) {
  return { type, run_id: run.id };
}
