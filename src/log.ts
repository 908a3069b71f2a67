/** Says what kind of work failed and how, never what was in it. */
export function logFault(fault: string, error: unknown): void {
  console.error(JSON.stringify({ fault, error: error instanceof Error ? error.name : 'unknown' }));
}
