/** How often a code can be asked for, and mailed. */

/** What was asked for, or mailed, within the time that it is remembered. */
export type Past = { count: number; lastAt: number };

const firstWait = 30_000;
const longestWait = 86_400_000;
/** So many mails to one address don't wait: somebody proves it in one browser and goes on in another. */
const freeMails = 3;

/** When a visitor may ask for the next one: later each time. */
export function mayAskFrom(asked: Past): number {
  return waited(asked, 1);
}

/** When a site's next one may go to an address, whoever asked for those before. */
export function mayMailFrom(mailed: Past): number {
  return waited(mailed, freeMails);
}

function waited({ count, lastAt }: Past, free: number): number {
  return count < free ? 0 : lastAt + Math.min(firstWait * 2 ** (count - free), longestWait);
}
