declare const LOOP_VERSION: string | undefined;

/** This loop's version; the build writes it in. */
export const loopVersion: string = typeof LOOP_VERSION === 'string' ? LOOP_VERSION : '0.0.0';
