/** A sentence for the person at the terminal. Any other error is a fault of ours and keeps its stack. */
export class Halt extends Error {}

/** Runs a tool's story; a Halt ends it with its sentence and exit code 1. */
export async function orHalt(story: () => Promise<void>): Promise<void> {
  try {
    await story();
  } catch (error) {
    process.exitCode = 1;
    console.error(asSaid(error));
  }
}

/** What to print of an error: its sentence where it was made for a person, all of it otherwise. */
export function asSaid(error: unknown): unknown {
  const isMistypedOption =
    error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  return error instanceof Halt || isMistypedOption ? error.message : error;
}
