import assert from 'node:assert/strict';

/** The one event of a type; fails when there is none or more than one. */
export function eventOf(events, type) {
  const found = events.filter((event) => event.type === type);
  assert.equal(found.length, 1, `expected one ${type}, got ${found.length} (events: ${typesOf(events).join(', ')})`);
  return found[0];
}

/** The value of an event's field at its top level. */
export function fieldOf(event, field) {
  assert.ok(field in event, `${event.type} has no ${field} (keys: ${Object.keys(event).join(', ')})`);
  return event[field];
}

export function typesOf(events) {
  return events.map((event) => event.type);
}
