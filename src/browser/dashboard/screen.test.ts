import { expect, test, vi } from 'vitest';

vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }));
const { Screen } = await import('./screen.ts');

/** A task that ends when it is told to. */
function task() {
  let end = (): void => undefined;
  const run = vi.fn(() => new Promise<void>((done) => (end = done)));
  return { run, end: () => end() };
}

test('what is asked for while something else is being done waits for its turn, and is not lost', async () => {
  const screen = new Screen();
  const [one, two, three] = [task(), task(), task()];
  const first = screen.attempt('reopen', one.run);
  const second = screen.attempt('claim', two.run);
  const third = screen.attempt('snooze', three.run);
  expect(two.run).not.toHaveBeenCalled();
  one.end();
  await expect(first).resolves.toBe(true);
  await vi.waitFor(() => expect(two.run).toHaveBeenCalledOnce());
  expect(three.run).not.toHaveBeenCalled();
  two.end();
  await expect(second).resolves.toBe(true);
  await vi.waitFor(() => expect(three.run).toHaveBeenCalledOnce());
  three.end();
  await expect(third).resolves.toBe(true);
});

test('the same thing again while it is being done is the same wish', async () => {
  const screen = new Screen();
  const one = task();
  const first = screen.attempt('claim', one.run);
  await expect(screen.attempt('claim', one.run)).resolves.toBe(false);
  one.end();
  await expect(first).resolves.toBe(true);
  expect(one.run).toHaveBeenCalledOnce();
});
