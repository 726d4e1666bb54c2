// Every fake but the first asks the real service once, so that only its own rule can find it.
export const url = process.env.LOOP_URL_HELLO;
const headers = { 'user-agent': process.env.LOOP_USER_AGENT ?? '', traceparent: process.env.TRACEPARENT ?? '' };
export const ask = async (where = url) => (await fetch(where, { headers })).json();
