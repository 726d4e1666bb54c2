/** The serving process leaves with this when another one already serves the folder; as `loop` does for a locked environment. */
export const lockedExitCode = 75;
