/**
 * What the page shows for an event of an agent's run: `{ text, failed }`. A field that is not there is shown as missing,
 * never as `undefined`.
 */
export function eventView(event) {
  switch (event.type) {
    case 'ready':
      return shown(event.authenticated ? 'Connected' : 'Connected, not logged in');
    case 'agent_started':
      return shown(`Started: ${read(event, 'message')}`);
    case 'agent_thinking':
      return shown(`Thinking: ${read(event, 'thought')}`);
    case 'tool_executing':
      return shown(`Running ${read(event, 'tool_name')}`);
    case 'tool_completed':
      return shown(`Done with ${read(event, 'tool_name')}: ${resultsText(event)}`);
    case 'agent_completed':
      return shown(`Answer: ${read(event, 'final_response')}`);
    case 'error':
      return { text: `Failed: ${read(event, 'code')}`, failed: true };
    default:
      return { text: `Unknown event: ${event.type}`, failed: true };
  }
}

function shown(text) {
  return { text, failed: text.includes(MISSING) };
}

const MISSING = '(missing)';

function read(event, field) {
  return event[field] ?? MISSING;
}

function resultsText(event) {
  if (!Array.isArray(event.results)) return MISSING;
  return event.results.map(({ name, value }) => `${name} ${value}`).join(', ');
}
