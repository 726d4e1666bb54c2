/** What the emulator answers to one REST call. `effect` is there when something changed: it goes into the ledger. */
export interface Answer {
  readonly status: number;
  /** JSON; undefined for an empty answer. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly effect?: Effect;
}

export interface Effect {
  /** What was changed, such as `demo/chat#4` or `demo/chat refs/heads/main`. */
  readonly name: string;
  readonly detail: string;
}

/** One entry of GitHub's list of validation errors. */
export interface FieldError {
  readonly resource: string;
  readonly code: 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom';
  readonly field?: string;
  readonly message?: string;
}

export function ok(body: unknown, effect?: Effect): Answer {
  return { status: 200, body, ...(effect && { effect }) };
}

export function created(body: unknown, effect: Effect): Answer {
  return { status: 201, body, effect };
}

export function noContent(effect: Effect): Answer {
  return { status: 204, effect };
}

export function notFound(message = 'Not Found'): Answer {
  return refuse(404, message);
}

export function validationFailed(...errors: FieldError[]): Answer {
  return refuse(422, 'Validation Failed', { errors });
}

/** Says honestly that GitHub could do this and we cannot. */
export function notImplemented(what: string): Answer {
  return refuse(501, `loop's GitHub emulator does not implement ${what}`);
}

export function refuse(status: number, message: string, more: Readonly<Record<string, unknown>> = {}): Answer {
  return { status, body: { message, ...more, documentation_url: documentation, status: String(status) } };
}

const documentation = 'https://docs.github.com/rest';
