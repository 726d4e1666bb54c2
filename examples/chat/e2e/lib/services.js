/** Where a service is. Without its address the suite fails at once: it never guesses, and it never skips. */
export function serviceUrl(service) {
  const name = `LOOP_URL_${service.toUpperCase()}`;
  const url = process.env[name];
  if (!url) throw new Error(`${name} is not set: this suite talks to the ${service} service at that address`);
  return new URL(url);
}
